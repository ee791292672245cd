/**
 * What one tree can do for a box: its lowest leaf within reach of a budget, and its best leaf when a unit of its value is worth `price` of
 * cost and it pays its own shares of the costs.
 */
import type { CandidateTrees } from './candidateTrees.ts'
import type { Box, Moves } from './variable.ts'

/** Answers for one tree. Cuts say where the way to the leaf first leaves that of the cheapest point; -1: it never does. */
export interface TreeAnswer {
  /** lowest leaf value that costs less than the budget */
  lowest: number
  lowestCut: number
  /** lowest shares + price x value among leaves that cost less than the budget, and the leaf */
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
  readonly #bases: Int32Array
  readonly #offsets: Int32Array
  readonly #costs: Float64Array
  #lo: Int32Array = new Int32Array(0)
  #hi: Int32Array = new Int32Array(0)
  #shares: Float64Array = new Float64Array(0)
  #price = 0
  #budget = 0
  #answer: TreeAnswer = { lowest: 0, lowestCut: -1, best: 0, bestLeaf: -1, bestCut: -1 }

  constructor(trees: CandidateTrees, moves: Moves) {
    this.#trees = trees
    this.#bases = Int32Array.from(moves.variables, ({ base }) => base)
    this.#offsets = candidateOffsets(moves)
    this.#costs = new Float64Array(this.#offsets.at(-1)!)
    moves.variables.forEach(({ cost }, v) => {
      this.#costs.set(cost, this.#offsets[v]!)
    })
  }

  /**
   * @param shares what the tree pays of each candidate's cost, as `candidateOffsets` has them
   * @param price cost that a unit of the sum is worth, 0 or more
   * @param budget leaves whose cheapest point costs that much more than the cheapest point of the box are left out
   */
  ask(root: number, box: Box, shares: Float64Array, price: number, budget: number): TreeAnswer {
    this.#lo = box.lo
    this.#hi = box.hi
    this.#shares = shares
    this.#price = price
    this.#budget = budget
    const answer = this.#answer
    answer.lowest = Number.POSITIVE_INFINITY
    answer.best = Number.POSITIVE_INFINITY
    answer.bestLeaf = -1
    answer.lowestCut = -1
    answer.bestCut = -1
    this.#walk(root, 0, 0, -1)
    return answer
  }

  /** The box is narrowed on the way down and restored on the way up. `off`: split where the way left that of the cheapest point. */
  #walk(node: number, cost: number, share: number, off: number): void {
    const { variable, cut, left, right, value, sets } = this.#trees
    const answer = this.#answer
    const least = value[node]!
    if (least >= answer.lowest && share + this.#price * least >= answer.best) return
    const v = variable[node]!
    if (v < 0) {
      if (least < answer.lowest) {
        answer.lowest = least
        answer.lowestCut = off
      }
      const worth = share + this.#price * least
      if (worth < answer.best) {
        answer.best = worth
        answer.bestLeaf = node
        answer.bestCut = off
      }
      return
    }
    const [lo, hi] = [this.#lo[v]!, this.#hi[v]!]
    const at = cut[node]!
    const base = this.#bases[v]!
    const own = Math.min(Math.max(base, lo), hi)
    if (at >= 0) {
      if (hi <= at) this.#walk(left[node]!, cost, share, off)
      else if (lo > at) this.#walk(right[node]!, cost, share, off)
      else if (own <= at) {
        this.#narrow(left[node]!, v, lo, at, own, own, cost, share, off)
        this.#narrow(right[node]!, v, at + 1, hi, own, at + 1, cost, share, off < 0 ? node : off)
      } else {
        this.#narrow(right[node]!, v, at + 1, hi, own, own, cost, share, off)
        this.#narrow(left[node]!, v, lo, at, own, at, cost, share, off < 0 ? node : off)
      }
      return
    }
    const set = sets[-1 - at]!
    const ownLeft = set.left[own] === 1
    for (const goLeft of [ownLeft, !ownLeft]) {
      const from = (goLeft ? set.nextLeft : set.nextRight)[lo]!
      const to = (goLeft ? set.lastLeft : set.lastRight)[hi]!
      if (from > to) continue
      const child = (goLeft ? left : right)[node]!
      const next = Math.min(Math.max(base, from), to)
      // Between the first and the last that go this way others may lie; the nearest is not dearer than any that does.
      this.#narrow(child, v, from, to, own, next, cost, share, goLeft === ownLeft || off >= 0 ? off : node)
    }
  }

  #narrow(
    node: number,
    v: number,
    from: number,
    to: number,
    own: number,
    next: number,
    cost: number,
    share: number,
    off: number,
  ): void {
    const at = this.#offsets[v]!
    const more = cost + this.#costs[at + next]! - this.#costs[at + own]!
    if (more >= this.#budget) return
    const [lo, hi] = [this.#lo[v]!, this.#hi[v]!]
    this.#lo[v] = from
    this.#hi[v] = to
    this.#walk(node, more, share + this.#shares[at + next]! - this.#shares[at + own]!, off)
    this.#lo[v] = lo
    this.#hi[v] = hi
  }
}
