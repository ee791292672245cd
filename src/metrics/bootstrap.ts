/**
 * Percentile bootstrap over persons, stratified by outcome (Efron & Tibshirani, An Introduction to the Bootstrap, 1993).
 *
 * A replicate draws as many bad persons as there are, and as many good ones, with replacement; all rows of a person come along
 * as often as the person was drawn. The statistic sees this as one weight a row, so it is sorted and prepared once:
 *
 *     const ranking = weightedAuc(margins, target)
 *     bootstrapInterval(ranking, { target, groups, random })
 *     bootstrapInterval((w) => ranking(w) - other(w), { target, groups, random })      // paired difference
 *     bootstrapIntervals([ranking, other], { target, groups, random })                 // drawn once for both
 */
import { Generator, keyWords } from '../kernels/numbers/generator.ts'
import { usageError } from '../util/errors.ts'
import type { Random } from '../util/random.ts'

/** A figure and the ends of its interval; NaN where it is not defined. */
export interface Interval {
  value: number
  low: number
  high: number
}

/** A percentile interval and how it came about. */
export interface BootstrapInterval extends Interval {
  level: number
  replicates: number
  /** replicates in which the statistic was not defined; they are left out of the quantiles */
  undefined: number
}

/** A figure of weighted rows; weights absent: every row once. */
export type WeightedStatistic = (weights?: Float64Array) => number

/** Whom to draw, how often, and from which random stream. */
export interface BootstrapOptions {
  /** 1 = bad, 0 = good, one a row; a person with any bad row is a bad person */
  target: ArrayLike<number>
  /** person of each row, as text or number; absent: every row is a person */
  groups?: ArrayLike<string | number> | undefined
  replicates?: number
  /** coverage, between 0 and 1 */
  level?: number
  random: Random
}

/**
 * Percentile bootstrap interval of one statistic over persons, stratified by outcome.
 * @throws GlasscoreError('usage') for a level outside 0..1 or no replicates
 */
export const bootstrapInterval = (statistic: WeightedStatistic, options: BootstrapOptions): BootstrapInterval =>
  bootstrapIntervals([statistic], options)[0]!

/** Several figures of weighted rows at once, always as many and in the same order. */
export type WeightedFigures = (weights?: Float64Array) => ArrayLike<number>

/** A figure of the sample, and what it was in each replicate; NaN where it is not defined. */
export interface Replicates {
  value: number
  drawn: Float64Array
}

/**
 * The figures of every replicate, in the order of drawing: what intervals are made of.
 * The function must not keep the weights it is given: they are overwritten.
 * @throws GlasscoreError('usage') for no replicates
 */
export const bootstrapReplicates = (
  figures: WeightedFigures,
  { target, groups, replicates = 2000, random }: BootstrapOptions,
): Replicates[] => {
  if (!Number.isInteger(replicates) || replicates < 1)
    throw usageError('invalid number of replicates', {
      option: 'replicates',
      expected: 'a whole number of 1 or more',
      got: replicates,
    })
  const { personOf, strata, persons } = personsOf(target, groups)
  const counts = new Float64Array(persons)
  // Persons are numbered as they come: with one row each, a person's number is that of the row.
  const rowEach = persons === target.length
  const weights = rowEach ? counts : new Float64Array(target.length)
  const drawn: Float64Array[] = []
  for (let r = 0; r < replicates; r++) {
    // A stream a replicate: figures compared over the same rows and stream see the same draws.
    const stream = new Generator(keyWords(random.fork('replicate', r).key))
    counts.fill(0)
    for (const stratum of strata) draw(stratum, stream, counts)
    if (!rowEach) for (let i = 0; i < weights.length; i++) weights[i] = counts[personOf[i]!]!
    const values = figures(weights)
    for (let s = 0; s < values.length; s++) {
      drawn[s] ??= new Float64Array(replicates)
      drawn[s]![r] = values[s]!
    }
  }
  return Array.from(figures(), (value, s) => ({ value, drawn: drawn[s]! }))
}

/**
 * Percentile interval of replicates; those in which the figure was not defined are left out and counted.
 * @param level coverage, between 0 and 1
 * @throws GlasscoreError('usage') for another level
 */
export const percentileInterval = ({ value, drawn }: Replicates, level = 0.95): BootstrapInterval => {
  if (!(level > 0 && level < 1))
    throw usageError('invalid level of an interval', {
      option: 'level',
      expected: 'a number between 0 and 1',
      got: level,
    })
  const sorted = drawn.filter((v) => !Number.isNaN(v)).sort()
  return {
    value,
    low: quantile(sorted, (1 - level) / 2),
    high: quantile(sorted, (1 + level) / 2),
    level,
    replicates: drawn.length,
    undefined: drawn.length - sorted.length,
  }
}

/**
 * Percentile intervals of several statistics of the same rows: each gets the interval it would get alone, and replicates are
 * drawn once. A statistic must not keep the weights it is given: they are overwritten.
 */
export const bootstrapIntervals = (
  statistics: readonly WeightedStatistic[],
  options: BootstrapOptions,
): BootstrapInterval[] =>
  bootstrapReplicates((weights) => statistics.map((statistic) => statistic(weights)), options).map((replicates) =>
    percentileInterval(replicates, options.level),
  )

/** Counts as many draws with replacement as the stratum has members. */
const draw = (stratum: Int32Array, stream: Generator, drawn: Float64Array): void => {
  for (let k = 0; k < stratum.length; k++) drawn[stratum[stream.below(stratum.length)]!]!++
}

const personsOf = (target: ArrayLike<number>, groups: ArrayLike<string | number> | undefined) => {
  const numbers = new Map<string | number, number>()
  const bad: boolean[] = []
  const personOf = new Int32Array(target.length)
  for (let i = 0; i < target.length; i++) {
    const id = groups ? groups[i]! : i
    let person = numbers.get(id)
    if (person === undefined) {
      person = bad.length
      numbers.set(id, person)
      bad.push(false)
    }
    personOf[i] = person
    if (target[i]) bad[person] = true
  }
  const all = Int32Array.from(bad.keys())
  const strata = [all.filter((p) => bad[p]!), all.filter((p) => !bad[p]!)]
  return { personOf, strata, persons: bad.length }
}

/** Mean of the drawn figures. */
export const meanOfDrawn = ({ drawn }: Replicates): number => drawn.reduce((a, b) => a + b, 0) / drawn.length

/** Standard deviation of the drawn figures: the standard error of the figure. */
export const standardError = (replicates: Replicates): number => {
  const { drawn } = replicates
  const mean = meanOfDrawn(replicates)
  return Math.sqrt(drawn.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, drawn.length - 1))
}

/** Quantile of sorted values with linear interpolation (type 7 of Hyndman & Fan, doi:10.1080/00031305.1996.10473566). */
export const quantile = (sorted: ArrayLike<number>, q: number): number => {
  if (sorted.length === 0) return Number.NaN
  const at = q * (sorted.length - 1)
  const below = Math.floor(at)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!)
}
