import { describe, expect, it } from 'vitest'
import { neededCandidates } from '../../src/counterfactuals/neededCandidates.ts'
import { restrictProblem } from '../../src/counterfactuals/restrictProblem.ts'
import { linkForest, TiedPoints } from '../../src/counterfactuals/tiedPoints.ts'
import { keepsTies } from '../../src/counterfactuals/ties.ts'
import { ascend } from '../../src/counterfactuals/treeAscent.ts'
import { TreeDual } from '../../src/counterfactuals/treeDual.ts'
import type { TreeProblem } from '../../src/counterfactuals/treeProblem.ts'
import type { Point } from '../../src/counterfactuals/variable.ts'
import type { Random } from '../../src/util/random.ts'
import { triedWorld, type TriedWorld as World } from './triedWorld.ts'

const WORLDS = Array.from({ length: 60 }, (_, seed) => triedWorld(seed)).filter(({ points }) => points.length < 50_000)

const multipliersOf = ({ end }: TreeProblem, stream: Random): Float64Array =>
  Float64Array.from({ length: end.length + 1 }, (_, j) => (j < end.length ? stream.normal() / 4 : stream.next() * 3))

/** The sum that a tenth of the points reach. */
const targetOf = ({ points }: World): number => {
  const sums = points.map(({ sum }) => sum).sort((a, b) => a - b)
  return sums[Math.floor(sums.length / 10)]!
}

/** Points that reach and cost less than they are said to, over random multipliers and some that were sought. */
const broken = (w: World, asked: number, problem = w.problem): number => {
  const target = targetOf(w)
  const dual = new TreeDual(problem, new TiedPoints(problem, w.moves, linkForest(w.moves)), asked)
  const stream = w.stream.fork('multipliers')
  const tried = Array.from({ length: 5 }, () => multipliersOf(problem, stream))
  tried.push(ascend(dual, tried[0]!, { rounds: 60, limit: Number.POSITIVE_INFINITY }).multipliers)
  let wrong = 0
  for (const multipliers of tried) {
    const { bound } = dual.at(multipliers)
    const marginals = dual.marginals(multipliers)
    for (const { point, cost, sum } of w.points) {
      if (sum > target) continue
      const at = Array.from(point, (k, v) => {
        const [from, to] = [problem.firstCandidate[v]!, problem.firstCandidate[v + 1]!]
        const place = problem.candidate.subarray(from, to).indexOf(k)
        return place < 0 ? -1 : from + place
      })
      if (at.includes(-1)) continue
      if (bound > cost + 1e-9 || at.some((k) => marginals[k]! > cost + 1e-9 || marginals[k]! < bound - 1e-9)) wrong++
    }
  }
  return wrong
}

describe('bounds of a model of trees', () => {
  it('are never above the cost of a point that reaches, in the whole domain and in a part of it', () => {
    expect(WORLDS.length).toBeGreaterThan(6)
    for (const w of WORLDS) {
      expect(broken(w, targetOf(w))).toBe(0)
      const alive = Uint8Array.from(w.problem.candidate, () => (w.stream.next() < 0.7 ? 1 : 0))
      for (let v = 0; v < w.moves.variables.length; v++) alive[w.problem.firstCandidate[v]!] = 1
      expect(broken(w, targetOf(w), restrictProblem(w.problem, alive))).toBe(0)
    }
  })

  it('that ask for more than the target are caught', () => {
    expect(WORLDS.reduce((sum, w) => sum + broken(w, targetOf(w) - 1), 0)).toBeGreaterThan(0)
  })
})

describe('the cheapest of tied points', () => {
  it('is that of trying them all, where the links are a forest', () => {
    for (const w of WORLDS) {
      const { problem, moves, points, stream } = w
      const forest = linkForest(moves)
      expect(forest.length).toBe(moves.links.length)
      const tied = new TiedPoints(problem, moves, forest)
      const rest = Float64Array.from(problem.candidate, () => stream.normal())
      const price = (point: Point): number =>
        point.reduce((sum, k, v) => sum + rest[problem.firstCandidate[v]! + k]!, 0)
      const least = new Float64Array(rest.length).fill(Number.POSITIVE_INFINITY)
      for (const { point } of points) {
        const sum = price(point)
        point.forEach((k, v) => {
          const at = problem.firstCandidate[v]! + k
          least[at] = Math.min(least[at]!, sum)
        })
      }
      const { value, picks } = tied.lowest(rest)
      expect(value).toBeCloseTo(Math.min(...least), 9)
      const point = picks.map((k, v) => k - problem.firstCandidate[v]!)
      expect([keepsTies(moves, point), price(point)]).toEqual([true, expect.closeTo(value, 9)])
      tied.marginals(rest).forEach((m, k) => {
        if (least[k] === Number.POSITIVE_INFINITY) expect(m).toBe(Number.POSITIVE_INFINITY)
        else expect(m).toBeCloseTo(least[k]!, 9)
      })
    }
  })
})

/** Least cost to reach, of all points or of those that a mask leaves. */
const cheapest = ({ points, problem }: World, target: number, needed?: Uint8Array): number =>
  points.reduce((best, { point, cost, sum }) => {
    const left = !needed || point.every((k, v) => needed[problem.firstCandidate[v]! + k] === 1)
    return left && sum <= target && cost < best ? cost : best
  }, Number.POSITIVE_INFINITY)

const lost = (mask: (w: World) => Uint8Array): number =>
  WORLDS.flatMap((w) => {
    const needed = mask(w)
    return w.points.filter((_, i) => i % 97 === 0).map(({ sum }) => cheapest(w, sum) === cheapest(w, sum, needed))
  }).filter((same) => !same).length

describe('candidates that are needed', () => {
  it('hold a cheapest point for every sum, and are fewer', () => {
    const few = WORLDS.map((w) => ({ ...w, points: w.points.slice(0, 50_000) }))
    expect(lost(({ moves, trees }) => neededCandidates(moves, trees))).toBe(0)
    expect(few.some(({ moves, trees }) => neededCandidates(moves, trees).includes(0))).toBe(true)
  })

  it('without those that links need are caught', () => {
    expect(lost(({ moves, trees }) => neededCandidates({ ...moves, links: [] }, trees))).toBeGreaterThan(0)
  })
})
