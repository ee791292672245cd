import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitByPerson, splitByTime, stratifiedFolds } from '../../src/matrix/splits.ts'
import { random } from '../../src/util/random.ts'

const people = (n: number, rowsEach: number) =>
  Array.from({ length: n * rowsEach }, (_, i) => `p${Math.floor(i / rowsEach)}`)
const targets = (ids: string[], share: number) =>
  Uint8Array.from(ids, (id) => (Number(id.slice(1)) % Math.round(1 / share) === 0 ? 1 : 0))

/** Persons with rows in more than one fold. */
const torn = (ids: string[], folds: ArrayLike<number>): string[] => {
  const seen = new Map<string, number>()
  return ids.filter((id, i) => {
    const earlier = seen.get(id)
    seen.set(id, folds[i]!)
    return earlier !== undefined && earlier !== folds[i]
  })
}

describe('stratifiedFolds', () => {
  it('never tears a person apart and keeps the share of bads, for any shape', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 30, max: 120 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 2, max: 6 }),
        fc.nat(),
        (n, each, k, seed) => {
          const ids = people(n, each)
          const y = targets(ids, 0.2)
          const folds = stratifiedFolds(ids, y, k, random(seed))
          expect(torn(ids, folds)).toEqual([])
          const bads = Array.from(
            { length: k },
            (_, f) => ids.filter((_, i) => folds[i] === f && y[i] === 1).length / each,
          )
          expect(Math.max(...bads) - Math.min(...bads)).toBeLessThanOrEqual(1)
          const sizes = Array.from({ length: k }, (_, f) => folds.filter((v) => v === f).length / each)
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('its check catches folds over rows instead of persons', () => {
    const ids = people(20, 2)
    expect(
      torn(
        ids,
        Int32Array.from(ids, (_, i) => i % 2),
      ),
    ).not.toEqual([])
  })

  it('changes with the stream and not with anything else', () => {
    const ids = people(50, 1)
    const y = targets(ids, 0.2)
    expect(stratifiedFolds(ids, y, 5, random(1))).toEqual(stratifiedFolds(ids, y, 5, random(1)))
    expect(stratifiedFolds(ids, y, 5, random(1))).not.toEqual(stratifiedFolds(ids, y, 5, random(2)))
  })

  it('says when there are too few persons of an outcome', () => {
    const ids = people(10, 1)
    const y = Uint8Array.from(ids, (_, i) => (i < 3 ? 1 : 0))
    expect(() => stratifiedFolds(ids, y, 5, random(1))).toThrow(
      /option folds: too few persons for 5 folds; expected at least 5 persons with each outcome; got "3 bad"/,
    )
  })
})

describe('splitByPerson', () => {
  it('holds out the share of persons of each outcome', () => {
    const ids = people(200, 3)
    const y = targets(ids, 0.1)
    const { train, test } = splitByPerson(ids, y, 0.25, random(3))
    expect(test.length).toBe(150)
    expect(test.filter((i) => y[i] === 1).length).toBe(15)
    const held = new Set([...test].map((i) => ids[i]))
    expect([...train].some((i) => held.has(ids[i]!))).toBe(false)
    expect(train.length + test.length).toBe(600)
  })
})

describe('splitByTime', () => {
  const dates = ['2024-01-01', '2024-04-01', '2024-07-01', '2024-10-01', '2025-01-01']
  const ids = people(100, dates.length)
  const when = ids.map((_, i) => dates[i % dates.length]!)
  const y = targets(ids, 0.2)

  it('trains only on rows whose performance window had ended by the first test date', () => {
    const { train, test, left } = splitByTime(ids, when, y, { performanceWindowDays: 365, testShare: 0.3 }, random(1))
    // 2024 has 366 days: the window of 2024-01-01 ends on 2024-12-31.
    expect(new Set([...train].map((i) => when[i]))).toEqual(new Set(['2024-01-01']))
    expect(new Set([...test].map((i) => when[i]))).toEqual(new Set(['2025-01-01']))
    const held = new Set([...test].map((i) => ids[i]))
    expect([...train].some((i) => held.has(ids[i]!))).toBe(false)
    expect(train.length + test.length + left.reduce((s, l) => s + l.rows, 0)).toBe(ids.length)
  })

  it('refuses when no window has ended', () => {
    expect(() => splitByTime(ids, when, y, { performanceWindowDays: 400, testShare: 0.3 }, random(1))).toThrow(
      /no out-of-time split is possible; expected observation dates at least 400 days before the first test date 2025-01-01/,
    )
  })
})
