/**
 * Estimates that know how much each person moves them. From these influences come variances and covariances of everything
 * else, robust to persons with several rows: rows of one person are one cluster.
 *
 * Influence functions: Hampel 1974, doi:10.1080/01621459.1974.10482962. Persons as clusters: Liang & Zeger 1986,
 * doi:10.1093/biomet/73.1.13. No factor for few clusters is applied, so that with one row a person the variance of a share is
 * share x (1 - share) / rows, the one of the textbook formulas.
 */
import { normalQuantile } from '../../metrics/normal.ts'

/** Persons in rising order and what each adds; persons that add nothing are left out. */
export interface Influence {
  person: Int32Array
  value: Float64Array
}

/** A figure and each person's influence on it; the influences add up to 0. */
export interface Estimate {
  /** NaN when it is not defined */
  value: number
  influence: Influence
}

/** Rows of a group: ascending, and rows of one person side by side. */
export interface RowView {
  rows: Int32Array
  /** number of the person of every row of the table, not falling */
  person: Int32Array
}

/** The normal quantile of a two-sided 95 % interval. */
export const Z = normalQuantile(0.975)

/** Sums over the rows of each person. */
export const personSums = ({ rows, person }: RowView, of: (row: number) => number): Influence => {
  const persons = new Int32Array(rows.length)
  const values = new Float64Array(rows.length)
  let last = -1
  for (const row of rows) {
    if (last < 0 || persons[last] !== person[row]) persons[++last] = person[row]!
    values[last]! += of(row)
  }
  return { person: persons.slice(0, last + 1), value: values.slice(0, last + 1) }
}

/** Sum of a over sum of b, over the rows; both may be 0 in any row. */
export const ratioOfSums = (view: RowView, a: (row: number) => number, b: (row: number) => number): Estimate => {
  const over = personSums(view, a)
  const under = personSums(view, b)
  const total = sum(under.value)
  const value = sum(over.value) / total
  return { value, influence: { ...over, value: over.value.map((x, k) => (x - value * under.value[k]!) / total) } }
}

/** Sum of products over the persons of both. */
export const dot = (a: Influence, b: Influence): number => {
  let total = 0
  for (let i = 0, j = 0; i < a.person.length && j < b.person.length; ) {
    const difference = a.person[i]! - b.person[j]!
    if (difference === 0) total += a.value[i++]! * b.value[j++]!
    else if (difference < 0) i++
    else j++
  }
  return total
}

/** Variance of an estimate. */
export const variance = ({ influence }: Estimate): number => dot(influence, influence)

/** Covariance of two estimates from the same table: not 0 when a person has rows in both. */
export const covariance = (a: Estimate, b: Estimate): number => dot(a.influence, b.influence)

/** Correlation of two estimates from the same table; 0 where one of them does not vary. */
export const correlation = (a: Estimate, b: Estimate): number => {
  const spread = Math.sqrt(variance(a) * variance(b))
  return spread > 0 ? covariance(a, b) / spread : 0
}

/** Sum in the order of the values. */
export const sum = (values: ArrayLike<number>): number => {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]!
  return total
}
