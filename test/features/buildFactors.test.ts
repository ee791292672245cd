import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import { readFeatureTable } from '../../src/engines/folders.ts'
import { literal } from '../../src/engines/sql.ts'
import { buildFactors } from '../../src/features/buildFactors.ts'
import { catalogueSpecs } from '../../src/features/factorSpecs.ts'
import { deriveOutcomes } from '../../src/features/outcomes.ts'
import type { Dataset, FeatureTable } from '../../src/schema/dataset.ts'
import { DEFAULT_OUTCOME } from '../../src/schema/outcome.ts'
import { TABLE_NAMES } from '../../src/schema/tables.ts'
import { sha256File } from '../../src/util/hash.ts'
import { random } from '../../src/util/random.ts'
import { randomWorld } from './randomWorld.ts'
import { buildWorld, datasetOf, rowsSql, withFolder, writeWorld } from './world.ts'

const DATES = ['2023-03-01', '2022-12-01', '2023-06-01']

/** A dataset folder with outcomes, and what is built from it. */
const withDataset = async (
  use: (folder: string, dataset: Dataset) => Promise<void>,
  change: Partial<Dataset> = {},
): Promise<void> =>
  withFolder(async (folder) => {
    const engine = await openDuckDB({ threads: 1 })
    const world = randomWorld(random(31), '2023-06-01', 40)
    try {
      await writeWorld(engine, folder, world)
      for (const t of ['people', 'credit_accounts', 'instalments', 'repayments'] as const)
        await engine.run(`CREATE TABLE ${t} AS ${rowsSql(t, world[t] ?? [])}`)
      const sql = await deriveOutcomes(engine, { dates: DATES, definition: DEFAULT_OUTCOME })
      await engine.writeParquet(sql, join(folder, 'outcomes.parquet'))
    } finally {
      engine.close()
    }
    await use(folder, datasetOf(TABLE_NAMES, { protectedColumns: ['born_on', 'sex'], ...change }))
  })

const build = async (
  folder: string,
  dataset: Dataset,
  threads: number,
  out: string,
  dates: 'outcomes' | string[] = 'outcomes',
  piece?: number,
): Promise<FeatureTable> => {
  const engine = await openDuckDB({ threads })
  try {
    const table = await buildFactors(engine, { folder, dataset, dates, out, ...(piece ? { piece } : {}) })
    // nothing of ours stays behind in the engine
    expect(await engine.rows("SELECT 1 FROM information_schema.tables WHERE table_schema = 'main'")).toEqual([])
    return table
  } finally {
    engine.close()
  }
}

describe('a feature folder', () => {
  it('has the same bytes for 1 and 2 threads, and in a second run', async () => {
    await withDataset(async (folder, dataset) => {
      const hashes = async (out: string): Promise<string[]> => {
        const names = (await readdir(out)).sort()
        expect(names).toEqual([
          'features.json',
          'features.parquet',
          'groups.parquet',
          'missing.parquet',
          'outcomes.parquet',
        ])
        return Promise.all(names.map((n) => sha256File(join(out, n))))
      }
      const [one, two, again] = ['one', 'two', 'again'].map((n) => join(folder, n)) as [string, string, string]
      await build(folder, dataset, 1, one)
      await build(folder, dataset, 2, two)
      await build(folder, dataset, 2, again)
      expect(await hashes(two)).toEqual(await hashes(one))
      expect(await hashes(again)).toEqual(await hashes(one))
    })
  })

  it('has the same bytes when people are worked on in pieces, whose contacts lie in other pieces', async () => {
    await withDataset(async (folder, dataset) => {
      const hashes = async (out: string): Promise<string[]> =>
        Promise.all((await readdir(out)).sort().map((n) => sha256File(join(out, n))))
      const whole = join(folder, 'whole')
      const { rows } = await build(folder, dataset, 2, whole)
      for (const piece of [19, 50, rows + 1]) {
        const out = join(folder, `pieces-${piece}`)
        await build(folder, dataset, 2, out, 'outcomes', piece)
        expect([piece, await hashes(out)]).toEqual([piece, await hashes(whole)])
      }
      const engine = await openDuckDB({ threads: 1 })
      try {
        // the world has what could go wrong: somebody's present contact in arrears, in another piece
        const file = (name: string) => `read_parquet(${literal(join(folder, name))})`
        const [across] = await engine.rows<{ n: number }>(
          `WITH o AS (SELECT (row_number() OVER (ORDER BY person_id, observation_date) - 1) // 50 AS piece, person_id, observation_date AS t
             FROM ${file('outcomes.parquet')})
           SELECT count(*) AS n FROM ${file(dataset.tables.contacts!.files[0]!)} AS c JOIN o AS a ON a.person_id = c.person_id
             JOIN o AS b ON b.person_id = c.other_person_id AND b.t = a.t AND b.piece <> a.piece
             WHERE c.since < a.t AND (c.until IS NULL OR c.until >= a.t)`,
        )
        expect(across!.n).toBeGreaterThan(10)
        // and the factor that reads them would be another, had the others not been there
        const alone = join(folder, 'alone')
        const ids = await engine.rows<{ person_id: string }>(
          `SELECT DISTINCT person_id FROM ${file('outcomes.parquet')} ORDER BY 1 LIMIT 10`,
        )
        const contacts = join(folder, dataset.tables.contacts!.files[0]!)
        await engine.run(`CREATE TABLE kept AS SELECT * FROM read_parquet(${literal(contacts)})
          WHERE other_person_id IN (${ids.map((r) => literal(r.person_id)).join(', ')})`)
        await engine.writeParquet('SELECT * FROM kept', contacts)
        await build(folder, dataset, 2, alone)
        expect(await hashes(alone)).not.toEqual(await hashes(whole))
      } finally {
        engine.close()
      }
    })
  })

  it('has equal keys in order in every file, labels as derived, ages as text, a waterfall that adds up', async () => {
    await withDataset(async (folder, dataset) => {
      const out = join(folder, 'features')
      const table = await build(folder, dataset, 2, out)
      expect(await readFeatureTable(out)).toEqual(table)
      const engine = await openDuckDB({ threads: 1 })
      try {
        const read = (name: string) => `read_parquet(${literal(join(out, name))})`
        const keys = (from: string) => engine.rows(`SELECT person_id, observation_date FROM ${from}`)
        const expected = await engine.rows(
          `SELECT person_id, observation_date FROM read_parquet(${literal(join(folder, 'outcomes.parquet'))}) ORDER BY ALL`,
        )
        for (const name of ['features', 'missing', 'outcomes', 'groups'])
          expect(await keys(read(`${name}.parquet`))).toEqual(expected)
        expect(table.rows).toBe(expected.length)
        const [differ] = await engine.rows<{ n: number }>(
          `SELECT count(*) AS n FROM ${read('outcomes.parquet')} AS a
           JOIN read_parquet(${literal(join(folder, 'outcomes.parquet'))}) AS b USING (person_id, observation_date)
           WHERE a.status <> b.status`,
        )
        expect(differ!.n).toBe(0)
        const types = await engine.rows<{ column_name: string; column_type: string }>(
          `DESCRIBE SELECT * FROM ${read('features.parquet')}`,
        )
        expect(types.slice(2).map((c) => c.column_type)).toEqual(
          table.factors.map((f) => (f.kind === 'category' ? 'VARCHAR' : 'DOUBLE')),
        )
        expect(types.slice(2).map((c) => c.column_name)).toEqual(table.factors.map((f) => f.name))
        const steps = Object.fromEntries(table.waterfall.map((w) => [w.step, w.rows]))
        expect(steps['people']).toBe(40)
        expect(steps['observations']).toBe(table.rows)
        expect(steps['covered']).toBe(table.rows)
        expect(steps['eligible']).toBe(steps['excluded']! + steps['indeterminate']! + steps['good']! + steps['bad']!)
        expect(steps['bad']).toBeGreaterThan(0)
      } finally {
        engine.close()
      }
    })
  })

  it('states completed years at t, and names the protected columns that it has', async () => {
    const people = [
      { person_id: 'A', born_on: '1990-07-01', sex: 'f', account_opened_on: '2020-01-01' },
      { person_id: 'B', born_on: '1990-07-02', sex: 'm', account_opened_on: '2020-01-01' },
      { person_id: 'C', born_on: null, sex: null, account_opened_on: '2020-01-01' },
    ]
    await withFolder(async (folder) => {
      const engine = await openDuckDB({ threads: 1 })
      try {
        await writeWorld(engine, folder, { people })
        const dataset = datasetOf(['people'], { protectedColumns: ['born_on', 'sex'] })
        const out = join(folder, 'f')
        const table = await buildFactors(engine, { folder, dataset, dates: ['2024-07-01'], out })
        expect(table.protectedColumns).toEqual(['age', 'sex'])
        expect(
          await engine.rows(`SELECT person_id, age, sex FROM read_parquet(${literal(join(out, 'groups.parquet'))})`),
        ).toEqual([
          { person_id: 'A', age: '34', sex: 'f' },
          { person_id: 'B', age: '33', sex: 'm' },
          { person_id: 'C', age: null, sex: null },
        ])
        // scoring without outcomes: rows, but no status and no labels in the waterfall
        expect(await engine.rows(`SELECT status FROM read_parquet(${literal(join(out, 'outcomes.parquet'))})`)).toEqual(
          people.map(() => ({ status: null })),
        )
        expect(table.waterfall.map((w) => w.step)).toEqual(['people', 'observations', 'covered'])
        const bad = datasetOf(['people'], { protectedColumns: ['religion'] })
        await expect(buildFactors(engine, { folder, dataset: bad, dates: ['2024-07-01'], out })).rejects.toThrow(
          /religion/,
        )
        expect(existsSync(join(out, 'features.json'))).toBe(true)
      } finally {
        engine.close()
      }
    })
  })

  it('says what it cannot do', async () => {
    const people = [{ person_id: 'A', account_opened_on: '2020-01-01' }]
    await expect(buildWorld({ people }, 'outcomes')).rejects.toThrow(/no table outcomes/)
    await expect(buildWorld({ people }, ['2024-13-01'])).rejects.toThrow(/not a date/)
    await expect(buildWorld({ people }, [])).rejects.toThrow(/no observation date/)
    await expect(buildWorld({ people }, ['2019-01-01'])).rejects.toThrow(/nobody is known/)
    await expect(buildWorld({}, ['2024-01-01'], { absent: ['people'] })).rejects.toThrow(/no table people/)
  })

  it('lists factors whose codes the source never uses, and constant ones', async () => {
    const people = ['A', 'B'].map((person_id) => ({ person_id, account_opened_on: '2020-01-01' }))
    const transaction = { amount: 5, direction: 'out', scenario: 'dining', occurred_at: '2023-12-01 00:00:00' }
    const transactions = people.map((p, i) => ({ ...transaction, person_id: p.person_id, transaction_id: `T${i}` }))
    transactions[1] = { ...transactions[1]!, scenario: 'donation' }
    const { rows, table } = await buildWorld({ people, transactions }, ['2024-01-01'])
    const reason = (factor: string) => table.unavailable.find((u) => u.factor === factor)?.reason
    expect(reason('phone_topups_1y')).toMatch(/uses no scenario phone_topup in transactions/)
    expect(reason('donations_1y')).toBeUndefined()
    expect(rows.map((r) => [r['phone_topups_1y'], r['donations_1y']])).toEqual([
      [0, 0],
      [0, 1],
    ])
    expect(table.warnings.join()).toMatch(/same value .*phone_topups_1y/)
    expect(table.warnings.join()).not.toMatch(/donations_1y/)
    // an empty table says nothing about its codes
    expect((await buildWorld({ people }, ['2024-01-01'])).table.unavailable.map((u) => u.factor)).not.toContain(
      'phone_topups_1y',
    )
  })

  it('stops when it is told to', async () => {
    await withDataset(async (folder, dataset) => {
      const engine = await openDuckDB({ threads: 1 })
      const controller = new AbortController()
      const out = join(folder, 'features')
      try {
        await expect(
          buildFactors(engine, {
            folder,
            dataset,
            dates: 'outcomes',
            out,
            signal: controller.signal,
            progress: (step) => step === 'factors: settled' && controller.abort(),
          }),
        ).rejects.toThrow(/stopped/)
        expect(existsSync(out)).toBe(false)
        await buildFactors(engine, { folder, dataset, dates: 'outcomes', out })
      } finally {
        engine.close()
      }
    })
  })
})

describe('specifications', () => {
  it('read money and counts on the log scale, relative numbers and levels as they are', () => {
    const specs = catalogueSpecs('CZK')
    const scale = (name: string) => specs.find((s) => s.name === name)!.scale
    const unit = (name: string) => specs.find((s) => s.name === name)!.unit
    for (const name of [
      'repaid_amount_1m',
      'overdue_cases_3m',
      'mean_utility_bill_1y',
      'account_age_days',
      'flights_1y',
    ])
      expect(scale(name)).toBe('log')
    for (const name of [
      'games_share_1y',
      'mean_fare_discount_1y',
      'product_return_1y',
      'consumption_variability_1y',
      'contact_stability_1y',
      'social_influence_index',
      'credit_environment_index',
      'reached_m1_3m',
      'consumption_tier',
      'occupation',
    ])
      expect(scale(name)).toBe('linear')
    expect(unit('repaid_amount_1m')).toBe('CZK')
    expect(unit('mean_utility_bill_1y')).toBe('CZK per month')
  })
})
