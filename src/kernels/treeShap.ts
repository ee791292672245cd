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
 * All leaves are done in one traversal. Going down, G = weights x product of w_j. Coming up, S = sum of v G over the leaves
 * below, and each edge adds to its player sum over points of [(o' - z')/w' - (o - z)/w] S: the leaf term belongs to the last
 * edge of a player, and what an earlier edge of the same player added for these leaves is taken back. The brackets and the
 * ratios w'/w depend on the row only through (o, o'), so they are constants of the edge (treeShapPlan.ts).
 *
 * Rows go through a tree in small blocks, so that both passes stay in the first-level cache.
 */
import type { TreeShapPlan } from './treeShapPlan.ts'

/** Rows that go through a tree together. Results do not depend on it. */
const BLOCK = 16

export interface TreeShapRows {
  plan: TreeShapPlan
  /** column-major matrix, values[j * rows + i], NaN = missing */
  values: Float64Array
  rows: number
}

/**
 * Shapley values of the sum of all trees for rows from..to-1.
 *
 * @returns players x (to - from), player-major: result[player * (to - from) + row - from]. Trees are added in their order,
 *   each row by itself: the same bytes however rows are cut into parts.
 */
export const treeShap = (
  { plan, values, rows }: TreeShapRows,
  { from, to }: { from: number; to: number },
): Float64Array => {
  const { roots, left, right, feature, threshold, defaultLeft, player, previousLevel, constants, constantsFrom } = plan
  const count = to - from
  const phi = new Float64Array(plan.players * count)
  const width = BLOCK * plan.maxPoints
  // One stretch a level: products, subtree sums, which row of constants each data row uses, the player's o after the edge.
  const products = new Float64Array((plan.maxDepth + 2) * width)
  const sums = new Float64Array((plan.maxDepth + 2) * width)
  const choice = new Int32Array((plan.maxDepth + 2) * BLOCK)
  const met = new Uint8Array((plan.maxDepth + 2) * BLOCK).fill(1)
  const goesLeft = new Uint8Array((plan.maxDepth + 2) * BLOCK)

  let k = 1
  let first = 0
  let size = 0

  const decide = (node: number, level: number): void => {
    const column = feature[node]! * rows + first
    const n = size
    const edge = threshold[node]!
    const missing = defaultLeft[node]!
    const to = level * BLOCK
    for (let r = 0; r < n; r++) {
      const x = values[column + r]!
      goesLeft[to + r] = x <= edge ? 1 : Number.isNaN(x) ? missing : 0
    }
  }

  /** Chooses each row's constants for the edge from `node` at `level` to its left (1) or right (0) child. */
  const choose = (node: number, level: number, side: number): void => {
    const before = previousLevel[node]! * BLOCK
    const at = level * BLOCK
    const below = at + BLOCK
    const n = size
    const points = k
    for (let r = 0; r < n; r++) {
      const was = met[before + r]!
      const is = was & (goesLeft[at + r]! ^ side ^ 1)
      met[below + r] = is
      choice[below + r] = points * (was + is)
    }
  }

  const descend = (child: number, level: number): void => {
    const base = constantsFrom[child]!
    const chosen = (level + 1) * BLOCK
    const n = size
    const points = k
    let g = level * width
    let h = g + width
    for (let r = 0; r < n; r++) {
      const c = base + choice[chosen + r]!
      for (let q = 0; q < points; q++) products[h++] = products[g++]! * constants[c + q]!
    }
  }

  /** Both passes of an edge into a leaf: G v w'/w goes into the player's points and into the sum of the parent. */
  const leafEdge = (child: number, level: number, owner: number, add: boolean): void => {
    const base = constantsFrom[child]!
    const chosen = (level + 1) * BLOCK
    const n = size
    const points = k
    const own = owner + first - from
    let g = level * width
    for (let r = 0; r < n; r++) {
      const c = base + choice[chosen + r]!
      const b = c + 3 * points
      let sum = 0
      for (let q = 0; q < points; q++) {
        const x = products[g]! * constants[c + q]!
        sum += x * constants[b + q]!
        sums[g] = add ? sums[g]! + x : x
        g++
      }
      phi[own + r]! += sum
    }
  }

  const ascend = (child: number, level: number, owner: number, add: boolean): void => {
    const base = constantsFrom[child]! + 3 * k
    const chosen = (level + 1) * BLOCK
    const n = size
    const points = k
    const own = owner + first - from
    let g = level * width
    let h = g + width
    for (let r = 0; r < n; r++) {
      const b = base + choice[chosen + r]!
      let sum = 0
      for (let q = 0; q < points; q++) {
        const x = sums[h++]!
        sum += x * constants[b + q]!
        sums[g] = add ? sums[g]! + x : x
        g++
      }
      phi[own + r]! += sum
    }
  }

  const visit = (node: number, level: number): void => {
    const owner = player[node]! * count
    decide(node, level)
    for (let side = 1; side >= 0; side--) {
      const child = side === 1 ? left[node]! : right[node]!
      choose(node, level, side)
      if (left[child]! < 0) leafEdge(child, level, owner, side === 0)
      else {
        descend(child, level)
        visit(child, level + 1)
        ascend(child, level, owner, side === 0)
      }
    }
  }

  for (let tree = 0; tree < roots.length - 1; tree++) {
    const root = roots[tree]!
    if (left[root]! < 0) continue
    k = plan.points[tree]!
    for (let i = 0; i < BLOCK * k; i++) products[i] = plan.weights[plan.weightsFrom[tree]! + (i % k)]!
    for (first = from; first < to; first += BLOCK) {
      size = Math.min(BLOCK, to - first)
      visit(root, 0)
    }
  }
  return phi
}
