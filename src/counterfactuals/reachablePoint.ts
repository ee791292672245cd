/**
 * Whether anything within a domain reaches, whatever it costs: branch and bound by the lowest sum. With all costs 0 and the price held at 1 the
 * bound of cost is one of the sum above the target; a domain in which it stays above 0 holds no point that reaches.
 */
import { BoxQueue } from './boxQueue.ts'
import { type Effort, type NodeBounds, restrictDomain, type TreeDomain } from './nodeBound.ts'
import type { TreeProblem } from './treeProblem.ts'
import type { Point } from './variable.ts'

/** A sum above the target by more is too high. */
export const ABOVE = 1e-9

export interface Reach {
  /** a point that reaches; absent: none was found */
  point?: Point
  /** whether it is certain that no point does */
  none: boolean
}

export interface ReachOptions {
  /** domains looked at, at most */
  limit: number
  root: Effort
  below: Effort
  /** whether a point reaches and keeps all ties */
  holds: (point: Point) => boolean
}

/** The same leaves, with every candidate for nothing. */
export const forNothing = (problem: TreeProblem): TreeProblem => ({
  ...problem,
  cost: new Float64Array(problem.cost.length),
})

/** @param bounds of sums alone */
export const reachablePoint = (problem: TreeProblem, bounds: NodeBounds, options: ReachOptions): Reach => {
  const multipliers = new Float64Array(problem.end.length + 1)
  multipliers[problem.end.length] = 1
  let point: Point | undefined
  let looks = 0
  let certain = true
  const seen = (picks: Int32Array): number => {
    if (!point && options.holds(picks)) point = picks.slice()
    return point ? Number.NEGATIVE_INFINITY : ABOVE
  }
  const queue = new BoxQueue()
  const nowhere = { lo: new Int32Array(0), hi: new Int32Array(0) }
  const consider = (domain: TreeDomain, parent: number): void => {
    looks++
    const effort = looks === 1 ? options.root : options.below
    const { bound, domain: left, variable, cut } = bounds.look(domain, effort, ABOVE, seen)
    if (point || bound === Number.POSITIVE_INFINITY) return
    // All points have one sum, which is not too high, and the one that was tried breaks a link.
    if (left.problem.firstLeaf.length < 2 || variable < 0) certain = false
    else queue.push({ box: nowhere, bound: Math.max(parent, bound), variable, cut, state: left })
  }
  consider({ problem: forNothing(problem), multipliers }, Number.NEGATIVE_INFINITY)
  while (!point) {
    if (looks >= options.limit) return { none: false }
    const node = queue.pop()
    if (!node) return { none: certain }
    const domain = node.state as TreeDomain
    const { firstCandidate, candidate } = domain.problem
    const [from, to] = [firstCandidate[node.variable]!, firstCandidate[node.variable + 1]!]
    const low = new Uint8Array(candidate.length).fill(1)
    const high = low.slice()
    for (let k = from; k < to; k++) (candidate[k]! <= node.cut ? high : low)[k] = 0
    consider(restrictDomain(domain, low), node.bound)
    if (!point) consider(restrictDomain(domain, high), node.bound)
  }
  return { point, none: false }
}
