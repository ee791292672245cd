import { orderByScore } from './auc.ts'

/** Shares of goods and bads with a score up to this one. */
export interface KsPoint {
  score: number
  cumulativeGood: number
  cumulativeBad: number
}

/**
 * The two cumulative distributions whose greatest distance is the Kolmogorov-Smirnov statistic: one point a score that occurs,
 * rising; between them the shares stay as they are.
 *
 * @param scores in whichever direction; @param target 1 = bad, 0 = good
 * @returns no points when either outcome is absent
 */
export const ksCurve = (scores: ArrayLike<number>, target: ArrayLike<number>): KsPoint[] => {
  const { order, tieEnds } = orderByScore(scores)
  let bads = 0
  for (const i of order) if (target[i]) bads++
  const goods = order.length - bads
  if (goods === 0 || bads === 0) return []
  let good = 0
  let bad = 0
  let p = 0
  return Array.from(tieEnds, (end) => {
    for (; p < end; p++)
      if (target[order[p]!]) bad++
      else good++
    return { score: scores[order[end - 1]!]!, cumulativeGood: good / goods, cumulativeBad: bad / bads }
  })
}
