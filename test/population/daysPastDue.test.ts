import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Amount, daysPastDue, settlementDays, worstDaysPastDue } from './daysPastDue.ts'

const amounts = (...pairs: [number, number][]): Amount[] => pairs.map(([day, amount]) => ({ day, amount }))
/** Three instalments of 100, due on days 30, 60 and 90. */
const DUES = amounts([30, 100], [60, 100], [90, 100])

describe('daysPastDue', () => {
  it('settles the oldest first', () => {
    expect(settlementDays(DUES, amounts([30, 100], [75, 150], [200, 50]))).toEqual([30, 75, 200])
    expect(settlementDays(DUES, amounts([10, 300]))).toEqual([10, 10, 10])
    expect(settlementDays(DUES, [])).toEqual([
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ])
  })

  it('counts from the oldest unpaid due; a payment counts from the day after', () => {
    const paid = amounts([75, 100])
    expect(daysPastDue(DUES, paid, 30)).toBe(0)
    expect(daysPastDue(DUES, paid, 31)).toBe(1)
    expect(daysPastDue(DUES, paid, 75)).toBe(45)
    expect(daysPastDue(DUES, paid, 76)).toBe(16)
    expect(daysPastDue(DUES, paid, 150)).toBe(90)
  })

  it('finds the worst day of a span, also one that began before it', () => {
    expect(worstDaysPastDue(DUES, amounts([119, 300]), 0, 400)).toBe(89)
    expect(worstDaysPastDue(DUES, amounts([120, 300]), 0, 400)).toBe(90)
    expect(worstDaysPastDue(DUES, amounts([120, 300]), 121, 400)).toBe(0)
    expect(worstDaysPastDue(DUES, [], 100, 110)).toBe(80)
  })

  const sequence = (max: number) =>
    fc
      .array(fc.record({ day: fc.integer({ min: 0, max: 120 }), amount: fc.integer({ min: 1, max: 9 }) }), {
        maxLength: max,
      })
      .map((list) => list.sort((a, b) => a.day - b.day))

  /** Day by day and coin by coin, without sums. */
  const simulated = (dues: readonly Amount[], payments: readonly Amount[], at: number, newestFirst = false): number => {
    const left = dues.map((d) => d.amount)
    for (const p of payments)
      for (let coin = 0; coin < p.amount && p.day < at; coin++) {
        const k = newestFirst ? left.findLastIndex((x) => x > 0) : left.findIndex((x) => x > 0)
        if (k >= 0) left[k]!--
      }
    return dues.reduce((worst, d, k) => (left[k]! > 0 && d.day < at ? Math.max(worst, at - d.day) : worst), 0)
  }

  it('agrees with paying coin by coin', () => {
    fc.assert(
      fc.property(sequence(6), sequence(6), fc.integer({ min: 0, max: 130 }), (dues, payments, at) => {
        expect(daysPastDue(dues, payments, at)).toBe(simulated(dues, payments, at))
      }),
    )
  })

  it('is told apart from the broken twin that settles the newest first', () => {
    const property = fc.property(
      sequence(6),
      sequence(6),
      fc.integer({ min: 0, max: 130 }),
      (dues, payments, at) => daysPastDue(dues, payments, at) === simulated(dues, payments, at, true),
    )
    expect(fc.check(property, { seed: 1, numRuns: 500 }).failed).toBe(true)
  })

  it('has as its worst the maximum over the days', () => {
    fc.assert(
      fc.property(
        sequence(5),
        sequence(5),
        fc.integer({ min: 0, max: 90 }),
        fc.integer({ min: 0, max: 40 }),
        (dues, payments, from, span) => {
          let worst = 0
          for (let d = from; d <= from + span; d++) worst = Math.max(worst, daysPastDue(dues, payments, d))
          expect(worstDaysPastDue(dues, payments, from, from + span)).toBe(worst)
        },
      ),
    )
  })
})
