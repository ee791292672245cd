/**
 * A bound of what a change costs. Each tree chooses its own leaf and its own interval of every variable that it asks for, and is charged for the interval; the
 * variables choose their candidates together, pay their cost, and are given back what the trees are charged for them; a unit of the sum above the target is
 * charged the price. Whatever charges and price are, the total is never more than the cost of a point that reaches (Lagrangian
 * decomposition; Guignard & Kim 1987, doi:10.1007/BF02592954).
 */
import type { TiedPoints } from './tiedPoints.ts'
import { intervalOf, intervalStart, type TreeProblem } from './treeProblem.ts'

/** Multipliers: charges of all intervals, and last the price of a unit of the sum. */
export type Multipliers = Float64Array

/** One evaluation of the bound. */
export interface DualValue {
  bound: number
  /** what the choices disagree by: of each interval, choice of the tree less that of the variables; last, sum of the trees less target */
  slope: Float64Array
  /** candidate that each variable takes, over all variables; written over by the next evaluation */
  picks: Int32Array
}

export class TreeDual {
  readonly #problem: TreeProblem
  readonly #tied: TiedPoints
  readonly #target: number
  readonly rest: Float64Array
  readonly #slotLeast: Float64Array
  readonly #slotPick: Int32Array
  readonly #leafPick: Int32Array

  constructor(problem: TreeProblem, tied: TiedPoints, target: number) {
    this.#problem = problem
    this.#tied = tied
    this.#target = target
    this.rest = new Float64Array(problem.candidate.length + 1)
    this.#slotLeast = new Float64Array(problem.slotVariable.length)
    this.#slotPick = new Int32Array(problem.slotVariable.length)
    this.#leafPick = new Int32Array(problem.slotVariable.length)
  }

  at(multipliers: Multipliers): DualValue {
    const p = this.#problem
    const price = multipliers[p.end.length]!
    const slope = new Float64Array(multipliers.length)
    let sum = p.constant - this.#target
    let bound = price * sum
    for (let t = 0; t + 1 < p.firstLeaf.length; t++) {
      const [from, to] = [p.firstSlot[t]!, p.firstSlot[t + 1]!]
      const charge = this.#slots(multipliers, from, to)
      let best = Number.POSITIVE_INFINITY
      let leaf = -1
      for (let l = p.firstLeaf[t]!; l < p.firstLeaf[t + 1]!; l++) {
        let worth = charge + price * p.value[l]!
        for (let c = p.firstCondition[l]!; c < p.firstCondition[l + 1]!; c++) {
          let least = Number.POSITIVE_INFINITY
          for (let a = p.firstAllowed[c]!; a < p.firstAllowed[c + 1]!; a++) {
            const x = multipliers[p.allowed[a]!]!
            if (x < least) least = x
          }
          worth += least - this.#slotLeast[p.conditionSlot[c]!]!
        }
        if (worth < best) {
          best = worth
          leaf = l
        }
      }
      bound += best
      sum += p.value[leaf]!
      for (let s = from; s < to; s++) this.#leafPick[s] = this.#slotPick[s]!
      for (let c = p.firstCondition[leaf]!; c < p.firstCondition[leaf + 1]!; c++) {
        let least = p.allowed[p.firstAllowed[c]!]!
        for (let a = p.firstAllowed[c]! + 1; a < p.firstAllowed[c + 1]!; a++)
          if (multipliers[p.allowed[a]!]! < multipliers[least]!) least = p.allowed[a]!
        this.#leafPick[p.conditionSlot[c]!] = least
      }
      for (let s = from; s < to; s++) slope[this.#leafPick[s]!]!++
    }
    const { value, picks } = this.#tied.lowest(this.#restOf(multipliers))
    if (value < Number.POSITIVE_INFINITY)
      for (let s = 0; s < p.slotVariable.length; s++) slope[intervalOf(p, s, picks[p.slotVariable[s]!]!)]!--
    slope[p.end.length] = sum
    return { bound: bound + value, slope, picks }
  }

  /** By candidate: a bound of the points that take it. */
  marginals(multipliers: Multipliers): Float64Array {
    const p = this.#problem
    const price = multipliers[p.end.length]!
    const out = this.#tied.marginals(this.#restOf(multipliers))
    let total = price * (p.constant - this.#target)
    const more = new Float64Array(out.length + 1)
    const through = new Float64Array(p.end.length)
    for (let t = 0; t + 1 < p.firstLeaf.length; t++) {
      const [from, to] = [p.firstSlot[t]!, p.firstSlot[t + 1]!]
      const charge = this.#slots(multipliers, from, to)
      const [first, last] = [p.firstInterval[from]!, p.firstInterval[to]!]
      through.fill(Number.POSITIVE_INFINITY, first, last)
      let best = Number.POSITIVE_INFINITY
      for (let l = p.firstLeaf[t]!; l < p.firstLeaf[t + 1]!; l++) {
        let worth = charge + price * p.value[l]!
        const [c0, c1] = [p.firstCondition[l]!, p.firstCondition[l + 1]!]
        for (let c = c0; c < c1; c++) {
          let least = Number.POSITIVE_INFINITY
          for (let a = p.firstAllowed[c]!; a < p.firstAllowed[c + 1]!; a++)
            least = Math.min(least, multipliers[p.allowed[a]!]!)
          const s = p.conditionSlot[c]!
          worth += least - this.#slotLeast[s]!
          this.#leafPick[s] = -1 - c
        }
        if (worth < best) best = worth
        for (let s = from; s < to; s++) {
          const c = -1 - this.#leafPick[s]!
          if (c >= c0 && c < c1 && this.#leafPick[s]! < 0) {
            let least = Number.POSITIVE_INFINITY
            for (let a = p.firstAllowed[c]!; a < p.firstAllowed[c + 1]!; a++)
              least = Math.min(least, multipliers[p.allowed[a]!]!)
            for (let a = p.firstAllowed[c]!; a < p.firstAllowed[c + 1]!; a++) {
              const j = p.allowed[a]!
              through[j] = Math.min(through[j]!, worth - least + multipliers[j]!)
            }
          } else
            for (let j = p.firstInterval[s]!; j < p.firstInterval[s + 1]!; j++)
              through[j] = Math.min(through[j]!, worth - this.#slotLeast[s]! + multipliers[j]!)
        }
      }
      total += best
      for (let s = from; s < to; s++) {
        let before = 0
        for (let j = p.firstInterval[s]!; j < p.firstInterval[s + 1]!; j++) {
          more[intervalStart(p, s, j)]! += through[j]! - best - before
          before = through[j]! - best
        }
        more[p.firstCandidate[p.slotVariable[s]! + 1]!]! -= before
      }
    }
    let running = 0
    for (let k = 0; k < out.length; k++) {
      running += more[k]!
      out[k]! += total + running
    }
    return out
  }

  /** Least charge of each slot, and their sum. */
  #slots(multipliers: Multipliers, from: number, to: number): number {
    const { firstInterval } = this.#problem
    let charge = 0
    for (let s = from; s < to; s++) {
      let best = firstInterval[s]!
      for (let j = best + 1; j < firstInterval[s + 1]!; j++) if (multipliers[j]! < multipliers[best]!) best = j
      this.#slotPick[s] = best
      this.#slotLeast[s] = multipliers[best]!
      charge += multipliers[best]!
    }
    return charge
  }

  /** Costs less all charges. Charges change from one interval to the next only: differences, then their running sums. */
  #restOf(multipliers: Multipliers): Float64Array {
    const p = this.#problem
    const { rest } = this
    rest.fill(0)
    for (let s = 0; s < p.slotVariable.length; s++) {
      let before = 0
      for (let j = p.firstInterval[s]!; j < p.firstInterval[s + 1]!; j++) {
        rest[intervalStart(p, s, j)]! -= multipliers[j]! - before
        before = multipliers[j]!
      }
      rest[p.firstCandidate[p.slotVariable[s]! + 1]!]! += before
    }
    let running = 0
    for (let k = 0; k < p.candidate.length; k++) {
      running += rest[k]!
      rest[k] = p.cost[k]! + running
    }
    return rest
  }
}
