import { beforeAll, describe, expect, it } from 'vitest'
import { clock, dayNumber } from '../../src/population/clock.ts'
import { COMMUNITY } from '../../src/population/community.ts'
import { borrows } from '../../src/population/credit.ts'
import { defaultProbability } from '../../src/population/defaultProbability.ts'
import {
  BASE_RATE,
  type Cells,
  DONOR_SHARE,
  interactionCells,
  RESPONSIBLE_SHARE,
} from '../../src/population/interaction.ts'
import { live, makeLife } from '../../src/population/life.ts'
import { CITY_COUNT, drawPerson } from '../../src/population/person.ts'
import { defaultSwitches, INTERACTION_FORMS, type Switches } from '../../src/population/switches.ts'
import { random } from '../../src/util/random.ts'
import { makePopulation, type Population } from './populationFixture.ts'

const odds = (p: number) => p / (1 - p)
const shares = [
  [(1 - RESPONSIBLE_SHARE) * (1 - DONOR_SHARE), (1 - RESPONSIBLE_SHARE) * DONOR_SHARE],
  [RESPONSIBLE_SHARE * (1 - DONOR_SHARE), RESPONSIBLE_SHARE * DONOR_SHARE],
] as const
const meanOf = (cells: Cells, of: readonly (readonly [number, number])[]): number =>
  of.reduce((s, [r, d]) => s + shares[r]![d]! * cells[r]![d]!, 0) / of.reduce((s, [r, d]) => s + shares[r]![d]!, 0)

describe('the cells of the interaction claim', () => {
  it.each(INTERACTION_FORMS)(
    '%s: both together have half the odds of all others, and the overall share stays',
    (form) => {
      for (const strength of [0, 0.5, 1, 3]) {
        const cells = interactionCells(form, strength)
        const others = meanOf(cells, [
          [0, 0],
          [0, 1],
          [1, 0],
        ])
        expect(odds(cells[1][1]) / odds(others)).toBeCloseTo(0.5 ** strength, 8)
        const all = meanOf(cells, [
          [0, 0],
          [0, 1],
          [1, 0],
          [1, 1],
        ])
        expect(all).toBeCloseTo(BASE_RATE, 10)
      }
    },
  )

  it('marginal: each of the two alone says nothing on average; conditional: nothing where the other is absent', () => {
    const marginal = interactionCells('marginal', 1)
    for (const [r, d] of [
      [0, 1],
      [1, 0],
    ] as const) {
      expect(
        meanOf(marginal, [
          [1, r],
          [1, d],
        ]),
      ).toBeCloseTo(BASE_RATE, 10)
      expect(
        meanOf(marginal, [
          [r, 1],
          [d, 1],
        ]),
      ).toBeCloseTo(BASE_RATE, 10)
    }
    const conditional = interactionCells('conditional', 1)
    expect(conditional[0][1]).toBe(conditional[0][0])
    expect(conditional[1][0]).toBe(conditional[0][0])
    // the forms differ where only one of the two is there
    expect(marginal[1][0]).toBeGreaterThan(conditional[1][0] * 1.1)
  })
})

const SEEDS = 20
const PEOPLE = 5000
const time = clock(dayNumber('2025-01-01', 'date'), 24)

interface Cell {
  bad: number
  labeled: number
  squares: number
  products: number
  labeledSquares: number
}

/**
 * Shares of bads by cell from the probabilities of default, and log odds ratios with their errors between people. 20 seeds of 5,000 people
 * make 100,000; on 100,000 realized outcomes a seed the same is measured by bench/interaction.
 */
const measure = (seed: number, switches: Switches) => {
  const life = makeLife(time)
  const root = random(seed).fork('population')
  const cells = [0, 1, 2, 3].map((): Cell => ({ bad: 0, labeled: 0, squares: 0, products: 0, labeledSquares: 0 }))
  let city = 0
  for (let k = 0; k < PEOPLE; k++) {
    if (k % COMMUNITY === 0) city = root.fork('community', k / COMMUNITY).integer(CITY_COUNT)
    const r = root.fork('person', k)
    const person = drawPerson(r, k, city, time, switches)
    if (!borrows(person)) continue
    live(r, person, time, life, undefined, time.last)
    const p = defaultProbability(r.fork('truth'), person, time, life, 2)
    if (p.excluded) continue
    const cell = cells[(person.responsible ? 2 : 0) + (person.donor ? 1 : 0)]!
    const labeled = p.eligible - p.indeterminate
    cell.bad += p.bad
    cell.labeled += labeled
    cell.squares += p.bad * p.bad
    cell.products += p.bad * labeled
    cell.labeledSquares += labeled * labeled
  }
  const logit = (places: readonly number[]) => {
    const sum = (of: (c: Cell) => number) => places.reduce((s, j) => s + of(cells[j]!), 0)
    const n = sum((c) => c.labeled)
    const p = sum((c) => c.bad) / n
    const variance =
      (sum((c) => c.squares) - 2 * p * sum((c) => c.products) + p * p * sum((c) => c.labeledSquares)) / n ** 2
    return { log: Math.log(odds(p)), variance: variance / (p * (1 - p)) ** 2 }
  }
  const ratio = (a: readonly number[], b: readonly number[]) => {
    const [x, y] = [logit(a), logit(b)]
    return { log: x.log - y.log, variance: x.variance + y.variance }
  }
  const inner = ratio([3], [2])
  const outer = ratio([1], [0])
  return {
    interaction: { log: inner.log - outer.log, variance: inner.variance + outer.variance },
    both: ratio([3], [0, 1, 2]),
    responsibility: ratio([2, 3], [0, 1]),
    donation: ratio([1, 3], [0, 2]),
    responsibilityAlone: ratio([2], [0]),
    donationAlone: outer,
  }
}
type Measured = ReturnType<typeof measure>

describe('the interaction claim in the population, over 20 seeds', () => {
  const found = {} as Record<'marginal' | 'conditional' | 'off', Measured[]>
  beforeAll(() => {
    const seeds = Array.from({ length: SEEDS }, (_, k) => k + 1)
    const on = defaultSwitches()
    found.marginal = seeds.map((s) => measure(s, on))
    found.conditional = seeds.map((s) => measure(s, { ...on, interactionForm: 'conditional' }))
    found.off = seeds.map((s) => measure(s, { ...on, interaction: 0 }))
  }, 600_000)

  const mean = (rows: Measured[], q: keyof Measured) => ({
    log: rows.reduce((s, r) => s + r[q].log, 0) / rows.length,
    error: Math.sqrt(rows.reduce((s, r) => s + r[q].variance, 0)) / rows.length,
  })
  const near = (rows: Measured[], q: keyof Measured, expected: number) => {
    const { log, error } = mean(rows, q)
    expect(Math.abs(log - expected), `${q} ${log} ± ${error}`).toBeLessThan(3 * error + 0.05)
  }
  const alarms = (rows: Measured[], q: keyof Measured) =>
    rows.filter((r) => Math.abs(r[q].log) > 1.96 * Math.sqrt(r[q].variance)).length

  it.each(['marginal', 'conditional'] as const)(
    '%s: both together have half the odds, and an audit finds it',
    (form) => {
      near(found[form], 'both', Math.log(0.5))
      expect(alarms(found[form], 'interaction')).toBeGreaterThanOrEqual(form === 'marginal' ? 18 : 9)
    },
  )

  it('marginal: responsibility and donation are each flat', () => {
    near(found.marginal, 'responsibility', 0)
    near(found.marginal, 'donation', 0)
  })

  it('conditional: each is flat where the other is absent, and not on average', () => {
    near(found.conditional, 'responsibilityAlone', 0)
    near(found.conditional, 'donationAlone', 0)
    expect(mean(found.conditional, 'responsibility').log).toBeLessThan(-0.1)
  })

  it('off: nothing is found, and false alarms are as rare as they should be', () => {
    for (const q of ['interaction', 'both', 'responsibility', 'donation'] as const) {
      near(found.off, q, 0)
      expect(alarms(found.off, q)).toBeLessThanOrEqual(4)
    }
  })
})

describe('the interaction claim leaves traces', () => {
  let p: Population
  beforeAll(async () => {
    p = await makePopulation({ people: 1500, seed: 9, months: 13 })
  }, 120_000)

  it('the responsible buy baby products and frequent donors donate, others hardly', async () => {
    const root = random(9).fork('population')
    const rows = await p.engine.rows<{ id: string; baby: number; gifts: number }>(
      `SELECT person_id AS id, count(t.category) FILTER (t.category = 'baby_products') AS baby,
         count(t.category) FILTER (t.scenario = 'donation') AS gifts
       FROM people LEFT JOIN transactions t USING (person_id)
       WHERE account_opened_on < DATE '2024-01-01' AND (occurred_at IS NULL OR occurred_at >= DATE '2024-01-01') GROUP BY 1`,
    )
    await p.close()
    const time13 = clock(dayNumber('2025-01-01', 'date'), 13)
    const right = { baby: [0, 0], gifts: [0, 0] }
    const all = { baby: [0, 0], gifts: [0, 0] }
    for (const { id, baby, gifts } of rows) {
      const index = Number(id.slice(1)) - 10_000_000
      const city = root.fork('community', Math.floor(index / COMMUNITY)).integer(CITY_COUNT)
      const person = drawPerson(root.fork('person', index), index, city, time13)
      all.baby[person.responsible ? 1 : 0]!++
      all.gifts[person.donor ? 1 : 0]!++
      if (baby >= 2) right.baby[person.responsible ? 1 : 0]!++
      if (gifts >= 2) right.gifts[person.donor ? 1 : 0]!++
    }
    for (const trace of ['baby', 'gifts'] as const) {
      expect(right[trace][1]! / all[trace][1]!, trace).toBeGreaterThan(0.75)
      expect(right[trace][0]! / all[trace][0]!, trace).toBeLessThan(0.1)
    }
  })
})
