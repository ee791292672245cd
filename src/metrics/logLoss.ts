/** Smallest distance of a probability from 0 and 1 that is charged: the machine epsilon, as in scikit-learn. */
const LEAST = Number.EPSILON

/**
 * Log loss (mean negative log-likelihood, natural logarithm): from 0, lower is better; probability 1/2 for everybody gives ln 2.
 * A certain and wrong probability is charged as if it were off by the machine epsilon.
 *
 * @param probabilities of bad, 0..1; @param target 1 = bad, 0 = good; @param weights of rows, absent: 1
 */
export const logLoss = (
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number> | undefined,
): number => weightedLogLoss(probabilities, target)(weights)

/** The same for many weightings of the same rows: logarithms are taken once. What a bootstrap of the log loss calls. */
export const weightedLogLoss = (
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
): ((weights?: ArrayLike<number> | undefined) => number) => {
  const losses = new Float64Array(probabilities.length)
  for (let i = 0; i < losses.length; i++) {
    const p = Math.min(1 - LEAST, Math.max(LEAST, probabilities[i]!))
    losses[i] = target[i] ? -Math.log(p) : -Math.log1p(-p)
  }
  return (weights) => {
    let sum = 0
    let total = 0
    for (let i = 0; i < losses.length; i++) {
      const weight = weights ? weights[i]! : 1
      sum += weight * losses[i]!
      total += weight
    }
    return sum / total
  }
}
