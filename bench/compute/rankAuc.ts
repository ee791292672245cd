/**
 * AUC of any scores by ranks, ties shared: of the harness and not of the product, so that both sides are judged by the
 * same few lines (`rank_auc` in peer/common.py is their twin). NaN without both outcomes.
 */
export const rankAuc = (scores: Float64Array, target: Uint8Array): number => {
  const order = new Uint32Array(scores.length).map((_, i) => i).sort((a, b) => scores[a]! - scores[b]!)
  let bad = 0
  let rankSum = 0
  for (let from = 0; from < order.length; ) {
    let to = from + 1
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++
    for (let k = from; k < to; k++)
      if (target[order[k]!]) {
        bad++
        rankSum += (from + to + 1) / 2
      }
    from = to
  }
  const good = order.length - bad
  return bad && good ? (rankSum - (bad * (bad + 1)) / 2) / (bad * good) : Number.NaN
}
