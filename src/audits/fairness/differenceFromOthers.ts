import type { RowView } from './influence.ts'
import { Z } from './influence.ts'
import { type Bounds, bounds, fewPersons } from './intervals.ts'

/**
 * Sums of the scores of each person, and of everybody, so that what holds of everybody but a group is known without going through
 * all rows again: an audit by hundreds of groups would go through all rows hundreds of times.
 */
export interface ScoreSums {
  /** mean score of all rows: sums are taken of distances to it, which keeps them exact */
  center: number
  /** rows, sum of distances and sum of squared distances of each person */
  ofPerson: { rows: Float64Array; first: Float64Array; second: Float64Array }
  total: Moments
  /** persons with a row */
  persons: number
}

interface Moments {
  rows: number
  first: number
  second: number
  /** sums over persons of the products of their three sums, in the order of `productsOf` */
  products: number[]
}

const productsOf = (n: number, u: number, v: number): number[] => [n * n, n * u, n * v, u * u, u * v, v * v]

/** Sums of a table. @param person number of the person of each row; @param persons above all of them */
export const scoreSums = (score: Float64Array, person: Int32Array, persons: number): ScoreSums => {
  let center = 0
  for (let row = 0; row < score.length; row++) center += (score[row]! - center) / (row + 1)
  const [rows, first, second] = [new Float64Array(persons), new Float64Array(persons), new Float64Array(persons)]
  for (let row = 0; row < score.length; row++) {
    const p = person[row]!
    const x = score[row]! - center
    rows[p]! += 1
    first[p]! += x
    second[p]! += x * x
  }
  const total: Moments = { rows: score.length, first: 0, second: 0, products: [0, 0, 0, 0, 0, 0] }
  for (let p = 0; p < persons; p++) {
    total.first += first[p]!
    total.second += second[p]!
    productsOf(rows[p]!, first[p]!, second[p]!).forEach((x, k) => {
      total.products[k]! += x
    })
  }
  return { center, ofPerson: { rows, first, second }, total, persons: rows.filter((n) => n > 0).length }
}

/** Below this share of the variance of all scores a pooled variance is the rounding of sums: nothing varies. */
const ROUNDING = 1e-12

/**
 * `standardizedDifference` of a group and everybody else, to the rounding of sums, at the cost of the rows of the group alone.
 * @returns nulls when there is nobody else or nothing varies; no interval when either side is one person
 */
export const differenceFromOthers = (sums: ScoreSums, score: Float64Array, view: RowView): Bounds => {
  const { center, ofPerson, total } = sums
  const persons: { n: number; u: number; v: number; p: number }[] = []
  for (const row of view.rows) {
    const p = view.person[row]!
    const x = score[row]! - center
    let own = persons.at(-1)
    if (own?.p !== p) {
      own = { n: 0, u: 0, v: 0, p }
      persons.push(own)
    }
    own.n += 1
    own.u += x
    own.v += x * x
  }
  const group = { rows: view.rows.length, first: 0, second: 0, products: [0, 0, 0, 0, 0, 0] }
  const others = { ...total, products: [...total.products] }
  let otherPersons = sums.persons
  const restOf = ({ n, u, v, p }: (typeof persons)[number]) =>
    [ofPerson.rows[p]! - n, ofPerson.first[p]! - u, ofPerson.second[p]! - v] as const
  for (const own of persons) {
    const { n, u, v, p } = own
    group.first += u
    group.second += v
    const rest = restOf(own)
    if (rest[0] === 0) otherPersons--
    const [mine, theirs, before] = [
      productsOf(n, u, v),
      rest[0] === 0 ? [0, 0, 0, 0, 0, 0] : productsOf(...rest),
      productsOf(ofPerson.rows[p]!, ofPerson.first[p]!, ofPerson.second[p]!),
    ]
    for (let k = 0; k < 6; k++) {
      group.products[k]! += mine[k]!
      others.products[k]! += theirs[k]! - before[k]!
    }
  }
  others.rows -= group.rows
  others.first -= group.first
  others.second -= group.second

  const meanOf = (side: Moments) => side.first / side.rows
  const squares = (side: Moments) => Math.max(0, side.second - side.first * meanOf(side))
  const pooled = (squares(group) + squares(others)) / (total.rows - 2)
  if (!(pooled > (ROUNDING * total.second) / total.rows)) return bounds(Number.NaN, Number.NaN, Number.NaN)
  const deviation = Math.sqrt(pooled)
  const d = (meanOf(group) - meanOf(others)) / deviation
  // Influence of a row at distance x: a + b x + c x^2; so that of a person is linear in the person's three sums.
  const c = -d / (2 * pooled * total.rows)
  const coefficients = (side: Moments, sign: number) => {
    const [mean, slope] = [meanOf(side), sign / (side.rows * deviation)]
    return [c * (mean * mean - pooled) - slope * mean, slope - 2 * c * mean, c] as const
  }
  const [ofGroup, ofOthers] = [coefficients(group, 1), coefficients(others, -1)]
  const variance = (side: Moments, [a, b]: readonly [number, number, number]): number => {
    const [nn, nu, nv, uu, uv, vv] = side.products as [number, number, number, number, number, number]
    return a * a * nn + b * b * uu + c * c * vv + 2 * (a * b * nu + a * c * nv + b * c * uv)
  }
  let both = 0
  for (const own of persons) {
    const [n, u, v] = restOf(own)
    if (n === 0) continue
    const mine = ofGroup[0] * own.n + ofGroup[1] * own.u + c * own.v
    both += mine * (ofOthers[0] * n + ofOthers[1] * u + c * v)
  }
  const few = fewPersons(Math.min(persons.length, otherPersons))
  const reach = Z * few * Math.sqrt(Math.max(0, variance(group, ofGroup) + variance(others, ofOthers) + 2 * both))
  return bounds(d, d - reach, d + reach)
}
