import { describe, expect, it } from 'vitest'
import { sumAt, sumsAlong } from '../../src/counterfactuals/candidateTrees.ts'
import type { PointModel } from '../../src/counterfactuals/firstPoint.ts'
import { improvePoint } from '../../src/counterfactuals/improvePoint.ts'
import { NodeBounds } from '../../src/counterfactuals/nodeBound.ts'
import { ABOVE, forNothing, reachablePoint } from '../../src/counterfactuals/reachablePoint.ts'
import { keepsTies } from '../../src/counterfactuals/ties.ts'
import { costOfPoint, rootBox } from '../../src/counterfactuals/variable.ts'
import { type TriedWorld, triedWorld } from './triedWorld.ts'

const WORLDS = Array.from({ length: 12 }, (_, seed) => triedWorld(seed)).filter(({ points }) => points.length < 50_000)
const EFFORT = { rounds: 60, phase: 20, slow: 0.01 }

const lowest = ({ points }: TriedWorld): number =>
  points.reduce((least, { sum }) => Math.min(least, sum), Number.POSITIVE_INFINITY)

/** What is said of a target, where the bounds ask for another one. */
const said = (w: TriedWorld, target: number, asked = target) => {
  const holds = (point: Int32Array): boolean => keepsTies(w.moves, point) && sumAt(w.trees, point) <= target
  const bounds = new NodeBounds(w.moves, asked, asked + 1e-9, false)
  return reachablePoint(w.problem, bounds, { limit: 500, root: EFFORT, below: EFFORT, holds })
}

const modelOf = ({ trees, moves }: TriedWorld, target: number): PointModel => ({
  target,
  reaches: (point) => sumAt(trees, point) <= target,
  mayReach: (sum) => sum <= target + 1e-9,
  sum: (point) => sumAt(trees, point),
  sums: (point, v) => sumsAlong(trees, point, v, moves.variables[v]!.cost.length),
})

describe('whether anything reaches', () => {
  it('is what trying all points says, at the lowest sum and just below it', () => {
    for (const w of WORLDS) {
      const least = lowest(w)
      const there = said(w, least + 1e-7)
      expect([there.none, there.point && sumAt(w.trees, there.point)]).toEqual([false, expect.closeTo(least, 6)])
      expect(said(w, least - 1e-4)).toMatchObject({ none: true })
    }
  })

  it('is never denied by a bound of sums that is above the lowest one', () => {
    for (const w of WORLDS) {
      const least = lowest(w)
      const bounds = new NodeBounds(w.moves, least, least + 1e-9, false)
      const multipliers = new Float64Array(w.problem.end.length + 1)
      multipliers[multipliers.length - 1] = 1
      const domain = { problem: forNothing(w.problem), multipliers }
      const { bound } = bounds.look(domain, EFFORT, 1e9, () => 1e9)
      expect(bound).toBeLessThanOrEqual(ABOVE)
    }
  })

  it('asked of a target that is too low is caught', () => {
    expect(WORLDS.filter((w) => said(w, lowest(w) + 1e-7, lowest(w) - 0.5).none).length).toBeGreaterThan(0)
  })
})

/** Starts of which the improved point breaks ties, does not reach, or costs more; and those that it improves. */
const improved = (w: TriedWorld, spoil: (model: PointModel) => PointModel) => {
  const sums = w.points.map(({ sum }) => sum).sort((a, b) => a - b)
  const target = sums[Math.floor(sums.length / 5)]!
  const model = spoil(modelOf(w, target))
  const starts = w.points.filter(({ sum }) => sum <= target)
  let [wrong, better] = [0, 0]
  for (let i = 0; i < starts.length; i += Math.ceil(starts.length / 20)) {
    const { point, cost } = starts[i]!
    const out = improvePoint(w.moves, rootBox(w.moves, new Set()), model, point, 50)
    const paid = costOfPoint(w.moves, out)
    if (!keepsTies(w.moves, out) || sumAt(w.trees, out) > target || paid > cost) wrong++
    if (paid < cost) better++
  }
  return { wrong, better }
}

describe('a point that is improved', () => {
  it('keeps its ties, reaches, and never costs more', () => {
    const all = WORLDS.map((w) => improved(w, (model) => model))
    expect(all.reduce((sum, { wrong }) => sum + wrong, 0)).toBe(0)
    expect(all.reduce((sum, { better }) => sum + better, 0)).toBeGreaterThan(20)
  })

  it('by a model that does not look is caught', () => {
    const blind = (model: PointModel): PointModel => ({ ...model, reaches: () => true, mayReach: () => true })
    expect(WORLDS.reduce((sum, w) => sum + improved(w, blind).wrong, 0)).toBeGreaterThan(0)
  })
})
