/** Models of trees as the search asks them. */
import type { Matrix } from '../matrix/matrix.ts'
import type { TreeModel } from '../models/model.ts'
import type { Scorer } from '../scores/scorer.ts'
import { candidateTrees, leafOf, sumAt, sumsAlong } from './candidateTrees.ts'
import { type CostShares, costShares } from './costShares.ts'
import { firstPoint } from './firstPoint.ts'
import type { Relaxation, Relaxed } from './relaxation.ts'
import { highestSum, scoreOfSum } from './scoreOfSum.ts'
import type { Cut } from './ties.ts'
import { TreeBounds } from './treeBound.ts'
import { type Box, costOfPoint, type Moves, type Point } from './variable.ts'

/** Factor between the prices that are tried for a box. */
const PRICE_STEP = 1.6
/** Prices tried for a box, at most. */
const PRICES = 4
/** Sums that differ by less may be the same number added up in another order. */
const ROUNDING = 1e-9

const IMPOSSIBLE: Relaxed = { cost: Number.POSITIVE_INFINITY, variable: -1, cut: 0 }

/** The cut that halves the votes of one variable. */
const middleCut = (votes: readonly (Cut & { weight: number })[]): number => {
  const sorted = [...votes].sort((a, b) => a.cut - b.cut)
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2
  let sum = 0
  for (const { cut, weight } of sorted) {
    sum += weight
    if (sum >= half) return cut
  }
  return sorted.at(-1)!.cut
}

/** Where to part a box: the variable by which most value is at stake between the leaves of the cheapest point and those wished for. */
const chooseCut = (votes: readonly (Cut & { weight: number })[]): Cut => {
  const stakes = new Map<number, number>()
  for (const { variable, weight } of votes) stakes.set(variable, (stakes.get(variable) ?? 0) + weight)
  let chosen = -1
  let most = 0
  for (const [variable, stake] of [...stakes].sort((a, b) => a[0] - b[0]))
    if (stake > most) {
      chosen = variable
      most = stake
    }
  return { variable: chosen, cut: chosen < 0 ? 0 : middleCut(votes.filter((v) => v.variable === chosen)) }
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
  const bounds = new TreeBounds(trees, moves)
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
  let shared: CostShares | undefined

  const cutAt = (node: number, point: Point, box: Box): Cut => {
    const variable = trees.variable[node]!
    const cut = trees.cut[node]!
    if (cut >= 0) return { variable, cut }
    const own = point[variable]!
    return { variable, cut: own < box.hi[variable]! ? own : own - 1 }
  }

  /** All trees at one price. */
  const askAll = (box: Box, point: Point, { shares }: CostShares, price: number, budget: number) => {
    let lowest = 0
    let worth = -price * target
    let slope = -target
    const votes: (Cut & { weight: number })[] = []
    const fallback: (Cut & { weight: number })[] = []
    for (let t = 0; t < roots.length; t++) {
      const answer = bounds.ask(roots[t]!, box, shares[t]!, price, budget)
      lowest += answer.lowest
      worth += answer.best
      slope += value[answer.bestLeaf]!
      if (answer.lowestCut < 0) continue
      const own = value[leafOf(trees, roots[t]!, point)]!
      fallback.push({ ...cutAt(answer.lowestCut, point, box), weight: own - answer.lowest })
      if (answer.bestCut >= 0)
        votes.push({ ...cutAt(answer.bestCut, point, box), weight: own - value[answer.bestLeaf]! })
    }
    return { lowest, worth, slope, votes, fallback }
  }

  const relaxation: Relaxation = {
    first: (box) => firstPoint(moves, box, relaxation),
    prepare: (root, limit) => {
      shared = Number.isFinite(target) ? costShares(trees, moves, bounds, root, target, limit) : undefined
    },
    reaches: (point) => scoreOfSum(scorer, sumAt(trees, point)) >= cutoff,
    sum: (point) => sumAt(trees, point),
    sums: (point, v) => sumsAlong(trees, point, v, moves.variables[v]!.cost.length),
    bound: (box, point, limit) => {
      if (!shared) return IMPOSSIBLE
      const paid = costOfPoint(moves, point)
      let best: ReturnType<typeof askAll> | undefined
      let price = shared.price
      for (let tried = 0; tried < PRICES; tried++) {
        const asked = askAll(box, point, shared, price, limit - paid)
        // Trees are added in their order: no point of the box has a lower sum, to the bit.
        if (asked.lowest > beyond) return IMPOSSIBLE
        if (best && asked.worth <= best.worth) break
        best = asked
        if (paid + best.worth >= limit) return { ...IMPOSSIBLE, cost: limit }
        price = asked.slope > 0 ? price * PRICE_STEP : price / PRICE_STEP
      }
      const { worth, votes, fallback } = best!
      const cut = chooseCut(votes)
      return { cost: Math.max(paid, paid + worth - ROUNDING), ...(cut.variable < 0 ? chooseCut(fallback) : cut) }
    },
  }
  return relaxation
}
