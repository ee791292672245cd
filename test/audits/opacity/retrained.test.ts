import { describe, expect, it } from 'vitest'
import { explain } from '../../../src/attributions/explain.ts'
import { usedFactors } from '../../../src/attributions/usedFactors.ts'
import { attributionMethods, oneAtATime } from '../../../src/audits/opacity/attributionMethods.ts'
import { firstReasons } from '../../../src/audits/opacity/firstReasons.ts'
import { methodPairs } from '../../../src/audits/opacity/methodDisagreement.ts'
import { type EqualModel, multiplicity } from '../../../src/audits/opacity/multiplicity.ts'
import { reasonInstability } from '../../../src/audits/opacity/reasonInstability.ts'
import { refit } from '../../../src/audits/opacity/refit.ts'
import { drawPersons, type Retraining, retrainings } from '../../../src/audits/opacity/retrainings.ts'
import type { PointTable } from '../../../src/audits/recovery/attributionAgreement.ts'
import { sliceRows } from '../../../src/matrix/frame.ts'
import { scoreFrame } from '../../../src/scores/scorer.ts'
import { thisThread } from '../../../src/threads/openPool.ts'
import { random } from '../../../src/util/random.ts'
import { DIMENSION_NAMES, drawnFrom, MADE_FACTORS, madePeople, recipes } from './madePeople.ts'

const work = { pool: thisThread() }
const train = madePeople(400, 'pairwise')
const held = madePeople(120, 'pairwise', 2)
const input = (recipe: (typeof recipes)['deep'], count: number) => ({
  recipe,
  train,
  held,
  looked: sliceRows(held.frame, 0, 60),
  dimensions: DIMENSION_NAMES,
  count,
  calibration: 'platt' as const,
  random: random(8),
})
const someone = { ...drawnFrom(held), personId: held.frame.personId.slice(0, 60), target: held.target.slice(0, 60) }

describe('training again', () => {
  it('draws whole persons, and leaves out those that were not drawn', () => {
    const ids = Array.from({ length: 90 }, (_, i) => `P${i % 30}`)
    const { drawn, left } = drawPersons(ids, random(1))
    const times = new Map<string, number>()
    for (const i of drawn) times.set(ids[i]!, (times.get(ids[i]!) ?? 0) + 1)
    for (const n of times.values()) expect(n % 3).toBe(0)
    expect([...times.values()].reduce((a, b) => a + b, 0)).toBe(90)
    expect(new Set([...left].map((i) => ids[i]))).toEqual(new Set(ids.filter((id) => !times.has(id))))
    expect(left.length % 3).toBe(0)
    expect(left.length).toBeGreaterThan(15)
  })

  it('gives the same models from the same stream, others from another, each with points that add up to its scores', async () => {
    const first = await retrainings(input(recipes.deep, 2), work)
    const again = await retrainings(input(recipes.deep, 2), work)
    expect(again.done[1]!.rawScore).toEqual(first.done[1]!.rawScore)
    expect(first.done[0]!.rawScore).not.toEqual(first.done[1]!.rawScore)
    const other = await retrainings({ ...input(recipes.deep, 1), random: random(9) }, work)
    expect(other.done[0]!.rawScore).not.toEqual(first.done[0]!.rawScore)
    const { points, rawScore, score, auc, shares } = first.done[0]!
    const base = rawScore[0]! - points.points.filter((_, k) => k % 60 === 0).reduce((a, b) => a + b, 0)
    for (let i = 0; i < 60; i++) {
      let sum = base
      for (let f = 0; f < 6; f++) sum += points.points[f * 60 + i]!
      expect(sum).toBeCloseTo(rawScore[i]!, 6)
      expect(score[i]).toBe(Math.min(950, Math.max(350, Math.floor(rawScore[i]! + 0.5))))
    }
    expect(auc).toBeGreaterThan(0.6)
    expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
  })

  it('counts trainings that fail and goes on', async () => {
    const hopeless = { ...train, target: train.target.map((_, i) => (i < 2 ? 1 : 0)) }
    const { done, failed } = await retrainings({ ...input(recipes.linear, 3), train: hopeless }, work)
    expect(done.length + failed).toBe(3)
    expect(failed).toBeGreaterThan(0)
  })

  it('stops on the signal', async () => {
    await expect(retrainings(input(recipes.linear, 1), { ...work, signal: AbortSignal.abort() })).rejects.toThrow(
      'stopped by the user',
    )
  })
})

/** A retraining with these points of two factors of different dimensions. */
const drawOf = (points: number[][]): Retraining => ({
  auc: 0.7,
  rawScore: new Float64Array(60),
  score: new Int32Array(60),
  points: { players: 6, rows: 60, points: Float64Array.from(points.flat()) },
  used: new Array<boolean>(6).fill(true),
  shares: new Float64Array(3),
})
const rowsOf = (values: readonly number[]): number[][] => values.map((v) => new Array<number>(60).fill(v))

describe('instability of reasons', () => {
  const looked = sliceRows(held.frame, 0, 60)
  const base = { points: drawOf(rowsOf([-5, -2, 3, 0, 0, 0])).points, used: new Array<boolean>(6).fill(true) }

  it('is 0 for the same reasons and the share of trainings that lose them otherwise, counted by hand', () => {
    const same = drawOf(rowsOf([-1, -9, 2, 0, 0, 0]))
    const lostOne = drawOf(rowsOf([4, -2, -3, 0, 0, 0]))
    const { figures, byRow } = reasonInstability(base, [same, same, lostOne, lostOne], looked, someone)
    // Two reasons: the first is lost in two of four trainings, the second in none.
    expect(figures.lost).toEqual({ value: 0.25, low: 0.25, high: 0.25 })
    expect(byRow[7]).toBe(0.25)
    // In no training is the first reason the first.
    expect(figures.firstOther.value).toBe(1)
    expect(figures.firstAlways.value).toBe(0)
    const still = reasonInstability(base, [drawOf(rowsOf([-3, -1, 0, 0, 0, 0]))], looked, someone).figures
    expect([still.lost.value, still.firstOther.value, still.firstAlways.value]).toEqual([0, 0, 1])
  })

  it('has nothing to say of people from whom nothing was taken', () => {
    const none = { ...base, points: drawOf(rowsOf([5, 2, 3, 0, 0, 0])).points }
    const { figures } = reasonInstability(none, [drawOf(rowsOf([1, 1, 1, 0, 0, 0]))], looked, someone)
    expect(figures).toMatchObject({ rows: 0, lost: { value: null }, firstOther: { value: null } })
  })

  it('is larger for deep trees than for a sum of few, on the same people', async () => {
    const of = async (recipe: (typeof recipes)['deep']) => {
      const scorer = await refit(recipe, train, random(1), work)
      const { points } = await explain(scorer, looked)
      const { done } = await retrainings(input(recipe, 6), work)
      const own = { points: { players: 6, rows: 60, points }, used: usedFactors(scorer) }
      return reasonInstability(own, done, looked, someone).figures
    }
    const [deep, linear] = [await of(recipes.deep), await of(recipes.linear)]
    expect(deep.retrainings).toBe(6)
    expect(deep.firstOther.value).toBeGreaterThan(0)
    expect(linear.firstAlways.value!).toBeGreaterThan(0)
  })
})

describe('multiplicity', () => {
  const model = (auc: number, scores: readonly number[], first: readonly string[]): EqualModel => ({
    auc,
    score: scores,
    first,
  })
  const people = {
    personId: ['a', 'b', 'c', 'd'],
    target: Uint8Array.of(0, 1, 0, 1),
    replicates: 40,
    random: random(2),
  }
  const models = [
    model(0.8, [700, 640, 655, 400], ['x', 'x', 'y', 'z']),
    model(0.795, [690, 660, 645, 420], ['x', 'y', 'y', 'z']),
    model(0.79, [710, 655, 651, 410], ['x', 'z', 'y', 'z']),
    model(0.7, [100, 100, 100, 900], ['q', 'q', 'q', 'q']),
  ]

  it('is counted by hand over the models that rank equally well', () => {
    const { figures, byRow } = multiplicity(models, { tolerance: 0.011, cutoff: 650 }, people)!
    expect(figures).toMatchObject({ models: 4, equal: 3, bestAuc: 0.8, worstAuc: 0.79, medianRange: 20 })
    expect([...byRow.low]).toEqual([690, 640, 645, 400])
    expect([...byRow.high]).toEqual([710, 660, 655, 420])
    expect([...byRow.selected]).toEqual([1, 2 / 3, 2 / 3, 0])
    expect([...byRow.reasons]).toEqual([1, 3, 1, 1])
    expect(figures.range.value).toBe((20 + 20 + 10 + 20) / 4)
    expect(figures.arbitrary.value).toBe(0.5)
    expect(figures.reasons.value).toBe(1.5)
    expect(figures.oneReason.value).toBe(0.75)
  })

  it('takes in worse models with a larger tolerance, and needs two', () => {
    expect(multiplicity(models, { tolerance: 0.2, cutoff: 650 }, people)!.figures.arbitrary.value).toBe(1)
    expect(multiplicity(models, { tolerance: 0.001, cutoff: 650 }, people)).toBeNull()
    expect(() => multiplicity(models, { tolerance: -1, cutoff: 650 }, people)).toThrow('not a tolerance')
  })

  it('does not call a decision arbitrary that all share', () => {
    const shared = models.slice(0, 3).map((m) => ({ ...m, score: m.score }))
    expect(multiplicity(shared, { tolerance: 1, cutoff: 500 }, people)!.figures.arbitrary.value).toBe(0)
  })
})

describe('methods of explanation', async () => {
  const looked = sliceRows(held.frame, 0, 40)
  const few = { ...drawnFrom(held), personId: held.frame.personId.slice(0, 40), target: held.target.slice(0, 40) }
  const scorer = await refit(recipes.pairs, train, random(1), work)
  const background = { id: 'twenty', frame: sliceRows(train.frame, 0, 20), text: 'twenty rows' }
  const found = await attributionMethods(scorer, looked, train.frame, [background], work)

  it('are the own method, one against each background, and one factor at a time', async () => {
    expect(found.methods.map((m) => m.method)).toEqual(['path_dependent', 'twenty', 'one_at_a_time'])
    const points = await oneAtATime(scorer, looked, train.frame, work)
    const { rawScore } = scoreFrame(scorer, looked)
    const sorted = train.frame.numbers['beh_a']!.slice().sort()
    const median = (sorted[199]! + sorted[200]!) / 2
    for (let i = 0; i < 5; i++) {
      const one = sliceRows(looked, i, i + 1)
      const moved = scoreFrame(scorer, { ...one, numbers: { ...one.numbers, beh_a: Float64Array.of(median) } })
      expect(points[2 * 40 + i]).toBeCloseTo(rawScore[i]! - moved.rawScore[0]!, 9)
    }
  })

  it('differ as they are counted again, and not from themselves', () => {
    const used = usedFactors(scorer)
    const { pairs, anyOther, byRow } = methodPairs(found.points, looked, used, few)
    expect(pairs).toHaveLength(3)
    const firsts = found.points.map(({ points }) => firstReasons(points, looked, used).map((r) => r?.group))
    const other = (a: number, b: number) => firsts[a]!.filter((f, i) => f !== firsts[b]![i]).length / 40
    expect(pairs[0]!.otherReason.value).toBeCloseTo(other(0, 1), 12)
    expect(pairs[2]!.otherReason.value).toBeCloseTo(other(1, 2), 12)
    const [x, z] = [found.points[0]!.points, found.points[1]!.points]
    const gap = x.points.reduce((sum, v, k) => sum + Math.abs(v - z.points[k]!), 0) / x.points.length
    expect(pairs[0]!.difference.value).toBeCloseTo(gap, 9)
    expect(anyOther.value!).toBeGreaterThanOrEqual(Math.max(...pairs.map((p) => p.otherReason.value!)) - 1e-12)
    expect(byRow.reduce((a, b) => a + b, 0) / 40).toBeCloseTo(anyOther.value!, 12)
    const same = methodPairs([found.points[0]!, { method: 'twin', points: x }], looked, used, few)
    expect(same.pairs[0]).toMatchObject({
      rankCorrelation: { value: 1 },
      otherReason: { value: 0 },
      difference: { value: 0 },
    })
  })

  it('name the factor that a hand would name first', () => {
    const points: PointTable = { players: 6, rows: 40, points: new Float64Array(240) }
    for (let i = 0; i < 40; i++) points.points[(i % 6) * 40 + i] = -1
    const reasons = firstReasons(points, looked, new Array(6).fill(true))
    reasons.forEach((r, i) => {
      expect(r!.factor).toBe(MADE_FACTORS[i % 6]!.name)
    })
    const blind = firstReasons(points, looked, [false, true, true, true, true, true])
    expect(blind[0]).toBeNull()
  })
})
