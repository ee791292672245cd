import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { auc } from '../../src/metrics/auc.ts'
import { calibrationCurve } from '../../src/metrics/calibrationCurve.ts'
import { delongInterval } from '../../src/metrics/delong.ts'
import { informationValueOfCounts } from '../../src/metrics/informationValue.ts'
import { ks } from '../../src/metrics/ks.ts'
import { ksCurve } from '../../src/metrics/ksCurve.ts'
import { normalQuantile } from '../../src/metrics/normal.ts'
import { psiOfCounts } from '../../src/metrics/psi.ts'
import { type RocPoint, rocCurve } from '../../src/metrics/rocCurve.ts'
import { thinCurve } from '../../src/metrics/thinCurve.ts'
import { wilson } from '../../src/metrics/wilson.ts'
import { random } from '../../src/util/random.ts'

interface Interval {
  value: number
  low: number
  high: number
}
interface Golden {
  cases: {
    name: string
    probabilities: number[]
    target: number[]
    roc: { falsePositiveRate: number[]; truePositiveRate: number[] }
    ks: { score: number[]; cumulativeGood: number[]; cumulativeBad: number[] }
    delong: Interval
    calibration?: { badRate: number[]; meanProbability: number[] }
  }[]
  clustered: { person: number[]; scores: number[]; target: number[]; interval: Interval }
  shares: { good: number[]; bad: number[]; informationValue: number; earlier: number[]; later: number[]; psi: number }
  wilson: [number, number, number, number, number][]
  quantiles: [number, number][]
}
const golden = JSON.parse(readFileSync(new URL('../fixtures/metrics/curves.json', import.meta.url), 'utf8')) as Golden

// 1e-12: the same counts and few operations on them, in another order.
const near = (got: number, expected: number, tolerance = 1e-12) =>
  expect(Math.abs(got - expected)).toBeLessThan(tolerance)
const allNear = (got: readonly number[], expected: readonly number[]) => {
  expect(got.length).toBe(expected.length)
  got.forEach((x, i) => {
    near(x, expected[i]!)
  })
}
const intervalNear = (got: Interval, expected: Interval, tolerance: number) => {
  for (const end of ['value', 'low', 'high'] as const) near(got[end], expected[end], tolerance)
}
const area = (points: readonly RocPoint[]): number =>
  points.reduce((sum, b, i) => {
    if (i === 0) return 0
    const a = points[i - 1]!
    return sum + ((b.falsePositiveRate - a.falsePositiveRate) * (b.truePositiveRate + a.truePositiveRate)) / 2
  }, 0)

describe.each(golden.cases)('against scikit-learn, scipy and DeLong by others: $name', (c) => {
  const { probabilities: p, target: y } = c
  test('ROC', () => {
    const points = rocCurve(p, y)
    allNear(
      points.map((x) => x.falsePositiveRate),
      c.roc.falsePositiveRate,
    )
    allNear(
      points.map((x) => x.truePositiveRate),
      c.roc.truePositiveRate,
    )
    near(area(points), auc(p, y))
  })
  test('cumulative distributions', () => {
    const points = ksCurve(p, y)
    expect(points.map((x) => x.score)).toEqual(c.ks.score)
    allNear(
      points.map((x) => x.cumulativeGood),
      c.ks.cumulativeGood,
    )
    allNear(
      points.map((x) => x.cumulativeBad),
      c.ks.cumulativeBad,
    )
    near(Math.max(...points.map((x) => Math.abs(x.cumulativeGood - x.cumulativeBad))), ks(p, y).value)
  })
  // 1e-6: the other implementation holds ranks in 32 bits.
  test('DeLong', () => intervalNear(delongInterval(p, y), c.delong, 1e-6))
  // Where probabilities tie, scikit-learn cuts between interpolated quantiles and bins differ.
  if (c.calibration)
    test('calibration curve', () => {
      const bins = calibrationCurve(p, y)
      allNear(
        bins.map((b) => b.badRate.value),
        c.calibration!.badRate,
      )
      allNear(
        bins.map((b) => b.meanProbability),
        c.calibration!.meanProbability,
      )
      expect(bins.reduce((sum, b) => sum + b.rows, 0)).toBe(p.length)
    })
})

test('DeLong over persons; a twin that takes their rows as independent is caught', () => {
  const { scores, target, person, interval } = golden.clustered
  intervalNear(delongInterval(scores, target, person), interval, 1e-12)
  // Five copies of every row tell no more than one.
  const copies = <T>(values: readonly T[]): T[] => values.flatMap((v) => [v, v, v, v, v])
  const copied = delongInterval(copies(scores), copies(target), copies(person))
  intervalNear(copied, interval, 1e-12)
  const naive = delongInterval(copies(scores), copies(target))
  expect(naive.high - naive.low).toBeLessThan(0.6 * (interval.high - interval.low))
})

test('DeLong covers the true AUC about as often as it says', () => {
  // Bad ~ N(1, 1), good ~ N(0, 1): AUC = Phi(1 / sqrt 2) = 0.7602.
  let covered = 0
  for (let trial = 0; trial < 1000; trial++) {
    const draw = random(`delong ${trial}`)
    const y = Uint8Array.from({ length: 200 }, (_, i) => (i < 40 ? 1 : 0))
    const { low, high } = delongInterval(
      Float64Array.from(y, (bad) => draw.normal() + bad),
      y,
    )
    if (low <= 0.7602 && 0.7602 <= high) covered++
  }
  // Binomial(1000, 0.95) lies in 930..970 with probability 0.997; the seed is fixed.
  expect(covered).toBeGreaterThanOrEqual(930)
  expect(covered).toBeLessThanOrEqual(970)
})

test('DeLong where nothing can be said, or everything', () => {
  expect(delongInterval([1, 2], [1, 1]).value).toBeNaN()
  const oneBad = delongInterval([1, 2, 3], [0, 0, 1])
  expect(oneBad.value).toBe(1)
  expect(oneBad.low).toBeNaN()
  // All of 3 bads above all of 4 goods: no better known than 3 of 3, whose Wilson interval starts at 3 / (3 + 1.96^2).
  const perfect = delongInterval([1, 2, 3, 4, 5, 6, 7], [0, 0, 0, 0, 1, 1, 1])
  near(perfect.low, 3 / (3 + normalQuantile(0.975) ** 2))
  expect(perfect.high).toBe(1)
})

test('information value and PSI of counts against optbinning', () => {
  const { good, bad, informationValue, earlier, later, psi } = golden.shares
  near(informationValueOfCounts(good, bad).value, informationValue)
  near(psiOfCounts(earlier, later), psi)
})

test('Wilson against statsmodels', () => {
  for (const [hits, rows, level, low, high] of golden.wilson) {
    const got = wilson(hits, rows, level)
    expect(got.value).toBe(hits / rows)
    near(got.low, low)
    near(got.high, high)
  }
  expect(wilson(0, 0).low).toBeNaN()
  expect(wilson(0, 20).low).toBe(0)
  expect(wilson(20, 20).high).toBe(1)
})

test('normal quantiles against scipy', () => {
  // 1e-14 relative: both claim about 16 digits.
  for (const [p, x] of golden.quantiles) near(normalQuantile(p), x, 1e-14 * Math.max(1, Math.abs(x)))
  expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY)
  expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY)
  expect(normalQuantile(1.1)).toBeNaN()
})

describe('thinned ROC', () => {
  const draw = random(11)
  const rows = 20_000
  const y = Uint8Array.from({ length: rows }, () => (draw.next() < 0.08 ? 1 : 0))
  const s = Float64Array.from(y, (bad) => draw.normal() + 1.4 * bad)
  const points = rocCurve(s, y, 200)

  test('has at most so many points, both ends, and nearly the area', () => {
    expect(points.length).toBe(200)
    expect(points[0]).toEqual({ falsePositiveRate: 0, truePositiveRate: 0 })
    expect(points.at(-1)).toEqual({ falsePositiveRate: 1, truePositiveRate: 1 })
    expect(Math.abs(area(points) - auc(s, y))).toBeLessThan(0.001)
  })
  test('keeps every corner of the convex hull', () => {
    const all = rocCurve(s, y)
    const kept = new Set(points.map((p) => `${p.falsePositiveRate} ${p.truePositiveRate}`))
    // A point is a corner when some slope makes it the single best threshold.
    for (let k = 1; k < 90; k++) {
      const slope = Math.tan((k * Math.PI) / 180)
      const gain = (p: RocPoint) => p.truePositiveRate - slope * p.falsePositiveRate
      const best = all.reduce((a, b) => (gain(b) > gain(a) ? b : a))
      expect(kept.has(`${best.falsePositiveRate} ${best.truePositiveRate}`)).toBe(true)
    }
  })
  test('a twin that takes every so many-th point is caught by the area of a sharp curve', () => {
    // Half of the bads above all goods: the curve turns at once, and evenly spaced points miss the corner.
    const sharp = Float64Array.from(y, (bad, i) => (bad && i % 2 ? 5 + draw.next() : draw.next()))
    const all = rocCurve(sharp, y)
    const step = Math.floor(all.length / 15)
    const even = all.filter((_, i) => i % step === 0 || i === all.length - 1)
    expect(Math.abs(area(even) - auc(sharp, y))).toBeGreaterThan(0.001)
    expect(Math.abs(area(rocCurve(sharp, y, even.length)) - auc(sharp, y))).toBeLessThan(
      Math.abs(area(even) - auc(sharp, y)),
    )
  })
  test('has no points of one outcome', () => {
    expect(rocCurve([1, 2], [0, 0])).toEqual([])
    expect(ksCurve([1, 2], [1, 1])).toEqual([])
  })
})

test('thinned curves keep what they must, rise, and never repeat', () => {
  const curve = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), { minLength: 2 })
  fc.assert(
    fc.property(curve, fc.integer({ min: 2, max: 12 }), (steps, most) => {
      let [a, b] = [0, 0]
      const points = steps.map(([dx, dy]) => {
        a += dx
        b += dy
        return [a, b] as const
      })
      const kept = thinCurve(
        points.map(([x]) => x),
        points.map(([, y]) => y),
        most,
      )
      expect(kept.length).toBeLessThanOrEqual(Math.max(2, most))
      expect(kept[0]).toBe(0)
      expect(kept.at(-1)).toBe(points.length - 1)
      for (let i = 1; i < kept.length; i++) expect(kept[i]!).toBeGreaterThan(kept[i - 1]!)
    }),
  )
})
