/** The lower convex hull of what a variable costs and what it gives: its best trade for every price. */

/** Corners from the cheapest candidate on: costs rise, sums fall, and each step gives less for its cost than the one before. */
export interface CostHull {
  candidate: Int32Array
  cost: Float64Array
  sum: Float64Array
}

/**
 * @param cost, sum of each candidate; costs do not fall from `own` outward
 * @param own the cheapest candidate of lo..hi
 */
export const costHull = (cost: Float64Array, sum: Float64Array, lo: number, hi: number, own: number): CostHull => {
  const corners = [own]
  // Costs of two rising sides are merged.
  let [down, up] = [own - 1, own + 1]
  while (down >= lo || up <= hi) {
    const k = down < lo || (up <= hi && cost[up]! <= cost[down]!) ? up++ : down--
    if (sum[k]! >= sum[corners.at(-1)!]!) continue
    for (;;) {
      const [before, last] = [corners.at(-2), corners.at(-1)!]
      if (before === undefined) break
      // A corner on or above the line from the one before to the new one is none.
      const [given, paid] = [sum[last]! - sum[before]!, cost[last]! - cost[before]!]
      if (given * (cost[k]! - cost[last]!) < (sum[k]! - sum[last]!) * paid) break
      corners.pop()
    }
    corners.push(k)
  }
  return {
    candidate: Int32Array.from(corners),
    cost: Float64Array.from(corners, (k) => cost[k]!),
    sum: Float64Array.from(corners, (k) => sum[k]!),
  }
}

/** The corner that is best at a price: the last one whose step is worth it. */
export const cornerAt = ({ cost, sum }: CostHull, price: number): number => {
  let [from, to] = [0, cost.length - 1]
  while (from < to) {
    const middle = (from + to + 1) >> 1
    const worth = cost[middle]! - cost[middle - 1]! + price * (sum[middle]! - sum[middle - 1]!)
    if (worth < 0) from = middle
    else to = middle - 1
  }
  return from
}
