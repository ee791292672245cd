import { describe, expect, it } from 'vitest'
import { type PersonMoments, personMean } from '../../src/metrics/personMean.ts'
import { studentQuantile } from '../../src/metrics/studentQuantile.ts'
import { type Random, random } from '../../src/util/random.ts'

/** Rows of each person. */
type People = readonly (readonly number[])[]

const momentsOf = (people: People): PersonMoments => {
  const moments = { persons: people.length, rows: 0, rowSquares: 0, sum: 0, squares: 0, products: 0 }
  for (const own of people) {
    const s = own.reduce((a, b) => a + b, 0)
    moments.rows += own.length
    moments.rowSquares += own.length ** 2
    moments.sum += s
    moments.squares += s * s
    moments.products += s * own.length
  }
  return moments
}

/** People with one to five rows that are much alike; the mean over rows is near 10. */
const draw = (r: Random, persons: number): People =>
  Array.from({ length: persons }, () => {
    const level = 10 + 4 * r.normal()
    return Array.from({ length: 1 + r.integer(5) }, () => level + r.normal())
  })

const covered = (interval: (people: People) => { low: number; high: number }): number => {
  let held = 0
  for (let k = 0; k < 400; k++) {
    const { low, high } = interval(draw(random(5).fork('sample', k), 60))
    if (low <= 10 && 10 <= high) held++
  }
  return held / 400
}

describe('personMean', () => {
  it('is the interval of a mean where each person has one row', () => {
    const values = [3, 5, 8, 1, 12]
    const mean = 5.8
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 4)
    const half = (studentQuantile(0.975, 4) * deviation) / Math.sqrt(5)
    const found = personMean(momentsOf(values.map((v) => [v])))
    // A dozen operations on small numbers.
    expect(found.value).toBeCloseTo(mean, 12)
    expect(found.low).toBeCloseTo(mean - half, 10)
    expect(found.high).toBeCloseTo(mean + half, 10)
  })

  it('is the ratio over persons, deviation by deviation', () => {
    const people = draw(random(2), 9)
    const rows = people.flat()
    const mean = rows.reduce((a, b) => a + b, 0) / rows.length
    const spread = people.reduce((sum, own) => sum + own.reduce((s, v) => s + v - mean, 0) ** 2, 0)
    const half = (studentQuantile(0.95, 8) * Math.sqrt((9 / 8) * spread)) / rows.length
    const found = personMean(momentsOf(people), 0.9)
    expect(found.value).toBeCloseTo(mean, 12)
    expect(found.high - found.value).toBeCloseTo(half, 9)
  })

  it('holds the truth as often as it says; the twin that takes rows for persons does not', () => {
    // 400 samples: three standard errors of 95 % are 3.3 %.
    expect(covered((people) => personMean(momentsOf(people)))).toBeGreaterThan(0.915)
    expect(covered((people) => personMean(momentsOf(people.flat().map((v) => [v]))))).toBeLessThan(0.85)
  })

  it('has no interval for one person, and no value for none', () => {
    expect(personMean(momentsOf([[4, 6]]))).toEqual({ value: 5, low: Number.NaN, high: Number.NaN })
    expect(personMean(momentsOf([])).value).toBeNaN()
  })

  it('has no width where all agree, whatever rounding leaves', () => {
    const { value, low, high } = personMean(momentsOf(Array.from({ length: 30 }, () => [0.1, 0.1, 0.1])))
    expect(high - low).toBeLessThan(1e-6)
    expect(low).toBeLessThanOrEqual(value)
  })
})
