/**
 * The two passes of tree SHAP over one piece of a tree (see treeShap.ts), for patterns of decisions in the place of rows.
 *
 * Going down, G = weights x product of w_j over the players met so far. Coming up, S = sum of v G over the leaves below, and
 * each edge adds to its player the sum over points of [(o' - z')/w' - (o - z)/w] S: the leaf term belongs to the last edge of
 * a player, and what an earlier edge of the same player added for these leaves is taken back. The brackets and the ratios
 * w'/w depend on the decisions only through (o, o'), so they are constants of the edge (treeShapPlan.ts).
 *
 * Patterns go through in small blocks, so that both passes stay in the first-level cache.
 */
import type { RowPatterns } from './rowPatterns.ts'
import type { TreeShapPlan } from './treeShapPlan.ts'

/** Patterns that go through together. Results do not depend on it. */
const BLOCK = 16

export interface TreeShapTraversal {
  /** turns to a tree of the plan */
  start(tree: number): void
  clearPlayers(): void
  /** players of the piece at hand, each once, in the order they were added; the position is the slot */
  addPlayer(player: number): void
  players(): readonly number[]
  /**
   * Points of the piece whose root is path[level]; path[0..level] leads to it from the root of the tree.
   * @param decisions decisions[i * rows + row]: whether the row goes left at node i of the tree
   * @returns points of each player and pattern: result[slot * rows + pattern]; valid until the next run
   */
  run(decisions: Uint8Array, path: Int32Array, level: number, patterns: RowPatterns): Float64Array
}

/** @param rows stride of decisions and results: at least the number of patterns */
export const treeShapTraversal = (plan: TreeShapPlan, rows: number): TreeShapTraversal => {
  const { left, right, player, previousLevel, constants, constantsFrom } = plan
  const width = BLOCK * plan.maxPoints
  // One stretch a level: products, subtree sums, which row of constants each pattern uses, the player's o after the edge.
  const products = new Float64Array((plan.maxDepth + 2) * width)
  const sums = new Float64Array((plan.maxDepth + 2) * width)
  const choice = new Int32Array((plan.maxDepth + 2) * BLOCK)
  const met = new Uint8Array((plan.maxDepth + 2) * BLOCK).fill(1)
  const slotOf = new Int32Array(plan.players).fill(-1)
  const owners: number[] = []
  let points: Float64Array = new Float64Array(0)
  let decisions: Uint8Array = new Uint8Array(0)
  let example: Int32Array = new Int32Array(0)
  let root = 0
  let k = 1
  let first = 0
  let size = 0

  /** Chooses each pattern's constants for the edge from `node` at `level` to its left (1) or right (0) child. */
  const choose = (node: number, level: number, side: number): void => {
    const before = previousLevel[node]! * BLOCK
    const below = (level + 1) * BLOCK
    const at = (node - root) * rows
    const n = size
    const stride = k
    for (let b = 0; b < n; b++) {
      const was = met[before + b]!
      const is = was & (decisions[at + example[first + b]!]! ^ side ^ 1)
      met[below + b] = is
      choice[below + b] = stride * (was + is)
    }
  }

  const descend = (child: number, level: number): void => {
    const base = constantsFrom[child]!
    const chosen = (level + 1) * BLOCK
    const n = size
    const stride = k
    let g = level * width
    let h = g + width
    for (let b = 0; b < n; b++) {
      const c = base + choice[chosen + b]!
      for (let q = 0; q < stride; q++) products[h++] = products[g++]! * constants[c + q]!
    }
  }

  /** Both passes of an edge into a leaf: G v w'/w goes into the player's points and into the sum of the parent. */
  const leafEdge = (child: number, level: number, owner: number, add: boolean): void => {
    const base = constantsFrom[child]!
    const chosen = (level + 1) * BLOCK
    const n = size
    const stride = k
    let g = level * width
    for (let b = 0; b < n; b++) {
      const c = base + choice[chosen + b]!
      const e = c + 3 * stride
      let sum = 0
      for (let q = 0; q < stride; q++) {
        const x = products[g]! * constants[c + q]!
        sum += x * constants[e + q]!
        sums[g] = add ? sums[g]! + x : x
        g++
      }
      points[owner + b]! += sum
    }
  }

  const ascend = (child: number, level: number, owner: number, add: boolean): void => {
    const base = constantsFrom[child]! + 3 * k
    const chosen = (level + 1) * BLOCK
    const n = size
    const stride = k
    let g = level * width
    let h = g + width
    for (let b = 0; b < n; b++) {
      const e = base + choice[chosen + b]!
      let sum = 0
      for (let q = 0; q < stride; q++) {
        const x = sums[h++]!
        sum += x * constants[e + q]!
        sums[g] = add ? sums[g]! + x : x
        g++
      }
      points[owner + b]! += sum
    }
  }

  /** All leaves below an inner node. */
  const subtree = (node: number, level: number): void => {
    const owner = slotOf[player[node]!]! * rows + first
    for (let side = 1; side >= 0; side--) {
      const child = side === 1 ? left[node]! : right[node]!
      choose(node, level, side)
      if (left[child]! < 0) leafEdge(child, level, owner, side === 0)
      else {
        descend(child, level)
        subtree(child, level + 1)
        ascend(child, level, owner, side === 0)
      }
    }
  }

  /** The one way down from the root of the tree to the piece, and the piece. */
  const spine = (path: Int32Array, at: number, level: number): void => {
    const node = path[at]!
    if (at === level) {
      subtree(node, at)
      return
    }
    const child = path[at + 1]!
    const owner = slotOf[player[node]!]! * rows + first
    choose(node, at, child === left[node] ? 1 : 0)
    if (left[child]! < 0) leafEdge(child, at, owner, false)
    else {
      descend(child, at)
      spine(path, at + 1, level)
      ascend(child, at, owner, false)
    }
  }

  return {
    start(tree) {
      root = plan.roots[tree]!
      k = plan.points[tree]!
      const weights = plan.weightsFrom[tree]!
      for (let i = 0; i < BLOCK * k; i++) products[i] = plan.weights[weights + (i % k)]!
    },
    clearPlayers() {
      for (const owner of owners) slotOf[owner] = -1
      owners.length = 0
    },
    addPlayer(owner) {
      if (slotOf[owner]! >= 0) return
      slotOf[owner] = owners.length
      owners.push(owner)
    },
    players: () => owners,
    run(of, path, level, patterns) {
      decisions = of
      example = patterns.example
      if (points.length < owners.length * rows) points = new Float64Array(owners.length * rows)
      for (let slot = 0; slot < owners.length; slot++) points.fill(0, slot * rows, slot * rows + patterns.count)
      for (first = 0; first < patterns.count; first += BLOCK) {
        size = Math.min(BLOCK, patterns.count - first)
        spine(path, 0, level)
      }
      return points
    },
  }
}
