import { binCounts, quantileBins } from './quantileBins.ts'

/** Least share of a bin, so that an empty one has a finite logarithm. */
const LEAST_SHARE = 1e-4

/** Population stability index of two distributions given as counts by bin: sum of (actual - expected) ln(actual / expected). */
export const psiOfCounts = (expected: ArrayLike<number>, actual: ArrayLike<number>): number => {
  const total = (counts: ArrayLike<number>): number => Array.from(counts).reduce((a, b) => a + b, 0)
  const [expectedTotal, actualTotal] = [total(expected), total(actual)]
  let sum = 0
  for (let k = 0; k < expected.length; k++) {
    if (expected[k] === 0 && actual[k] === 0) continue
    const e = Math.max(LEAST_SHARE, expected[k]! / expectedTotal)
    const a = Math.max(LEAST_SHARE, actual[k]! / actualTotal)
    sum += (a - e) * Math.log(a / e)
  }
  return sum
}

/**
 * Population stability index: how far values have moved from an expected sample. Quantile bins of the expected sample, a bin of
 * its own for missing values. From 0; by custom below 0.1 stable, above 0.25 moved (Siddiqi 2006).
 *
 * @param expected values of the earlier (training) sample; @param actual values of the later one; NaN = missing
 */
export const psi = (expected: ArrayLike<number>, actual: ArrayLike<number>, bins = 10): number => {
  const cut = quantileBins(expected, bins)
  return psiOfCounts(binCounts(cut, expected), binCounts(cut, actual))
}
