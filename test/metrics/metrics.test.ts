import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { auc } from '../../src/metrics/auc.ts'
import { brier } from '../../src/metrics/brier.ts'
import { calibrationSlope } from '../../src/metrics/calibrationSlope.ts'
import { gini } from '../../src/metrics/gini.ts'
import { informationValue } from '../../src/metrics/informationValue.ts'
import { ks } from '../../src/metrics/ks.ts'
import { logLoss } from '../../src/metrics/logLoss.ts'
import { psi, psiOfCounts } from '../../src/metrics/psi.ts'
import { quantileBins } from '../../src/metrics/quantileBins.ts'

interface Golden {
  cases: {
    name: string
    probabilities: number[]
    target: number[]
    weights: number[]
    auc: number
    aucWeighted: number
    gini: number
    ks: { value: number; at: number }
    brier: number
    brierWeighted: number
    logLoss: number
    logLossWeighted: number
    line: { slope: number; intercept: number }
    lineWeighted: { slope: number; intercept: number }
  }[]
  bins: {
    values: (number | null)[]
    target: number[]
    later: number[]
    edges: number[]
    informationValue: number
    psi: number
  }
}
const golden = JSON.parse(readFileSync(new URL('../fixtures/metrics/metrics.json', import.meta.url), 'utf8')) as Golden

// 1e-12: the same sums of a few hundred terms of order 1, in another order.
const near = (got: number, expected: number) => expect(Math.abs(got - expected)).toBeLessThan(1e-12)
// 1e-8: two iterative fits, each stopped at a tiny gradient.
const nearFit = (got: number, expected: number) => expect(Math.abs(got - expected)).toBeLessThan(1e-8)

describe.each(golden.cases)('against scikit-learn, scipy and statsmodels: $name', (c) => {
  const { probabilities: p, target: y, weights: w } = c
  test('auc', () => {
    near(auc(p, y), c.auc)
    near(auc(p, y, w), c.aucWeighted)
  })
  test('gini', () => near(gini(p, y), c.gini))
  test('ks', () => {
    const got = ks(p, y)
    near(got.value, c.ks.value)
    // scipy may name another score where the same distance is reached: ours must reach it.
    const share = (outcome: number, at: number) => {
      const scores = p.filter((_, i) => y[i] === outcome)
      return scores.filter((s) => s <= at).length / scores.length
    }
    near(Math.abs(share(0, got.at) - share(1, got.at)), c.ks.value)
    expect(got.at).toBeLessThanOrEqual(c.ks.at)
  })
  test('brier', () => {
    near(brier(p, y), c.brier)
    near(brier(p, y, w), c.brierWeighted)
  })
  test('log loss', () => {
    near(logLoss(p, y), c.logLoss)
    near(logLoss(p, y, w), c.logLossWeighted)
  })
  test('calibration slope and intercept', () => {
    for (const [got, expected] of [
      [calibrationSlope(p, y), c.line],
      [calibrationSlope(p, y, w), c.lineWeighted],
    ] as const) {
      nearFit(got.slope, expected.slope)
      nearFit(got.intercept, expected.intercept)
    }
  })
})

test('information value and PSI', () => {
  const values = golden.bins.values.map((v) => v ?? Number.NaN)
  expect([...quantileBins(values, 10).edges]).toEqual(golden.bins.edges)
  near(informationValue(values, golden.bins.target).value, golden.bins.informationValue)
  near(psi(values, golden.bins.later), golden.bins.psi)
  expect(psi(values, values)).toBe(0)
  expect(psiOfCounts([1, 0, 2], [2, 0, 4])).toBe(0)
})

const scored = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 3 })),
  {
    minLength: 2,
    maxLength: 30,
  },
)
/** The definition: over all pairs of a bad and a good row. */
const pairAuc = (rows: readonly (readonly [number, number, number])[], tie: number): number => {
  let won = 0
  let all = 0
  for (const [bad, y, w] of rows)
    for (const [good, z, v] of rows) {
      if (y !== 1 || z !== 0) continue
      all += w * v
      won += w * v * (bad > good ? 1 : bad === good ? tie : 0)
    }
  return won / all
}
const ownAuc = (rows: readonly (readonly [number, number, number])[]) =>
  auc(
    rows.map((r) => r[0]),
    rows.map((r) => r[1]),
    rows.map((r) => r[2]),
  )
const agree = (a: number, b: number) => Object.is(a, b) || Math.abs(a - b) < 1e-12

test('auc is the share of pairs in order, ties by half', () => {
  fc.assert(fc.property(scored, (rows) => agree(ownAuc(rows), pairAuc(rows, 0.5))))
})
test('a twin that forgets ties is caught', () => {
  const run = fc.check(
    fc.property(scored, (rows) => agree(ownAuc(rows), pairAuc(rows, 0))),
    { seed: 1 },
  )
  expect(run.failed).toBe(true)
})

test('one outcome alone has no ranking', () => {
  expect(auc([1, 2], [1, 1])).toBeNaN()
  expect(ks([1, 2], [1, 1]).value).toBeNaN()
  expect(calibrationSlope([0.1, 0.2], [1, 1]).slope).toBeNaN()
  expect(informationValue([1, 2], [1, 1]).value).toBeNaN()
})

test('probabilities 0 and 1 cost much but not everything when wrong', () => {
  // -ln(machine epsilon) is 36.04; beside 1 the epsilon is rounded, so the two ends differ in the last digits.
  near(logLoss([0, 1], [0, 1]), 0)
  expect(logLoss([0], [1])).toBeCloseTo(36.04, 2)
  expect(logLoss([1], [0])).toBeCloseTo(36.04, 2)
})

test('a row without a score is a bug and says so', () => {
  expect(() => auc([1, Number.NaN], [0, 1])).toThrow('row 1 has no score to rank')
})
