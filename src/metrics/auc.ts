import { rowOrder } from '../kernels/numbers/order.ts'

/**
 * Area under the ROC curve: the chance that a random bad row has a greater score than a random good one, ties by half.
 * From 0 to 1, greater is better, 0.5 is chance. Hanley & McNeil 1982, doi:10.1148/radiology.143.1.7063747.
 *
 * @param scores greater = riskier (margins or probabilities of bad)
 * @param target 1 = bad, 0 = good
 * @param weights of rows, 0 or more; absent: 1
 * @returns NaN when either outcome has no weight
 */
export const auc = (
  scores: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number> | undefined,
): number => weightedAuc(scores, target)(weights)

/** The same for many weightings of the same rows: sorted once, one pass each. What a bootstrap of the AUC calls. */
export const weightedAuc = (
  scores: ArrayLike<number>,
  target: ArrayLike<number>,
): ((weights?: ArrayLike<number> | undefined) => number) => {
  const { order, tieEnds } = orderByScore(scores)
  const bad = new Uint8Array(order.length)
  for (let p = 0; p < order.length; p++) bad[p] = target[order[p]!] ? 1 : 0
  return (weights) => {
    let good = 0
    let badTotal = 0
    let pairs = 0
    let p = 0
    for (const end of tieEnds) {
      let goodHere = 0
      let badHere = 0
      for (; p < end; p++) {
        const weight = weights ? weights[order[p]!]! : 1
        if (bad[p]) badHere += weight
        else goodHere += weight
      }
      pairs += badHere * (good + goodHere / 2)
      good += goodHere
      badTotal += badHere
    }
    return pairs / (good * badTotal)
  }
}

/**
 * Rows by rising score, rows of equal score as they stand, and for each run of equal scores the position after its last row.
 * @throws an internal error on a score that is NaN: a row without a score cannot be ranked
 */
export const orderByScore = (scores: ArrayLike<number>): { order: Int32Array; tieEnds: Int32Array } => {
  for (let i = 0; i < scores.length; i++) if (Number.isNaN(scores[i]!)) throw new Error(`row ${i} has no score to rank`)
  const order = rowOrder(scores instanceof Float64Array ? scores : Float64Array.from(scores))
  const tieEnds = new Int32Array(order.length)
  let ties = 0
  for (let p = 1; p <= order.length; p++)
    if (p === order.length || scores[order[p]!] !== scores[order[p - 1]!]) tieEnds[ties++] = p
  return { order, tieEnds: tieEnds.slice(0, ties) }
}
