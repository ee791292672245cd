/** Histories through the feature engine: the same SQL as everybody's, over tables that hold these rows alone. */
import type { ColumnInput } from '../../engines/engine.ts'
import { identifier, literal } from '../../engines/sql.ts'
import { RAW_PREFIX } from '../../features/asOf.ts'
import { factorPlans } from '../../features/factorPlans.ts'
import { runPlans } from '../../features/runPlans.ts'
import { FACTOR_CATALOGUE } from '../../schema/factorCatalogue.ts'
import { type ColumnContract, SQL_TYPES, TABLES } from '../../schema/tables.ts'
import { HISTORY_TABLES, type History, type HistoryTable } from './history.ts'
import { type ReplaySource, SOURCE_PREFIX } from './source.ts'
import type { WantedValue } from './wanted.ts'

/** All factors of the catalogue of one history; null where a value is missing. */
export type ReplayedValues = Readonly<Record<string, WantedValue>>

const ROWS_PREFIX = 'replay_'
/** No id of a source is taken: rows of contacts stand beside those that are replayed. */
const personOf = (k: number): string => `replay ${k}`
const accountOf = (k: number, id: string): string => `replay ${k} ${id}`

const typedSql = (name: string, { type }: ColumnContract): string => {
  const cell = identifier(name)
  if (type === 'date') return `(DATE '1970-01-01' + ${cell}::INTEGER)`
  if (type === 'timestamp') return `make_timestamp(${cell}::BIGINT)`
  if (type === 'money') return `(${cell}::BIGINT::DECIMAL(18,0) * 0.01)::${SQL_TYPES.money}`
  if (type === 'boolean') return `(${cell} > 0)`
  return cell
}

/** Columns of a table of all histories, ids made different from each other's. */
const columnsOf = (
  histories: readonly History[],
  table: HistoryTable,
  names: readonly string[],
): Record<string, ColumnInput> => {
  const rows = histories.flatMap((history, k) =>
    (history[table] as unknown as Record<string, unknown>[]).map((row) => ({ k, row })),
  )
  return Object.fromEntries(
    names.map((name): [string, ColumnInput] => {
      const { type } = TABLES[table].columns[name]!
      if (name === 'person_id') return [name, { type: 'VARCHAR', values: rows.map(({ k }) => personOf(k)) }]
      if (type === 'id' || type === 'text') {
        const text = (k: number, value: unknown): string | null =>
          value === null || value === undefined
            ? null
            : name === 'account_id'
              ? accountOf(k, String(value))
              : String(value)
        return [name, { type: 'VARCHAR', values: rows.map(({ k, row }) => text(k, row[name])) }]
      }
      const number = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN)
      return [name, { type: 'DOUBLE', values: Float64Array.from(rows, ({ row }) => number(row[name])) }]
    }),
  )
}

/** Credit rows of the contacts, as the source has them. */
const contactsSql = (table: HistoryTable, names: readonly string[]): string => {
  const cells = names.map((name) => `s.${identifier(name)}::${SQL_TYPES[TABLES[table].columns[name]!.type]}`).join(', ')
  const of = `(SELECT DISTINCT other_person_id FROM ${ROWS_PREFIX}contacts)`
  const source = identifier(SOURCE_PREFIX + table)
  if (table === 'credit_accounts') return `UNION ALL SELECT ${cells} FROM ${source} AS s WHERE s.person_id IN ${of}`
  if (table !== 'instalments' && table !== 'repayments') return ''
  return `UNION ALL SELECT ${cells} FROM ${source} AS s JOIN ${identifier(`${SOURCE_PREFIX}credit_accounts`)} AS a
    ON a.account_id = s.account_id WHERE a.person_id IN ${of}`
}

/** The factors of every history, in order. */
export const runHistories = async (source: ReplaySource, histories: readonly History[]): Promise<ReplayedValues[]> => {
  const { engine, dataset, fills, columns } = source
  const tables = HISTORY_TABLES.filter((table) => columns[table])
  try {
    for (const table of tables)
      await engine.createTable(ROWS_PREFIX + table, columnsOf(histories, table, columns[table]!))
    for (const table of tables) {
      const names = columns[table]!
      const cells = names.map((name) => `${typedSql(name, TABLES[table].columns[name]!)} AS ${identifier(name)}`)
      // Contacts are read for their credit: without a table of contacts nobody else is.
      const others = columns.contacts ? contactsSql(table, names) : ''
      await engine.run(
        `CREATE OR REPLACE TABLE ${identifier(RAW_PREFIX + table)} AS SELECT ${cells.join(', ')} FROM ${identifier(ROWS_PREFIX + table)} ${others}`,
      )
    }
    await engine.createTable('replay_days', {
      o: { type: 'INTEGER', values: Int32Array.from(histories, (_, k) => k) },
      t: { type: 'DATE', values: Int32Array.from(histories, ({ day }) => day) },
    })
    await engine.run(
      `CREATE OR REPLACE TABLE observations AS
       SELECT o::BIGINT AS o, ${literal('replay ')} || o AS person_id, t FROM replay_days ORDER BY o`,
    )
    await runPlans(engine, { dataset, plans: factorPlans(), fills })
    const texts = FACTOR_CATALOGUE.filter(({ kind }) => kind === 'category').map(({ name }) => name)
    const numbers = FACTOR_CATALOGUE.filter(({ kind }) => kind !== 'category').map(({ name }) => name)
    const list = [...numbers, ...texts].map(identifier).join(', ')
    const found = await engine.columns(`SELECT ${list} FROM factors ORDER BY o`, numbers, texts)
    return histories.map((_, k) => {
      const values: Record<string, WantedValue> = {}
      for (const { name } of FACTOR_CATALOGUE) {
        const number = found.numbers[name]?.[k]
        values[name] = number === undefined ? found.texts[name]![k]! : Number.isNaN(number) ? null : number
      }
      return values
    })
  } finally {
    for (const name of [
      'factors',
      'observations',
      'replay_days',
      ...tables.flatMap((t) => [ROWS_PREFIX + t, RAW_PREFIX + t]),
    ])
      await engine.run(`DROP TABLE IF EXISTS ${identifier(name)}`)
  }
}
