/** Columns that are combinations of others, from the information of a fit. */
import { choleskyLeavingOut } from '../numbers/cholesky.ts'
import type { Asking, Sums } from './sums.ts'

/** A column that other ones determine: it adds nothing, and its coefficient is 0 where no penalty shares it out. */
export interface Dependence {
  column: number
  /** columns whose combination it is, with a constant perhaps; none: it is constant */
  of: number[]
}

/** Share of a column that its regression on others must leave for it to count as a column of its own. */
const PIVOT = 1e-11
/** Coefficients below this, relative to the greatest, are rounding. */
const NEGLIGIBLE = 1e-6

/**
 * @param information of all rows, exact. Where curvature has vanished it may look dependent without being so: then the information at
 *   margins of 0, the plain cross products, is asked for
 */
export function* findDependence(data: Sums, information: Float64Array): Asking<Dependence[]> {
  const { n } = data
  if (choleskyLeavingOut(information.slice(), n, PIVOT).length === 0) return []
  const { information: plain } = yield {
    kind: 'sums',
    beta: new Float64Array(n),
    information: 'all',
    of: 'all',
  }
  const l = plain.slice()
  const out = choleskyLeavingOut(l, n, PIVOT)
  return out
    .filter((j) => j > 0)
    .map((j) => {
      // The rows of l before j are the factor of the columns kept so far.
      const a = new Float64Array(j)
      for (let i = 0; i < j; i++) {
        if (out.includes(i)) continue
        let sum = plain[j * n + i]!
        for (let k = 0; k < i; k++) sum -= l[i * n + k]! * a[k]!
        a[i] = sum / l[i * n + i]!
      }
      for (let i = j - 1; i >= 0; i--) {
        if (out.includes(i)) continue
        let sum = a[i]!
        for (let k = i + 1; k < j; k++) sum -= l[k * n + i]! * a[k]!
        a[i] = sum / l[i * n + i]!
      }
      const most = a.reduce((m, v) => Math.max(m, Math.abs(v)), 0)
      return {
        column: j - 1,
        of: Array.from(a.keys())
          .filter((i) => i > 0 && Math.abs(a[i]!) > NEGLIGIBLE * most)
          .map((i) => i - 1),
      }
    })
}
