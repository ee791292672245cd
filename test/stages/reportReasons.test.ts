import { describe, expect, it } from 'vitest'
import type { PersonFactor } from '../../src/reports/runReport.ts'
import { FACTOR_CATALOGUE } from '../../src/schema/factorCatalogue.ts'
import { largestReasons, MOST_REASONS } from '../../src/stages/reportReasons.ts'
import { random } from '../../src/util/random.ts'

const factor = (name: string, points: number): PersonFactor => {
  const { dimension, unit, definition } = FACTOR_CATALOGUE.find((f) => f.name === name)!
  return { factor: name, dimension, points, value: 1, unit, missing: null, definition }
}
const own = (name: string, points: number): PersonFactor => ({
  factor: name,
  dimension: 'mine',
  points,
  value: 'x',
  unit: '',
  missing: null,
  definition: `about ${name}`,
})

describe('largestReasons', () => {
  it('adds up factors that give the same reason, and names the one that took most', () => {
    const reasons = largestReasons([
      factor('overdue_cases_1m', -3),
      factor('overdue_amount_12m', -20),
      factor('overdue_cases_6m', 4),
      factor('flights_1y', -5),
    ])
    expect(reasons.map((r) => [r.group, r.points, r.factor])).toEqual([
      ['overdue', -19, 'overdue_amount_12m'],
      ['travel_bookings', -5, 'flights_1y'],
    ])
  })

  it('names no reason that gave points in sum, however much one factor of it took', () => {
    expect(largestReasons([factor('overdue_cases_1m', -30), factor('overdue_cases_6m', 30)])).toEqual([])
    expect(largestReasons([factor('flights_1y', 0)])).toEqual([])
  })

  it('does not tell somebody without a value what their value did', () => {
    const absent = (f: PersonFactor): PersonFactor => ({ ...f, value: null, missing: 'no_exposure' })
    const [none] = largestReasons([absent(factor('overdue_cases_1m', -9)), factor('overdue_cases_6m', 1)])
    expect(none).toMatchObject({
      text: expect.stringMatching(/^No value: Payments that were overdue/),
      missing: 'no_exposure',
    })
    const [some] = largestReasons([absent(factor('overdue_cases_1m', -9)), factor('overdue_cases_6m', -1)])
    expect(some!.text).toMatch(/^Payments that were overdue/)
  })

  it('takes each factor of another table as its own reason, also under a name of the catalogue', () => {
    const reasons = largestReasons([own('a', -1), own('b', -2), own('flights_1y', -3)])
    expect(reasons.map((r) => [r.group, r.text])).toEqual([
      ['flights_1y', 'about flights_1y'],
      ['b', 'about b'],
      ['a', 'about a'],
    ])
  })

  it('agrees with a slow count on random receipts', () => {
    const stream = random('reasons')
    let caught = 0
    for (let n = 0; n < 200; n++) {
      const factors = FACTOR_CATALOGUE.map((f) => factor(f.name, stream.integer(21) - 10))
      const sums = new Map<string, number>()
      for (const f of factors) {
        const { reasonGroup } = FACTOR_CATALOGUE.find((c) => c.name === f.factor)!
        sums.set(reasonGroup, (sums.get(reasonGroup) ?? 0) + f.points)
      }
      const expected = [...sums.values()].filter((p) => p < 0).sort((a, b) => a - b)
      const found = largestReasons(factors)
      expect(found.map((r) => r.points)).toEqual(expected.slice(0, MOST_REASONS))
      for (const r of found) expect(r.points).toBe(sums.get(r.group))
      // The twin that must be caught: factors without their groups.
      const alone = factors.map((f) => f.points).sort((a, b) => a - b)
      if (found.some((r, i) => r.points !== alone[i])) caught++
    }
    // Groups of one factor may happen to be the largest.
    expect(caught).toBeGreaterThan(150)
  })
})
