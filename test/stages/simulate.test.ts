import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import { literal } from '../../src/engines/sql.ts'
import { readTruth } from '../../src/population/readTruth.ts'
import { simulate } from '../../src/stages/simulate.ts'
import { foreignMarkup, numberProblems, parsePage } from '../reports/checkPage.ts'
import { workshop } from './workshop.ts'

const work = workshop()
const make = (name: string, switches: Record<string, number> = {}) =>
  simulate({ people: 700, months: 13, seed: 3, out: join(work, name), threads: 2, switches })

it('describes the population by counts of its own tables, on a page that says the same', async () => {
  const { summary, folder } = await make('plain')
  const page = parsePage(readFileSync(join(folder, 'summary.html'), 'utf8'))
  const json: unknown = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'))
  expect(numberProblems(page, json)).toEqual([])
  expect(foreignMarkup(page)).toEqual([])
  expect(json).toEqual(JSON.parse(JSON.stringify(summary)))

  const engine = await openDuckDB({ threads: 1 })
  const from = (table: string) => `read_parquet(${literal(join(folder, table))})`
  const one = async (sql: string) => (await engine.rows<{ x: number }>(`SELECT ${sql}`))[0]!.x
  try {
    const transactions = from('transactions/*.parquet')
    const sum = (list: readonly { transactions: number }[]) => list.reduce((n, m) => n + m.transactions, 0)
    expect(sum(summary.monthly)).toBe(await one(`count(*) AS x FROM ${transactions}`))
    expect(sum(summary.weekdays)).toBe(sum(summary.monthly))
    expect(summary.monthly).toHaveLength(13)
    expect(summary.amounts.reduce((n, b) => n + b.in, 0)).toBe(
      await one(`count(*) AS x FROM ${transactions} WHERE direction = 'in'`),
    )
    for (const bin of [summary.amounts[3]!, summary.amounts.at(-2)!])
      expect(bin.out).toBe(
        await one(
          `count(*) AS x FROM ${transactions} WHERE direction = 'out' AND amount >= ${bin.from.toFixed(9)} AND amount < ${bin.to.toFixed(9)}`,
        ),
      )
    const people = from('people/*.parquet')
    const bank = `(SELECT person_id FROM ${from('credit_accounts/*.parquet')} WHERE product IN ('loan', 'credit_card') AND opened_on < DATE '2025-01-01')`
    for (const [group, where] of [
      ['migrant', `household_registration = 'migrant'`],
      ['female', `sex = 'female'`],
      ['under 25', `date_sub('year', born_on, DATE '2025-01-01') < 25`],
      ['55 and over', `date_sub('year', born_on, DATE '2025-01-01') >= 55`],
    ] as const) {
      const row = summary.groups.find((g) => g.group === group)!
      expect(row.people).toBe(await one(`count(*) AS x FROM ${people} WHERE ${where}`))
      expect(row.withoutBank.value! * row.people).toBeCloseTo(
        await one(`count(*) AS x FROM ${people} WHERE ${where} AND person_id NOT IN ${bank}`),
        9,
      )
      expect(row.bads).toBe(
        await one(
          `count(*) AS x FROM ${people} JOIN ${from('outcomes/*.parquet')} USING (person_id) WHERE ${where} AND status = 'bad' AND observation_date = DATE '2025-01-01'`,
        ),
      )
    }
    const steps = Object.fromEntries(summary.waterfall.map((w) => [w.step, w.rows]))
    expect(steps['known by then']).toBe(
      ['not eligible', 'excluded', 'indeterminate', 'good', 'bad'].reduce((n, step) => n + steps[step]!, 0),
    )
    expect(summary.switches.map((s) => s.name)).toEqual(['interaction'])
  } finally {
    engine.close()
  }
}, 60_000)

it('writes up good outcomes of the group as bad, and no others', async () => {
  const plain = await make('plain')
  expect(plain.skipped).toBe(true)
  const biased = await make('biased', { labelBias: 0.5 })
  const engine = await openDuckDB({ threads: 1 })
  const table = (run: typeof plain) => `read_parquet(${literal(join(run.folder, 'outcomes', '*.parquet'))})`
  try {
    const changes = await engine.rows<{ was: string; now: string; who: string; n: number }>(
      `SELECT a.status AS was, b.status AS now, household_registration AS who, count(*) AS n
       FROM ${table(plain)} AS a JOIN ${table(biased)} AS b USING (person_id, observation_date)
       JOIN read_parquet(${literal(join(plain.folder, 'people', '*.parquet'))}) USING (person_id)
       WHERE a.status <> b.status GROUP BY ALL`,
    )
    expect(changes.map(({ was, now, who }) => [was, now, who])).toEqual([['good', 'bad', 'migrant']])
    const good = plain.summary.groups.find((g) => g.group === 'migrant')!
    // half of those who are good on the last date, over five dates of mostly the same people
    expect(changes[0]!.n / (good.labeled - good.bads) / 5).toBeGreaterThan(0.3)
    // what was true is sealed, and is what was written without the switch
    const sealed = await readTruth(biased.folder, 'labels')
    const rows = (from: string) => `SELECT person_id, observation_date, status FROM ${from}`
    const differ = async (other: typeof plain) =>
      (
        await engine.rows<{ n: number }>(
          `SELECT count(*) AS n FROM (${rows(`read_parquet(${literal(sealed!.file)})`)} EXCEPT ${rows(table(other))})`,
        )
      )[0]!.n
    expect(await differ(plain)).toBe(0)
    expect(await differ(biased)).toBe(changes[0]!.n)
    expect(sealed!.head.rows).toBe(plain.summary.tables.find((t) => t.table === 'outcomes')!.rows)
    expect(await readTruth(plain.folder, 'labels')).toBeUndefined()
  } finally {
    engine.close()
  }
  expect(biased.summary.switches.map((s) => `${s.name}=${s.strength}`)).toEqual(['interaction=1', 'label-bias=0.5'])
}, 60_000)
