/**
 * Covariance of columns, shrunk so that it can be inverted: Ledoit & Wolf 2004, doi:10.1016/S0047-259X(03)00096-4, applied to standardized
 * columns. Correlations are multiplied by 1 - shrinkage and variances stay as they are, so the units of a column decide nothing.
 */

/** Mean and covariance of columns. */
export interface ShrunkCovariance {
  /** one a column */
  means: Float64Array
  /** columns x columns, symmetric, positive definite */
  covariance: Float64Array
  /** what correlations have lost, 0..1 */
  shrinkage: number
  /** positions of columns that never change: variance 1, correlated with nothing */
  constant: number[]
}

/** Correlations lose this much at least: then no eigenvalue of their matrix is smaller, whatever the rows are. */
export const LEAST_SHRINKAGE = 1e-6

/** A standard deviation below this share of the largest value is rounding of a constant. */
const ROUNDING = 1e-12

/**
 * Centered columns of variance 1 (dividing by the number of rows), in place of `values`; those of constant columns are 0.
 * @returns means, standard deviations (1 for constant columns) and the positions of constant columns
 */
const standardize = (values: Float64Array, rows: number, columns: number) => {
  const means = new Float64Array(columns)
  const scales = new Float64Array(columns)
  const constant: number[] = []
  for (let j = 0; j < columns; j++) {
    const column = values.subarray(j * rows, (j + 1) * rows)
    let sum = 0
    let largest = 0
    for (let i = 0; i < rows; i++) {
      sum += column[i]!
      largest = Math.max(largest, Math.abs(column[i]!))
    }
    const mean = sum / rows
    let squares = 0
    for (let i = 0; i < rows; i++) squares += (column[i]! - mean) ** 2
    const scale = Math.sqrt(squares / rows)
    const varies = scale > ROUNDING * largest
    if (!varies) constant.push(j)
    means[j] = mean
    scales[j] = varies ? scale : 1
    for (let i = 0; i < rows; i++) column[i] = varies ? (column[i]! - mean) / scale : 0
  }
  return { means, scales, constant }
}

/** Correlations of standardized columns; the diagonal is 1, for constant columns too. */
const correlations = (z: Float64Array, rows: number, columns: number): Float64Array => {
  const r = new Float64Array(columns * columns)
  for (let j = 0; j < columns; j++) {
    r[j * columns + j] = 1
    for (let k = 0; k < j; k++) {
      let sum = 0
      for (let i = 0, a = j * rows, b = k * rows; i < rows; i++) sum += z[a++]! * z[b++]!
      r[j * columns + k] = sum / rows
      r[k * columns + j] = sum / rows
    }
  }
  return r
}

/** The share of Ledoit and Wolf: noise of the correlations over their distance from none, at most 1. */
const ledoitWolf = (z: Float64Array, rows: number, columns: number, r: Float64Array, varying: number): number => {
  let distance = 0
  for (let j = 0; j < columns; j++) for (let k = 0; k < columns; k++) if (k !== j) distance += r[j * columns + k]! ** 2
  const squares = new Float64Array(rows)
  for (let j = 0; j < columns; j++) for (let i = 0; i < rows; i++) squares[i]! += z[j * rows + i]! ** 2
  let fourth = 0
  for (let i = 0; i < rows; i++) fourth += squares[i]! ** 2
  // Mean squared distance of the rows' own products from their mean, divided by the number of rows.
  const noise = (fourth / rows - (distance + varying)) / rows
  return distance > 0 ? Math.min(1, Math.max(0, noise) / distance) : 0
}

/**
 * Means and shrunk covariance of columns.
 * @param values rows x columns, column-major, finite
 * @param shrinkage 0..1; absent: Ledoit and Wolf's. `LEAST_SHRINKAGE` at least is used
 */
export const shrunkCovariance = (
  values: Float64Array,
  rows: number,
  columns: number,
  shrinkage?: number,
): ShrunkCovariance => {
  const z = values.slice()
  const { means, scales, constant } = standardize(z, rows, columns)
  const covariance = correlations(z, rows, columns)
  const share = shrinkage ?? ledoitWolf(z, rows, columns, covariance, columns - constant.length)
  const used = Math.max(LEAST_SHRINKAGE, share)
  for (let j = 0; j < columns; j++)
    for (let k = 0; k < columns; k++) covariance[j * columns + k]! *= (j === k ? 1 : 1 - used) * scales[j]! * scales[k]!
  return { means, covariance, shrinkage: used, constant }
}
