/** What a model says of rows, before calibration. */

import { came, isRecord } from '../kernels/checkInput.ts'
import { logit, sigmoid } from '../kernels/numbers/logit.ts'
import type { Pool, PoolRun } from '../kernels/pool.ts'
import { sumLeaves, sumLeavesOn } from '../kernels/trees/sumLeaves.ts'
import type { Matrix } from '../matrix/matrix.ts'
import { dataError, usageError } from '../util/errors.ts'
import { checkMatrix, checkValues } from './checkOptions.ts'
import { isTreeModel, type LinearModel, type Model, type TreeModel, treeDivisor } from './model.ts'

/**
 * Log-odds of bad of every row, uncalibrated.
 *
 * @param x columns of the model's own encoding, in its order
 * @throws GlasscoreError('usage') when the columns do not fit, ('data') when a linear matrix holds a missing value
 */
export const margin = (model: Model, x: Matrix): Float64Array => {
  checkColumns(model, x)
  return isTreeModel(model) ? treeMargin(model, x) : linearMargin(model, x)
}

/**
 * The same on a pool, to the bit: for many rows.
 *
 * @throws GlasscoreError('interrupted') when the signal is raised, ('memory') when the trees do not fit the memory of the kernels
 */
export const marginOn = async (model: Model, x: Matrix, pool: Pool, options?: PoolRun): Promise<Float64Array> => {
  checkColumns(model, x)
  if (!isTreeModel(model)) return linearMargin(model, x)
  return toMargins(await sumLeavesOn(model.trees, { values: x.values, rows: x.rows }, pool, options), model)
}

const checkColumns = (model: Model, x: Matrix): void => {
  if (!isRecord(model) || !('trees' in model || 'coefficients' in model))
    throw usageError('this is no model', {
      option: 'model',
      expected: 'the model of a fit',
      got: came(model),
    })
  checkMatrix(x)
  const columns = isTreeModel(model) ? model.columns : model.coefficients.length
  if (x.columns.length !== columns)
    throw usageError('the model reads other columns than the matrix has', {
      expected: `${columns} columns`,
      got: x.columns.length,
    })
  checkValues(x)
}

/** Probability of bad of every row, uncalibrated: sigmoid of the margin. */
export const probability = (model: Model, x: Matrix): Float64Array => margin(model, x).map(sigmoid)

const linearMargin = (model: LinearModel, x: Matrix): Float64Array => {
  const out = new Float64Array(x.rows).fill(model.intercept)
  model.coefficients.forEach((coefficient, j) => {
    const offset = j * x.rows
    for (let i = 0; i < x.rows; i++) {
      const value = x.values[offset + i]!
      if (Number.isNaN(value))
        throw dataError('a linear model reads no missing values', {
          row: i,
          column: x.columns[j]!.name,
          expected: 'a number',
          got: value,
        })
      out[i]! += coefficient * value
    }
  })
  return out
}

const treeMargin = (model: TreeModel, x: Matrix): Float64Array =>
  toMargins(sumLeaves(model.trees, x.values, x.rows), model)

const toMargins = (sums: Float64Array, model: TreeModel): Float64Array =>
  sums.map((sum) => meanMargin(sum, treeDivisor(model), model.output))

/** The margin from the sum of leaf values over a number of trees; NaN for none. */
export const meanMargin = (sum: number, trees: number, output: TreeModel['output'] = 'logOdds'): number =>
  output === 'logOdds' ? sum / trees : logit(sum / trees)
