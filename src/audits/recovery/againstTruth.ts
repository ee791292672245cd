/** Models beside the truth that outcomes were made with: how near their ranking and their probabilities come to it. */
import { evaluateRanking } from '../../comparison/evaluate.ts'
import { weightedAuc } from '../../metrics/auc.ts'
import { bootstrapReplicates } from '../../metrics/bootstrap.ts'
import { clampedLogOdds } from '../../metrics/calibrationSlope.ts'
import { correlation } from '../../metrics/correlation.ts'
import { weightedCalibrationLine } from '../../metrics/weightedCalibrationLine.ts'
import type { Random } from '../../util/random.ts'
import { type Bounds, bounds } from '../fairness/intervals.ts'
import { boundsOf } from './boundsOf.ts'
import type { ModelRecovery } from './findings.ts'

/** Rows that no model had seen, with what was true of them. */
export interface TrueRows {
  personId: readonly string[]
  /** 1 = bad */
  target: Uint8Array
  /** true probability of bad, given that the row is good or bad */
  truth: Float64Array
}

/** What a model says of the same rows. */
export interface JudgedModel {
  model: string
  margin: Float64Array
  /** calibrated, of bad */
  probability: Float64Array
}

/**
 * The slope of the truth on the log-odds of a model: the regression that `calibrationSlope` makes on outcomes, made on the
 * probabilities behind them. Every row stands twice, as bad and as good, with the two probabilities as its weights.
 */
const slopeOnTruth = (probability: Float64Array, truth: Float64Array): ((weights?: Float64Array) => number) => {
  const rows = truth.length
  const twice = new Float64Array(2 * rows)
  twice.set(probability)
  twice.set(probability, rows)
  const target = Uint8Array.from({ length: 2 * rows }, (_, i) => (i < rows ? 1 : 0))
  const line = weightedCalibrationLine(twice, target)
  const both = new Float64Array(2 * rows)
  return (weights) => {
    for (let i = 0; i < rows; i++) {
      const w = weights ? weights[i]! : 1
      both[i] = w * truth[i]!
      both[rows + i] = w * (1 - truth[i]!)
    }
    return line(both).slope
  }
}

const rootMeanSquare = (a: Float64Array, b: Float64Array, weights?: Float64Array): number => {
  let [sum, n] = [0, 0]
  for (let i = 0; i < a.length; i++) {
    const w = weights ? weights[i]! : 1
    sum += w * (a[i]! - b[i]!) ** 2
    n += w
  }
  return Math.sqrt(sum / n)
}

/**
 * The AUC of the truth and every model beside it. All intervals come from the same draws of persons, stratified by outcome; differences are
 * paired.
 * @param random the stream of the training's own intervals: the AUCs of the models are then those of its figures
 */
export const againstTruth = (
  { personId, target, truth }: TrueRows,
  models: readonly JudgedModel[],
  options: { replicates: number; random: Random },
): { ceiling: Bounds; models: ModelRecovery[] } => {
  const ranked = (margin: Float64Array): Bounds => {
    const { auc } = evaluateRanking({ personId, target, margin }, options)
    return bounds(auc.value, auc.low, auc.high)
  }
  const truthArea = weightedAuc(truth, target)
  const trueLogOdds = clampedLogOdds(truth)
  const parts = models.map(({ margin, probability }) => ({
    area: weightedAuc(margin, target),
    logOdds: clampedLogOdds(probability),
    slope: slopeOnTruth(probability, truth),
    probability,
  }))
  const figures = (weights?: Float64Array): number[] => {
    const ceiling = truthArea(weights)
    return parts.flatMap(({ area, logOdds, slope, probability }) => [
      ceiling - area(weights),
      correlation(logOdds, trueLogOdds, weights),
      slope(weights),
      rootMeanSquare(probability, truth, weights),
    ])
  }
  const drawn = bootstrapReplicates(figures, { target, groups: personId, ...options })
  return {
    ceiling: ranked(truth),
    models: models.map(({ model, margin }, m) => {
      const [gap, logOddsCorrelation, slope, probabilityError] = drawn.slice(4 * m, 4 * m + 4).map(boundsOf)
      return {
        model,
        auc: ranked(margin),
        gap: gap!,
        logOddsCorrelation: logOddsCorrelation!,
        slope: slope!,
        probabilityError: probabilityError!,
      }
    }),
  }
}
