import { describe, expect, it } from 'vitest'
import { candidateFrame } from '../../src/counterfactuals/candidateFrame.ts'
import { candidateTrees, sumAt } from '../../src/counterfactuals/candidateTrees.ts'
import { makeMoves } from '../../src/counterfactuals/makeMoves.ts'
import { modelCuts } from '../../src/counterfactuals/modelCuts.ts'
import { neededCandidates } from '../../src/counterfactuals/neededCandidates.ts'
import { changeReference } from '../../src/counterfactuals/reference.ts'
import { restrictProblem } from '../../src/counterfactuals/restrictProblem.ts'
import { checkSettings } from '../../src/counterfactuals/settings.ts'
import { linkForest, TiedPoints } from '../../src/counterfactuals/tiedPoints.ts'
import { keepsTies } from '../../src/counterfactuals/ties.ts'
import { ascend } from '../../src/counterfactuals/treeAscent.ts'
import { TreeDual } from '../../src/counterfactuals/treeDual.ts'
import { type TreeProblem, treeProblem } from '../../src/counterfactuals/treeProblem.ts'
import { treeSlots } from '../../src/counterfactuals/treeSlots.ts'
import { costOfPoint, type Point } from '../../src/counterfactuals/variable.ts'
import { isTreeModel } from '../../src/models/model.ts'
import { encodeFor } from '../../src/scores/scorer.ts'
import { type Random, random } from '../../src/util/random.ts'
import { RULES, smallFrame, smallScorer } from './smallWorld.ts'

/** A person of a small world with the trees in candidates, and all points that keep the ties, with what they cost and add up to. */
const world = (seed: number) => {
  const stream = random(seed).fork('bounds')
  const frame = smallFrame(60, stream.fork('people'))
  const scorer = smallScorer(seed % 2 === 0 ? 'forest' : 'boosting', frame, stream.fork('model'))
  const row = stream.integer(60)
  const fix = seed % 3 === 0 ? ['paid', 'job', 'share'] : ['owed_1m', 'owed_2m', 'job', 'late']
  const settings = checkSettings(scorer, { rules: RULES, months: 2, fix })
  const reference = changeReference(frame)
  const moves = makeMoves({ encoding: scorer.encoding, cuts: modelCuts(scorer), reference, settings, frame, row })
  const x = encodeFor(scorer, candidateFrame(frame, row, scorer.encoding.factors, moves))
  if (!isTreeModel(scorer.model)) throw new Error('trees only')
  const trees = candidateTrees(scorer.model.trees, moves, x)
  const problem = treeProblem(trees, treeSlots(trees, moves), moves)
  const points: { point: Point; cost: number; sum: number }[] = []
  const point = new Int32Array(moves.variables.length)
  const extend = (v: number): void => {
    if (v === point.length) {
      if (keepsTies(moves, point))
        points.push({ point: point.slice(), cost: costOfPoint(moves, point), sum: sumAt(trees, point) })
      return
    }
    for (let k = 0; k < moves.variables[v]!.cost.length; k++) {
      point[v] = k
      extend(v + 1)
    }
  }
  extend(0)
  return { moves, trees, problem, points, stream }
}

type World = ReturnType<typeof world>
const WORLDS = Array.from({ length: 60 }, (_, seed) => world(seed)).filter(({ points }) => points.length < 50_000)

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
