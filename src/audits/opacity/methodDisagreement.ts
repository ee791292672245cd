/** Whether two ways of explaining the same score tell a person the same. */
import type { FactorFrame } from '../../matrix/frame.ts'
import { rankCorrelation } from '../../metrics/correlation.ts'
import type { Bounds } from '../fairness/intervals.ts'
import type { PointTable } from '../recovery/attributionAgreement.ts'
import { firstReasons, pointsOfRow } from './firstReasons.ts'
import { meanOf, overPersons, type Persons } from './overPersons.ts'

/** Points of the same rows by one method. */
export interface MethodPoints {
  /** as `path_dependent`, `all_applicants`, `one_at_a_time` */
  method: string
  points: PointTable
}

/** Two methods on the same people. */
export interface MethodPair {
  first: string
  second: string
  /** mean over people of the rank correlation of their factors' points */
  rankCorrelation: Bounds
  /** share of people whose first reason is another */
  otherReason: Bounds
  /** mean over people and factors of the absolute difference, in points */
  difference: Bounds
}

/** All pairs, and the people on whom any two differ. */
export interface MethodDisagreement {
  rows: number
  methods: { method: string; text: string }[]
  /** methods that could not be used, and why */
  without: { method: string; reason: string }[]
  pairs: MethodPair[]
  /** share of people whose first reason is not the same by all methods */
  anyOther: Bounds
}

/**
 * Compares methods of explanation pair by pair.
 * @param methods two or more; all of the same factors and rows
 * @returns the pairs, and whether the first reason of each row is not the same by all (1) or is (0)
 */
export const methodPairs = (
  methods: readonly MethodPoints[],
  frame: FactorFrame,
  used: readonly boolean[],
  persons: Persons,
): { pairs: MethodPair[]; anyOther: Bounds; byRow: Float64Array } => {
  const firsts = methods.map(({ points }) => firstReasons(points, frame, used).map((r) => r?.group ?? null))
  const byRow = Float64Array.from({ length: frame.rows }, (_, i) => (new Set(firsts.map((f) => f[i])).size > 1 ? 1 : 0))
  const places = methods.flatMap((_, a) => methods.slice(a + 1).map((_m, k) => [a, a + 1 + k] as const))
  const columns = places.map(([a, b]) => {
    const [x, y] = [methods[a]!.points, methods[b]!.points]
    const ranks = new Float64Array(frame.rows)
    const difference = new Float64Array(frame.rows)
    for (let i = 0; i < frame.rows; i++) {
      const [own, other] = [pointsOfRow(x, i), pointsOfRow(y, i)]
      ranks[i] = rankCorrelation(own, other)
      difference[i] = own.reduce((sum, v, j) => sum + Math.abs(v - other[j]!), 0) / own.length
    }
    return { ranks, difference, other: byRow.map((_, i) => (firsts[a]![i] === firsts[b]![i] ? 0 : 1)) }
  })
  const figures = overPersons(
    (w) => [
      meanOf(byRow, w),
      ...columns.flatMap(({ ranks, other, difference }) => [meanOf(ranks, w), meanOf(other, w), meanOf(difference, w)]),
    ],
    persons,
  )
  return {
    pairs: places.map(([a, b], k) => ({
      first: methods[a]!.method,
      second: methods[b]!.method,
      rankCorrelation: figures[1 + 3 * k]!,
      otherReason: figures[2 + 3 * k]!,
      difference: figures[3 + 3 * k]!,
    })),
    anyOther: figures[0]!,
    byRow,
  }
}
