/** How well a model ranks and how well its probabilities hold, each figure with its interval. */
import { logit } from '../kernels/numbers/logit.ts'
import { weightedAuc } from '../metrics/auc.ts'
import {
  bootstrapReplicates,
  type Interval,
  percentileInterval,
  type Replicates,
  standardError,
} from '../metrics/bootstrap.ts'
import { brier } from '../metrics/brier.ts'
import { drawnOutcomes } from '../metrics/drawnOutcomes.ts'
import { ksReplicates } from '../metrics/ksInterval.ts'
import { weightedLogLoss } from '../metrics/logLoss.ts'
import { onLogOdds } from '../metrics/onLogOdds.ts'
import { studentQuantile } from '../metrics/studentQuantile.ts'
import { weightedCalibrationLine } from '../metrics/weightedCalibrationLine.ts'
import type { Random } from '../util/random.ts'

/** How well margins rank. 95 % intervals from a bootstrap over persons, stratified by outcome. */
export interface Ranking {
  rows: number
  bads: number
  auc: Interval
  /** 2 AUC - 1 */
  gini: Interval
  /** with the margin at which it is reached: rows up to it against rows above; the interval is that of metrics/ksInterval.ts */
  ks: Interval & { at: number }
}

/** How well probabilities hold. */
export interface Evaluation extends Ranking {
  brier: Interval
  logLoss: Interval
  /** 1 is ideal; `undefined`: replicates without one, see `calibrationSlope` */
  calibrationSlope: Interval & { undefined: number }
  /** 0 is ideal at slope 1 */
  calibrationIntercept: Interval & { undefined: number }
  /** mean probability and share of bads */
  meanProbability: number
  badRate: number
}

/** Rows that the model did not see. */
export interface HeldOut {
  personId: readonly string[]
  /** 1 = bad */
  target: Uint8Array
  margin: Float64Array
}

/** How the intervals of figures are drawn. */
export interface EvaluateOptions {
  replicates: number
  /** the same stream for every model on the same rows: their intervals then come from the same draws */
  random: Random
}

const LEVEL = 0.95

const plain = (replicates: Replicates): Interval => {
  const { value, low, high } = percentileInterval(replicates, LEVEL)
  return { value, low, high }
}

/**
 * The interval of an AUC, made on its log-odds: value plus and minus t standard deviations of the replicates there, t with one degree of
 * freedom less than the rarer outcome has persons, and the deviation grown as that of a sample of so many is. Percentiles of an AUC lie too high and
 * too close when bads are few (60 bads: 92 % instead of 95, docs/measurements.md); where a replicate reaches 0 or 1 they are
 * taken all the same.
 */
const aucInterval = (replicates: Replicates, rarer: number): Interval => {
  const { value, drawn } = replicates
  if (rarer < 2 || [value, ...drawn].some((x) => !(x > 0 && x < 1))) return plain(replicates)
  const error = standardError({ value: logit(value), drawn: drawn.map(logit) })
  const reach = studentQuantile((1 + LEVEL) / 2, rarer - 1) * error * Math.sqrt(rarer / (rarer - 1))
  return { value, ...onLogOdds(value, reach) }
}

/** Replicates without a figure are left out and counted; where they are more than a tail of the interval, its ends are unknown. */
const partial = (replicates: Replicates): Interval & { undefined: number } => {
  const { value, low, high, undefined: without } = percentileInterval(replicates, LEVEL)
  const unknown = without > ((1 - LEVEL) / 2) * replicates.drawn.length
  return unknown
    ? { value, low: Number.NaN, high: Number.NaN, undefined: without }
    : { value, low, high, undefined: without }
}

export const evaluateRanking = (held: HeldOut, options: EvaluateOptions): Ranking => {
  const { target, personId: groups } = held
  const ranking = rankingFigures(held)
  return ranking.read(bootstrapReplicates(ranking.figures, { target, groups, ...options }))
}

/** Persons who have a row of the rarer outcome. Several rows of one person are not as many draws. */
const rarerPersons = ({ personId, target }: HeldOut): number => {
  const persons = [new Set<string>(), new Set<string>()]
  target.forEach((bad, i) => {
    persons[bad]!.add(personId[i]!)
  })
  return Math.min(persons[0]!.size, persons[1]!.size)
}

/** What is drawn for a ranking (AUC, KS), and how the figures are read from it. */
const rankingFigures = (held: HeldOut) => {
  const { target, margin } = held
  const area = weightedAuc(margin, target)
  const distance = ksReplicates(margin, target)
  return {
    figures: (weights?: Float64Array): number[] => [area(weights), ...Array.from(distance.figures(weights))],
    read: ([areas, ...distances]: readonly Replicates[]): Ranking => {
      const bads = target.reduce((a, b) => a + b, 0)
      const auc = aucInterval(areas!, rarerPersons(held))
      return {
        rows: target.length,
        bads,
        auc,
        gini: { value: 2 * auc.value - 1, low: 2 * auc.low - 1, high: 2 * auc.high - 1 },
        ks: distance.read(distances, LEVEL),
      }
    },
  }
}

/**
 * Every figure of a model on held-out rows, each with a 95 % interval from a bootstrap over persons, stratified by outcome; all
 * figures come from the same draws. What is made of them differs by figure, so that the intervals cover (docs/decisions/0010). Says nothing about another training.
 */
export const evaluate = (held: HeldOut & { probability: Float64Array }, options: EvaluateOptions): Evaluation => {
  const { personId: groups, target, probability } = held
  const ranking = rankingFigures(held)
  const loss = weightedLogLoss(probability, target)
  const line = weightedCalibrationLine(probability, target)
  const mix = drawnOutcomes(target, groups, options.random.fork('bad persons'))
  const figures = (weights?: Float64Array): number[] => {
    const ranks = ranking.figures(weights)
    if (weights) mix(weights)
    const { slope, intercept } = line(weights)
    return [brier(probability, target, weights), loss(weights), slope, intercept, ...ranks]
  }
  const [squares, logs, slopes, intercepts, ...ranks] = bootstrapReplicates(figures, { target, groups, ...options })
  const ranked = ranking.read(ranks)
  return {
    ...ranked,
    brier: plain(squares!),
    logLoss: plain(logs!),
    calibrationSlope: partial(slopes!),
    calibrationIntercept: partial(intercepts!),
    meanProbability: probability.reduce((a, b) => a + b, 0) / Math.max(1, target.length),
    badRate: ranked.bads / Math.max(1, target.length),
  }
}
