/** What a model says of rows, before calibration. */

import { logit, sigmoid } from '../kernels/numbers/logit.ts'
import { sumLeaves } from '../kernels/trees/sumLeaves.ts'
import type { Matrix } from '../matrix/matrix.ts'
import { isTreeModel, type LinearModel, type Model, type TreeModel, treeDivisor } from './model.ts'

/**
 * Log-odds of bad of every row, uncalibrated.
 *
 * @param x columns of the model's own encoding, in its order
 * @throws an internal error when the columns do not fit, or a linear matrix holds a missing value
 */
export const margin = (model: Model, x: Matrix): Float64Array => {
  const columns = isTreeModel(model) ? model.columns : model.coefficients.length
  if (x.columns.length !== columns)
    throw new Error(`the model reads ${columns} columns, the matrix has ${x.columns.length}`)
  return isTreeModel(model) ? treeMargin(model, x) : linearMargin(model, x)
}

/** Probability of bad of every row, uncalibrated: sigmoid of the margin. */
export const probability = (model: Model, x: Matrix): Float64Array => margin(model, x).map(sigmoid)

const linearMargin = (model: LinearModel, x: Matrix): Float64Array => {
  const out = new Float64Array(x.rows).fill(model.intercept)
  model.coefficients.forEach((coefficient, j) => {
    const offset = j * x.rows
    for (let i = 0; i < x.rows; i++) {
      const value = x.values[offset + i]!
      if (Number.isNaN(value)) throw new Error(`column ${x.columns[j]!.name} of a linear matrix misses row ${i}`)
      out[i]! += coefficient * value
    }
  })
  return out
}

const treeMargin = (model: TreeModel, x: Matrix): Float64Array => {
  const sums = sumLeaves(model.trees, x.values, x.rows)
  return sums.map((sum) => meanMargin(sum, treeDivisor(model), model.output))
}

/** The margin from the sum of leaf values over a number of trees; NaN for none. */
export const meanMargin = (sum: number, trees: number, output: TreeModel['output'] = 'logOdds'): number =>
  output === 'logOdds' ? sum / trees : logit(sum / trees)
