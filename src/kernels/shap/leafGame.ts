/**
 * The interventional game of one leaf of value 1, for every row at once.
 *
 * Its path has k players. A row fails a player when it misses one of the player's conditions on the path. Of a coalition's hybrid row
 * (the coalition's columns from the explained row, all others from a background row) only this decides whether it arrives: with N the
 * players that the explained row fails and P those that the background row fails, a hybrid arrives when the coalition holds all of P and
 * none of N. So the leaf counts only where P and N have no player in common, and the Shapley values are (|P| - 1)! |N|! / (|P| + |N|)! for
 * players in P, -|P|! (|N| - 1)! / (|P| + |N|)! for those in N, 0 for others.
 *
 * Let g[P] be the share of background rows that fail exactly P, a(p, n) = (p - 1)! n! / (p + n)! for p > 0 and a(0, n) = -(1 + 1/2 + ... + 1/n),
 * and W(N, n) the sum of g[P] a(|P|, n) over all P that have no player in common with N. Because
 * a(p, n) - a(p, n - 1) = -p! (n - 1)! / (p + n)!, for every player j, in N or not,
 *
 *     phi_j = W(N, |N|) - W(N + j, |N + j| - 1)
 *
 * so two numbers a set serve all players. Background rows are counted once a leaf, whatever the number of explained rows: the idea of
 * WOODELF (Nadel & Wettenstein, arXiv:2604.10569), here without its matrices.
 */
export interface LeafGame {
  /** W(N, |N|) for every set N of failed players, bit s for player s */
  readonly keep: Float64Array
  /** W(N, |N| - 1); of no meaning for the empty set */
  readonly lose: Float64Array
}

/** a(p, n) for 0 <= p, n <= k: weights[p * (k + 1) + n]. */
const weightsOf = (k: number): Float64Array => {
  const weights = new Float64Array((k + 1) ** 2)
  for (let n = 1; n <= k; n++) weights[n] = weights[n - 1]! - 1 / n
  for (let p = 1; p <= k; p++) {
    let weight = 1 / p
    for (let n = 0; n <= k; n++) {
      weights[p * (k + 1) + n] = weight
      weight *= (n + 1) / (p + n + 1)
    }
  }
  return weights
}

const sizeOf = (set: number): number => {
  let size = 0
  for (let rest = set; rest > 0; rest >>= 1) size += rest & 1
  return size
}

/**
 * @param counts background rows by the set of players that they fail, 2 ** players numbers
 * @param rows all background rows
 */
export const leafGame = (counts: ArrayLike<number>, players: number, rows: number): LeafGame => {
  const sets = 1 << players
  const keep = new Float64Array(sets)
  const lose = new Float64Array(sets)
  const weights = weightsOf(players)
  const sums = new Float64Array(sets)
  for (let size = 0; size <= players; size++) {
    // Background rows that fail `size` players, all of them in A: sums over subsets, one player after the other.
    for (let set = 0; set < sets; set++) sums[set] = sizeOf(set) === size ? counts[set]! : 0
    for (let bit = 1; bit < sets; bit <<= 1)
      for (let set = 0; set < sets; set++) if (set & bit) sums[set]! += sums[set ^ bit]!
    for (let failed = 0; failed < sets; failed++) {
      const share = sums[sets - 1 - failed]! / rows
      const n = sizeOf(failed)
      keep[failed]! += share * weights[size * (players + 1) + n]!
      if (n > 0) lose[failed]! += share * weights[size * (players + 1) + n - 1]!
    }
  }
  return { keep, lose }
}
