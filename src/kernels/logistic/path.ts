/**
 * Penalties of a regularization path in the terms of glmnet (Friedman, Hastie & Tibshirani 2010, doi:10.18637/jss.v033.i01):
 * -logLikelihood / W + lambda (alpha |beta|_1 + (1 - alpha) / 2 |beta|^2) with W the sum of weights.
 */

import { nullModel } from './logistic.ts'
import type { Scaling } from './scaling.ts'
import type { Asking, Sums } from './sums.ts'

/** A ridge has no least lambda at which all coefficients are 0: as in glmnet it is taken as if alpha were this. */
const LEAST_ALPHA = 1e-3

/** The penalty of a fit in sums rather than means. */
export const penaltyAtLambda = (lambda: number, alpha: number, total: number): { l1: number; l2: number } => ({
  l1: lambda * alpha * total,
  l2: lambda * (1 - alpha) * total,
})

/** The least lambda at which all coefficients are 0. */
export function* largestLambda(sums: Sums, alpha: number, signs?: ArrayLike<number>): Asking<number> {
  const { gradient } = yield { kind: 'sums', beta: nullModel(sums), information: 'none', of: 'all' }
  const { scales }: Scaling = sums.scaling
  let most = 0
  for (let j = 1; j < gradient.length; j++) {
    const sign = signs?.[j - 1] ?? 0
    if (sign !== 0 && Math.sign(gradient[j]!) !== sign) continue
    most = Math.max(most, Math.abs(gradient[j]!) / scales[j]!)
  }
  return most / sums.total / Math.max(alpha, LEAST_ALPHA)
}

/** `count` values falling from the largest to `ratio` times it, evenly on a logarithmic scale. */
export const lambdaPath = (largest: number, ratio: number, count: number): number[] =>
  Array.from({ length: count }, (_, k) => largest * ratio ** (count > 1 ? k / (count - 1) : 0))
