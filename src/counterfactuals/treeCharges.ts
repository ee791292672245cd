/** Charges and a price under which the bound of a box is high: by subgradients (Held, Wolfe & Crowder 1974, doi:10.1007/BF01580223). */
import type { CandidateTrees } from './candidateTrees.ts'
import { candidateOffsets, type TreeBounds } from './treeBound.ts'
import type { TreeSlots } from './treeSlots.ts'
import type { Box, Moves } from './variable.ts'

/** What the bounds of all boxes below a root box are made with. */
export interface TreeCharges {
  /** of each interval of each slot */
  charges: Float64Array
  /** cost of each candidate less what the trees are charged for it, candidates of all variables behind each other */
  rest: Float64Array
  price: number
}

/** Rounds of the ascent, and rounds without a better bound after which its steps are halved. */
const ROUNDS = 600
const PATIENCE = 15

/** First and last candidate of interval j of slot s. */
const startOf = ({ firstInterval, end }: TreeSlots, s: number, j: number): number =>
  j === firstInterval[s]! ? 0 : end[j - 1]! + 1

/** At first the trees share every step of cost that they ask for evenly, each up to its own outermost cut. */
const evenCharges = (slots: TreeSlots, { variables }: Moves, offsets: Int32Array): Float64Array => {
  const { variable, firstInterval, end } = slots
  const askers = new Int32Array(offsets.at(-1)!)
  for (let s = 0; s < variable.length; s++) {
    const v = variable[s]!
    const { base } = variables[v]!
    const lowest = end[firstInterval[s]!]!
    const highest = startOf(slots, s, firstInterval[s + 1]! - 1)
    for (let k = base + 1; k <= highest; k++) askers[offsets[v]! + k]!++
    for (let k = lowest; k < base; k++) askers[offsets[v]! + k]!++
  }
  const shares = new Float64Array(askers.length)
  variables.forEach(({ base, cost }, v) => {
    const at = offsets[v]!
    const step = (k: number, before: number): void => {
      const count = askers[at + k]!
      shares[at + k] = shares[at + before]! + (count > 0 ? (cost[k]! - cost[before]!) / count : 0)
    }
    for (let k = base + 1; k < cost.length; k++) step(k, k - 1)
    for (let k = base - 1; k >= 0; k--) step(k, k + 1)
  })
  const charges = new Float64Array(end.length)
  for (let s = 0; s < variable.length; s++) {
    const v = variable[s]!
    for (let j = firstInterval[s]!; j < firstInterval[s + 1]!; j++) {
      const nearest = Math.min(Math.max(variables[v]!.base, startOf(slots, s, j)), end[j]!)
      charges[j] = shares[offsets[v]! + nearest]!
    }
  }
  return charges
}

/** Costs less all charges, candidate by candidate. */
const restOf = (slots: TreeSlots, { variables }: Moves, offsets: Int32Array, charges: Float64Array): Float64Array => {
  const { variable, firstInterval } = slots
  // Charges change from one interval to the next only: differences, then their running sums.
  const rest = new Float64Array(offsets.at(-1)! + 1)
  for (let s = 0; s < variable.length; s++) {
    const at = offsets[variable[s]!]!
    let before = 0
    for (let j = firstInterval[s]!; j < firstInterval[s + 1]!; j++) {
      rest[at + startOf(slots, s, j)]! -= charges[j]! - before
      before = charges[j]!
    }
  }
  variables.forEach(({ cost }, v) => {
    let running = 0
    for (let k = 0; k < cost.length; k++) {
      running += rest[offsets[v]! + k]!
      rest[offsets[v]! + k] = cost[k]! + running
    }
  })
  return rest
}

/** The candidate of a box with the least rest. */
export const leastRest = (rest: Float64Array, at: number, lo: number, hi: number): number => {
  let best = lo
  for (let k = lo + 1; k <= hi; k++) if (rest[at + k]! < rest[at + best]!) best = k
  return best
}

/** The interval of each slot of a tree that its leaf leaves over and that is charged least, within the box. */
const chosenIntervals = (
  trees: CandidateTrees,
  slots: TreeSlots,
  tree: number,
  leaf: number,
  { lo, hi }: Box,
  charges: Float64Array,
  chosen: Int32Array,
): void => {
  const { firstSlot, variable, firstInterval, end, slotOfNode, lastLeft } = slots
  const [from, to] = [firstSlot[tree]!, firstSlot[tree + 1]!]
  const ranges = new Int32Array(2 * (to - from))
  for (let s = from; s < to; s++) {
    const v = variable[s]!
    let j = firstInterval[s]!
    while (end[j]! < lo[v]!) j++
    ranges[2 * (s - from)] = j
    while (end[j]! < hi[v]!) j++
    ranges[2 * (s - from) + 1] = j
  }
  for (let child = leaf, node = trees.parent[leaf]!; node >= 0; child = node, node = trees.parent[node]!) {
    const s = slotOfNode[node]!
    const goLeft = trees.left[node] === child
    const [a, b] = [2 * (s - from), 2 * (s - from) + 1]
    const first = firstInterval[s]!
    if (trees.cut[node]! >= 0) {
      if (goLeft) ranges[b] = Math.min(ranges[b]!, first + lastLeft[node]!)
      else ranges[a] = Math.max(ranges[a]!, first + lastLeft[node]! + 1)
    } else {
      const { nextLeft, lastLeft: ends, nextRight, lastRight } = trees.sets[-1 - trees.cut[node]!]!
      ranges[a] = Math.max(ranges[a]!, first + (goLeft ? nextLeft : nextRight)[0]!)
      ranges[b] = Math.min(ranges[b]!, first + (goLeft ? ends : lastRight).at(-1)!)
    }
  }
  for (let s = from; s < to; s++) {
    let best = ranges[2 * (s - from)]!
    for (let j = best + 1; j <= ranges[2 * (s - from) + 1]!; j++) if (charges[j]! < charges[best]!) best = j
    chosen[s] = best
  }
}

/**
 * @param target no point that reaches has a higher sum
 * @param known cost of a point that reaches, Infinity where none is known; points that cost as much are of no interest
 */
export const treeCharges = (
  trees: CandidateTrees,
  slots: TreeSlots,
  moves: Moves,
  bounds: TreeBounds,
  root: Box,
  target: number,
  known: number,
): TreeCharges => {
  const offsets = candidateOffsets(moves)
  const count = trees.roots.length
  const { variable, end } = slots
  let charges = evenCharges(slots, moves, offsets)
  let rest = restOf(slots, moves, offsets, charges)
  const leaves = new Int32Array(count)
  const ask = (price: number): { value: number; slope: number } => {
    let value = -price * target
    let slope = -target
    for (let t = 0; t < count; t++) {
      const { best, bestLeaf } = bounds.ask(t, root, charges, price, known)
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
  // Even the lowest leaves of all trees do not reach: any price shows it.
  if (high === 0) return { charges, rest, price: low }
  let price = Math.sqrt(Math.max(low, 1e-4) * high)
  let kept: TreeCharges = { charges, rest, price }
  let best = Number.NEGATIVE_INFINITY
  let scale = 1
  let stale = 0
  const chosen = new Int32Array(variable.length)
  for (let round = 0; round < ROUNDS; round++) {
    const { value: worth, slope } = ask(price)
    const candidates = moves.variables.map((_, v) => leastRest(rest, offsets[v]!, root.lo[v]!, root.hi[v]!))
    const value = candidates.reduce((sum, k, v) => sum + rest[offsets[v]! + k]!, worth)
    if (value > best + 1e-3 * Math.abs(best)) stale = 0
    else stale++
    if (value > best) {
      best = value
      kept = { charges, rest, price }
    }
    if (stale >= PATIENCE) {
      scale /= 2
      stale = 0
    }
    // Up where a tree chooses an interval, down where the variable's own candidate lies.
    const wanted = Number.isFinite(known) ? known : 1.3 * Math.max(best, 0) + 1
    for (let t = 0; t < count; t++) chosenIntervals(trees, slots, t, leaves[t]!, root, charges, chosen)
    const own = chosen.map((j, s) => {
      const k = candidates[variable[s]!]!
      if (k <= end[j]! && k >= startOf(slots, s, j)) return j
      let i = slots.firstInterval[s]!
      while (end[i]! < k) i++
      return i
    })
    let norm = slope * slope
    for (let s = 0; s < chosen.length; s++) if (chosen[s] !== own[s]) norm += 2
    if (norm === 0) break
    const step = (scale * Math.max(wanted - value, 1e-3)) / norm
    charges = charges.slice()
    for (let s = 0; s < chosen.length; s++) {
      charges[chosen[s]!]! += step
      charges[own[s]!]! -= step
    }
    rest = restOf(slots, moves, offsets, charges)
    price = Math.max(price + step * slope, price / 2)
  }
  return kept
}
