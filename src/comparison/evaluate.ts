/** How well a model ranks and how well its probabilities hold, each figure with its interval. */
import { weightedAuc } from '../metrics/auc.ts'
import { bootstrapIntervals, type Interval, type WeightedStatistic } from '../metrics/bootstrap.ts'
import { brier } from '../metrics/brier.ts'
import { calibrationSlope } from '../metrics/calibrationSlope.ts'
import { ks } from '../metrics/ks.ts'
import { weightedLogLoss } from '../metrics/logLoss.ts'
import type { Random } from '../util/random.ts'

/** How well margins rank. 95 % percentile bootstrap over persons, stratified by outcome. */
export interface Ranking {
  rows: number
  bads: number
  auc: Interval
  /** 2 AUC - 1 */
  gini: Interval
  /** with the margin at which it is reached */
  ks: { value: number; at: number }
}

/** How well probabilities hold. */
export interface Evaluation extends Ranking {
  brier: Interval
  logLoss: Interval
  calibrationSlope: number
  calibrationIntercept: number
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

export interface EvaluateOptions {
  replicates: number
  /** the same stream for every model on the same rows: their intervals then come from the same draws */
  random: Random
}

const plain = ({ value, low, high }: Interval): Interval => ({ value, low, high })

export const evaluateRanking = (held: HeldOut, options: EvaluateOptions): Ranking => measure(held, [], options).ranking

/** The ranking and the intervals of further statistics, all from the same draws. */
const measure = (held: HeldOut, statistics: readonly WeightedStatistic[], { replicates, random }: EvaluateOptions) => {
  const { personId: groups, target, margin } = held
  const all = [weightedAuc(margin, target), ...statistics]
  const [auc, ...others] = bootstrapIntervals(all, { target, groups, replicates, random }).map(plain) as [
    Interval,
    ...Interval[],
  ]
  const gini = { value: 2 * auc.value - 1, low: 2 * auc.low - 1, high: 2 * auc.high - 1 }
  const bads = target.reduce((a, b) => a + b, 0)
  const ranking: Ranking = { rows: target.length, bads, auc, gini, ks: ks(margin, target) }
  return { ranking, others }
}

export const evaluate = (held: HeldOut & { probability: Float64Array }, options: EvaluateOptions): Evaluation => {
  const { target, probability } = held
  const statistics = [(w?: Float64Array) => brier(probability, target, w), weightedLogLoss(probability, target)]
  const { ranking, others } = measure(held, statistics, options)
  const line = calibrationSlope(probability, target)
  return {
    ...ranking,
    brier: others[0]!,
    logLoss: others[1]!,
    calibrationSlope: line.slope,
    calibrationIntercept: line.intercept,
    meanProbability: probability.reduce((a, b) => a + b, 0) / Math.max(1, target.length),
    badRate: ranking.bads / Math.max(1, target.length),
  }
}
