import { describe, expect, it } from 'vitest'
import { type FactorFrame, takeRows } from '../../../src/matrix/frame.ts'
import { auc } from '../../../src/metrics/auc.ts'
import { bestFactor } from '../../../src/models/baseline/bestFactor.ts'
import { npmForest } from '../../../src/models/baseline/npmForest.ts'
import { npmLogistic } from '../../../src/models/baseline/npmLogistic.ts'
import { sampleRows } from '../../../src/models/baseline/sampleRows.ts'
import type { FrameLearner } from '../../../src/models/frameLearner.ts'
import { GlasscoreError } from '../../../src/util/errors.ts'
import { random } from '../../../src/util/random.ts'
import { frameOf } from '../../matrix/helpers.ts'

/** A strong factor that lowers risk, a weak one, noise, a region, and an id that nobody shares. */
const people = (rows: number, seed = 1): { frame: FactorFrame; target: Uint8Array } => {
  const stream = random(seed)
  const risk = Array.from({ length: rows }, () => stream.normal())
  const target = Uint8Array.from(risk, (r) => (stream.next() < 1 / (1 + Math.exp(1.8 - 1.5 * r)) ? 1 : 0))
  const frame = frameOf({
    noise: risk.map(() => stream.normal()),
    strong: risk.map((r) => (stream.next() < 0.1 ? Number.NaN : -r + 0.4 * stream.normal())),
    weak: risk.map((r) => r + 3 * stream.normal()),
    region: risk.map((r) => (r + 2 * stream.normal() > 0 ? 'north' : 'south')),
    id: risk.map((_, i) => `id${i}`),
  })
  return { frame, target }
}
const { frame, target } = people(600)
const train = {
  frame: takeRows(
    frame,
    Int32Array.from({ length: 400 }, (_, i) => i),
  ),
  target: target.subarray(0, 400),
}
const test = {
  frame: takeRows(
    frame,
    Int32Array.from({ length: 200 }, (_, i) => 400 + i),
  ),
  target: target.subarray(400),
}

const learners: FrameLearner[] = [
  npmForest({ trees: 12, minNumSamples: 30, cap: 250 }),
  npmLogistic({ steps: 100, cap: 300 }),
  bestFactor(),
]

describe.each(learners.map((learner) => [learner.kind, learner] as const))('%s', (_, learner) => {
  it('ranks rows that it did not see, the same for the same seed', async () => {
    const one = await learner.fit(train.frame, train.target, random(3))
    const two = await learner.fit(train.frame, train.target, random(3))
    const margins = one.margins(test.frame)
    expect(auc(margins, test.target)).toBeGreaterThan(0.65)
    expect(two.margins(test.frame)).toEqual(margins)
    expect(two.report).toEqual(one.report)
    for (const m of margins) expect(Number.isFinite(m)).toBe(true)
  })

  it('says how many rows it took', async () => {
    const { report } = await learner.fit(train.frame, train.target, random(3))
    const cap = Number(learner.options['cap'] ?? 400)
    expect(report).toMatchObject({ rows: cap, rowsGiven: 400 })
  })

  it('stops when it is told to', async () => {
    const fit = learner.fit(train.frame, train.target, random(3), { signal: AbortSignal.abort() })
    await expect(fit).rejects.toThrow(GlasscoreError)
  })
})

describe('ml-logistic-regression with a constant column', () => {
  it('has the bad rate of its rows on average, which it cannot have without', async () => {
    const model = await npmLogistic({ steps: 400, cap: 400 }).fit(train.frame, train.target, random(3))
    const mean = model.margins(train.frame).reduce((sum, m) => sum + 1 / (1 + Math.exp(-m)), 0) / 400
    const rate = train.target.reduce((a, b) => a + b, 0) / 400
    // The constant column is not at its maximum after 400 steps, but near.
    expect(mean).toBeCloseTo(rate, 2)
    expect(rate).toBeLessThan(0.3)
  })
})

describe('best_factor', () => {
  it('takes the best factor in its better direction', async () => {
    const { report } = await bestFactor().fit(train.frame, train.target, random(3))
    expect(report['factor']).toBe('strong')
    expect(report['how']).toMatch(/^less is riskier, missing values/)
  })

  it('is not fooled by a level for each row; the twin that reads rates of the rows themselves is', async () => {
    const alone = { ...train.frame, factors: train.frame.factors.filter((f) => ['id', 'noise'].includes(f.name)) }
    const { report } = await bestFactor().fit(alone, train.target, random(3))
    expect(report['factor']).toBe('noise')
    const inSample = Float64Array.from(train.target)
    expect(auc(inSample, train.target)).toBe(1)
  })

  it('puts missing values where they ranked best, and reads levels that it never saw as the average', async () => {
    // Missing is the riskiest here.
    const x = [...Array.from({ length: 50 }, (_, i) => i), ...new Array(30).fill(Number.NaN)]
    const y = Uint8Array.from(x, (v) => (Number.isNaN(v) || v > 40 ? 1 : 0))
    const model = await bestFactor().fit(frameOf({ x }), y, random(1))
    expect(model.report['how']).toBe('more is riskier, missing values riskiest')
    const margins = model.margins(frameOf({ x: [Number.NaN, 49, 10, -5, 999] }))
    expect(Array.from(margins)).toEqual([1, 49.5 / 50, 10.5 / 50, 0, 1])
  })

  it('ranks ties by their middle', async () => {
    const x = [1, 1, 2, 2, 2, 3]
    const y = Uint8Array.of(0, 0, 1, 0, 1, 1)
    const model = await bestFactor().fit(frameOf({ x }), y, random(1))
    expect(Array.from(model.margins(frameOf({ x })))).toEqual([1 / 6, 1 / 6, 3.5 / 6, 3.5 / 6, 3.5 / 6, 5.5 / 6])
  })
})

describe('sampleRows', () => {
  const rows = { personId: Array.from({ length: 300 }, (_, i) => `p${i % 100}`) }
  const outcomes = Uint8Array.from({ length: 300 }, (_, i) => (i % 100 < 20 ? 1 : 0))
  const share = (picked: Int32Array) => picked.reduce((sum, i) => sum + outcomes[i]!, 0) / picked.length

  it('keeps to the cap and to the share of bads', () => {
    const picked = sampleRows(rows, outcomes, { cap: 50, onePerPerson: false }, random(1))
    expect(picked).toHaveLength(50)
    expect(share(picked)).toBe(0.2)
    expect(new Set(picked).size).toBe(50)
    expect(Array.from(picked)).toEqual([...picked].sort((a, b) => a - b))
  })

  it('takes each person once where it must', () => {
    const picked = sampleRows(rows, outcomes, { cap: 1000, onePerPerson: true }, random(1))
    expect(new Set(Array.from(picked, (i) => rows.personId[i])).size).toBe(100)
    expect(picked).toHaveLength(100)
    expect(new Set(Array.from(picked, (i) => Math.floor(i / 100))).size).toBe(3)
  })

  it('takes all rows where the cap lets it', () => {
    expect(sampleRows(rows, outcomes, { cap: 300, onePerPerson: false }, random(1))).toHaveLength(300)
  })
})
