/**
 * Sampling errors of the coefficients of a fit with a smooth penalty: from H = X'WX + l2, the curvature of the penalized likelihood, its
 * inverse (`penalized`), H^-1 X'WX H^-1, the variance of the penalized estimate (`sandwich`), and H^-1 M H^-1 with M the outer products
 * of the scores summed over clusters (`clustered`; Liang & Zeger 1986, doi:10.1093/biomet/73.1.13), which also holds where the rows of
 * a cluster depend on each other.
 */
import { choleskyInverse, choleskyLeavingOut } from '../numbers/cholesky.ts'
import type { Penalty } from './penalty.ts'
import type { Scaling } from './scaling.ts'

/** Intercept first; NaN for a column that others determine. */
export interface StandardErrors {
  penalized: Float64Array
  sandwich: Float64Array
  /** absent without clusters */
  clustered?: Float64Array
}

/**
 * @param information lower triangle in working coordinates
 * @param meat the same of the scores of clusters, where there are any
 */
export const standardErrorsOf = (
  information: Float64Array,
  penalty: Penalty,
  scaling: Scaling,
  meat?: Float64Array,
): StandardErrors => {
  const n = penalty.l2.length
  const l = information.slice()
  for (let j = 0; j < n; j++) l[j * n + j]! += penalty.l2[j]!
  const out = choleskyLeavingOut(l, n)
  const inverse = choleskyInverse(l, n)
  const middle = (of: Float64Array): Float64Array => sandwichOf(inverse, of, n)
  const roots = (covariance: Float64Array): Float64Array => {
    const errors = unscaledErrors(covariance, scaling)
    for (const j of out) errors[j] = Number.NaN
    return errors
  }
  return {
    penalized: roots(inverse),
    sandwich: roots(middle(information)),
    ...(meat ? { clustered: roots(middle(meat)) } : {}),
  }
}

/** inverse x of x inverse, full. */
const sandwichOf = (inverse: Float64Array, of: Float64Array, n: number): Float64Array => {
  const full = of.slice()
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) full[j * n + i] = of[i * n + j]!
  return multiply(inverse, multiply(full, inverse, n), n)
}

const multiply = (a: Float64Array, b: Float64Array, n: number): Float64Array => {
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    const row = out.subarray(i * n, (i + 1) * n)
    for (let k = 0; k < n; k++) {
      const x = a[i * n + k]!
      if (x === 0) continue
      const other = b.subarray(k * n, (k + 1) * n)
      for (let j = 0; j < n; j++) row[j]! += x * other[j]!
    }
  }
  return out
}

/** Roots of the diagonal, for the columns as they are: the intercept's takes in those of all centers. */
const unscaledErrors = (covariance: Float64Array, { centers, scales }: Scaling): Float64Array => {
  const n = centers.length
  const errors = Float64Array.from({ length: n }, (_, j) => scales[j]! * Math.sqrt(Math.max(0, covariance[j * n + j]!)))
  const direction = centers.map((center, j) => (j === 0 ? 1 : -center * scales[j]!))
  let variance = 0
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) variance += direction[i]! * covariance[i * n + j]! * direction[j]!
  errors[0] = Math.sqrt(Math.max(0, variance))
  return errors
}
