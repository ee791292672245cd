/** Small worlds for the tests of features: rows as objects to a dataset folder, and a feature folder back to rows. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { identifier, literal } from '../../src/engines/sql.ts'
import { type BuildFactorsOptions, buildFactors } from '../../src/features/buildFactors.ts'
import type { Dataset, FeatureTable } from '../../src/schema/dataset.ts'
import { MISSING_REASONS } from '../../src/schema/factor.ts'
import { DEFAULT_OUTCOME } from '../../src/schema/outcome.ts'
import { SQL_TYPES, TABLE_NAMES, TABLES, type TableName } from '../../src/schema/tables.ts'

export type Cell = string | number | boolean | null
export type Row = Record<string, Cell>
export type World = Partial<Record<TableName, Row[]>>

const sqlCell = (value: Cell | undefined): string =>
  value === null || value === undefined ? 'NULL' : typeof value === 'string' ? literal(value) : String(value)

/** SQL of the rows of a table, typed by its contract; columns that a row does not name are NULL. */
export const rowsSql = (table: TableName, rows: readonly Row[]): string => {
  const columns = Object.entries(TABLES[table].columns)
  const select = columns.map(([name, c]) => `v.${identifier(name)}::${SQL_TYPES[c.type]} AS ${identifier(name)}`)
  const values = rows.length
    ? rows.map((r) => `(${columns.map(([name]) => sqlCell(r[name])).join(', ')})`).join(', ')
    : `(${columns.map(() => 'NULL').join(', ')})`
  const names = columns.map(([name]) => identifier(name)).join(', ')
  return `SELECT ${select.join(', ')} FROM (VALUES ${values}) AS v (${names})${rows.length ? '' : ' WHERE false'}`
}

/** Calls back with a temporary folder that is removed afterwards. */
export const withFolder = async <T>(use: (folder: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'glasscore-features-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A dataset whose tables are covered from 2010 to 2030 unless said otherwise. */
export const datasetOf = (tables: Iterable<TableName>, change: Partial<Dataset> = {}): Dataset => ({
  format: 'glasscore.dataset',
  version: 1,
  name: 'tiny',
  currency: 'CNY',
  extractDate: '2030-01-01',
  tables: Object.fromEntries(
    [...tables].map((t) => [
      t,
      { files: [`${t}.parquet`], rows: 0, coveredFrom: '2010-01-01', coveredTo: '2030-01-01' },
    ]),
  ),
  protectedColumns: [],
  outcome: DEFAULT_OUTCOME,
  notes: [],
  ...change,
})

export const writeWorld = async (engine: Engine, folder: string, world: World): Promise<void> => {
  for (const table of TABLE_NAMES) {
    const rows = world[table]
    if (rows) await engine.writeParquet(rowsSql(table, rows), join(folder, `${table}.parquet`))
  }
}

export interface Built {
  table: FeatureTable
  /** feature rows in order */
  rows: Record<string, string | number | null>[]
  /** reason of each cell, 'present' where there is a value */
  reasons: Record<string, string>[]
}

/** Builds factors of a world and reads them back. Every table is there, empty where the world does not name it. */
export const buildWorld = async (
  world: World,
  dates: BuildFactorsOptions['dates'],
  options: {
    absent?: TableName[]
    dataset?: Partial<Dataset>
    covered?: Partial<Record<TableName, [string, string]>>
    coding?: BuildFactorsOptions['coding']
  } = {},
): Promise<Built> =>
  withFolder(async (folder) => {
    const engine = await openDuckDB({ threads: 1 })
    try {
      const names = TABLE_NAMES.filter((t) => !options.absent?.includes(t) && (t !== 'outcomes' || world.outcomes))
      const whole = Object.fromEntries(names.map((n) => [n, world[n] ?? []])) as World
      await writeWorld(engine, folder, whole)
      const dataset = datasetOf(names, options.dataset)
      for (const [name, [from, to]] of Object.entries(options.covered ?? {})) {
        const table = dataset.tables[name as TableName]!
        table.coveredFrom = from
        table.coveredTo = to
      }
      const out = join(folder, 'features')
      const table = await buildFactors(engine, { folder, dataset, dates, out, coding: options.coding })
      const read = (file: string) =>
        engine.rows<Record<string, string | number | null>>(
          `SELECT * REPLACE (observation_date::VARCHAR AS observation_date) FROM read_parquet(${literal(join(out, file))})`,
        )
      const rows = await read('features.parquet')
      const codes = await read('missing.parquet')
      const reasons = codes.map((r) =>
        Object.fromEntries(
          Object.entries(r).map(([k, v]) => [k, typeof v === 'number' ? MISSING_REASONS[v]! : String(v)]),
        ),
      )
      return { table, rows, reasons }
    } finally {
      engine.close()
    }
  })
