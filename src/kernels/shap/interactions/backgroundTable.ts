/**
 * The table of a leaf in the interventional game (Lundberg et al., doi:10.1038/s42256-019-0138-9; Janzing et al., arXiv:1910.13413): players
 * outside a coalition have the values of a background row, and the game is the mean over background rows. Against one of them let P be the
 * players of the leaf that it fails and N those that the row fails. Where a player is in both, no coalition reaches the leaf. Else a
 * coalition does when it holds all of P and none of N, and with p = |P|, n = |N|, b(s, m) = s! m! / (s + m + 1)!, per unit of leaf value:
 *
 *     Shapley value:      b(p - 1, n) in P, -b(p, n - 1) in N
 *     interaction index:  b(p - 2, n) both in P, -b(p - 1, n - 1) one in each, b(p, n - 2) both in N
 *
 * All depend on the background through the patterns of P alone (backgroundLeaves.ts). For players in N they do not depend on
 * which players are in P, so a sum a player is enough.
 */
import type { BackgroundLeaves } from './backgroundLeaves.ts'
import { type LeafTable, pairAt } from './leafTable.ts'
import type { TwigLeaf } from './visitTwigs.ts'

/**
 * Adds a leaf to the table of its twig, for `count` patterns.
 * @param position of the leaf in the list of all leaves
 * @param beta betaWeights of more than the players of the leaf
 * @param size of `beta`
 */
export const backgroundTable = (
  { ratios, value, met }: TwigLeaf,
  count: number,
  background: BackgroundLeaves,
  position: number,
  beta: Float64Array,
  size: number,
  table: LeafTable,
): void => {
  const { patternsFrom, rowsOf, failedFrom, failed, failedBits } = background
  const n = ratios.length
  const { shapley, pairs } = table
  const unit = value / background.rows
  const from = patternsFrom[position]!
  const to = patternsFrom[position + 1]!
  /** by player of P: with a player of N */
  const across = new Float64Array(n)
  for (let p = 0; p < count; p++) {
    let unmet = 0
    let unmetBits = 0
    for (let k = 0; k < n; k++) {
      if (met[k * count + p] === 1) continue
      unmet++
      if (k < 32) unmetBits |= 1 << k
    }
    across.fill(0)
    let single = 0
    let both = 0
    for (let b = from; b < to; b++) {
      if ((failedBits[b]! & unmetBits) !== 0) continue
      const first = failedFrom[b]!
      const end = failedFrom[b + 1]!
      let e = first
      if (n > 32) while (e < end && met[failed[e]! * count + p] === 1) e++
      if (n > 32 && e < end) continue
      const others = end - first
      const weight = unit * rowsOf[b]!
      if (unmet > 0) single -= weight * beta[others * size + unmet - 1]!
      if (unmet > 1) both += weight * beta[others * size + unmet - 2]!
      if (others === 0) continue
      const alone = weight * beta[(others - 1) * size + unmet]!
      const opposite = unmet > 0 ? weight * beta[(others - 1) * size + unmet - 1]! : 0
      const together = others > 1 ? weight * beta[(others - 2) * size + unmet]! : 0
      for (e = first; e < end; e++) {
        const k = failed[e]!
        shapley[k * count + p]! += alone
        across[k]! -= opposite
        for (let f = e + 1; f < end; f++) pairs[pairAt(n, k, failed[f]!) * count + p]! += together
      }
    }
    if (unmet === 0) continue
    let at = p
    for (let k = 0; k < n; k++) {
      const out = met[k * count + p] === 0
      if (out) shapley[k * count + p]! += single
      for (let l = k + 1; l < n; l++) {
        const otherOut = met[l * count + p] === 0
        if (out && otherOut) pairs[at]! += both
        else if (out) pairs[at]! += across[l]!
        else if (otherOut) pairs[at]! += across[k]!
        at += count
      }
    }
  }
}
