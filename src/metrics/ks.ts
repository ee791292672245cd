import { orderByScore } from './auc.ts'

export interface KolmogorovSmirnov {
  /** greatest distance of the two cumulative distributions, 0..1 */
  value: number
  /** the score at which it is reached: rows up to and including it against rows above; the lowest such score */
  at: number
}

/**
 * Kolmogorov-Smirnov statistic: max over scores of |share of goods up to it - share of bads up to it|. From 0 to 1, greater is
 * better. Rows of equal score are taken together.
 *
 * @param scores greater = riskier; @param target 1 = bad, 0 = good; @param weights of rows, absent: 1
 * @returns NaN for both when either outcome has no weight
 */
export const ks = (
  scores: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number> | undefined,
): KolmogorovSmirnov => {
  const { order, tieEnds } = orderByScore(scores)
  let goods = 0
  let bads = 0
  for (const i of order) {
    const weight = weights ? weights[i]! : 1
    if (target[i]) bads += weight
    else goods += weight
  }
  if (!(goods > 0 && bads > 0)) return { value: Number.NaN, at: Number.NaN }
  let best = { value: -1, at: Number.NaN }
  let good = 0
  let bad = 0
  let p = 0
  for (const end of tieEnds) {
    for (; p < end; p++) {
      const weight = weights ? weights[order[p]!]! : 1
      if (target[order[p]!]) bad += weight
      else good += weight
    }
    const value = Math.abs(good / goods - bad / bads)
    if (value > best.value) best = { value, at: scores[order[end - 1]!]! }
  }
  return best
}
