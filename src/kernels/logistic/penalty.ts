/**
 * What is added to the negative log-likelihood, in working coordinates: l1 |b| + l2 b^2 / 2 for each coefficient, and a sign that it
 * must keep. The intercept is free of all of it.
 */
import type { Scaling } from './scaling.ts'

export interface Penalty {
  l1: Float64Array
  l2: Float64Array
  signs: Int8Array
  /** quadratic only, and no signs: a step is one linear system */
  smooth: boolean
}

/** @param signs one a column, or absent: all free */
export const penaltyOf = (
  scaling: Scaling,
  { l1, l2, signs }: { l1: number; l2: number; signs?: ArrayLike<number> | undefined },
): Penalty => {
  const { scales } = scaling
  return {
    l1: scales.map((s, j) => (j === 0 ? 0 : l1 * s)),
    l2: scales.map((s, j) => (j === 0 ? 0 : l2 * s * s)),
    signs: Int8Array.from(scales, (_, j) => (j === 0 ? 0 : Math.sign(signs?.[j - 1] ?? 0))),
    smooth: l1 === 0 && !Array.from(signs ?? []).some((s) => s !== 0),
  }
}

export const penaltyAt = (beta: Float64Array, { l1, l2 }: Penalty): number => {
  let sum = 0
  for (let j = 0; j < beta.length; j++) sum += l1[j]! * Math.abs(beta[j]!) + 0.5 * l2[j]! * beta[j]! * beta[j]!
  return sum
}

/**
 * How far a coefficient is from its condition of optimality (Karush, Kuhn and Tucker): the distance of 0 from the slopes of the
 * objective there. @param slope of the negative log-likelihood
 */
export const violation = (b: number, slope: number, j: number, { l1, l2, signs }: Penalty): number => {
  const s = slope + l2[j]! * b
  if (b !== 0) return Math.abs(s + Math.sign(b) * l1[j]!)
  return Math.max(0, signs[j]! <= 0 ? s - l1[j]! : 0, signs[j]! >= 0 ? -s - l1[j]! : 0)
}

export const worstViolation = (beta: Float64Array, gradient: Float64Array, penalty: Penalty): number => {
  let worst = 0
  for (let j = 0; j < beta.length; j++) {
    const v = violation(beta[j]!, -gradient[j]!, j, penalty)
    if (!(v <= worst)) worst = v
  }
  return worst
}
