import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  CATEGORIES,
  PRODUCTS,
  PUBLIC_RECORD_KINDS,
  REGISTRATION_KINDS,
  SCENARIOS,
} from '../../src/schema/vocabulary.ts'
import { labelsByAccount, labelsBySql } from './labels.ts'
import { makePopulation, type Population } from './populationFixture.ts'

const DATE = '2025-01-01'
const PEOPLE = 8192
const CONSUMPTION = `direction = 'out' AND scenario NOT IN ('transfer', 'investment', 'repayment')`
const year = (column: string, days = 365) => `${column} >= DATE '${DATE}' - ${days} AND ${column} < DATE '${DATE}'`

/** Rough versions of catalogue factors: person_id, v; absent people count as 0. Not the catalogue's own queries. */
const FACTORS: Record<string, string> = {
  overdue_cases_12m: `SELECT person_id, count(*) AS v FROM settled WHERE ${year('due_on')} AND settled_on > due_on GROUP BY 1`,
  mean_liquid_assets_3m: `SELECT person_id, sum(value) AS v FROM balances WHERE asset_type IN ('cash', 'deposit', 'money_market_fund')
    AND ${year('valued_on', 92)} GROUP BY 1`,
  institutions_visited_6m: `SELECT person_id, count(DISTINCT institution_id) AS v FROM enquiries WHERE purpose <> 'account_review'
    AND ${year('enquired_at', 180)} GROUP BY 1`,
  payment_scenarios_1y: `SELECT person_id, count(DISTINCT scenario) AS v FROM transactions WHERE direction = 'out'
    AND ${year('occurred_at')} GROUP BY 1`,
  consumption_3m: `SELECT person_id, sum(amount) AS v FROM transactions WHERE ${CONSUMPTION} AND ${year('occurred_at', 90)} GROUP BY 1`,
  house_likelihood: `SELECT person_id, arg_max(value, known_at) AS v FROM inferred_attributes WHERE attribute = 'house_likelihood'
    AND known_at < DATE '${DATE}' GROUP BY 1`,
  phone_tenure_days: `SELECT person_id, DATE '${DATE}' - max(valid_from) AS v FROM registrations WHERE kind = 'phone'
    AND valid_from < DATE '${DATE}' GROUP BY 1`,
  account_age_days: `SELECT person_id, DATE '${DATE}' - account_opened_on AS v FROM people`,
  donations_1y: `SELECT person_id, count(*) AS v FROM transactions WHERE scenario = 'donation' AND ${year('occurred_at')} GROUP BY 1`,
  transactions_1y: `SELECT person_id, count(*) AS v FROM transactions WHERE ${year('occurred_at')} GROUP BY 1`,
  phone_topups_1y: `SELECT person_id, count(*) AS v FROM transactions WHERE scenario = 'phone_topup' AND ${year('occurred_at')} GROUP BY 1`,
}

/** AUC of v for bad against good, by midranks, in integers until the last division. */
const auc = async (p: Population, query: string, labels = 'labels'): Promise<number> => {
  const [row] = await p.engine.rows<{ a: number }>(`WITH x AS (
      SELECT coalesce(v, 0) AS v, (status = 'bad')::INTEGER AS bad FROM ${labels} LEFT JOIN (${query}) USING (person_id)
      WHERE status IN ('good', 'bad')),
    steps AS (SELECT v, sum(bad) AS b, sum(1 - bad) AS g FROM x GROUP BY v),
    running AS (SELECT b, g, sum(g) OVER (ORDER BY v) AS upto FROM steps)
    SELECT sum(b * (2 * upto - g)) / (2 * sum(b)::DOUBLE * sum(g)) AS a FROM running`)
  return row!.a
}

describe('the population is calibrated', () => {
  let p: Population
  const shares = new Map<string, number>()
  beforeAll(async () => {
    p = await makePopulation({ people: PEOPLE, seed: 20, threads: 2 })
    await labelsBySql(p, DATE)
    for (const { status, n } of await p.engine.rows<{ status: string; n: number }>(
      'SELECT status, count(*) AS n FROM labels GROUP BY 1',
    ))
      shares.set(status, n / PEOPLE)
  })
  afterAll(async () => p?.close())

  it('has labels that two ways of deriving them agree on', async () => {
    const expected = await labelsByAccount(p, DATE)
    const rows = await p.engine.rows<{ person_id: string; status: string }>('SELECT * FROM labels')
    expect(rows.length).toBe(PEOPLE)
    const wrong = rows.filter((r) => r.status !== (expected.get(r.person_id) ?? 'not_eligible'))
    expect(wrong).toEqual([])
    // the broken twin: labels of another date must not agree
    const other = await labelsByAccount(p, '2024-10-01')
    expect(rows.filter((r) => r.status !== (other.get(r.person_id) ?? 'not_eligible')).length).toBeGreaterThan(100)
  })

  // Ranges: the target, widened by about three standard errors of 8192 people.
  it('has eligible people, bads and excluded ones in the ranges meant', () => {
    const good = shares.get('good')!
    const bad = shares.get('bad')!
    expect(1 - shares.get('not_eligible')!).toBeGreaterThan(0.57)
    expect(1 - shares.get('not_eligible')!).toBeLessThan(0.64)
    expect(bad / (good + bad)).toBeGreaterThan(0.06)
    expect(bad / (good + bad)).toBeLessThan(0.088)
    expect(shares.get('excluded')!).toBeLessThan(0.04)
    expect(shares.get('indeterminate')!).toBeLessThan(0.06)
  })

  it('gives 34.6 % of people a bank record, and more of them thinner credit', async () => {
    const [row] = await p.engine.rows<{ bank: number; any: number }>(
      `SELECT count(DISTINCT person_id) FILTER (product IN ('loan', 'credit_card')) / ${PEOPLE} AS bank,
       count(DISTINCT person_id) / ${PEOPLE} AS "any" FROM credit_accounts WHERE opened_on < DATE '${DATE}'`,
    )
    expect(Math.abs(row!.bank - 0.346)).toBeLessThan(0.015)
    expect(row!.any).toBeGreaterThan(row!.bank + 0.2)
  })

  it('opens cards and first bank accounts in every month, and in none of them all at once', async () => {
    const firsts = `SELECT min(opened_on) AS d FROM credit_accounts WHERE product IN ('loan', 'credit_card') GROUP BY person_id`
    const cards = `SELECT opened_on AS d FROM credit_accounts WHERE product = 'credit_card'`
    // the month against the mean of the four around it, with six standard deviations of a Poisson count
    const spikes = async (query: string) =>
      await p.engine.rows<{ m: string }>(
        `WITH months AS (SELECT range AS m FROM range(DATE '2017-01-01', DATE '2026-01-01', INTERVAL 1 MONTH)),
         counts AS (SELECT m, count(d) AS n FROM months LEFT JOIN (${query}) ON date_trunc('month', d) = m GROUP BY m),
         around AS (SELECT m, n, (sum(n) OVER (ORDER BY m ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING) - n)
           / (count(*) OVER (ORDER BY m ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING) - 1) AS mean FROM counts)
         SELECT m::VARCHAR AS m FROM around WHERE n = 0 OR n > mean + 6 * sqrt(mean)`,
      )
    expect(await spikes(firsts)).toEqual([])
    expect(await spikes(cards)).toEqual([])
    // the broken twins: openings clamped at a month, and none after it
    const clamped = (query: string) => `SELECT least(d, DATE '2023-12-15') AS d FROM (${query})`
    expect((await spikes(clamped(firsts))).length).toBeGreaterThan(1)
    expect((await spikes(clamped(cards))).length).toBeGreaterThan(1)
  })

  // Ranges from runs of 30,000 people (docs/population.md), widened for about 320 bads: a standard error of 0.016.
  it.each<[string, number, number]>([
    ['overdue_cases_12m', 0.65, 0.8],
    ['mean_liquid_assets_3m', 0.28, 0.42],
    ['institutions_visited_6m', 0.53, 0.66],
    ['payment_scenarios_1y', 0.38, 0.49],
    ['consumption_3m', 0.37, 0.49],
    ['house_likelihood', 0.36, 0.49],
    ['phone_tenure_days', 0.35, 0.48],
    ['account_age_days', 0.36, 0.49],
    ['donations_1y', 0.45, 0.55],
    ['transactions_1y', 0.44, 0.55],
    ['phone_topups_1y', 0.45, 0.55],
  ])('relates %s to default as strongly as meant', async (name, from, to) => {
    const value = await auc(p, FACTORS[name]!)
    expect(value).toBeGreaterThan(from)
    expect(value).toBeLessThan(to)
  })

  it('loses the relation when the labels are permuted', async () => {
    await p.engine.run(`CREATE OR REPLACE TABLE permuted AS SELECT a.person_id, b.status FROM
      (SELECT person_id, row_number() OVER (ORDER BY person_id) AS k FROM labels) a JOIN
      (SELECT status, row_number() OVER (ORDER BY hash(person_id), person_id) AS k FROM labels) b USING (k)`)
    expect(Math.abs((await auc(p, FACTORS['overdue_cases_12m']!, 'permuted')) - 0.5)).toBeLessThan(0.06)
  })

  it('makes friends alike: contacts of the overdue are overdue more often', async () => {
    const [row] = await p.engine.rows<{ bad: number; good: number }>(
      `WITH late AS (SELECT DISTINCT person_id FROM settled WHERE settled_on > due_on AND ${year('due_on')}),
       x AS (SELECT l.status, (late.person_id IS NOT NULL)::INTEGER AS late FROM contacts c JOIN labels l USING (person_id)
         LEFT JOIN late ON late.person_id = c.other_person_id)
       SELECT avg(late) FILTER (status = 'bad') AS bad, avg(late) FILTER (status = 'good') AS good FROM x`,
    )
    expect(row!.bad).toBeGreaterThan(row!.good + 0.04)
  })

  it('uses the closed lists', async () => {
    const used = async (table: string, column: string) =>
      (await p.engine.rows<{ v: string }>(`SELECT DISTINCT ${column} AS v FROM ${table} WHERE ${column} IS NOT NULL`))
        .map((r) => r.v)
        .sort()
    expect(await used('transactions', 'scenario')).toEqual(
      // people of the population pay by phone and draw no cash by card
      SCENARIOS.filter((s) => s !== 'card_withdrawal').sort(),
    )
    expect(await used('transactions', 'category')).toEqual([...CATEGORIES].sort())
    expect(await used('credit_accounts', 'product')).toEqual([...PRODUCTS].sort())
    expect(await used('registrations', 'kind')).toEqual([...REGISTRATION_KINDS].sort())
    expect(await used('public_records', 'kind')).toEqual([...PUBLIC_RECORD_KINDS].sort())
  })
})
