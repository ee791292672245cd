import type { Table } from './data.ts'

/**
 * The penalized log loss of a linear model and the largest component of its gradient, both by row; the twin of the lines
 * in peer/with_sklearn.py. Taken from coefficients, so that no solver is believed its own word.
 */
export const logisticGradient = (
  { rows, columns, values, target }: Table,
  { intercept, coefficients }: { intercept: number; coefficients: Float64Array },
  l2: number,
): { largestGradient: number; objective: number } => {
  const z = new Float64Array(rows).fill(intercept)
  for (let j = 0; j < columns; j++) {
    const x = values.subarray(j * rows, (j + 1) * rows)
    const w = coefficients[j]!
    for (let i = 0; i < rows; i++) z[i]! += w * x[i]!
  }
  let objective = 0
  let largest = 0
  let residuals = 0
  for (let i = 0; i < rows; i++) {
    const m = z[i]!
    objective += Math.max(m, 0) + Math.log1p(Math.exp(-Math.abs(m))) - target[i]! * m
    z[i] = 1 / (1 + Math.exp(-m)) - target[i]!
    residuals += z[i]!
  }
  largest = Math.abs(residuals)
  for (let j = 0; j < columns; j++) {
    const x = values.subarray(j * rows, (j + 1) * rows)
    let sum = l2 * coefficients[j]!
    for (let i = 0; i < rows; i++) sum += z[i]! * x[i]!
    largest = Math.max(largest, Math.abs(sum))
    objective += (l2 / 2) * coefficients[j]! ** 2
  }
  return { largestGradient: largest / rows, objective: objective / rows }
}
