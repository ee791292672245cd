import { describe, expect, it } from 'vitest'
import { dependenceOnLevel, dependenceOnNumber } from '../../src/attributions/dependence.ts'
import { random } from '../../src/util/random.ts'

const r = random(4)
const n = 2000
const values = Float64Array.from({ length: n }, () => (r.integer(10) === 0 ? Number.NaN : Math.exp(r.normal())))
const points = Int32Array.from(values, (v) => Math.round((Number.isNaN(v) ? -7 : 10 * Math.log(v)) + 3 * r.normal()))

/** The k-th of the sorted numbers, between two of them in proportion. */
const plainQuantile = (numbers: readonly number[], q: number): number => {
  const sorted = [...numbers].sort((a, b) => a - b)
  const at = q * (sorted.length - 1)
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!]
  return below + (at - Math.floor(at)) * (above - below)
}
const pointsWhere = (holds: (v: number) => boolean, of: Int32Array = points): number[] =>
  [...values.keys()].filter((i) => holds(values[i]!)).map((i) => of[i]!)

/** Bins whose quantiles or counts are not those of the rows between their limits. */
const wrongBins = (found: ReturnType<typeof dependenceOnNumber>, of: Int32Array = points): number =>
  found.bins.filter(({ from, to, rows, low, median, high }) => {
    const own = pointsWhere((v) => v >= from && v <= to, of)
    const same = (q: number, x: number) => Math.abs(plainQuantile(own, q) - x) < 1e-9
    return own.length !== rows || !same(0.1, low) || !same(0.5, median) || !same(0.9, high)
  }).length

describe('dependenceOnNumber', () => {
  const found = dependenceOnNumber(values, points)

  it('has bins of about equal size, apart, that hold every row with a value', () => {
    expect(found.bins).toHaveLength(20)
    const present = pointsWhere((v) => !Number.isNaN(v)).length
    expect(found.bins.reduce((sum, b) => sum + b.rows, 0)).toBe(present)
    for (const [k, bin] of found.bins.entries()) {
      expect(Math.abs(bin.rows - present / 20)).toBeLessThanOrEqual(1)
      if (k) expect(bin.from).toBeGreaterThan(found.bins[k - 1]!.to)
    }
    expect(found.missing!.rows).toBe(n - present)
    expect(found.missing!.median).toBe(
      plainQuantile(
        pointsWhere((v) => Number.isNaN(v)),
        0.5,
      ),
    )
  })

  it('has the quantiles of the points of its rows; points of other rows are caught', () => {
    expect(wrongBins(found)).toBe(0)
    const shifted = Int32Array.from(points, (_, i) => points[(i + 1) % n]!)
    expect(wrongBins(dependenceOnNumber(values, shifted))).toBe(20)
  })

  it('gives each of a few values a bin of its own, however rare it is', () => {
    const few = Float64Array.from({ length: 500 }, (_, i) => (i === 7 ? 12 : i % 3))
    const { bins, missing } = dependenceOnNumber(few, points.subarray(0, 500))
    expect(bins.map((b) => [b.from, b.to])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [12, 12],
    ])
    expect(bins.at(-1)).toMatchObject({ rows: 1, low: points[7], median: points[7], high: points[7] })
    expect(missing).toBeNull()
  })

  it('works without any value and without any row', () => {
    const none = dependenceOnNumber([Number.NaN, Number.NaN], [1, 3])
    expect(none).toEqual({ bins: [], missing: { rows: 2, low: 1.2, median: 2, high: 2.8 } })
    expect(dependenceOnNumber([], [])).toEqual({ bins: [], missing: null })
  })
})

describe('dependenceOnLevel', () => {
  it('counts levels, puts rare ones together and orders by the median', () => {
    const texts = Array.from({ length: 300 }, (_, i) =>
      i % 30 === 0 ? null : i % 2 ? 'common' : i % 4 ? 'second' : `rare ${i % 17}`,
    )
    const own = Int32Array.from(texts, (t, i) => (t === 'common' ? -5 : t === 'second' ? -9 : i))
    const { levels, missing } = dependenceOnLevel(texts, own)
    const alone = levels.filter((l) => l.level !== null)
    expect(alone).toHaveLength(10)
    expect(alone.map((l) => l.median)).toEqual(alone.map((l) => l.median).toSorted((a, b) => a - b))
    expect(alone.slice(0, 2).map((l) => l.level)).toEqual(['second', 'common'])
    const others = levels.at(-1)!
    expect(others).toMatchObject({ level: null, levels: 9 })
    expect(levels.reduce((sum, l) => sum + l.rows, 0) + missing!.rows).toBe(300)
    for (const { level, rows } of alone) expect(texts.filter((t) => t === level)).toHaveLength(rows)
  })

  it('takes the names of objects for levels like others', () => {
    const { levels } = dependenceOnLevel(['__proto__', 'constructor', '__proto__'], [1, 2, 3])
    expect(levels.map(({ level, rows }) => [level, rows])).toEqual([
      ['__proto__', 2],
      ['constructor', 1],
    ])
  })
})
