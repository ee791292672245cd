/** How well a model ranks and how well its probabilities hold, each figure with its interval. */
import { weightedAuc } from '../metrics/auc.ts'
import { bootstrapReplicates, type Interval, percentileInterval, type Replicates } from '../metrics/bootstrap.ts'
import { brier } from '../metrics/brier.ts'
import { ksReplicates } from '../metrics/ksInterval.ts'
import { weightedLogLoss } from '../metrics/logLoss.ts'
import { weightedCalibrationLine } from '../metrics/weightedCalibrationLine.ts'
import type { Random } from '../util/random.ts'

/** How well margins rank. 95 % percentile bootstrap over persons, stratified by outcome. */
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

/** Replicates without a figure are left out and counted; where they are more than a tail of the interval, its ends are unknown. */
const partial = (replicates: Replicates): Interval & { undefined: number } => {
  const { value, low, high, undefined: without } = percentileInterval(replicates, LEVEL)
  const unknown = without > ((1 - LEVEL) / 2) * replicates.drawn.length
  return unknown
    ? { value, low: Number.NaN, high: Number.NaN, undefined: without }
    : { value, low, high, undefined: without }
}

export const evaluateRanking = ({ personId, ...held }: HeldOut, options: EvaluateOptions): Ranking => {
  const ranking = rankingFigures(held)
  return ranking.read(bootstrapReplicates(ranking.figures, { target: held.target, groups: personId, ...options }))
}

/** What is drawn for a ranking (AUC, KS), and how the figures are read from it. */
const rankingFigures = ({ target, margin }: Omit<HeldOut, 'personId'>) => {
  const area = weightedAuc(margin, target)
  const distance = ksReplicates(margin, target)
  return {
    figures: (weights?: Float64Array): number[] => [area(weights), ...Array.from(distance.figures(weights))],
    read: ([areas, ...distances]: readonly Replicates[]): Ranking => {
      const auc = plain(areas!)
      return {
        rows: target.length,
        bads: target.reduce((a, b) => a + b, 0),
        auc,
        gini: { value: 2 * auc.value - 1, low: 2 * auc.low - 1, high: 2 * auc.high - 1 },
        ks: distance.read(distances, LEVEL),
      }
    },
  }
}

/**
 * Every figure of a model on held-out rows, each with a 95 % bootstrap interval over persons, stratified by outcome; all figures
 * come from the same draws. Says nothing about another training.
 */
export const evaluate = (held: HeldOut & { probability: Float64Array }, options: EvaluateOptions): Evaluation => {
  const { personId: groups, target, probability } = held
  const ranking = rankingFigures(held)
  const loss = weightedLogLoss(probability, target)
  const line = weightedCalibrationLine(probability, target)
  const figures = (weights?: Float64Array): number[] => {
    const { slope, intercept } = line(weights)
    return [brier(probability, target, weights), loss(weights), slope, intercept, ...ranking.figures(weights)]
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
