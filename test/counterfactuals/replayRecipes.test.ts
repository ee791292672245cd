import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyHistory, DAY, type History } from '../../src/counterfactuals/replay/history.ts'
import { NO_RECIPE, RECIPES } from '../../src/counterfactuals/replay/recipes.ts'
import { historyFor } from '../../src/counterfactuals/replay/replayCounterfactuals.ts'
import { type ReplayedValues, runHistories } from '../../src/counterfactuals/replay/runHistories.ts'
import { settlements } from '../../src/counterfactuals/replay/settlements.ts'
import { sameValue } from '../../src/counterfactuals/replay/tolerance.ts'
import { FACTOR_CATALOGUE } from '../../src/schema/factorCatalogue.ts'
import { random } from '../../src/util/random.ts'
import { openSample, otherValue, type Sample, SPECS } from './replaySample.ts'

let sample: Sample
beforeAll(async () => {
  sample = await openSample()
})
afterAll(() => sample.close())

interface Case {
  spec: (typeof SPECS)[number]
  person: number
  to: number | string
  history: History
}

/** Factors whose value may be out of reach however the others give way: sums of which the person has nothing to take from, and room in time. */
const MAY_MISS = [
  'transaction_amount_1y',
  'repaid_amount_',
  'repayment_months_',
  'payment_scenarios_1y',
  'consumption_variability_1y',
  'overdue_',
]

/** One moved factor a case, `each` people a factor; people and values drawn. */
const cases = (seed: number, each: number): Case[] => {
  const draw = random(seed)
  const found: Case[] = []
  for (const spec of SPECS)
    for (let n = 0, tries = 0; n < each && tries < 300; tries++) {
      const person = draw.integer(sample.histories.length)
      const own = sample.values[person]!
      const to = otherValue(spec, own[spec.name]!, draw)
      if (to === undefined || to === own[spec.name]) continue
      n++
      // More months with a repayment need months that have passed.
      const more =
        spec.name === 'repayment_months_total' ? { credit_history_days: Number(own['credit_history_days']) + 182 } : {}
      const history = historyFor(sample.histories[person]!, own, { [spec.name]: to, ...more })
      found.push({ spec, person, to, history })
    }
  return found
}

const misses = async (all: readonly Case[], histories: readonly History[]): Promise<Case[]> => {
  const values = await runHistories(sample.source, histories)
  return all.filter(({ spec, to }, k) => !sameValue(spec, to, values[k]![spec.name]!))
}

const mayMiss = ({ spec }: Case): boolean => MAY_MISS.some((name) => spec.name.startsWith(name))

describe('recipes of replay', () => {
  it('are there for every factor of the catalogue, or a reason is', () => {
    const made = RECIPES.flatMap(({ factors }) => factors)
    expect([...made, ...Object.keys(NO_RECIPE)].sort()).toEqual(FACTOR_CATALOGUE.map(({ name }) => name).sort())
    expect(new Set(made).size).toBe(made.length)
    const tables = RECIPES.flatMap(({ tables: written }) => written)
    expect(new Set(tables).size).toBe(tables.length)
  })

  it('stand in the documentation as they are, with all their factors', () => {
    const text = readFileSync(fileURLToPath(new URL('../../docs/counterfactuals.md', import.meta.url)), 'utf8')
    for (const { about, tables, factors } of RECIPES) {
      const row = `| ${about} | ${tables.join(', ')} | ${factors.map((f) => `\`${f}\``).join(', ')} |`
      expect(text).toContain(row)
    }
    for (const factor of Object.keys(NO_RECIPE)) expect(text).toContain(`\`${factor}\``)
  })

  it('leave the history of a person alone where no factor moves, to the row', () => {
    sample.histories.forEach((history, k) => {
      expect(historyFor(history, sample.values[k]!, {})).toEqual(history)
    })
  })

  it.each([1, 2])(
    'make their factor what is wanted, through the feature engine (seed %i)',
    async (seed) => {
      const all = cases(seed, 2)
      expect(new Set(all.map(({ spec }) => spec.name)).size).toBe(SPECS.length - Object.keys(NO_RECIPE).length)
      const missed = await misses(
        all,
        all.map(({ history }) => history),
      )
      expect(
        missed.filter((c) => !mayMiss(c)).map(({ spec, person, to }) => ({ factor: spec.name, person, to })),
      ).toEqual([])
      expect(missed.length).toBeLessThan(0.03 * all.length)
    },
    60_000,
  )

  it('are caught when what they write lies a day outside of its window', async () => {
    const all = cases(3, 2)
    // What was written or changed is a year and a day older than the recipe says.
    const off = (row: { own: number }, before: unknown): boolean => row.own < 0 || JSON.stringify(row) !== before
    const twins = all.map(({ history, person }) => {
      const twin = copyHistory(history)
      const own = sample.histories[person]!
      const texts = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(row))
      const [payments, flights] = [texts(own.transactions), texts(own.bookings)]
      for (const row of twin.transactions) if (off(row, payments[row.own])) row.occurred_at -= 366 * DAY
      for (const row of twin.bookings) if (off(row, flights[row.own])) row.booked_at -= 366 * DAY
      for (const row of twin.enquiries) if (row.own < 0) row.enquired_at -= 181 * DAY
      for (const row of twin.balances) if (off(row, undefined)) row.value += 1_000_00
      return twin
    })
    const caught = new Set((await misses(all, twins)).map(({ spec }) => spec.name))
    for (const factor of [
      'institutions_visited_1m',
      'transactions_1y',
      'consumption_3m',
      'payments_total_6m',
      'flights_1y',
      'phone_topups_1y',
      'mean_liquid_assets_3m',
    ])
      expect([...caught], factor).toContain(factor)
  }, 60_000)

  it('keep what the option leaves alone, but for factors of the same events', async () => {
    const all = cases(4, 1)
    const values = await runHistories(
      sample.source,
      all.map(({ history }) => history),
    )
    const recipeOf = new Map(RECIPES.flatMap(({ factors, name }) => factors.map((f) => [f, name])))
    // Income from transfers keeps its proportion to a cent, no better.
    const close = (spec: (typeof SPECS)[number], a: ReplayedValues[string], b: ReplayedValues[string]): boolean =>
      spec.name === 'social_influence_index' || sameValue(spec, a, b)
    all.forEach(({ spec, person }, k) => {
      const own = sample.values[person]!
      const along = SPECS.filter((s) => !close(s, own[s.name]!, values[k]![s.name]!)).map(({ name }) => name)
      for (const name of along) expect(recipeOf.get(name), `${spec.name} moves ${name}`).toBe(recipeOf.get(spec.name))
    })
  }, 60_000)

  it('give the same factors when the whole history, and the day, lie later by any number of days', async () => {
    const later = 273
    const moved = sample.histories.slice(0, 20).map((history) => {
      const copy = copyHistory(history)
      copy.day += later
      for (const row of copy.people) row.account_opened_on += later
      for (const row of copy.registrations) {
        row.valid_from += later
        if (row.valid_to !== null) row.valid_to += later
      }
      for (const row of copy.transactions) row.occurred_at += later * DAY
      for (const row of copy.bookings) row.booked_at += later * DAY
      for (const row of copy.enquiries) row.enquired_at += later * DAY
      for (const row of copy.credit_accounts) row.opened_on += later
      for (const row of copy.instalments) row.due_on += later
      for (const row of copy.repayments) row.paid_on += later
      for (const row of copy.balances) row.valued_on += later
      return copy
    })
    const whole = {
      ...sample.source,
      dataset: {
        ...sample.source.dataset,
        tables: Object.fromEntries(
          Object.entries(sample.source.dataset.tables).map(([name, table]) => [
            name,
            { ...table, coveredFrom: '2000-01-01', coveredTo: '2040-01-01' },
          ]),
        ),
      },
    }
    // Contacts and claims of other models stay where they are: they are of other people.
    const ours = new Set(RECIPES.flatMap(({ factors }) => factors))
    const pick = (values: ReplayedValues): object =>
      Object.fromEntries(Object.entries(values).filter(([f]) => ours.has(f)))
    const values = await runHistories(whole, moved)
    expect(values.map(pick)).toEqual((await runHistories(whole, sample.histories.slice(0, 20))).map(pick))
  })
})

describe('settlements', () => {
  it('say of every account what the feature engine says of arrears', () => {
    sample.histories.forEach((history, k) => {
      const items = settlements(history)
      const late = items.filter(({ overdue }) => overdue)
      const within = (days: number) => late.filter(({ instalment }) => instalment.due_on + 1 >= history.day - days)
      const own = sample.values[k]!
      if (own['overdue_cases_12m'] === null) return
      for (const [name, days] of [
        ['1m', 30],
        ['3m', 90],
        ['6m', 180],
        ['12m', 365],
      ] as const) {
        expect(within(days).length).toBe(own[`overdue_cases_${name}`])
        expect(within(days).reduce((sum, { unpaid }) => sum + unpaid, 0) / 100).toBeCloseTo(
          own[`overdue_amount_${name}`] as number,
          6,
        )
      }
    })
  })
})
