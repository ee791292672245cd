/**
 * Brier score: mean squared difference between probability of bad and outcome. From 0 to 1, lower is better; the base rate p
 * said of everybody gives p (1 - p). Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.
 *
 * @param probabilities of bad, 0..1; @param target 1 = bad, 0 = good; @param weights of rows, absent: 1
 */
export const brier = (
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number> | undefined,
): number => {
  let sum = 0
  let total = 0
  for (let i = 0; i < probabilities.length; i++) {
    const weight = weights ? weights[i]! : 1
    const miss = probabilities[i]! - target[i]!
    sum += weight * miss * miss
    total += weight
  }
  return sum / total
}
