/**
 * What the trees can do for a box at a price. Each tree chooses its own leaf and its own interval of every variable, and is charged for the
 * interval; a variable chooses its own candidate and is given back what the trees are charged for it. Whatever the charges are, the sum is never more
 * than the cost of a point that reaches (Lagrangian decomposition; Guignard & Kim 1987, doi:10.1007/BF02592954).
 */
import type { CandidateTrees } from './candidateTrees.ts'
import type { TreeSlots } from './treeSlots.ts'
import type { Box, Moves } from './variable.ts'

/** Answers for one tree. Cuts say where the way to the leaf first leaves that of the cheapest point; -1: it never does. */
export interface TreeAnswer {
  /** the lowest leaf in reach */
  lowest: number
  lowestCut: number
  /** least charges + price x value, and its leaf */
  best: number
  bestLeaf: number
  bestCut: number
}

/** Candidates of all variables behind each other: variable v begins at offsets[v]. */
export const candidateOffsets = ({ variables }: Moves): Int32Array => {
  const offsets = new Int32Array(variables.length + 1)
  variables.forEach(({ cost }, v) => {
    offsets[v + 1] = offsets[v]! + cost.length
  })
  return offsets
}

/** Walks trees over boxes; one object serves all boxes of a person. */
export class TreeBounds {
  readonly #trees: CandidateTrees
  readonly #slots: TreeSlots
  readonly #bases: Int32Array
  readonly #costs: readonly Float64Array[]
  /** of the slots of the tree at hand: interval that is left over, and the least charge in it */
  readonly #from: Int32Array
  readonly #to: Int32Array
  readonly #least: Float64Array
  /** cost of the nearest candidate that is left over */
  readonly #paid: Float64Array
  /** by interval: cost of its candidate nearest to the base */
  readonly #near: Float64Array
  #budget = 0
  #own: Int32Array
  #charges: Float64Array = new Float64Array(0)
  #price = 0
  readonly #answer: TreeAnswer = { lowest: 0, lowestCut: -1, best: 0, bestLeaf: -1, bestCut: -1 }

  constructor(trees: CandidateTrees, slots: TreeSlots, moves: Moves) {
    this.#trees = trees
    this.#slots = slots
    this.#bases = Int32Array.from(moves.variables, ({ base }) => base)
    const count = slots.variable.length
    this.#from = new Int32Array(count)
    this.#to = new Int32Array(count)
    this.#own = new Int32Array(count)
    this.#least = new Float64Array(count)
    this.#paid = new Float64Array(count)
    this.#costs = moves.variables.map(({ cost }) => cost)
    this.#near = new Float64Array(slots.end.length)
    slots.variable.forEach((v, s) => {
      const { base, cost } = moves.variables[v]!
      let start = 0
      for (let j = slots.firstInterval[s]!; j < slots.firstInterval[s + 1]!; j++) {
        this.#near[j] = cost[Math.min(Math.max(base, start), slots.end[j]!)]!
        start = slots.end[j]! + 1
      }
    })
  }

  /**
   * @param charges of each interval of each slot, of either sign
   * @param price cost that a unit of the sum is worth, 0 or more
   * @param budget leaves whose cheapest point costs that much more than the cheapest point of the box are left out; above 0
   */
  ask(tree: number, { lo, hi }: Box, charges: Float64Array, price: number, budget: number): TreeAnswer {
    const { firstSlot, variable, firstInterval, end } = this.#slots
    this.#charges = charges
    this.#price = price
    this.#budget = budget
    let charge = 0
    for (let s = firstSlot[tree]!; s < firstSlot[tree + 1]!; s++) {
      const v = variable[s]!
      const own = Math.min(Math.max(this.#bases[v]!, lo[v]!), hi[v]!)
      let j = firstInterval[s]!
      while (end[j]! < lo[v]!) j++
      this.#from[s] = j
      while (end[j]! < own) j++
      this.#own[s] = j
      this.#paid[s] = this.#costs[v]![own]!
      while (end[j]! < hi[v]!) j++
      this.#to[s] = j
      this.#least[s] = this.#leastCharge(this.#from[s]!, j)
      charge += this.#least[s]!
    }
    const answer = this.#answer
    answer.lowest = Number.POSITIVE_INFINITY
    answer.best = Number.POSITIVE_INFINITY
    answer.bestLeaf = -1
    answer.lowestCut = -1
    answer.bestCut = -1
    this.#walk(this.#trees.roots[tree]!, charge, 0, -1)
    return answer
  }

  #leastCharge(from: number, to: number): number {
    let least = this.#charges[from]!
    for (let j = from + 1; j <= to; j++) if (this.#charges[j]! < least) least = this.#charges[j]!
    return least
  }

  /** Intervals are narrowed on the way down and restored on the way up. `off`: split where the way left that of the cheapest point. */
  #walk(node: number, charge: number, more: number, off: number): void {
    const { variable, cut, left, right, value } = this.#trees
    const answer = this.#answer
    const lowest = value[node]!
    if (lowest >= answer.lowest && charge + this.#price * lowest >= answer.best) return
    if (variable[node]! < 0) {
      if (lowest < answer.lowest) {
        answer.lowest = lowest
        answer.lowestCut = off
      }
      const worth = charge + this.#price * lowest
      if (worth < answer.best) {
        answer.best = worth
        answer.bestLeaf = node
        answer.bestCut = off
      }
      return
    }
    const s = this.#slots.slotOfNode[node]!
    const from = this.#from[s]!
    const to = this.#to[s]!
    const own = this.#own[s]!
    if (cut[node]! < 0) {
      this.#walkSet(node, charge, more, off)
      return
    }
    const last = this.#slots.firstInterval[s]! + this.#slots.lastLeft[node]!
    if (to <= last) this.#walk(left[node]!, charge, more, off)
    else if (from > last) this.#walk(right[node]!, charge, more, off)
    else if (own <= last) {
      this.#narrow(left[node]!, s, from, last, charge, more, off)
      this.#narrow(right[node]!, s, last + 1, to, charge, more, off < 0 ? node : off)
    } else {
      this.#narrow(right[node]!, s, last + 1, to, charge, more, off)
      this.#narrow(left[node]!, s, from, last, charge, more, off < 0 ? node : off)
    }
  }

  /** Slots that sets decide have an interval for every candidate. */
  #walkSet(node: number, charge: number, more: number, off: number): void {
    const { cut, left, right, sets } = this.#trees
    const s = this.#slots.slotOfNode[node]!
    const first = this.#slots.firstInterval[s]!
    const set = sets[-1 - cut[node]!]!
    const ownLeft = set.left[this.#own[s]! - first] === 1
    const [from, to] = [this.#from[s]!, this.#to[s]!]
    for (const goLeft of [ownLeft, !ownLeft]) {
      // Between the first and the last that go this way others may lie: what they are charged can only lower the bound.
      const low = first + (goLeft ? set.nextLeft : set.nextRight)[from - first]!
      const high = first + (goLeft ? set.lastLeft : set.lastRight)[to - first]!
      if (low <= high)
        this.#narrow(
          (goLeft ? left : right)[node]!,
          s,
          low,
          high,
          charge,
          more,
          goLeft === ownLeft || off >= 0 ? off : node,
        )
    }
  }

  #narrow(node: number, s: number, from: number, to: number, charge: number, more: number, off: number): void {
    const [oldFrom, oldTo, oldLeast, oldPaid] = [this.#from[s]!, this.#to[s]!, this.#least[s]!, this.#paid[s]!]
    const own = this.#own[s]!
    // What is left over still holds the cheapest candidate, or begins at the interval nearest to it.
    const paid =
      own < from ? Math.max(oldPaid, this.#near[from]!) : own > to ? Math.max(oldPaid, this.#near[to]!) : oldPaid
    if (more + paid - oldPaid >= this.#budget) return
    const least = this.#leastCharge(from, to)
    this.#from[s] = from
    this.#to[s] = to
    this.#least[s] = least
    this.#paid[s] = paid
    this.#walk(node, charge + least - oldLeast, more + paid - oldPaid, off)
    this.#from[s] = oldFrom
    this.#to[s] = oldTo
    this.#least[s] = oldLeast
    this.#paid[s] = oldPaid
  }
}
