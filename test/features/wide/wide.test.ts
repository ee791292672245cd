import { describe, expect, it } from 'vitest'
import { openDuckDB } from '../../../src/engines/duckdb.ts'
import { literal } from '../../../src/engines/sql.ts'
import { renderStep } from '../../../src/features/renderPlan.ts'
import { CELL_STEPS } from '../../../src/features/wide/makeCells.ts'
import { TEMPLATES } from '../../../src/features/wide/templates.ts'
import { WIDE_SERIES, type WideVariable, wideCatalogue } from '../../../src/features/wide/wideCatalogue.ts'
import { coveredMonths } from '../../../src/features/wide/wideCover.ts'
import type { Aggregate } from '../../../src/features/wide/wideSeries.ts'
import { DIMENSIONS } from '../../../src/schema/dimensions.ts'
import { FACTOR_CATALOGUE } from '../../../src/schema/factorCatalogue.ts'
import { TABLES } from '../../../src/schema/tables.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { random } from '../../../src/util/random.ts'
import { randomWorld } from '../randomWorld.ts'
import { poisonWorld, truncateWorld } from '../truncate.ts'
import type { World } from '../world.ts'
import { bruteWide, eventsOf } from './bruteWide.ts'
import { type WideRows, wideOf } from './wideWorld.ts'

const catalogue = wideCatalogue()

/** A random world with codes and tables that the one of the factors leaves out. */
const worldOf = (seed: number, t: string, people: number): World => {
  const world = randomWorld(random(seed), t, people)
  const r = random(seed).fork('more')
  const pick = <T>(items: readonly T[]): T => items[r.integer(items.length)]!
  for (const row of world.transactions!) {
    if (r.next() < 0.25) row['scenario'] = pick(['online_shopping', 'offline_retail', 'salary', 'refund', 'transfer'])
    if (r.next() < 0.3) row['category'] = pick(['games', 'groceries', 'utilities', 'other'])
  }
  for (const row of world.registrations!) if (r.next() < 0.2) row['kind'] = pick(['district', 'device'])
  for (const row of world.bookings!) if (r.next() < 0.15) row['kind'] = 'hotel'
  for (const row of world.balances!)
    if (r.next() < 0.2) row['asset_type'] = pick(['car', 'wealth_product', 'insurance_investment'])
  const once = new Map(
    world.balances!.map((row) => [`${row['person_id']}|${row['asset_type']}|${row['valued_on']}`, row]),
  )
  return { ...world, balances: [...once.values()] }
}

/** Variables that differ from the second path, by name, where sources cover everything. */
const wrongOf = ({ variables, rows }: WideRows, world: World, t: string): string[] => {
  const known = (world.people ?? [])
    .filter((p) => String(p['account_opened_on']) < t)
    .map((p) => String(p['person_id']))
    .sort()
  expect(rows.length).toBe(known.length)
  const wrong: string[] = []
  known.forEach((person, i) => {
    const events = eventsOf(world, person, t)
    variables.forEach((v, j) => {
      const expected = bruteWide(v, events)
      const got = rows[i]![j]!
      // Sums are exact on both sides; quotients differ by their rounding.
      const same = Object.is(expected + 0, got + 0) || Math.abs(expected - got) <= 1e-12 * Math.abs(expected)
      if (!same) wrong.push(`${person} ${v.name}: expected ${expected}, got ${got}`)
    })
  })
  return wrong
}

describe('the catalogue of the wide mode', () => {
  it('has about 10,000 variables with readable names, each of one of the 70 factors', () => {
    expect(catalogue.length).toBeGreaterThan(9_500)
    expect(catalogue.length).toBeLessThan(11_500)
    expect(new Set(catalogue.map((v) => v.name)).size).toBe(catalogue.length)
    for (const v of catalogue) {
      expect(v.name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)+$/)
      expect(v.definition).not.toMatch(/[{}]|undefined/)
      expect(FACTOR_CATALOGUE.find((f) => f.name === v.factor)?.dimension, v.name).toBe(v.dimension)
    }
  })

  it('has variables of every factor, dimension and template', () => {
    const of = <K extends keyof WideVariable>(key: K) => new Set(catalogue.map((v) => v[key]))
    expect(FACTOR_CATALOGUE.filter((f) => !of('factor').has(f.name)).map((f) => f.name)).toEqual([])
    expect([...of('dimension')].sort()).toEqual(DIMENSIONS.map((d) => d.name).sort())
    expect([...of('aggregate')].sort()).toEqual(Object.keys(TEMPLATES).sort())
  })

  it('counts and adds up every product category', () => {
    for (const name of ['bought_baby_products_count_3m', 'bought_jewelry_sum_12m', 'bought_games_online_mean_6m'])
      expect(catalogue.map((v) => v.name)).toContain(name)
  })

  it('names series and sources that there are, before what is made of them', () => {
    const seen = new Set<string>()
    for (const s of WIDE_SERIES) {
      for (const name of s.members ?? []) expect([...seen]).toContain(name)
      for (const name of [s.of, s.less, s.exposure])
        if (name) expect(WIDE_SERIES.map((other) => other.name)).toContain(name)
      for (const f of s.fills ?? []) expect(TABLES[f.table].columns[f.column]!.nullable).toBe(true)
      seen.add(s.name)
    }
  })
})

describe('every variable by a second path', () => {
  it.each([
    [1, '2024-03-01', 7],
    [2, '2023-12-31', 20],
  ])('on random world %i at %s', async (seed, t, people) => {
    const world = worldOf(seed, t, people)
    const rows = await wideOf(world, [t])
    expect(wrongOf(rows, world, t).slice(0, 20)).toEqual([])
    // The worlds are dense enough to say something of every template.
    const said = new Set<Aggregate>()
    rows.variables.forEach((v, j) => {
      if (rows.rows.some((row) => row[j] !== 0 && !Number.isNaN(row[j]!))) said.add(v.aggregate)
    })
    expect([...said].sort()).toEqual(Object.keys(TEMPLATES).sort())
  })

  it('on a world worked out by hand', async () => {
    const pay = (transaction_id: string, occurred_at: string, amount: number, category: string) => ({
      transaction_id,
      person_id: 'P1',
      occurred_at,
      amount,
      direction: 'out',
      category,
      scenario: 'online_shopping',
    })
    const world: World = {
      people: [{ person_id: 'P1', account_opened_on: '2020-01-01' }],
      transactions: [
        pay('a', '2024-02-29 10:00:00', 10, 'games'),
        pay('b', '2024-02-01 10:00:00', 30.5, 'games'),
        pay('c', '2024-01-10 10:00:00', 20, 'books'),
        pay('d', '2024-03-01 00:00:00', 999, 'games'),
      ],
    }
    const { variables, rows } = await wideOf(world, ['2024-03-01'])
    const value = (name: string): number => rows[0]![variables.findIndex((v) => v.name === name)]!
    // months of 30.4 days: February 1st is in the first of them, January 10th in the second
    expect(value('bought_games_count_1m')).toBe(2)
    expect(value('bought_games_sum_1m')).toBe(40.5)
    expect(value('bought_games_mean_1m')).toBe(20.25)
    expect(value('bought_games_largest_1m')).toBe(30.5)
    expect(value('bought_games_share_of_sum_2m')).toBe(40.5 / 60.5)
    expect(value('bought_games_share_of_count_2m')).toBe(2 / 3)
    expect(value('bought_games_days_since_last')).toBe(1)
    expect(value('bought_games_days_since_first')).toBe(29)
    expect(value('consumption_active_months_6m')).toBe(2)
    expect(value('consumption_peak_month_6m')).toBe(40.5)
    expect(value('consumption_sum_trend_1m_3m')).toBe((4050 * 3) / 6050)
    expect(value('categories_count_1m')).toBe(1)
    expect(value('categories_count_2m')).toBe(2)
    expect(value('bought_books_mean_1m')).toBeNaN()
    expect(value('bought_books_count_1m')).toBe(0)
    expect(value('inflow_net_1m')).toBe(-40.5)
    expect(value('opened_credit_count_ever')).toBe(0)
    expect(value('repaid_credit_count_1m')).toBeNaN()
    expect(value('platform_account_days_since_first')).toBe(1521)
  })

  it('catches a window that is a day too long, a wrong share and a missing exposure', async () => {
    const t = '2024-03-01'
    const world = worldOf(1, t, 7)
    const { variables, rows } = await wideOf(world, [t])
    const broken = (change: (v: WideVariable) => WideVariable): string[] =>
      wrongOf({ variables: variables.map(change), rows }, world, t)
    expect(broken((v) => v).length).toBe(0)
    const twins: ((v: WideVariable) => WideVariable)[] = [
      (v) => (v.aggregate === 'sum' && v.months === 1 ? { ...v, months: 1 + 1 / 30 } : v),
      (v) => (v.aggregate === 'sumShare' ? { ...v, of: 'transactions' } : v),
      (v) => (v.series === 'repaid_credit' ? { ...v, series: 'paid_repayment' } : v),
      (v) => (v.aggregate === 'levelMean' ? { ...v, aggregate: 'levelMost' } : v),
    ]
    for (const twin of twins) expect(broken(twin).length).toBeGreaterThan(0)
  })
})

/** Bits of all numbers. */
const bits = ({ rows }: WideRows): string => rows.map((row) => Buffer.from(row.buffer).toString('base64')).join()

describe('the as-of proof of the wide mode', () => {
  const t = '2024-03-01'
  const world = worldOf(16, t, 10)

  it('full, truncated and poisoned worlds give the same numbers', async () => {
    const full = bits(await wideOf(world, [t]))
    expect(bits(await wideOf(truncateWorld(world, t), [t]))).toBe(full)
    expect(bits(await wideOf(poisonWorld(world, t), [t]))).toBe(full)
  })

  const alwaysKnown = { table: 'people', on: 'person_id', column: 'account_opened_on' } as const
  const withoutClock = (table: 'registrations' | 'credit_accounts' | 'contacts', column: string) => {
    const { knownAt: _, ...cell } = TABLES[table].columns[column]!
    return { ...TABLES, [table]: { ...TABLES[table], columns: { ...TABLES[table].columns, [column]: cell } } }
  }
  it.each([
    ['a later transaction', { ...TABLES, transactions: { ...TABLES.transactions, knownAt: alwaysKnown } }],
    ['a later balance', { ...TABLES, balances: { ...TABLES.balances, knownAt: alwaysKnown } }],
    ['a later closing date', withoutClock('credit_accounts', 'closed_on')],
    ['a later end of employment', withoutClock('registrations', 'valid_to')],
    ['a later end of a contact', withoutClock('contacts', 'until')],
  ])('catches a twin that reads %s', async (_, contracts) => {
    // Times after t have slices that cells cannot hold: that a twin fails outright is being caught, too.
    const run = (w: World) => wideOf(w, [t], { contracts }).then(bits, (error: Error) => `failed: ${error.name}`)
    const cut = await run(truncateWorld(world, t))
    expect(cut).not.toMatch(/^failed/)
    expect(cut).not.toBe(await run(world))
  })

  it('its steps read as-of relations and earlier steps only, by the parser of the engine', async () => {
    const namesIn = (tree: unknown): string[] => {
      if (tree === null || typeof tree !== 'object') return []
      const node = tree as Record<string, unknown>
      const here = node['type'] === 'BASE_TABLE' ? [String(node['table_name'])] : []
      return [
        ...(node['type'] === 'TABLE_FUNCTION' ? ['a table function'] : here),
        ...Object.values(node).flatMap(namesIn),
      ]
    }
    const all = Object.fromEntries(Object.entries(TABLES).map(([name, c]) => [name, Object.keys(c.columns)]))
    const engine = await openDuckDB({ threads: 1 })
    try {
      const earlier = new Set(['observations'])
      for (const step of CELL_STEPS) {
        const { name, sql, views } = renderStep(step, TABLES, all as never)
        const [row] = await engine.rows<{ tree: string }>(`SELECT json_serialize_sql(${literal(sql)})::VARCHAR AS tree`)
        const read = namesIn(JSON.parse(row!.tree))
        expect(read.length).toBeGreaterThan(0)
        for (const relation of read)
          expect([...earlier, ...views.keys()], `${name} reads ${relation}`).toContain(relation)
        earlier.add(name)
      }
    } finally {
      engine.close()
    }
  })
})

describe('what does not change a number', () => {
  it('blocks of people, threads, and other dates beside one', async () => {
    const [t, earlier] = ['2024-03-01', '2023-06-15']
    const world = worldOf(5, t, 12)
    const once = await wideOf(world, [t])
    for (const together of [5]) expect(bits(await wideOf(world, [t], { together }))).toBe(bits(once))
    for (const threads of [2, 3]) {
      const pool = openPool(threads)
      try {
        expect(bits(await wideOf(world, [t], { pool, threads }))).toBe(bits(once))
      } finally {
        await pool.close()
      }
    }
    const both = await wideOf(world, [t, earlier], { together: 7 })
    const alone = await wideOf(world, [earlier])
    const sorted = (rows: Float64Array[]) => rows.map((row) => Buffer.from(row.buffer).toString('base64')).sort()
    expect(sorted(both.rows)).toEqual(sorted([...once.rows, ...alone.rows]))
  })
})

describe('what a source does not cover is missing', () => {
  const t = '2024-03-01'
  const world = worldOf(3, t, 6)

  it('counts whole months', () => {
    expect(coveredMonths('2024-01-31', '2025-01-01', t)).toBe(0)
    expect(coveredMonths('2024-01-30', '2025-01-01', t)).toBe(1)
    expect(coveredMonths('2022-03-02', '2025-01-01', t)).toBe(24)
    expect(coveredMonths('2022-03-03', '2025-01-01', t)).toBe(23)
    expect(coveredMonths('2010-01-01', t, t)).toBe(24)
    expect(coveredMonths('2010-01-01', '2024-02-29', t)).toBe(-1)
    expect(coveredMonths(t, '2025-01-01', t)).toBe(-1)
  })

  it('windows that begin before the cover, and nothing else', async () => {
    const { variables, rows } = await wideOf(world, [t])
    const short = await wideOf(world, [t], { covered: { transactions: ['2023-08-01', '2030-01-01'] } })
    let hidden = 0
    variables.forEach((v, j) => {
      const longest = Math.max(v.months, v.longer ?? 0)
      const isHidden = v.tables.includes('transactions') && longest > 7
      rows.forEach((row, i) => {
        expect(short.rows[i]![j], v.name).toBe(isHidden ? Number.NaN : row[j])
        if (isHidden && !Number.isNaN(row[j]!)) hidden++
      })
    })
    expect(hidden).toBeGreaterThan(0)
  })

  it('absent tables, and columns that nobody fills', async () => {
    const bare = { ...world, transactions: world.transactions!.map((r) => ({ ...r, category: null })) }
    const { variables, rows } = await wideOf(bare, [t], { absent: ['contacts', 'balances'] })
    variables.forEach((v, j) => {
      const gone = v.tables.some((table) => table === 'contacts' || table === 'balances')
      if (gone || v.series.startsWith('bought_')) for (const row of rows) expect(row[j], v.name).toBeNaN()
    })
    expect(rows[0]![variables.findIndex((v) => v.name === 'consumption_count_24m')]).toBeGreaterThanOrEqual(0)
  })
})
