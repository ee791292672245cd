import { fitLogistic } from '../kernels/logistic/logistic.ts'
import { logit } from '../kernels/numbers/logit.ts'

/** Logistic regression of the outcome on the log-odds of the probabilities. */
export interface CalibrationLine {
  /** 1 is ideal; below 1: probabilities are too extreme, above 1: too timid */
  slope: number
  /** 0 is ideal at slope 1 */
  intercept: number
}

/** Keeps log-odds of probabilities 0 and 1 finite. */
const LEAST = 1e-12

/** Log-odds of probabilities, those of 0 and 1 limited to those of 1e-12 and 1 - 1e-12. */
export const clampedLogOdds = (probabilities: ArrayLike<number>): Float64Array =>
  Float64Array.from(probabilities, (p) => logit(Math.min(1 - LEAST, Math.max(LEAST, p))))

/**
 * Calibration slope and intercept: logistic regression of the outcome on the log-odds of the given probabilities.
 * Cox 1958, doi:10.1093/biomet/45.3-4.562.
 *
 * @param probabilities of bad, 0..1; @param target 1 = bad, 0 = good; @param weights of rows, absent: 1
 * @returns NaN for both when there is one outcome only, all probabilities are equal, or they separate the outcomes
 */
export const calibrationSlope = (
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number> | undefined,
): CalibrationLine => {
  const none = { slope: Number.NaN, intercept: Number.NaN }
  const rows = probabilities.length
  const values = clampedLogOdds(probabilities)
  const y = Uint8Array.from(target)
  const seen = new Set<number>()
  for (let i = 0; i < rows && seen.size < 2; i++) if (!weights || weights[i]! > 0) seen.add(y[i]!)
  if (seen.size < 2 || values.every((v) => v === values[0])) return none
  const w = weights && Float64Array.from(weights)
  const fit = fitLogistic({ values, rows, columns: 1, target: y, weights: w }, { l2: 0 })
  if (fit.separation.kind !== 'none') return none
  return { slope: fit.coefficients[0]!, intercept: fit.intercept }
}
