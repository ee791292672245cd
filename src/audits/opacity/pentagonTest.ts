/**
 * What can be read off the pentagon: the only thing that a person was shown. An axis is the percentile of the dimension's points in the training population; the
 * drawing is rescaled to its longest radius, read to 1 %, and says nothing of the base.
 */

import { countBelow } from '../../kernels/numbers/order.ts'
import { correlation, rankCorrelation, ranksOf } from '../../metrics/correlation.ts'
import { bandOf } from '../../schema/score.ts'
import type { Bounds } from '../fairness/intervals.ts'
import type { PointTable } from '../recovery/attributionAgreement.ts'
import { fitReader } from './boostedReader.ts'
import { meanOf, overPersons, type Persons } from './overPersons.ts'
import type { CodedColumns } from './regressionTree.ts'
import { r2Of } from './surrogates.ts'

/** What a strong reader recovers of people whose score it was not told. */
export interface PentagonTest {
  /** drawings with their scores that the reader learned from, and drawings that it was tested on */
  learned: number
  rows: number
  dimensions: readonly string[]
  /** of the raw score: 1 all of it, 0 nothing */
  r2: Bounds
  /** correlation of the ranks of read and true scores */
  rankCorrelation: Bounds
  /** share of people whose band is read right, and the share of the most frequent band */
  band: Bounds
  bandBase: Bounds
  /** share of people for whom the dimension of the first principal reason is read right, by the reader, by the shortest radius, and always the most frequent one */
  reason: Bounds
  shortest: Bounds
  reasonBase: Bounds
  /** share of people for whom the dimensions of all principal reasons (four at most) are read right, and always the most frequent set of them */
  reasonSet: Bounds
  reasonSetBase: Bounds
  /** rows with a reason */
  reasons: number
}

/** Rows with the points of their dimensions, their raw score, and the dimensions of the principal reasons in their order (none: an empty list). */
export interface PentagonRows {
  dimensions: PointTable
  score: Float64Array
  reasons: readonly (readonly number[])[]
}

/** How many of the sorted values are a value or less. */
const countUpTo = (sorted: Float64Array, value: number): number => {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low
}

/** The share of `sorted` below a value, ties by half. */
const percentile = (sorted: Float64Array, value: number): number =>
  (countBelow(sorted, value) + countUpTo(sorted, value)) / (2 * sorted.length)

/** The drawn radii of every row, whole percents of the longest: 0 .. 100. */
export const drawnShapes = (table: PointTable, population: PointTable): Uint8Array[] => {
  const sorted = Array.from({ length: population.players }, (_, d) =>
    population.points.slice(d * population.rows, (d + 1) * population.rows).sort(),
  )
  const shapes = sorted.map(() => new Uint8Array(table.rows))
  for (let i = 0; i < table.rows; i++) {
    const radii = sorted.map((column, d) => percentile(column, table.points[d * table.rows + i]!))
    const longest = Math.max(...radii)
    radii.forEach((r, d) => {
      shapes[d]![i] = longest > 0 ? Math.round((100 * r) / longest) : 0
    })
  }
  return shapes
}

const coded = (shapes: readonly Uint8Array[]): CodedColumns => ({
  rows: shapes[0]!.length,
  bins: shapes.map(() => 102),
  // 0 stands for a missing value among codes.
  codes: shapes.map((shape) => shape.map((v) => v + 1)),
})

const mostFrequent = (values: Iterable<number | string>): number | string | undefined => {
  const counts = new Map<number | string, number>()
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1)
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0]
}

const bandsOf = (scores: Float64Array): string[] =>
  Array.from(scores, (s) => bandOf(Math.min(950, Math.max(350, Math.floor(s + 0.5)))))

/**
 * Lets a strong reader learn scores and reasons from the drawings of training people, and tests it on those of others.
 * @param train training people: their points are the population of the percentiles, and what the reader learns from
 * @param held people whose scores the reader is tested on
 */
export const pentagonTest = (
  train: PentagonRows,
  held: PentagonRows,
  dimensions: readonly string[],
  persons: Persons,
): PentagonTest => {
  const learned = coded(drawnShapes(train.dimensions, train.dimensions))
  const shown = coded(drawnShapes(held.dimensions, train.dimensions))
  const readScore = fitReader(learned, train.score)(shown)
  const firstOf = ({ reasons }: PentagonRows): Int32Array => Int32Array.from(reasons, (all) => all[0] ?? -1)
  const read = (of: (row: number, d: number) => boolean): Float64Array[] =>
    dimensions.map((_, d) =>
      fitReader(
        learned,
        Float64Array.from(train.reasons, (_, i) => (of(i, d) ? 1 : 0)),
      )(shown),
    )
  const [taught, first] = [firstOf(train), firstOf(held)]
  const votes = read((i, d) => taught[i] === d)
  const among = read((i, d) => train.reasons[i]!.includes(d))
  const setOf = (holds: (d: number) => boolean): string => dimensions.map((_, d) => (holds(d) ? 1 : 0)).join('')
  const trueSet = (reasons: readonly number[]): string => setOf((d) => reasons.includes(d))
  const usual = mostFrequent(taught.filter((r) => r >= 0))
  const usualSet = mostFrequent(train.reasons.filter((all) => all.length > 0).map(trueSet))
  const usualBand = mostFrequent(bandsOf(train.score))
  const [truth, readBands] = [bandsOf(held.score), bandsOf(readScore)]
  const known = first.map((r) => (r >= 0 ? 1 : 0))
  const hit = (of: (i: number) => boolean, which?: Int32Array): Float64Array =>
    Float64Array.from(held.score, (_, i) => (which && !which[i] ? Number.NaN : of(i) ? 1 : 0))
  const best = (columns: readonly ArrayLike<number>[], i: number, sign: number): number =>
    columns.reduce((at, column, d) => (sign * column[i]! > sign * columns[at]![i]! ? d : at), 0)
  const band = hit((i) => truth[i] === readBands[i])
  const bandBase = hit((i) => truth[i] === usualBand)
  const reason = hit((i) => best(votes, i, 1) === first[i], known)
  const shortest = hit((i) => best(shown.codes, i, -1) === first[i], known)
  const reasonBase = hit((i) => usual === first[i], known)
  const reasonSet = hit((i) => setOf((d) => among[d]![i]! >= 0.5) === trueSet(held.reasons[i]!), known)
  const reasonSetBase = hit((i) => usualSet === trueSet(held.reasons[i]!), known)
  const [trueRanks, readRanks] = [ranksOf(held.score), ranksOf(readScore)]
  const figures = overPersons(
    (w) => [
      r2Of(held.score, readScore, w),
      // Ranks of the sample, weighted: a person drawn twice has one rank.
      w ? correlation(trueRanks, readRanks, w) : rankCorrelation(held.score, readScore),
      ...[band, bandBase, reason, shortest, reasonBase, reasonSet, reasonSetBase].map((column) => meanOf(column, w)),
    ],
    persons,
  )
  return {
    learned: train.score.length,
    rows: held.score.length,
    dimensions,
    r2: figures[0]!,
    rankCorrelation: figures[1]!,
    band: figures[2]!,
    bandBase: figures[3]!,
    reason: figures[4]!,
    shortest: figures[5]!,
    reasonBase: figures[6]!,
    reasonSet: figures[7]!,
    reasonSetBase: figures[8]!,
    reasons: known.reduce((a, b) => a + b, 0),
  }
}
