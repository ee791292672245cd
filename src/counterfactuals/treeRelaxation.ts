/** Models of trees as the search asks them. */
import type { Matrix } from '../matrix/matrix.ts'
import type { TreeModel } from '../models/model.ts'
import type { Scorer } from '../scores/scorer.ts'
import { candidateTrees, sumAt, sumsAlong } from './candidateTrees.ts'
import { evenMultipliers } from './evenMultipliers.ts'
import { firstPoint, type PointModel, polish } from './firstPoint.ts'
import { improvePoint } from './improvePoint.ts'
import { neededCandidates } from './neededCandidates.ts'
import { type Effort, NodeBounds, restrictDomain, type TreeDomain } from './nodeBound.ts'
import { reachablePoint } from './reachablePoint.ts'
import type { Relaxation, Relaxed } from './relaxation.ts'
import { highestSum, scoreOfSum } from './scoreOfSum.ts'
import { keepsTies } from './ties.ts'
import { type TreeProblem, treeProblem } from './treeProblem.ts'
import { treeSlots } from './treeSlots.ts'
import { type Box, costOfPoint, type Moves, type Point } from './variable.ts'

/** How long the first box is looked at, and each one below it. */
const ROOT: Effort = { rounds: 2000, phase: 50, slow: 0.003 }
const BELOW: Effort = { rounds: 100, phase: 25, slow: 0.02 }
/** How long it is asked whether anything reaches at all. */
const REACH = { limit: 30, root: { rounds: 1000, phase: 50, slow: 0.01 }, below: BELOW }
/** Repairs of a point, at most. */
const TRIES = 200
/** Sums that differ by less may be the same number added up in another order. */
const ROUNDING = 1e-9

const IMPOSSIBLE: Relaxed = { cost: Number.POSITIVE_INFINITY, variable: -1, cut: 0 }

/** Candidates of a problem that lie in a box. */
const inBox = ({ firstCandidate, candidate }: TreeProblem, { lo, hi }: Box): Uint8Array => {
  const inside = new Uint8Array(candidate.length)
  for (let v = 0; v < lo.length; v++)
    for (let k = firstCandidate[v]!; k < firstCandidate[v + 1]!; k++)
      inside[k] = candidate[k]! >= lo[v]! && candidate[k]! <= hi[v]! ? 1 : 0
  return inside
}

/** The part of a domain in a box; undefined: nothing is. The box is narrowed to what the domain holds. */
const within = (domain: TreeDomain, box: Box): TreeDomain | undefined => {
  const { problem } = domain
  const inside = inBox(problem, box)
  for (let v = 0; v < box.lo.length; v++) {
    const [from, to] = [problem.firstCandidate[v]!, problem.firstCandidate[v + 1]!]
    if (!inside.subarray(from, to).includes(1)) return undefined
  }
  return inside.includes(0) ? restrictDomain(domain, inside) : domain
}

const narrow = ({ problem: { firstCandidate, candidate } }: TreeDomain, { lo, hi }: Box): void => {
  for (let v = 0; v < lo.length; v++) {
    lo[v] = candidate[firstCandidate[v]!]!
    hi[v] = candidate[firstCandidate[v + 1]! - 1]!
  }
}

/**
 * A model of trees in the candidates of one person.
 * @param x encoded rows of `candidateFrame`
 */
export const treeRelaxation = (
  scorer: Scorer & { model: TreeModel },
  moves: Moves,
  x: Matrix,
  cutoff: number,
): Relaxation => {
  const trees = candidateTrees(scorer.model.trees, moves, x)
  const whole = treeProblem(trees, treeSlots(trees, moves), moves)
  const needed = neededCandidates(moves, trees)
  const { roots, value } = trees
  const ends = [...roots.slice(1), value.length]
  let [low, high] = [0, 0]
  roots.forEach((root, t) => {
    low += value[root]!
    let most = Number.NEGATIVE_INFINITY
    for (let node = root; node < ends[t]!; node++) most = Math.max(most, value[node]!)
    high += most
  })
  const target = highestSum(scorer, cutoff, low, high)
  const beyond = target + ROUNDING * (1 + Math.abs(target))
  const bounds = new NodeBounds(moves, target, beyond)
  const sums = new NodeBounds(moves, target, beyond, false)
  // What the dearest point costs: a bound that is not below it says that no point reaches.
  const dearest = moves.variables.reduce((sum, { cost }) => sum + Math.max(cost[0]!, cost.at(-1)!), 1)
  let start: TreeDomain | undefined
  let top: Box

  const model: PointModel = {
    reaches: (point) => scoreOfSum(scorer, sumAt(trees, point)) >= cutoff,
    mayReach: (sum) => sum <= beyond,
    target,
    sum: (point) => sumAt(trees, point),
    sums: (point, v) => sumsAlong(trees, point, v, moves.variables[v]!.cost.length),
  }
  return {
    reaches: model.reaches,
    first: (box) => {
      const first = firstPoint(moves, box, model)
      return first && improvePoint(moves, box, model, first, TRIES)
    },
    prepare: (root) => {
      top = root
      const all = { problem: whole, multipliers: new Float64Array(whole.end.length + 1) }
      const inside = inBox(whole, root)
      const { problem } = restrictDomain(
        all,
        inside.map((is, k) => (needed[k] ? is : 0)),
      )
      start = Number.isFinite(target)
        ? { problem, multipliers: bounds.begin(evenMultipliers(problem), problem) }
        : undefined
    },
    bound: (box, _point, limit, state) => {
      if (!start) return IMPOSSIBLE
      const domain = within((state as TreeDomain | undefined) ?? start, box)
      if (!domain) return IMPOSSIBLE
      let guess: Point | undefined
      let known = Math.min(limit, dearest)
      if (!state && limit === Number.POSITIVE_INFINITY) {
        const holds = (point: Point): boolean => keepsTies(moves, point) && model.reaches(point)
        const { point, none } = reachablePoint(domain.problem, sums, { ...REACH, holds })
        if (none) return IMPOSSIBLE
        if (point) {
          guess = improvePoint(moves, top, model, polish(moves, top, model, point), TRIES)
          known = costOfPoint(moves, guess)
        }
      }
      const seen = (point: Point): number => {
        if (costOfPoint(moves, point) < known && keepsTies(moves, point) && model.reaches(point)) {
          guess = improvePoint(moves, top, model, polish(moves, top, model, point), TRIES)
          known = costOfPoint(moves, guess)
        }
        return known
      }
      const { bound, domain: left, variable, cut } = bounds.look(domain, state ? BELOW : ROOT, known, seen)
      if (bound === Number.POSITIVE_INFINITY) return { ...IMPOSSIBLE, ...(guess ? { guess } : {}) }
      narrow(left, box)
      return { cost: bound, variable, cut, state: left, ...(guess ? { guess } : {}) }
    },
  }
}
