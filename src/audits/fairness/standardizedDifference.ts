import { dot, personSums, type RowView, sum, Z } from './influence.ts'
import { type Bounds, bounds, fewPersons } from './intervals.ts'

/**
 * Difference of means in pooled standard deviations (Cohen, Statistical Power Analysis, 1988), group minus others, with a
 * normal interval. Its standard error is that of the influences of persons on means and pooled variance; for normal scores of
 * one row a person it is the 1/n1 + 1/n2 + d^2 / (2 (n1 + n2)) of Hedges & Olkin (1985, ch. 5); wider by the quantile of Student's t for
 * the persons of the smaller side less one, since the variance of a mean of few persons is itself known badly.
 *
 * @returns nulls when either side has no row or nothing varies; no interval when either is one person
 */
export const standardizedDifference = (score: Float64Array, group: RowView, others: RowView): Bounds => {
  const sides = [group, others].map((view) => {
    const n = view.rows.length
    const mean = sum(Array.from(view.rows, (row) => score[row]!)) / n
    const squares = sum(Array.from(view.rows, (row) => (score[row]! - mean) ** 2))
    return { view, n, mean, squares }
  }) as [Side, Side]
  const rows = sides[0].n + sides[1].n
  const pooled = (sides[0].squares + sides[1].squares) / (rows - 2)
  const deviation = Math.sqrt(pooled)
  const d = (sides[0].mean - sides[1].mean) / deviation
  const [a, b] = sides.map(({ view, n, mean }, side) => {
    const sign = side === 0 ? 1 : -1
    return personSums(view, (row) => {
      const distance = score[row]! - mean
      return (sign * distance) / (n * deviation) - ((d / (2 * pooled)) * (distance * distance - pooled)) / rows
    })
  }) as [ReturnType<typeof personSums>, ReturnType<typeof personSums>]
  const few = fewPersons(Math.min(a.person.length, b.person.length))
  const reach = Z * few * Math.sqrt(dot(a, a) + dot(b, b) + 2 * dot(a, b))
  return bounds(d, d - reach, d + reach)
}

interface Side {
  view: RowView
  n: number
  mean: number
  squares: number
}
