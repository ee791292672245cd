/**
 * From margins to probabilities that hold. A calibration is plain data, applied outside of the model.
 *
 * Fit it on margins of rows that the model did not train on: out-of-fold (crossFit.ts) or out-of-bag ones. Training margins
 * are too sure of themselves, test margins belong to the test; neither can be told from here, so it is the caller's duty.
 */
import { fitLogistic, type LogisticFit } from '../kernels/logistic/logistic.ts'
import { log1pExp, logit, sigmoid } from '../kernels/numbers/logit.ts'
import { countBelow } from '../kernels/numbers/order.ts'
import { dataError, trainingError } from '../util/errors.ts'
import { fitIsotonic, type IsotonicCalibration } from './isotonic.ts'

/** log-odds = slope x margin + intercept; slope > 0. Platt 1999. The only kind that keeps points linear in the margin. */
export interface PlattCalibration {
  kind: 'platt'
  slope: number
  intercept: number
}

/**
 * log-odds = a ln s - b ln(1 - s) + c with s = sigmoid(margin); a, b at least 0 and not both 0.
 * Kull, Silva Filho & Flach, 2017, doi:10.1214/17-EJS1338SI.
 */
export interface BetaCalibration {
  kind: 'beta'
  a: number
  b: number
  c: number
}

/** From the margin of a model to the log-odds of bad; plain data. */
export type Calibration = PlattCalibration | BetaCalibration | IsotonicCalibration
/** Name of a way to calibrate. */
export type CalibrationKind = Calibration['kind']
export const CALIBRATION_KINDS = ['platt', 'beta', 'isotonic'] as const satisfies readonly CalibrationKind[]

/**
 * @param margins log-odds of bad by models that did not see the row; rows with NaN (never out of bag) are left out
 * @param target 1 = bad, 0 = good, one a margin
 * @throws GlasscoreError('data') when there is one outcome only
 * @throws GlasscoreError('training') for platt and beta, when a greater margin does not mean a greater risk, or when the margins
 *   of good and bad rows do not overlap (they may touch)
 */
export const fitCalibration = (kind: CalibrationKind, margins: Float64Array, target: Uint8Array): Calibration => {
  const known = margins.slice()
  const outcomes = new Uint8Array(margins.length)
  let count = 0
  let bad = 0
  for (let i = 0; i < margins.length; i++) {
    if (Number.isNaN(margins[i]!)) continue
    known[count] = margins[i]!
    outcomes[count++] = target[i]!
    bad += target[i]!
  }
  const x = known.slice(0, count)
  const y = outcomes.slice(0, count)
  if (bad === 0 || bad === y.length)
    throw dataError('a calibration cannot be fitted on one outcome alone', {
      expected: 'good and bad rows with margins',
      got: `${y.length - bad} good, ${bad} bad`,
    })
  if (kind === 'platt') return fitPlatt(x, y)
  return kind === 'beta' ? fitBeta(x, y) : fitIsotonic(x, y)
}

const fitPlatt = (x: Float64Array, y: Uint8Array): PlattCalibration => {
  const fit = refuseSeparated(fitOn([x], y))
  const slope = fit.coefficients[0]!
  if (!(slope > 0)) throw wrongDirection(slope)
  return { kind: 'platt', slope, intercept: fit.intercept }
}

const fitBeta = (x: Float64Array, y: Uint8Array): BetaCalibration => {
  const logS = x.map((m) => -log1pExp(-m))
  const minusLogRest = x.map(log1pExp)
  const both = fitOn([logS, minusLogRest], y)
  const [a, b] = both.coefficients as unknown as [number, number]
  if (a >= 0 && b >= 0 && a + b > 0) {
    refuseSeparated(both)
    return { kind: 'beta', a, b, c: both.intercept }
  }
  // The paper's rule: a coefficient with the wrong sign is set to 0 and the other one refitted.
  const alone = refuseSeparated(fitOn([a < 0 ? minusLogRest : logS], y))
  const value = alone.coefficients[0]!
  if (!(value > 0)) throw wrongDirection(value)
  return { kind: 'beta', a: a < 0 ? 0 : value, b: a < 0 ? value : 0, c: alone.intercept }
}

const fitOn = (columns: Float64Array[], y: Uint8Array): LogisticFit => {
  const values = new Float64Array(columns.length * y.length)
  columns.forEach((column, j) => {
    values.set(column, j * y.length)
  })
  return fitLogistic({ values, rows: y.length, columns: columns.length, target: y }, { l2: 0 })
}

/** Also when margins of good and bad rows touch: the likelihood then has no maximum, and a slope says where the fit stopped. */
const refuseSeparated = (fit: LogisticFit): LogisticFit => {
  if (fit.separation.kind !== 'none')
    throw trainingError('margins cannot be calibrated: they tell good and bad rows apart without error', {
      expected: 'overlapping margins of good and bad rows',
      hint: 'look for a column that knows the outcome, or for too few bad rows',
    })
  return fit
}

const wrongDirection = (slope: number) =>
  trainingError('margins cannot be calibrated: on rows it did not see, a greater margin does not mean a greater risk', {
    expected: 'a slope above 0',
    got: slope,
    hint: 'the model has learned nothing that holds for other rows, or the target is coded the wrong way round',
  })

/** Calibrated log-odds of bad. For Platt linear in the margin; -Infinity and Infinity do not occur for finite margins. */
export const calibratedLogOdds = (calibration: Calibration, margins: Float64Array): Float64Array => {
  if (calibration.kind === 'platt') {
    const { slope, intercept } = calibration
    return margins.map((m) => slope * m + intercept)
  }
  if (calibration.kind === 'beta') {
    const { a, b, c } = calibration
    return margins.map((m) => -a * log1pExp(-m) + b * log1pExp(m) + c)
  }
  const upTo = Float64Array.from(calibration.upTo)
  const logOdds = Float64Array.from(calibration.probabilities, logit)
  return margins.map((m) => (Number.isNaN(m) ? Number.NaN : logOdds[countBelow(upTo, m)]!))
}

/** Calibrated probability of bad, 0..1. */
export const calibratedProbability = (calibration: Calibration, margins: Float64Array): Float64Array =>
  calibratedLogOdds(calibration, margins).map(sigmoid)
