/**
 * What a step told about the curvature: the BFGS update of an information matrix (Nocedal & Wright, Numerical Optimization, 2nd ed., 6.1).
 * Where the information of a share of the rows is far from that of all, as with columns of heavy tails, it is so along few
 * directions, and a few steps find them.
 *
 * @param information n x n, lower triangle; changed in place
 * @param step from the first point to the second
 * @param fall gradient of the log-likelihood at the first point less that at the second
 * @returns false, and nothing changed, where the gradient hardly fell along the step
 */
export const learnFromStep = (
  information: Float64Array,
  n: number,
  step: Float64Array,
  fall: Float64Array,
): boolean => {
  const expected = new Float64Array(n)
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < j; k++) {
      const entry = information[j * n + k]!
      expected[j]! += entry * step[k]!
      expected[k]! += entry * step[j]!
    }
    expected[j]! += information[j * n + j]! * step[j]!
  }
  let seen = 0
  let awaited = 0
  for (let j = 0; j < n; j++) {
    seen += fall[j]! * step[j]!
    awaited += expected[j]! * step[j]!
  }
  // Its inverse has to stay positive: a step along which the gradient did not fall tells of rounding.
  if (!(awaited > 0 && seen > LEAST_FALL * awaited)) return false
  for (let j = 0; j < n; j++) {
    for (let k = 0; k <= j; k++)
      information[j * n + k]! += (fall[j]! * fall[k]!) / seen - (expected[j]! * expected[k]!) / awaited
  }
  return true
}

const LEAST_FALL = 1e-3
