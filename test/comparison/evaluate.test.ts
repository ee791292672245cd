import { describe, expect, it } from 'vitest'
import { evaluate, evaluateRanking } from '../../src/comparison/evaluate.ts'
import { auc, weightedAuc } from '../../src/metrics/auc.ts'
import { bootstrapInterval } from '../../src/metrics/bootstrap.ts'
import { brier } from '../../src/metrics/brier.ts'
import { calibrationSlope } from '../../src/metrics/calibrationSlope.ts'
import { ks } from '../../src/metrics/ks.ts'
import { logLoss } from '../../src/metrics/logLoss.ts'
import { canonicalJson } from '../../src/util/hash.ts'
import { random } from '../../src/util/random.ts'

const rows = 600
const draw = random('evaluate')
const margin = Float64Array.from({ length: rows }, () => draw.normal() * 1.5 - 2)
const probability = margin.map((m) => 1 / (1 + Math.exp(-m)))
const target = Uint8Array.from(probability, (p) => (draw.next() < p ? 1 : 0))
const personId = Array.from({ length: rows }, (_, i) => `P${i >> 1}`)
const held = { personId, target, margin, probability }
const options = () => ({ replicates: 200, random: random('draws') })
const figures = evaluate(held, options())

describe('evaluate', () => {
  it('gives every figure its value', () => {
    const line = calibrationSlope(probability, target)
    expect(figures.auc.value).toBe(auc(margin, target))
    expect(figures.gini.value).toBe(2 * auc(margin, target) - 1)
    expect({ value: figures.ks.value, at: figures.ks.at }).toEqual(ks(margin, target))
    expect(figures.brier.value).toBe(brier(probability, target))
    expect(figures.logLoss.value).toBe(logLoss(probability, target))
    expect(figures.calibrationSlope.value).toBe(line.slope)
    expect(figures.calibrationIntercept.value).toBe(line.intercept)
  })

  it('gives every figure an interval around its value, or below it for the KS, which is biased upward', () => {
    for (const name of ['auc', 'gini', 'brier', 'logLoss', 'calibrationSlope', 'calibrationIntercept'] as const) {
      expect(figures[name].low).toBeLessThan(figures[name].value)
      expect(figures[name].high).toBeGreaterThan(figures[name].value)
    }
    expect(figures.ks.low).toBeLessThan(figures.ks.value)
    expect(figures.ks.high).toBeGreaterThan(figures.ks.low)
  })

  it('draws as one statistic alone does, over persons', () => {
    const alone = bootstrapInterval(weightedAuc(margin, target), { target, groups: personId, ...options() })
    expect(figures.auc.value).toBe(alone.value)
    // The same draws, read on the log-odds instead of by percentiles: some hundredths of the width apart at this size.
    const width = alone.high - alone.low
    expect(Math.abs(figures.auc.low - alone.low)).toBeLessThan(0.15 * width)
    expect(Math.abs(figures.auc.high - alone.high)).toBeLessThan(0.15 * width)
    const onLogOdds = (x: number): number => Math.log(x / (1 - x))
    const { low, value, high } = figures.auc
    expect(onLogOdds(high) - onLogOdds(value)).toBeCloseTo(onLogOdds(value) - onLogOdds(low), 12)
    const byRow = evaluateRanking({ ...held, personId: personId.map((_, i) => String(i)) }, options())
    expect(figures.auc.low).not.toBe(byRow.auc.low)
    const ranking = evaluateRanking(held, options())
    expect(figures).toMatchObject({ ...ranking })
  })

  it('takes several rows of one person as one person', () => {
    // Nine bads of sixty; every row once, and every row five times under the same person.
    const one = {
      personId: Array.from({ length: 60 }, (_, i) => `P${i}`),
      target: Uint8Array.from({ length: 60 }, (_, i) => (i % 7 === 0 ? 1 : 0)),
      margin: Float64Array.from({ length: 60 }, (_, i) => Math.sin(i) + (i % 7 === 0 ? 0.8 : 0)),
    }
    const five = <T>(values: ArrayLike<T>): T[] => Array.from(values).flatMap((v) => [v, v, v, v, v])
    const many = {
      personId: five(one.personId),
      target: Uint8Array.from(five(one.target)),
      margin: Float64Array.from(five(one.margin)),
    }
    const [single, repeated] = [evaluateRanking(one, options()), evaluateRanking(many, options())]
    const strangers = { ...many, personId: many.personId.map((_, i) => String(i)) }
    // The same draws and the same shares; sums of other sizes round otherwise.
    for (const end of ['low', 'high'] as const) expect(repeated.auc[end]).toBeCloseTo(single.auc[end], 12)
    const width = ({ auc }: { auc: { low: number; high: number } }): number => auc.high - auc.low
    expect(width(evaluateRanking(strangers, options()))).toBeLessThan(0.6 * width(single))
  })

  it('leaves replicates without a slope out and says how many; where they are many, the ends are unknown', () => {
    const few = {
      personId: ['a', 'b', 'c', 'd', 'e', 'f'],
      target: Uint8Array.of(0, 0, 0, 1, 1, 1),
      probability: Float64Array.of(0.1, 0.2, 0.5, 0.4, 0.8, 0.9),
      margin: Float64Array.of(-2, -1, 0.1, 0, 1, 2),
    }
    const { calibrationSlope, auc } = evaluate(few, options())
    expect(calibrationSlope.undefined).toBeGreaterThan(5)
    expect(calibrationSlope.undefined).toBeLessThan(200)
    expect(calibrationSlope.value).toBeGreaterThan(0)
    expect(calibrationSlope.low).toBeNaN()
    expect(auc.low).toBeGreaterThan(0)
    const written = JSON.parse(canonicalJson(evaluate(few, options()))) as { calibrationSlope: unknown }
    expect(written.calibrationSlope).toMatchObject({ low: null, high: null })
  })

  it('says of one outcome what can be said', () => {
    const goods = { ...held, target: new Uint8Array(rows) }
    const { auc, ks, calibrationSlope, brier } = evaluate(goods, { ...options(), replicates: 5 })
    expect([auc.value, ks.value, ks.low, calibrationSlope.value, calibrationSlope.high].every(Number.isNaN)).toBe(true)
    expect(brier.value).toBeGreaterThan(0)
  })
})
