import { orderByScore } from './auc.ts'

/** Kolmogorov-Smirnov distance of the margins of bad and good rows. */
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
): KolmogorovSmirnov => weightedKs(scores, target)(weights)

/** The same for many weightings of the same rows: sorted once. What a bootstrap of the statistic calls. */
export const weightedKs = (
  scores: ArrayLike<number>,
  target: ArrayLike<number>,
): ((weights?: ArrayLike<number> | undefined) => KolmogorovSmirnov) => {
  const { order, tieEnds } = orderByScore(scores)
  const bad = Uint8Array.from(order, (i) => (target[i] ? 1 : 0))
  return (weights) => {
    let goods = 0
    let bads = 0
    for (let p = 0; p < order.length; p++) {
      const weight = weights ? weights[order[p]!]! : 1
      if (bad[p]) bads += weight
      else goods += weight
    }
    if (!(goods > 0 && bads > 0)) return { value: Number.NaN, at: Number.NaN }
    let value = -1
    let at = 0
    let goodUpTo = 0
    let badUpTo = 0
    let p = 0
    for (const end of tieEnds) {
      for (; p < end; p++) {
        const weight = weights ? weights[order[p]!]! : 1
        if (bad[p]) badUpTo += weight
        else goodUpTo += weight
      }
      const distance = Math.abs(goodUpTo / goods - badUpTo / bads)
      if (distance > value) {
        value = distance
        at = end - 1
      }
    }
    return { value, at: scores[order[at]!]! }
  }
}
