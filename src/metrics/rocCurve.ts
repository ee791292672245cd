import { orderByScore } from './auc.ts'
import { thinCurve } from './thinCurve.ts'

/** A point of the ROC: share of goods and of bads whose score is at or above a threshold. */
export interface RocPoint {
  falsePositiveRate: number
  truePositiveRate: number
}

/**
 * Receiver operating characteristic: one point a distinct score, from (0, 0) to (1, 1); the area under the lines between them is
 * the AUC. Fawcett 2006, doi:10.1016/j.patrec.2005.10.010.
 *
 * @param scores greater = riskier; @param target 1 = bad, 0 = good
 * @param most points at most: of a longer curve the corners of its convex hull are kept and then those that change it most, so
 *   that with 200 points the area differs from the AUC by less than 0.001
 * @returns no points when either outcome is absent
 */
export const rocCurve = (
  scores: ArrayLike<number>,
  target: ArrayLike<number>,
  most = Number.POSITIVE_INFINITY,
): RocPoint[] => {
  const { order, tieEnds } = orderByScore(scores)
  const points = tieEnds.length + 1
  const goods = new Float64Array(points)
  const bads = new Float64Array(points)
  // From the highest score down, rows of equal score together.
  let p = order.length
  let point = 0
  for (let t = tieEnds.length - 1; t >= 0; t--) {
    const end = t > 0 ? tieEnds[t - 1]! : 0
    goods[point + 1] = goods[point]!
    bads[point + 1] = bads[point]!
    point++
    for (; p > end; p--) (target[order[p - 1]!] ? bads : goods)[point]!++
  }
  const [good, bad] = [goods[point]!, bads[point]!]
  if (good === 0 || bad === 0) return []
  const x = goods.map((n) => n / good)
  const y = bads.map((n) => n / bad)
  const kept = points <= most ? Int32Array.from(x.keys()) : thin(x, y, most)
  return Array.from(kept, (i) => ({ falsePositiveRate: x[i]!, truePositiveRate: y[i]! }))
}

const thin = (x: Float64Array, y: Float64Array, most: number): Int32Array => {
  const hull = upperHull(x, y)
  return thinCurve(x, y, most, hull.length <= most ? hull : undefined)
}

/** Positions of the corners of the upper convex hull of a rising curve: the thresholds that may be the best ones. */
const upperHull = (x: Float64Array, y: Float64Array): number[] => {
  const hull: number[] = []
  for (let i = 0; i < x.length; i++) {
    while (hull.length >= 2) {
      const [a, b] = [hull[hull.length - 2]!, hull[hull.length - 1]!]
      if ((x[b]! - x[a]!) * (y[i]! - y[a]!) < (y[b]! - y[a]!) * (x[i]! - x[a]!)) break
      hull.pop()
    }
    hull.push(i)
  }
  return hull
}
