import { orderByScore } from './auc.ts'

/**
 * Pearson's correlation of two columns of the same rows.
 * @param weights of rows, 0 or more; absent: 1
 * @returns -1..1; NaN where either column is constant or fewer than two rows have a weight
 */
export const correlation = (
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  weights?: ArrayLike<number> | undefined,
): number => {
  let [n, sumX, sumY] = [0, 0, 0]
  for (let i = 0; i < x.length; i++) {
    const w = weights ? weights[i]! : 1
    n += w
    sumX += w * x[i]!
    sumY += w * y[i]!
  }
  const [meanX, meanY] = [sumX / n, sumY / n]
  let [xx, yy, xy] = [0, 0, 0]
  for (let i = 0; i < x.length; i++) {
    const w = weights ? weights[i]! : 1
    const [a, b] = [x[i]! - meanX, y[i]! - meanY]
    xx += w * a * a
    yy += w * b * b
    xy += w * a * b
  }
  // What is left of a constant column is rounding.
  const least = (mean: number): number => n * (1e-13 * Math.max(1e-3, Math.abs(mean))) ** 2
  if (!(xx > least(meanX) && yy > least(meanY))) return Number.NaN
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)))
}

/** Ranks 1, 2, ... of values, equal ones with the mean of their ranks. */
export const ranksOf = (values: ArrayLike<number>): Float64Array => {
  const { order, tieEnds } = orderByScore(values)
  const ranks = new Float64Array(order.length)
  let p = 0
  for (const end of tieEnds) {
    const mean = (p + 1 + end) / 2
    for (; p < end; p++) ranks[order[p]!] = mean
  }
  return ranks
}

/** Spearman's rank correlation: Pearson's of the ranks, ties with their mean rank; NaN where either column is constant. */
export const rankCorrelation = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  correlation(ranksOf(x), ranksOf(y))
