import { sigmoid } from '../kernels/numbers/logit.ts'
import { type CalibrationLine, calibrationSlope, clampedLogOdds } from './calibrationSlope.ts'

/** A step this small is the last one: Newton's error after a step is of the order of the square of the step. */
const LAST_STEP = 1e-4
/** Steps after which the slow and careful fit takes over, which also tells separated rows. */
const MOST_STEPS = 12

/**
 * `calibrationSlope` for many weightings of the same rows: logarithms are taken once, and each fit starts from that of the
 * unweighted rows, where the first Newton step costs no exponentials. What a bootstrap of the slope calls; the figures are those
 * of `calibrationSlope` to about 10 digits.
 *
 * @param probabilities of bad, 0..1; @param target 1 = bad, 0 = good
 * @returns a function that gives NaN for both where `calibrationSlope` does
 */
export const weightedCalibrationLine = (
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
): ((weights?: ArrayLike<number> | undefined) => CalibrationLine) => {
  const start = calibrationSlope(probabilities, target)
  const x = clampedLogOdds(probabilities)
  const y = Uint8Array.from(target)
  const fitted = x.map((v) => sigmoid(start.intercept + start.slope * v))
  return (weights) => {
    // Rows without a line have none under any weights.
    if (!weights || Number.isNaN(start.slope)) return start
    return newton(x, y, weights, fitted, start) ?? calibrationSlope(probabilities, target, weights)
  }
}

/** Newton's method from `start`, whose fitted probabilities are given; undefined where it does not settle. */
const newton = (
  x: Float64Array,
  y: Uint8Array,
  weights: ArrayLike<number>,
  fitted: Float64Array,
  start: CalibrationLine,
): CalibrationLine | undefined => {
  let { slope, intercept } = start
  for (let step = 0; step < MOST_STEPS; step++) {
    // Gradient (g) and information (h) of the intercept (0) and the slope (1).
    let g0 = 0
    let g1 = 0
    let h00 = 0
    let h01 = 0
    let h11 = 0
    for (let i = 0; i < x.length; i++) {
      const weight = weights[i]!
      if (weight === 0) continue
      const value = x[i]!
      const p = step === 0 ? fitted[i]! : 1 / (1 + Math.exp(-intercept - slope * value))
      const residual = weight * (y[i]! - p)
      const information = weight * p * (1 - p)
      g0 += residual
      g1 += residual * value
      h00 += information
      h01 += information * value
      h11 += information * value * value
    }
    const determinant = h00 * h11 - h01 * h01
    if (!(determinant > 1e-12 * h00 * h11)) return undefined
    const toIntercept = (h11 * g0 - h01 * g1) / determinant
    const toSlope = (h00 * g1 - h01 * g0) / determinant
    intercept += toIntercept
    slope += toSlope
    if (Math.abs(toIntercept) + Math.abs(toSlope) < LAST_STEP) return { slope, intercept }
  }
  return undefined
}
