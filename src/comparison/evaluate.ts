/** How well a model ranks and how well its probabilities hold, each figure with its interval. */
import { weightedAuc } from '../metrics/auc.ts'
import { bootstrapInterval, type Interval } from '../metrics/bootstrap.ts'
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

export const evaluateRanking = (held: HeldOut, { replicates, random }: EvaluateOptions): Ranking => {
  const { personId: groups, target, margin } = held
  const auc = plain(bootstrapInterval(weightedAuc(margin, target), { target, groups, replicates, random }))
  const gini = { value: 2 * auc.value - 1, low: 2 * auc.low - 1, high: 2 * auc.high - 1 }
  const bads = target.reduce((a, b) => a + b, 0)
  return { rows: target.length, bads, auc, gini, ks: ks(margin, target) }
}

export const evaluate = (held: HeldOut & { probability: Float64Array }, options: EvaluateOptions): Evaluation => {
  const { personId: groups, target, probability } = held
  const { replicates, random } = options
  const ranking = evaluateRanking(held, options)
  const shared = { target, groups, replicates, random }
  const line = calibrationSlope(probability, target)
  return {
    ...ranking,
    brier: plain(bootstrapInterval((w) => brier(probability, target, w), shared)),
    logLoss: plain(bootstrapInterval(weightedLogLoss(probability, target), shared)),
    calibrationSlope: line.slope,
    calibrationIntercept: line.intercept,
    meanProbability: probability.reduce((a, b) => a + b, 0) / Math.max(1, target.length),
    badRate: ranking.bads / Math.max(1, target.length),
  }
}
