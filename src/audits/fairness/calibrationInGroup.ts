import { fitLogistic } from '../../kernels/logistic/logistic.ts'
import { sigmoid } from '../../kernels/numbers/logit.ts'
import { clampedLogOdds } from '../../metrics/calibrationSlope.ts'
import { hybridDifference } from './hybridDifference.ts'
import { hybridRatio } from './hybridRatio.ts'
import { dot, personSums, type RowView, ratioOfSums, Z } from './influence.ts'
import { type Bounds, bounds, meanInterval } from './intervals.ts'
import type { Rate } from './rate.ts'

/** Whether probabilities of bad hold in a group. */
export interface GroupCalibration {
  /** observed share of bad minus mean probability: above 0 more turn bad than was said */
  difference: Bounds
  /** observed share of bad over mean probability */
  ratio: Bounds
  /** of the logistic regression of bad on the log-odds of the probability: 1 is ideal; null with too few persons of an outcome */
  slope: Bounds
}

const NONE: Bounds = { value: null, low: null, high: null }

/**
 * Calibration in a group ("sufficiency"; with unequal bad rates it and equal error rates exclude each other: Chouldechova 2017,
 * doi:10.1089/big.2016.0047). The intervals of difference and ratio are made from Wilson's of the observed rate and Student's of
 * the predicted mean, since bads are few, and hold 0 and 1 together; that of the slope is normal. Persons are clusters.
 *
 * @param view labeled rows; @param badRate share of bad among them; @param enough whether both outcomes have enough persons for a slope
 */
export const calibrationInGroup = (
  probability: Float64Array,
  target: Float64Array,
  view: RowView,
  badRate: Rate,
  enough: boolean,
): GroupCalibration => {
  const expected = (row: number) => probability[row]!
  const mean = ratioOfSums(view, expected, () => 1)
  const { value, low, high } = meanInterval(mean)
  // Ends of a mean of few may lie outside of what probabilities can be.
  const interval = { value, low: low && Math.max(0, low), high: high && Math.min(1, high) }
  const predicted = { ...mean, interval }
  return {
    difference: hybridDifference(badRate, predicted),
    ratio: hybridRatio(badRate, predicted),
    slope: enough ? slopeOf(probability, target, view) : NONE,
  }
}

/** Calibration slope (Cox 1958, doi:10.1093/biomet/45.3-4.562) with the sandwich variance over persons (White 1982, doi:10.2307/1912526). */
const slopeOf = (probability: Float64Array, target: Float64Array, view: RowView): Bounds => {
  const { rows, person } = view
  const x = clampedLogOdds(Array.from(rows, (row) => probability[row]!))
  if (x.every((value) => value === x[0])) return NONE
  const y = Uint8Array.from(rows, (row) => target[row]!)
  const fit = fitLogistic({ values: x, rows: x.length, columns: 1, target: y }, { l2: 0 })
  if (fit.separation.kind !== 'none') return NONE
  const slope = fit.coefficients[0]!
  // Information matrix [[a, b], [b, c]] of intercept and slope, and each person's score.
  let a = 0
  let b = 0
  let c = 0
  const residual = new Float64Array(x.length)
  for (let k = 0; k < x.length; k++) {
    const mean = sigmoid(fit.intercept + slope * x[k]!)
    const weight = mean * (1 - mean)
    a += weight
    b += weight * x[k]!
    c += weight * x[k]! * x[k]!
    residual[k] = y[k]! - mean
  }
  const determinant = a * c - b * b
  const positions = { rows: Int32Array.from(rows.keys()), person: Int32Array.from(rows, (row) => person[row]!) }
  // The influence on the slope is the second row of the inverse of the information times the score.
  const influence = personSums(positions, (k) => (residual[k]! * (a * x[k]! - b)) / determinant)
  const reach = Z * Math.sqrt(dot(influence, influence))
  return bounds(slope, slope - reach, slope + reach)
}
