import { checkArray, checkRecord, checkWhole } from '../kernels/checkInput.ts'
import { dataError, usageError } from '../util/errors.ts'

/** Rows of numbers, column after column: values[j * rows + i] is column j of row i. A matrix is one, too. */
export interface RowBlock {
  rows: number
  values: Float64Array
}

/**
 * How many columns it has.
 * @param least rows that there must be
 * @throws GlasscoreError('usage') for what is no block of rows, or has too few
 */
export const columnsOf = (option: string, block: RowBlock, least = 1): number => {
  checkRecord(option, block, 'rows and values, column after column')
  checkWhole(`${option}.rows`, block.rows, least)
  checkArray(`${option}.values`, block.values, 'Float64Array')
  const columns = block.values.length / Math.max(1, block.rows)
  if (!Number.isInteger(columns) || columns < 1)
    throw usageError('values and rows do not fit', {
      option,
      expected: `a multiple of ${block.rows} numbers`,
      got: block.values.length,
    })
  return columns
}

/** @throws GlasscoreError('data') for a value that is missing or infinite */
export const checkAllFinite = (option: string, { values, rows }: RowBlock): void => {
  const k = values.findIndex((value) => !Number.isFinite(value))
  if (k >= 0)
    throw dataError('a linear model reads finite numbers only', {
      option,
      row: k % rows,
      column: String(Math.floor(k / rows)),
      expected: 'a finite number',
      got: values[k]!,
    })
}
