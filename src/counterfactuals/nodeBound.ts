/** What is known of a box of a model of trees: the domain that is left of it, a bound, and where to part it. */
import { restrictProblem } from './restrictProblem.ts'
import { linkForest, TiedPoints } from './tiedPoints.ts'
import { ascend } from './treeAscent.ts'
import { type Multipliers, TreeDual } from './treeDual.ts'
import type { TreeProblem } from './treeProblem.ts'
import type { Moves } from './variable.ts'
import { widestCut } from './widestCut.ts'

/** A domain with multipliers under which its bound is high; children start from those of their parent. */
export interface TreeDomain {
  problem: TreeProblem
  multipliers: Multipliers
}

/** What a look at a domain found. */
export interface DomainBound {
  /** no point of the domain that reaches costs less; Infinity: nothing of interest is left of it */
  bound: number
  /** what is left of the domain */
  domain: TreeDomain
  /** where to part it, in candidates of the moves; -1: no tree tells its points apart */
  variable: number
  cut: number
}

/** How long a domain is looked at. */
export interface Effort {
  /** evaluations of the bound, at most, and after how many of them candidates are ruled out */
  rounds: number
  phase: number
  /** the look ends when a phase closes less than this share of what the bound lacks */
  slow: number
}

/** The bound is taken to be lower by so much than what was added up. */
const ROUNDING = 1e-9
/** and by so much for every unit of the sum at the price: more than the rounding of a thousand trees. */
const RELATIVE = 1e-11

/** The domain that is left of another one. */
export const restrictDomain = ({ problem, multipliers }: TreeDomain, alive: Uint8Array): TreeDomain => {
  const inner = restrictProblem(problem, alive)
  const mapped = new Float64Array(inner.end.length + 1)
  inner.origin.forEach((j, i) => {
    mapped[i] = multipliers[j]!
  })
  mapped[inner.end.length] = multipliers[problem.end.length]!
  return { problem: inner, multipliers: mapped }
}

/** The cut with the highest bounds on both of its sides, by the bounds of the candidates. */
const bestCut = ({ firstCandidate, candidate }: TreeProblem, marginals: Float64Array, bound: number, limit: number) => {
  let [variable, cut, most] = [-1, 0, -1]
  const gain = (x: number): number => Math.min(x, limit) - bound + 1e-6
  for (let v = 0; v + 1 < firstCandidate.length; v++) {
    const [from, to] = [firstCandidate[v]!, firstCandidate[v + 1]!]
    if (to - from < 2) continue
    const after = new Float64Array(to - from)
    let least = Number.POSITIVE_INFINITY
    for (let k = to - 1; k > from; k--) {
      least = Math.min(least, marginals[k]!)
      after[k - from] = least
    }
    least = Number.POSITIVE_INFINITY
    for (let k = from; k < to - 1; k++) {
      least = Math.min(least, marginals[k]!)
      const score = gain(least) * gain(after[k + 1 - from]!)
      if (score <= most) continue
      most = score
      variable = v
      cut = candidate[k]!
    }
  }
  return { variable, cut }
}

/** The bound as if it did not hang on the price. */
const held = (dual: TreeDual): Pick<TreeDual, 'at'> => ({
  at: (multipliers) => {
    const value = dual.at(multipliers)
    value.slope[multipliers.length - 1] = 0
    return value
  },
})

export class NodeBounds {
  readonly #moves: Moves
  readonly #target: number
  readonly #beyond: number
  readonly #forest: ReturnType<typeof linkForest>
  readonly #priced: boolean
  /** evaluations of the bound up to now */
  rounds = 0

  /**
   * @param target no point that reaches has a higher sum
   * @param beyond a sum above it does not reach in whatever order it was added up
   * @param priced false: the price of a unit of the sum stays what it is
   */
  constructor(moves: Moves, target: number, beyond: number, priced = true) {
    this.#moves = moves
    this.#target = target
    this.#beyond = beyond
    this.#forest = linkForest(moves)
    this.#priced = priced
  }

  /** The multipliers with the best of some prices. */
  begin(multipliers: Multipliers, problem: TreeProblem): Multipliers {
    const dual = new TreeDual(problem, new TiedPoints(problem, this.#moves, this.#forest), this.#target)
    let best = multipliers
    let most = Number.NEGATIVE_INFINITY
    for (let price = 1e-3; price < 1e3; price *= 2) {
      const there = multipliers.slice()
      there[there.length - 1] = price
      const { bound } = dual.at(there)
      if (bound <= most) break
      best = there
      most = bound
    }
    return best
  }

  /**
   * @param limit points that cost as much are of no interest
   * @param seen is shown candidates, by variable in the moves, and tells the limit that holds then
   */
  look(
    from: TreeDomain,
    { rounds, phase, slow }: Effort,
    limit: number,
    seen: (point: Int32Array) => number,
  ): DomainBound {
    let domain = from
    let known = limit
    let bound = Number.NEGATIVE_INFINITY
    const nothing = (): DomainBound => ({ bound: Number.POSITIVE_INFINITY, domain, variable: -1, cut: 0 })
    for (let left = rounds; ; left -= phase) {
      const { problem } = domain
      if (lowestSum(problem) > this.#beyond) return nothing()
      const tied = new TiedPoints(problem, this.#moves, this.#forest)
      const shown = (picks: Int32Array): number => {
        if (picks[0]! >= 0) known = seen(picks.map((k) => problem.candidate[k]!))
        return known
      }
      if (problem.firstLeaf.length < 2) {
        // All points have the same sum: the cheapest one is the answer, where it keeps the links that the forest lacks.
        const { value, picks } = tied.lowest(problem.cost)
        if (value >= known) return nothing()
        shown(picks)
        const variable = problem.firstCandidate.findIndex((k, v) => problem.firstCandidate[v + 1]! - k > 1)
        const cut = variable < 0 ? 0 : problem.candidate[problem.firstCandidate[variable]!]!
        return { bound: Math.max(bound, value - ROUNDING), domain, variable, cut }
      }
      const dual = new TreeDual(problem, tied, this.#target)
      const asked = this.#priced ? dual : held(dual)
      const ascended = ascend(asked, domain.multipliers, { rounds: Math.min(left, phase), limit: known, seen: shown })
      this.rounds += ascended.rounds
      const gained = ascended.bound - bound
      const price = ascended.multipliers.at(-1)!
      const slack = ROUNDING + RELATIVE * price * (1 + Math.abs(this.#target))
      bound = Math.max(bound, ascended.bound - slack)
      domain = { problem, multipliers: ascended.multipliers }
      if (bound >= known) return nothing()
      const marginals = dual.marginals(ascended.multipliers)
      const alive = marginals.map((m) => (m - slack >= known ? 0 : 1))
      const kept = Uint8Array.from(alive)
      const { firstCandidate } = problem
      for (let v = 0; v + 1 < firstCandidate.length; v++)
        if (!kept.subarray(firstCandidate[v]!, firstCandidate[v + 1]!).includes(1)) return nothing()
      if (left <= phase || gained < slow * (known - bound)) {
        const odds = widestCut(problem, ascended.mean)
        const at =
          odds && odds.variable >= 0 ? odds : bestCut(problem, marginals, ascended.bound, Math.min(known, 1e12))
        return { bound, domain: kept.includes(0) ? restrictDomain(domain, kept) : domain, ...at }
      }
      if (kept.includes(0)) domain = restrictDomain(domain, kept)
    }
  }
}

/** The lowest leaves of all trees. */
const lowestSum = ({ firstLeaf, value, constant }: TreeProblem): number => {
  let sum = constant
  for (let t = 0; t + 1 < firstLeaf.length; t++) {
    let least = Number.POSITIVE_INFINITY
    for (let l = firstLeaf[t]!; l < firstLeaf[t + 1]!; l++) if (value[l]! < least) least = value[l]!
    sum += least
  }
  return sum
}
