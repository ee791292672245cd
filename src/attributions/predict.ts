import { isArrayOf } from '../kernels/checkInput.ts'
import { dataError, usageError } from '../util/errors.ts'

/**
 * Any model: outputs of rows, each row on its own.
 * @param values rows of a batch, column after column: values[j * rows + i] is column j of row i; not kept beyond the call
 * @returns one number a row
 */
export type Predict = (values: Float64Array, rows: number) => Float64Array | Promise<Float64Array>

/** @throws GlasscoreError('usage') when the model gives something else than a number a row, ('data') for one that is not finite */
export const ask = async (predict: Predict, values: Float64Array, rows: number): Promise<Float64Array> => {
  const outputs = await predict(values, rows)
  if (!isArrayOf(outputs, 'Float64Array') || outputs.length !== rows)
    throw usageError('the model does not answer with a number a row', {
      option: 'predict',
      expected: `a Float64Array of ${rows} numbers`,
      got: isArrayOf(outputs, 'Float64Array') ? `${outputs.length} of them` : typeof outputs,
    })
  const row = outputs.findIndex((output) => !Number.isFinite(output))
  if (row >= 0)
    throw dataError('the model gives no number for a row', {
      option: 'predict',
      row,
      expected: 'a finite number',
      got: outputs[row]!,
    })
  return outputs
}
