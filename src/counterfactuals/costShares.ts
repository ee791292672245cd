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
  /**
   * accumulated from the base outward; tree t pays shares[c * trees + t] of candidate c, candidates of all variables behind each other
   * (`candidateOffsets`)
   */
  shares: Float64Array
  price: number
  /** the bound of the root box */
  bound: number
}

/** Rounds of the ascent. */
const ROUNDS = 60
/** Shares are kept when they are better by so much. */
const BETTER = 1.002

/** 1 where a tree asks for a candidate or for one beyond it, seen from the base; laid out as the shares. */
const asked = (trees: CandidateTrees, moves: Moves, offsets: Int32Array): Float64Array => {
  const { roots, variable, cut, sets } = trees
  const count = roots.length
  const out = new Float64Array(offsets.at(-1)! * count)
  const ends = [...roots.slice(1), variable.length]
  roots.forEach((root, t) => {
    for (let node = root; node < ends[t]!; node++) {
      const v = variable[node]!
      if (v < 0) continue
      const { base, cost } = moves.variables[v]!
      const at = cut[node]!
      const [from, to] =
        at < 0
          ? [0, sets[-1 - at]!.left.length - 1]
          : at >= base
            ? [base + 1, Math.min(at + 1, cost.length - 1)]
            : [at, base - 1]
      for (let k = from; k <= to; k++) out[(offsets[v]! + k) * count + t] = 1
    }
  })
  return out
}

/** Each step of cost is split by the weights of the trees, and added to what they pay up to the candidate before it. */
const accumulate = (
  weights: Float64Array,
  count: number,
  { variables }: Moves,
  offsets: Int32Array,
  shares: Float64Array,
): void => {
  const step = (at: number, before: number, whole: number): void => {
    const [from, earlier] = [at * count, before * count]
    let sum = 0
    for (let t = 0; t < count; t++) sum += weights[from + t]!
    const part = sum > 0 ? whole / sum : 0
    for (let t = 0; t < count; t++) shares[from + t] = shares[earlier + t]! + part * weights[from + t]!
  }
  variables.forEach(({ base, cost }, v) => {
    const at = offsets[v]!
    for (let k = base + 1; k < cost.length; k++) step(at + k, at + k - 1, cost[k]! - cost[k - 1]!)
    for (let k = base - 1; k >= 0; k--) step(at + k, at + k + 1, cost[k]! - cost[k + 1]!)
  })
}

/** The intervals of candidates that the way to a leaf leaves over, by variable. */
const intervals = (trees: CandidateTrees, moves: Moves, leaf: number): Map<number, [number, number]> => {
  const { parent, variable, cut, left, sets } = trees
  const out = new Map<number, [number, number]>()
  for (let child = leaf, node = parent[leaf]!; node >= 0; child = node, node = parent[node]!) {
    const v = variable[node]!
    const range = out.get(v) ?? [0, moves.variables[v]!.cost.length - 1]
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
    out.set(v, range)
  }
  return out
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
  const weights = asked(trees, moves, offsets)
  const shares = new Float64Array(weights.length)
  accumulate(weights, count, moves, offsets, shares)
  const leaves = new Int32Array(count)
  const ask = (price: number): { value: number; slope: number } => {
    let value = -price * target
    let slope = -target
    for (let t = 0; t < count; t++) {
      const { best, bestLeaf } = bounds.ask(t, root, shares, price, budget)
      leaves[t] = bestLeaf
      value += best
      slope += trees.value[bestLeaf]!
    }
    return { value, slope }
  }
  // The bound is concave in the price: upward until it falls.
  let [low, high] = [0, 0]
  for (let price = 1e-3; price < 1e9 && high === 0; price *= 4) {
    if (ask(price).slope <= 0) high = price
    else low = price
  }
  const kept: CostShares = { shares: shares.slice(), price: low, bound: 0 }
  if (high === 0) return kept
  let price = Math.sqrt(Math.max(low, 1e-4) * high)
  for (let round = 0; round < ROUNDS; round++) {
    const { value, slope } = ask(price)
    if (value > BETTER * kept.bound) {
      kept.shares.set(shares)
      kept.price = price
      kept.bound = value
    }
    const rate = 1 / (1 + round / 8)
    // Shares grow where the best leaf of the tree takes the step.
    for (let t = 0; t < count; t++)
      for (const [v, [lo, hi]] of intervals(trees, moves, leaves[t]!)) {
        const { base } = moves.variables[v]!
        const k = Math.min(Math.max(base, lo), hi)
        const [from, to] = k > base ? [base + 1, k] : [k, base - 1]
        for (let s = offsets[v]! + from; s <= offsets[v]! + to; s++) weights[s * count + t]! *= 1 + rate
      }
    accumulate(weights, count, moves, offsets, shares)
    price *= slope > 0 ? 1 + 0.3 * rate : 1 / (1 + 0.3 * rate)
  }
  return kept
}
