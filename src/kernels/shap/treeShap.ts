/**
 * Exact path-dependent tree SHAP for any partition of the columns into players, by quadrature.
 *
 * For one leaf of value v let P be the players that own a split on its path; o_j is 1 if the row meets all of player j's
 * conditions there, else 0; z_j is the product of the cover ratios of j's edges. In the game "known players follow the row,
 * unknown ones follow the training cover" (Lundberg et al., doi:10.1038/s42256-019-0138-9) the Shapley value of player i is
 *
 *     phi_i = v (o_i - z_i) * integral over t in [0, 1] of  product over j in P, j != i, of  w_j(t),   w_j = o_j t + z_j (1 - t)
 *
 * because the Shapley weight of a coalition of s out of n other players is the beta integral of t^s (1 - t)^(n - s). The
 * integrand is a polynomial of degree |P| - 1, so ceil(|P| / 2) Gauss-Legendre points give it exactly.
 *
 * All leaves are done in one traversal (treeShapTraversal.ts). It is the dear part, so it is not done for every row: a tree
 * is cut into pieces, and rows that decide alike above and inside a piece get the same points from it. The traversal runs
 * once a piece and pattern of decisions; rows look their points up.
 */
import { categoryGoesLeft } from '../trees/categories.ts'
import { addDecision, type RowPatterns, rowPatterns, startPatterns } from './rowPatterns.ts'
import type { TreeShapPlan } from './treeShapPlan.ts'
import { treeShapTraversal } from './treeShapTraversal.ts'

export interface TreeShapRows {
  plan: TreeShapPlan
  /** column-major matrix, values[j * rows + i], NaN = missing */
  values: Float64Array
  rows: number
}

/** decisions[i * count + r]: whether row r goes left at node `root + i`, for the inner nodes of one tree. */
const decide = (
  decisions: Uint8Array,
  { plan, values, rows }: TreeShapRows,
  root: number,
  end: number,
  from: number,
  count: number,
): void => {
  for (let node = root; node < end; node++) {
    if (plan.left[node]! < 0) continue
    const column = plan.feature[node]! * rows + from
    const edge = plan.threshold[node]!
    const at = (node - root) * count
    const set = plan.categorySet[node]!
    if (set >= 0) {
      const lean = plan.defaultLeft[node] === 1
      for (let r = 0; r < count; r++) decisions[at + r] = +categoryGoesLeft(plan.sets, set, values[column + r]!, lean)
      continue
    }
    // A comparison with NaN is false: which one is asked decides where missing values go, without a branch a row.
    if (plan.defaultLeft[node] === 1) for (let r = 0; r < count; r++) decisions[at + r] = +!(values[column + r]! > edge)
    else for (let r = 0; r < count; r++) decisions[at + r] = +(values[column + r]! <= edge)
  }
}

/**
 * Shapley values of the sum of all trees for rows from..to-1.
 *
 * @returns players x (to - from), player-major: result[player * (to - from) + row - from]. What a row gets depends on its
 *   decisions alone and is added in the order of trees and pieces: the same bytes however rows are cut into parts. Parts of
 *   some thousand rows are fastest.
 */
export const treeShap = (shared: TreeShapRows, { from, to }: { from: number; to: number }): Float64Array => {
  const { plan } = shared
  const { roots, left, right, player, piece } = plan
  const count = to - from
  const phi = new Float64Array(plan.players * count)
  if (count === 0) return phi
  const decisions = new Uint8Array(plan.maxNodes * count)
  const scratch = new Int32Array(2 * count)
  // Patterns of the decisions above a node, one a level, and those of the piece at hand.
  const above: RowPatterns[] = Array.from({ length: plan.maxDepth + 1 }, () => rowPatterns(count))
  const inside = rowPatterns(count)
  const path = new Int32Array(plan.maxDepth + 2)
  const traversal = treeShapTraversal(plan, count)
  let root = 0

  /** Splits inside the subtree of a node, added to the patterns, and its players noted. */
  const collect = (node: number, patterns: RowPatterns): RowPatterns => {
    if (left[node]! < 0) return patterns
    traversal.addPlayer(player[node]!)
    addDecision(patterns, decisions, (node - root) * count, inside, scratch)
    return collect(right[node]!, collect(left[node]!, inside))
  }

  const explainPiece = (node: number, level: number): void => {
    traversal.clearPlayers()
    for (let i = 0; i < level; i++) traversal.addPlayer(player[path[i]!]!)
    const patterns = collect(node, above[level]!)
    const { of } = patterns
    const points = traversal.run(decisions, path, level, patterns)
    traversal.players().forEach((owner, slot) => {
      const at = owner * count
      const table = slot * count
      for (let r = 0; r < count; r++) phi[at + r]! += points[table + of[r]!]!
    })
  }

  const visit = (node: number, level: number): void => {
    path[level] = node
    if (piece[node] === 1) {
      explainPiece(node, level)
      return
    }
    addDecision(above[level]!, decisions, (node - root) * count, above[level + 1]!, scratch)
    visit(left[node]!, level + 1)
    visit(right[node]!, level + 1)
  }

  for (let tree = 0; tree < roots.length - 1; tree++) {
    root = roots[tree]!
    if (left[root]! < 0) continue
    decide(decisions, shared, root, roots[tree + 1]!, from, count)
    traversal.start(tree)
    startPatterns(above[0]!)
    visit(root, 0)
  }
  return phi
}
