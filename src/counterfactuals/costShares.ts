/**
 * Shares of the costs for every tree. A change is paid once and serves all trees; a bound that lets each tree choose its own leaf holds as long
 * as their shares of each step of cost add up to no more than the whole (Lagrangian decomposition; Guignard & Kim 1987,
 * doi:10.1007/BF02592954). At first a step is shared evenly by the trees that ask for it or for one farther out; then shares move toward the
 * trees whose best leaf takes the step.
 */
import type { CandidateTrees } from './candidateTrees.ts'
import { candidateOffsets, type TreeBounds } from './treeBound.ts'
import type { Box, Moves } from './variable.ts'

/** Shares of all trees and the price of the sum under which the bound of the root box is highest. */
export interface CostShares {
  /** by tree: accumulated from the base outward, a number for each candidate of each variable */
  shares: Float64Array[]
  price: number
  /** the bound of the root box */
  bound: number
}

/** Rounds of the ascent. */
const ROUNDS = 60

/** By tree, for each candidate: whether the tree asks for a candidate at or beyond it, seen from the base. */
const asked = (trees: CandidateTrees, moves: Moves, offsets: Int32Array): Uint8Array[] => {
  const { roots, variable, cut, sets } = trees
  const ends = [...roots.slice(1), variable.length]
  return Array.from(roots, (root, t) => {
    const out = new Uint8Array(offsets.at(-1)!)
    const reach = (v: number, from: number, to: number): void => {
      for (let k = from; k <= to; k++) out[offsets[v]! + k] = 1
    }
    for (let node = root; node < ends[t]!; node++) {
      const v = variable[node]!
      if (v < 0) continue
      const { base, cost } = moves.variables[v]!
      const at = cut[node]!
      if (at < 0) reach(v, 0, sets[-1 - at]!.left.length - 1)
      else if (at >= base) reach(v, base + 1, Math.min(at + 1, cost.length - 1))
      else reach(v, at, base - 1)
    }
    return out
  })
}

/** Evens out steps: weights to shares of each step that add up to 1 over the trees, accumulated outward from the base. */
const accumulate = (
  weights: readonly Float64Array[],
  moves: Moves,
  offsets: Int32Array,
  shares: Float64Array[],
): void => {
  moves.variables.forEach(({ base, cost }, v) => {
    const at = offsets[v]!
    const step = (k: number, before: number): void => {
      let sum = 0
      for (const w of weights) sum += w[at + k]!
      const whole = cost[k]! - cost[before]!
      for (let t = 0; t < weights.length; t++)
        shares[t]![at + k] = shares[t]![at + before]! + (sum > 0 ? (whole * weights[t]![at + k]!) / sum : 0)
    }
    for (let k = base + 1; k < cost.length; k++) step(k, k - 1)
    for (let k = base - 1; k >= 0; k--) step(k, k + 1)
  })
}

/** The candidates of each variable that the way to a leaf leaves over: the nearest to the base. */
const reached = (trees: CandidateTrees, moves: Moves, leaf: number, into: Map<number, number>): void => {
  const { parent, variable, cut, left, sets } = trees
  into.clear()
  const ranges = new Map<number, [number, number]>()
  for (let child = leaf, node = parent[leaf]!; node >= 0; child = node, node = parent[node]!) {
    const v = variable[node]!
    const range = ranges.get(v) ?? [0, moves.variables[v]!.cost.length - 1]
    const goLeft = left[node] === child
    const at = cut[node]!
    if (at >= 0) {
      if (goLeft) range[1] = Math.min(range[1], at)
      else range[0] = Math.max(range[0], at + 1)
    } else {
      const { nextLeft, lastLeft, nextRight, lastRight } = sets[-1 - at]!
      range[0] = Math.max(range[0], (goLeft ? nextLeft : nextRight)[0]!)
      range[1] = Math.min(range[1], (goLeft ? lastLeft : lastRight).at(-1)!)
    }
    ranges.set(v, range)
  }
  for (const [v, [lo, hi]] of ranges) into.set(v, Math.min(Math.max(moves.variables[v]!.base, lo), hi))
}

/**
 * @param target no point that reaches has a higher sum
 * @param budget points that cost as much are of no interest
 */
export const costShares = (
  trees: CandidateTrees,
  moves: Moves,
  bounds: TreeBounds,
  root: Box,
  target: number,
  budget: number,
): CostShares => {
  const offsets = candidateOffsets(moves)
  const count = trees.roots.length
  const weights = asked(trees, moves, offsets).map((a) => Float64Array.from(a))
  const shares = weights.map(() => new Float64Array(offsets.at(-1)!))
  accumulate(weights, moves, offsets, shares)
  let best: CostShares = { shares: shares.map((s) => s.slice()), price: 0, bound: 0 }
  let price = 0
  const leaves = new Int32Array(count)
  const ask = (at: number): { value: number; slope: number } => {
    let value = -at * target
    let slope = -target
    trees.roots.forEach((from, t) => {
      const { best: worth, bestLeaf } = bounds.ask(from, root, shares[t]!, at, budget)
      leaves[t] = bestLeaf
      value += worth
      slope += trees.value[bestLeaf]!
    })
    return { value, slope }
  }
  // The bound is concave in the price: first upward until it falls, then closer to where its slope changes sign.
  let [low, high] = [0, 0]
  for (let step = 1e-3; step < 1e9; step *= 4) {
    if (ask(step).slope <= 0) {
      high = step
      break
    }
    low = step
  }
  if (high === 0) return { ...best, price: low }
  price = Math.sqrt(Math.max(low, 1e-4) * high)
  const candidate = new Map<number, number>()
  for (let round = 0; round < ROUNDS; round++) {
    const { value, slope } = ask(price)
    if (value > best.bound) best = { shares: shares.map((s) => s.slice()), price, bound: value }
    const rate = 1 / (1 + round / 8)
    // Shares grow where the tree's best leaf takes the step.
    trees.roots.forEach((_, t) => {
      const weight = weights[t]!
      reached(trees, moves, leaves[t]!, candidate)
      for (const [v, k] of candidate) {
        const { base } = moves.variables[v]!
        const at = offsets[v]!
        for (let s = base + 1; s <= k; s++) weight[at + s]! *= 1 + rate
        for (let s = base - 1; s >= k; s--) weight[at + s]! *= 1 + rate
      }
    })
    accumulate(weights, moves, offsets, shares)
    price *= slope > 0 ? 1 + 0.3 * rate : 1 / (1 + 0.3 * rate)
  }
  return best
}
