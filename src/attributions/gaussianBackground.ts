import { shrunkCovariance } from '../kernels/numbers/shrunkCovariance.ts'
import { checkNames, checkNumber } from '../models/checkOptions.ts'
import { checkAllFinite, columnsOf, type RowBlock } from './rowBlock.ts'

/** Background rows, described by a normal distribution of their columns. */
export interface GaussianBackground {
  /** rows that it was made of */
  rows: number
  /** mean of each column */
  means: Float64Array
  /** columns x columns, symmetric and positive definite */
  covariance: Float64Array
  /** share that every correlation has lost, 0..1 */
  shrinkage: number
  /** columns that never change in the background: taken as correlated with nothing */
  constant: readonly number[]
}

/** How correlations are shrunk. */
export interface GaussianOptions {
  /** 0..1; absent: the share of Ledoit & Wolf 2004, doi:10.1016/S0047-259X(03)00096-4. At least 1e-6 is used */
  shrinkage?: number
}

/**
 * Means and covariance of background rows (dividing by their number). Columns are standardized, their correlations multiplied by
 * 1 - shrinkage, and scaled back: so the matrix is positive definite even when columns are combinations of each other, as all levels of a
 * category are, and variances are those of the rows.
 *
 * @param background two rows or more, finite: encoded columns of a linear model
 * @throws GlasscoreError('usage') for fewer, ('data') for values that are missing or infinite
 */
export const gaussianBackground = (background: RowBlock, options: GaussianOptions = {}): GaussianBackground => {
  checkNames<GaussianOptions>(options, { shrinkage: true })
  const columns = columnsOf('background', background, 2)
  const { shrinkage } = options
  if (shrinkage !== undefined) checkNumber('shrinkage', shrinkage, { min: 0, max: 1 })
  checkAllFinite('background', background)
  const { rows, values } = background
  return { rows, ...shrunkCovariance(values, rows, columns, shrinkage) }
}
