import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { logit } from '../../src/kernels/numbers/logit.ts'
import { calibratedLogOdds, calibratedProbability, fitCalibration } from '../../src/models/calibrate.ts'
import { random } from '../../src/util/random.ts'

interface Golden {
  cases: {
    name: string
    probabilities: number[]
    target: number[]
    line: { slope: number; intercept: number }
    beta: { a: number; b: number; c: number }
    isotonic: number[]
  }[]
}
const golden = JSON.parse(readFileSync(new URL('../fixtures/metrics/metrics.json', import.meta.url), 'utf8')) as Golden
// 1e-7: two iterative fits of the same likelihood; the two columns of the beta calibration are nearly collinear.
const near = (got: number, expected: number) => expect(Math.abs(got - expected)).toBeLessThan(1e-7)

describe.each(golden.cases)('against statsmodels and scikit-learn: $name', ({ probabilities, target, ...expected }) => {
  const margins = Float64Array.from(probabilities, logit)
  const y = Uint8Array.from(target)
  test('platt', () => {
    const c = fitCalibration('platt', margins, y)
    if (c.kind !== 'platt') throw new Error(c.kind)
    near(c.slope, expected.line.slope)
    near(c.intercept, expected.line.intercept)
    near(calibratedLogOdds(c, margins)[0]!, c.slope * margins[0]! + c.intercept)
  })
  test('beta', () => {
    const c = fitCalibration('beta', margins, y)
    if (c.kind !== 'beta') throw new Error(c.kind)
    const { a, b } = expected.beta
    if (a >= 0 && b >= 0) {
      near(c.a, a)
      near(c.b, b)
      near(c.c, expected.beta.c)
    } else expect([c.a, c.b].filter((v) => v === 0).length).toBe(1)
  })
  test('isotonic', () => {
    const got = calibratedProbability(fitCalibration('isotonic', margins, y), margins)
    const least = 0.5 / (y.length + 1)
    expected.isotonic.forEach((p, i) => {
      // Ours keeps half a row away from 0 and 1.
      near(got[i]!, Math.min(1 - least, Math.max(least, p)))
    })
  })
})

const r = random(5)
const margins = Float64Array.from({ length: 500 }, () => r.normal())
const y = Uint8Array.from(margins, (m) => (r.next() < 1 / (1 + Math.exp(1 - m)) ? 1 : 0))

test.each(['platt', 'beta', 'isotonic'] as const)(
  '%s probabilities rise with the margin and average to the bad rate',
  (kind) => {
    const calibration = fitCalibration(kind, margins, y)
    const p = calibratedProbability(calibration, margins)
    const order = [...margins.keys()].sort((a, b) => margins[a]! - margins[b]!)
    for (let k = 1; k < order.length; k++) expect(p[order[k]!]!).toBeGreaterThanOrEqual(p[order[k - 1]!]!)
    const mean = (v: ArrayLike<number>) => Array.from(v).reduce((a, b) => a + b, 0) / v.length
    // 2e-3: isotonic ends are held off by half a row of 500; the others are exact.
    expect(Math.abs(mean(p) - mean(y))).toBeLessThan(2e-3)
  },
)

test('isotonic probabilities change above each edge, not at it', () => {
  const steps = { kind: 'isotonic' as const, upTo: [-1, 0.5, 2], probabilities: [0.1, 0.2, 0.4, 0.7] }
  const at = Float64Array.of(Number.NEGATIVE_INFINITY, -1, -0.9, 0.5, 0.6, 2, 2.1, Number.POSITIVE_INFINITY, Number.NaN)
  const expected = [0.1, 0.1, 0.2, 0.2, 0.4, 0.4, 0.7, 0.7, Number.NaN]
  calibratedProbability(steps, at).forEach((p, i) => {
    if (Number.isNaN(expected[i])) expect(p).toBeNaN()
    else expect(p).toBeCloseTo(expected[i]!, 12)
  })
})

test('rows without a margin are left out', () => {
  const holes = Float64Array.from([...margins, Number.NaN])
  expect(fitCalibration('platt', holes, Uint8Array.from([...y, 1]))).toEqual(fitCalibration('platt', margins, y))
})

test.each(['platt', 'beta'] as const)('%s: the wrong direction is refused and explained', (kind) => {
  const turned = margins.map((m) => -m)
  expect(() => fitCalibration(kind, turned, y)).toThrow(
    'margins cannot be calibrated: on rows it did not see, a greater margin does not mean a greater risk; expected a slope above 0',
  )
})

test.each(['platt', 'beta'] as const)('%s: separated margins are refused, also when they touch', (kind) => {
  for (const [separated, outcomes] of [
    [
      [-2, -1, 1, 2],
      [0, 0, 1, 1],
    ],
    [
      [-1, -1, -1, 0, 0, 0],
      [0, 0, 0, 0, 1, 1],
    ],
    [
      [-3, -2, -1, -1, 0],
      [0, 0, 0, 1, 1],
    ],
  ] as const) {
    let refused: unknown
    try {
      fitCalibration(kind, Float64Array.from(separated), Uint8Array.from(outcomes))
    } catch (error) {
      refused = error
    }
    expect(refused).toMatchObject({ kind: 'training', exitCode: 5 })
    expect((refused as Error).message).toContain('they tell good and bad rows apart without error')
  }
})

test('one bad row below the best good one is enough to calibrate', () => {
  const fit = fitCalibration('platt', Float64Array.of(-1, -1, -1, 0, 0, 0), Uint8Array.of(0, 0, 1, 0, 1, 1))
  // Log-odds of 1 in 3 and of 2 in 3: two shares, two coefficients.
  expect(fit.kind === 'platt' && fit.slope).toBeCloseTo(2 * Math.log(2), 10)
})

test('one outcome alone is refused', () => {
  expect(() => fitCalibration('isotonic', Float64Array.of(1, 2), Uint8Array.of(0, 0))).toThrow(
    'a calibration cannot be fitted on one outcome alone',
  )
})
