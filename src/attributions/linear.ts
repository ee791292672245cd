/**
 * Attributions of a linear model: phi_j = coefficient x (value - training mean). These are the Shapley values against the
 * mean row, and the interventional ones over the training rows (Strumbelj & Kononenko, doi:10.1007/s10115-013-0679-x);
 * the value of a group of columns is the sum over its columns, so dimensions need no game of their own.
 */
import type { Matrix } from '../matrix/matrix.ts'
import type { LinearModel } from '../models/model.ts'
import type { Contributor, Players } from './contributions.ts'
import { sumByOwner } from './players.ts'

/** Margin of the mean row. */
export const linearBase = (model: LinearModel): number =>
  model.coefficients.reduce((sum, beta, j) => sum + beta * model.means[j]!, model.intercept)

/** The model measured from the mean of these encoded rows, added in their order, in place of that of its training rows. */
export const againstRows = (model: LinearModel, { values, rows }: Matrix): LinearModel => ({
  ...model,
  means: Float64Array.from(model.means, (_, j) => {
    let sum = 0
    for (let i = 0; i < rows; i++) sum += values[j * rows + i]!
    return sum / rows
  }),
})

/**
 * phi of rows from..to-1: columns x (to - from), column-major.
 * @param values the matrix of `rows` rows, column-major
 */
export const linearShap = (
  model: LinearModel,
  values: Float64Array,
  rows: number,
  from: number,
  to: number,
): Float64Array => {
  const count = to - from
  const columns = model.coefficients.length
  const phi = new Float64Array(columns * count)
  for (let j = 0; j < columns; j++) {
    const beta = model.coefficients[j]!
    const mean = model.means[j]!
    for (let i = 0; i < count; i++) phi[j * count + i] = beta * (values[j * rows + from + i]! - mean)
  }
  return phi
}

/** Contributions to the margin, by factor and by dimension. */
export const linearContributor = (model: LinearModel, players: Players): Contributor => {
  const base = linearBase(model)
  return {
    base,
    async of({ values, rows }) {
      const phi = linearShap(model, values, rows, 0, rows)
      return {
        factors: sumByOwner(phi, rows, players.factorOfColumn, players.factors),
        dimensions: sumByOwner(phi, rows, players.dimensionOfColumn, players.dimensions.length),
      }
    },
  }
}
