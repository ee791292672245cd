/** Where one change alone reaches a cut-off, against every value of a fine grid. */
import { describe, expect, it } from 'vitest'
import type { TreeModel } from '../../src/models/model.ts'
import { changesAlone, gridOf, type Steps, stepsAlong } from '../../src/page/alongFactor.ts'
import { frameOf } from '../../src/page/movePerson.ts'
import type { MovableFactor, Value, Values } from '../../src/page/personData.ts'
import { encodeFor, type Scorer, scoreFrame } from '../../src/scores/scorer.ts'
import { random } from '../../src/util/random.ts'
import { BETA, madeFrame, madeScorer, PLATT } from '../attributions/madeScorers.ts'

const LEVELS = ['clerk', 'driver', 'nurse']

/** The factors of a made scorer with wide sliders. */
const movable = (scorer: Scorer, values: Values, way: MovableFactor['way'] = 'both'): MovableFactor[] =>
  scorer.encoding.factors.map(({ name, kind }, f) => {
    const ranges: Record<string, [number, number, boolean]> = {
      debt: [-4000, 4000, false],
      age: [18, 78, true],
      late: [0, 1, true],
      assets: [0, 30_000, false],
      never: [0, 1, true],
    }
    const [low, high, whole] = ranges[name] ?? [0, 1, false]
    return {
      name,
      title: name,
      used: name !== 'never',
      change: 'free',
      way,
      maxChangePerMonth: null,
      context: null,
      min: null,
      max: null,
      low,
      high,
      whole,
      curved: false,
      mayBeMissing: true,
      levels:
        kind === 'category'
          ? LEVELS.map((text) => ({ value: text, text }))
          : kind === 'flag'
            ? [0, 1].map((value) => ({ value, text: String(value) }))
            : null,
      own: values[f]!,
      missing: null,
      reference: null,
    }
  })

const valuesOf = (frame: ReturnType<typeof madeFrame>, row: number): Value[] =>
  frame.factors.map(({ name, kind }) => {
    if (kind === 'category') return frame.categories[name]![row]!
    const value = frame.numbers[name]![row]!
    return Number.isNaN(value) ? null : value
  })

/** Every value of the grid that reaches, the nearest first; of categories the best. */
const bruteForce = (
  scorer: Scorer,
  factor: MovableFactor,
  f: number,
  values: Values,
  cutoff: number,
): number | null => {
  const own = values[f] as number
  const grid = gridOf(factor)
  const all: number[] = []
  for (let k = Math.floor(factor.low / grid); k * grid <= factor.high; k++)
    if (k * grid >= factor.low) all.push(Math.round(k * grid * 1e6) / 1e6)
  const scores = scoreFrame(
    scorer,
    frameOf(
      scorer.encoding.factors,
      all.map((value) => values.map((v, i) => (i === f ? value : v))),
    ),
  ).score
  const distances = all.flatMap((value, k) => (scores[k]! >= cutoff && value !== own ? [Math.abs(value - own)] : []))
  return distances.length === 0 ? null : Math.min(...distances)
}

const KINDS = ['tree', 'forest', 'linear'] as const
const made = (kind: (typeof KINDS)[number], seed: number): Scorer =>
  madeScorer({ kind, seed, calibration: seed % 2 ? PLATT : BETA })

describe('changes of one factor alone', () => {
  it.each(KINDS)('%s: the nearest of all values of the grid that reach', (kind) => {
    const frame = madeFrame(40, random(3))
    let found = 0
    for (let seed = 1; seed <= 6; seed++) {
      const scorer = made(kind, seed)
      for (let row = 0; row < 4; row++) {
        const values = valuesOf(frame, row)
        const [score] = scoreFrame(scorer, frameOf(scorer.encoding.factors, [values])).score
        const cutoff = Math.min(950, score! + 8)
        if (score! >= cutoff) continue
        const factors = movable(scorer, values)
        const changes = changesAlone(scorer, factors, values, cutoff)
        for (const [f, factor] of factors.entries()) {
          const change = changes.find((c) => c.factor === f)
          if (values[f] === null || !factor.used) {
            expect(change).toBeUndefined()
            continue
          }
          if (change) {
            const moved = values.map((v, i) => (i === f ? change.to : v))
            const [reached] = scoreFrame(scorer, frameOf(scorer.encoding.factors, [moved])).score
            expect(reached).toBe(change.score)
            expect(reached).toBeGreaterThanOrEqual(cutoff)
            found++
          }
          if (factor.levels) {
            const reaching = factor.levels.filter(({ value }) => {
              const there = values.map((v, i) => (i === f ? value : v))
              return (
                value !== values[f] && scoreFrame(scorer, frameOf(scorer.encoding.factors, [there])).score[0]! >= cutoff
              )
            })
            expect(change === undefined).toBe(reaching.length === 0)
          } else {
            const nearest = bruteForce(scorer, factor, f, values, cutoff)
            // A step between two places of the grid has a finer value, so what is found may be nearer, and never farther.
            if (nearest !== null) {
              expect(change).toBeDefined()
              expect(Math.abs((change!.to as number) - (values[f] as number))).toBeLessThanOrEqual(nearest + 1e-9)
            }
          }
        }
      }
    }
    expect(found).toBeGreaterThan(10)
  })

  it('leaves fixed factors alone, and one-way factors on their side', () => {
    const frame = madeFrame(40, random(3))
    for (let seed = 1; seed <= 6; seed++) {
      const scorer = made('forest', seed)
      const values = valuesOf(frame, 1)
      expect(changesAlone(scorer, movable(scorer, values, 'none'), values, 900)).toEqual([])
      const [score] = scoreFrame(scorer, frameOf(scorer.encoding.factors, [values])).score
      const factors = movable(scorer, values, 'up')
      for (const { factor, to } of changesAlone(scorer, factors, values, Math.min(950, score! + 5)))
        if (typeof to === 'number') expect(to).toBeGreaterThan(values[factor] as number)
    }
  })
})

describe('steps along a column', () => {
  const sumAt = ({ cuts, sums }: Steps, x: number): number => sums[cuts.filter((cut) => cut < x).length]!
  /** A twin that puts a cut into the upper step. */
  const sumAtBroken = ({ cuts, sums }: Steps, x: number): number => sums[cuts.filter((cut) => cut <= x).length]!

  it('are the sums of the leaves at every cut, just below and just above; a twin that parts on the wrong side is caught', () => {
    const frame = madeFrame(20, random(8))
    let wrong = 0
    for (let seed = 1; seed <= 5; seed++) {
      const scorer = made('forest', seed)
      const { trees } = scorer.model as TreeModel
      const values = valuesOf(frame, seed)
      const x = encodeFor(scorer, frameOf(scorer.encoding.factors, [values])).values
      scorer.encoding.columns.forEach((_, column) => {
        const steps = stepsAlong(trees, x, column)
        for (const cut of steps.cuts.filter(Number.isFinite))
          for (const at of [cut, cut - 1e-7 * Math.max(1, Math.abs(cut)), cut + 1e-7 * Math.max(1, Math.abs(cut))]) {
            let sum = 0
            for (const tree of trees) {
              let node = 0
              while (tree.feature[node]! >= 0) {
                const j = tree.feature[node]!
                const value = j === column ? at : x[j]!
                const left = Number.isNaN(value) ? tree.defaultLeft[node] === 1 : value <= tree.threshold[node]!
                node = left ? tree.childrenLeft[node]! : tree.childrenRight[node]!
              }
              sum += tree.value[node]!
            }
            expect(sumAt(steps, at)).toBeCloseTo(sum, 9)
            if (Math.abs(sumAtBroken(steps, at) - sum) > 1e-6) wrong++
          }
      })
    }
    expect(wrong).toBeGreaterThan(20)
  })
})
