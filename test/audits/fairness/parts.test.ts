import { describe, expect, test } from 'vitest'
import { bandLabels, bandOfNumber, chooseBanding } from '../../../src/audits/fairness/bandNumbers.ts'
import { rateDifference, rateRatio } from '../../../src/audits/fairness/compareRates.ts'
import { differenceFromOthers, scoreSums } from '../../../src/audits/fairness/differenceFromOthers.ts'
import { type Estimate, type RowView, ratioOfSums, variance, Z } from '../../../src/audits/fairness/influence.ts'
import { meanInterval, normalInterval } from '../../../src/audits/fairness/intervals.ts'
import { rateOf } from '../../../src/audits/fairness/rate.ts'
import { standardizedDifference } from '../../../src/audits/fairness/standardizedDifference.ts'
import { disaggregate } from '../../../src/metrics/disaggregate.ts'
import { random } from '../../../src/util/random.ts'

describe('bands', () => {
  const ages = Array.from({ length: 60 }, (_, i) => String(18 + i))

  test('ages by ten years, however the column is named', () => {
    for (const name of ['age', 'AGE', 'age_years', 'Age in years'])
      expect(chooseBanding(name, ages, undefined)).toEqual({ edges: [25, 35, 45, 55, 65], because: 'ages' })
    // "language" and "wage" hold the letters and are none
    for (const name of ['wage', 'language_level'])
      expect(chooseBanding(name, ages, undefined)).toMatchObject({ because: 'quartiles' })
  })

  test('other numbers by quartiles; few values and texts as they are', () => {
    expect(chooseBanding('distance', ages, undefined)).toEqual({ edges: [32.75, 47.5, 62.25], because: 'quartiles' })
    expect(chooseBanding('children', ['0', '1', '2', null], undefined)).toBeNull()
    expect(chooseBanding('district', [...ages, 'unknown'], undefined)).toBeNull()
  })

  test('a value on an edge begins a band', () => {
    const banding = { edges: [25, 35], because: 'given' as const }
    expect(bandLabels(banding)).toEqual(['under 25', '25-34', '35 and over'])
    expect(['24', '24.9', '25', '34.5', '35', '90'].map((v) => bandOfNumber(banding, v))).toEqual([0, 0, 1, 1, 2, 2])
    expect(bandLabels({ edges: [0.5, 1.25], because: 'given' })).toEqual([
      'under 0.5',
      '0.5 to under 1.25',
      '1.25 and over',
    ])
  })

  test('edges that do not rise are refused', () => {
    for (const edges of [[], [3, 3], [4, 2], [Number.NaN]])
      expect(() => chooseBanding('age', ages, edges)).toThrow(/do not rise/)
  })
})

test('disaggregate gives each metric the rows of its group', () => {
  const sums = disaggregate(Int32Array.of(1, 0, -1, 1), 3, (rows, group) => [group, ...rows])
  expect(sums).toEqual([[0, 1], [1, 0, 3], [2]])
})

describe('the standardized difference', () => {
  const n = 4000
  const stream = random(3)
  const score = Float64Array.from({ length: 2 * n }, (_, i) => (i < n ? 10 : 10.5) + stream.normal())
  const person = Int32Array.from({ length: 2 * n }, (_, i) => i)
  const half = (from: number): RowView => ({ rows: Int32Array.from({ length: n }, (_, i) => from + i), person })

  test('has the standard error of Hedges & Olkin for normal scores', () => {
    const { value, low, high } = standardizedDifference(score, half(0), half(n))
    const expected = Math.sqrt(2 / n + value! ** 2 / (4 * n))
    // The formula takes equal variances and no excess kurtosis; a sample of 8,000 has both up to some percent.
    expect(Math.abs((high! - low!) / (2 * 1.959963984540054) / expected - 1)).toBeLessThan(0.01)
    expect(value).toBeCloseTo(-0.5, 1)
  })

  test('is that of the formula, step by step', () => {
    const mean = (x: Float64Array) => x.reduce((a, b) => a + b, 0) / x.length
    const [a, b] = [score.slice(0, n), score.slice(n)]
    const squares = (x: Float64Array) => {
      const m = mean(x)
      return x.reduce((s, v) => s + (v - m) ** 2, 0)
    }
    const pooled = Math.sqrt((squares(a) + squares(b)) / (2 * n - 2))
    expect(standardizedDifference(score, half(0), half(n)).value).toBeCloseTo((mean(a) - mean(b)) / pooled, 10)
  })

  test('is not defined where nothing varies or nobody is on the other side', () => {
    const flat = new Float64Array(2 * n).fill(5)
    expect(standardizedDifference(flat, half(0), half(n)).value).toBeNull()
    expect(standardizedDifference(score, half(0), { rows: new Int32Array(0), person }).value).toBeNull()
  })
})

describe('the difference to everybody else, from sums', () => {
  const stream = random(12)
  const n = 600
  const person = Int32Array.from({ length: n }, () => stream.integer(250)).sort()
  const score = Float64Array.from({ length: n }, (_, i) => 640 + 40 * stream.next() + 10 * Math.sin(person[i]!))
  const sums = scoreSums(score, person, 250)
  const rowsOf = (group: (row: number) => boolean) => Int32Array.from(score.keys()).filter(group)
  /** How far it is from what all rows say. */
  const gaps = (group: (row: number) => boolean, of: (row: number) => boolean = (row) => !group(row)) => {
    const quick = differenceFromOthers(sums, score, { rows: rowsOf(group), person })
    const slow = standardizedDifference(score, { rows: rowsOf(group), person }, { rows: rowsOf(of), person })
    return (['value', 'low', 'high'] as const).map((key) => Math.abs(quick[key]! - slow[key]!))
  }

  test.each([
    ['persons on both sides', (row: number) => row % 3 === 0],
    ['whole persons', (row: number) => person[row]! % 4 === 0],
    ['five rows', (row: number) => row % 121 === 0],
    ['all but five rows', (row: number) => row % 121 !== 0],
  ])('is the one of all rows: %s', (_, group) => {
    // Sums of 600 terms of size 1 to 1,000, squared once: about 1e-12.
    for (const gap of gaps(group)) expect(gap).toBeLessThan(1e-10)
    // the broken twin leaves one of the others out
    const [value] = gaps(group, (row) => !group(row) && row !== score.findIndex((__, i) => !group(i)))
    expect(value).toBeGreaterThan(1e-6)
  })

  test('is not defined where nothing varies or there is nobody else', () => {
    const flat = new Float64Array(n).fill(0.1)
    const half = { rows: rowsOf((row) => row < 300), person }
    expect(differenceFromOthers(scoreSums(flat, person, 250), flat, half).value).toBeNull()
    expect(differenceFromOthers(sums, score, { rows: rowsOf(() => true), person }).value).toBeNull()
    expect(differenceFromOthers(sums, score, { rows: new Int32Array(0), person }).value).toBeNull()
  })

  test('two values, one on each side, have no deviation to measure it in', () => {
    const sides = Float64Array.from(score, (_, row) => (row < 300 ? 700.1 : 600.3))
    const half = { rows: rowsOf((row) => row < 300), person }
    expect(differenceFromOthers(scoreSums(sides, person, 250), sides, half).value).toBeNull()
  })
})

describe('means of few persons', () => {
  const WORLDS = 2000
  const coverage = (n: number, of: (estimate: Estimate) => { low: number | null; high: number | null }) => {
    const stream = random(31)
    let covered = 0
    for (let w = 0; w < WORLDS; w++) {
      const rows = Int32Array.from({ length: n }, (_, i) => i)
      // sums of twelve uniforms: normal but for the far tails
      const score = Float64Array.from(rows, () =>
        Array.from({ length: 12 }, () => stream.next()).reduce((a, b) => a + b),
      )
      const { low, high } = of(
        ratioOfSums(
          { rows, person: rows },
          (row) => score[row]!,
          () => 1,
        ),
      )
      if (low! <= 6 && 6 <= high!) covered++
    }
    return covered / WORLDS
  }

  test.each([2, 3, 10])('are covered as often as said: %i', (n) => {
    // 95 % of 2,000 worlds have a standard deviation of half a point
    expect(Math.abs(coverage(n, meanInterval) - 0.95)).toBeLessThan(0.015)
    expect(coverage(n, normalInterval)).toBeLessThan(0.92)
  })
})

describe('ratios of rates of few persons', () => {
  /** Share of all outcomes of two binomial samples, by their probability, whose interval holds the truth: no simulation. */
  const exact = ([n1, p1]: readonly [number, number], [n2, p2]: readonly [number, number], of: typeof rateRatio) => {
    const probabilities = (n: number, p: number) => {
      const logs = [n * Math.log(1 - p)]
      for (let k = 1; k <= n; k++) logs.push(logs[k - 1]! + Math.log(((n - k + 1) * p) / (k * (1 - p))))
      return logs.map(Math.exp)
    }
    const rate = (hits: number, n: number, from: number) =>
      rateOf(
        {
          rows: Int32Array.from({ length: n }, (_, i) => from + i),
          person: Int32Array.from({ length: from + n }, (_, i) => i),
        },
        () => true,
        (row) => row < from + hits,
      )
    const [first, second] = [
      [...Array(n1 + 1).keys()].map((k) => rate(k, n1, 0)),
      [...Array(n2 + 1).keys()].map((k) => rate(k, n2, n1)),
    ] as const
    let covered = 0
    probabilities(n1, p1).forEach((x, i) => {
      probabilities(n2, p2).forEach((y, j) => {
        if (x * y < 1e-9) return
        const { low, high } = of(first[i]!, second[j]!)
        if (low !== null && low <= p1 / p2 && p1 / p2 <= (high ?? Number.POSITIVE_INFINITY)) covered += x * y
      })
    })
    return covered
  }
  /** The interval of the logarithm, which this one replaces. */
  const ofLog: typeof rateRatio = (a, b) => {
    const reach = Z * Math.sqrt(variance(a) / a.value ** 2 + variance(b) / b.value ** 2)
    const ratio = a.value / b.value
    return { value: ratio, low: ratio * Math.exp(-reach), high: ratio * Math.exp(reach) }
  }

  test.each([
    [10, 0.97, 200, 0.97],
    [10, 0.9, 200, 0.75],
    [30, 0.97, 300, 0.97],
    [40, 0.5, 60, 0.6],
    [10, 0.1, 200, 0.2],
  ])('%i people of %f beside %i of %f: covered in 92 to 98 of 100', (n1, p1, n2, p2) => {
    const covered = exact([n1, p1], [n2, p2], rateRatio)
    // So few outcomes are possible that no interval covers 95 exactly.
    expect(covered).toBeGreaterThan(0.92)
    expect(covered).toBeLessThan(0.98)
  })

  test('the interval of the logarithm covers far too seldom near the end', () => {
    expect(exact([10, 0.97], [200, 0.97], ofLog)).toBeLessThan(0.4)
    expect(exact([30, 0.97], [300, 0.97], ofLog)).toBeLessThan(0.7)
  })
})

describe('intervals of people with several rows', () => {
  /** Two groups of people who are all alike or not within themselves; each row is in its person's group. */
  const world = (seed: number) => {
    const stream = random(seed)
    const person: number[] = []
    const hit: number[] = []
    const side: number[] = []
    for (let p = 0; p < 160; p++) {
      // Within a group persons differ: their own rate is 0.15 or 0.85 of the rows, 0.5 on average.
      const own = stream.next() < 0.5 ? 0.15 : 0.85
      for (let k = 1 + stream.integer(6); k > 0; k--) {
        person.push(p)
        side.push(p % 2)
        hit.push(stream.next() < own ? 1 : 0)
      }
    }
    const view = (g: number, cluster: boolean): RowView => ({
      rows: Int32Array.from(side.keys()).filter((row) => side[row] === g),
      person: cluster ? Int32Array.from(person) : Int32Array.from(person.keys()),
    })
    const rate = (g: number, cluster: boolean) =>
      rateOf(
        view(g, cluster),
        () => true,
        (row) => hit[row] === 1,
      )
    return rate
  }
  const WORLDS = 400
  const coverage = (cluster: boolean) => {
    const covered = { rate: 0, ratio: 0, difference: 0 }
    for (let seed = 0; seed < WORLDS; seed++) {
      const rate = world(seed)
      const [a, b] = [rate(0, cluster), rate(1, cluster)]
      const holds = ({ low, high }: { low: number | null; high: number | null }, truth: number) =>
        low! <= truth && truth <= high! ? 1 : 0
      covered.rate += holds(a.interval, 0.5)
      covered.ratio += holds(rateRatio(a, b), 1)
      covered.difference += holds(rateDifference(a, b), 0)
    }
    return covered
  }

  test('hold the truth about as often as they say; those that take rows for people do not', () => {
    const robust = coverage(true)
    const naive = coverage(false)
    for (const name of ['rate', 'ratio', 'difference'] as const) {
      // 95 % of 400 worlds with a standard deviation of 4.4: 366 is three of them below.
      expect(robust[name]).toBeGreaterThanOrEqual(366)
      expect(robust[name]).toBeLessThanOrEqual(394)
      expect(naive[name]).toBeLessThan(345)
    }
  })
})
