import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { literal } from '../../src/engines/sql.ts'
import { deriveOutcomes } from '../../src/features/outcomes.ts'
import { fileCommunities, partFile, RANGE_COMMUNITIES } from '../../src/population/fileRanges.ts'
import type { Dataset } from '../../src/schema/dataset.ts'
import { DEFAULT_OUTCOME } from '../../src/schema/outcome.ts'
import { deriveInRanges } from '../../src/stages/deriveInRanges.ts'
import { makePopulation, type Population } from '../population/populationFixture.ts'

const MONTHS = 12
const DATES = ['2024-07-01', '2025-01-01']
/** People of one range of files. */
const RANGE = 512 * RANGE_COMMUNITIES
const PEOPLE = 512

/**
 * Two ranges of people in the files of a large population: those of a small one, and the same again with the numbers of the second
 * range and half of the repayments, in as many files as a range has.
 */
const makeTwoRanges = async (p: Population): Promise<Dataset> => {
  const write = async (table: 'people' | 'credit_accounts' | 'instalments' | 'repayments', part: number) => {
    const key = table === 'people' ? 'person_id' : 'account_id'
    const size = RANGE_COMMUNITIES / fileCommunities(MONTHS)[table]
    const range = Math.floor(part / size)
    // Rows are spread over the files of a range by the last digits of their key: an account stays in one file.
    const mine = `hash(${key}) % ${size} = ${part % size}`
    const shift = (column: string) =>
      `left(${column}, 1) || (substr(${column}, 2)::BIGINT + ${range * RANGE * (column === 'person_id' ? 1 : 1000)}) AS ${column}`
    const moved = table === 'credit_accounts' ? [shift(key), shift('person_id')] : [shift(key)]
    const kept = table === 'repayments' && range === 1 ? `AND hash(repayment_id) % 2 = 0` : ''
    const file = partFile(table, part)
    await mkdir(join(p.folder, 'two', table), { recursive: true })
    await p.engine.run(`CREATE OR REPLACE TABLE moved AS SELECT * REPLACE (${moved.join(', ')}) FROM ${table}
      WHERE ${mine} ${kept} ORDER BY ${key}`)
    await p.engine.writeParquet('SELECT * FROM moved', join(p.folder, 'two', file))
    return file
  }
  const tables: Dataset['tables'] = {}
  for (const table of ['people', 'credit_accounts', 'instalments', 'repayments'] as const) {
    const files: string[] = []
    for (let part = 0; part < (2 * RANGE_COMMUNITIES) / fileCommunities(MONTHS)[table]; part++)
      files.push(await write(table, part))
    tables[table] = { ...p.dataset.tables[table]!, files }
  }
  return { ...p.dataset, tables }
}

describe('outcomes range by range', () => {
  let p: Population
  let dataset: Dataset
  let folder: string
  beforeAll(async () => {
    p = await makePopulation({ people: PEOPLE, months: MONTHS, seed: 8 })
    dataset = await makeTwoRanges(p)
    folder = join(p.folder, 'two')
  })
  afterAll(() => p?.close())

  const rowsOf = (files: readonly string[]) =>
    p.engine.rows<{ person_id: string; status: string }>(
      `SELECT * FROM read_parquet([${files.map((f) => literal(join(folder, f))).join(', ')}])`,
    )
  /** All at once, from all files. */
  const atOnce = async (tables: Dataset['tables']) => {
    for (const [name, t] of Object.entries(tables))
      await p.engine.run(
        `CREATE OR REPLACE VIEW whole_${name} AS SELECT * FROM read_parquet([${t.files.map((f) => literal(join(folder, f))).join(', ')}])`,
      )
    const sql = await deriveOutcomes(p.engine, { dates: DATES, definition: DEFAULT_OUTCOME }, 'whole_')
    return p.engine.rows<{ person_id: string; status: string }>(sql)
  }

  it('are those of the whole derived at once, a file a range', async () => {
    const outcomes = { dates: DATES, definition: DEFAULT_OUTCOME }
    const { table, counts } = await deriveInRanges(p.engine, { folder, dataset, months: MONTHS, outcomes })
    expect(table.files).toEqual([partFile('outcomes', 0), partFile('outcomes', 1)])
    const rows = await rowsOf(table.files)
    expect(rows).toEqual(await atOnce(dataset.tables))
    expect(rows.length).toBe(table.rows)
    expect(Object.fromEntries(counts.map((c) => [c.status, c.n]))).toEqual(
      Object.fromEntries(
        [...new Set(rows.map((r) => r.status))].map((s) => [s, rows.filter((r) => r.status === s).length]),
      ),
    )
    const second = await rowsOf([table.files[1]!])
    expect(second.every((r) => Number(r.person_id.slice(1)) >= 10_000_000 + RANGE)).toBe(true)
    expect(second.map((r) => r.status)).not.toEqual((await rowsOf([table.files[0]!])).map((r) => r.status))
  })

  it('would be others, had a file gone to the wrong range', async () => {
    const { instalments } = dataset.tables
    const turned = [...instalments!.files.slice(1), instalments!.files[0]!]
    const wrong: Dataset = {
      ...dataset,
      tables: { ...dataset.tables, instalments: { ...instalments!, files: turned } },
    }
    const outcomes = { dates: DATES, definition: DEFAULT_OUTCOME }
    const { table } = await deriveInRanges(p.engine, { folder, dataset: wrong, months: MONTHS, outcomes })
    expect(await rowsOf(table.files)).not.toEqual(await atOnce(dataset.tables))
  })

  it('stop when told to', async () => {
    const outcomes = { dates: DATES, definition: DEFAULT_OUTCOME }
    const work = deriveInRanges(p.engine, { folder, dataset, months: MONTHS, outcomes, signal: AbortSignal.abort() })
    await expect(work).rejects.toThrow('stopped by the user')
  })
})
