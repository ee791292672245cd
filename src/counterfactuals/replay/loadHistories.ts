import type { Columns } from '../../engines/engine.ts'
import { identifier } from '../../engines/sql.ts'
import { type ColumnContract, TABLES } from '../../schema/tables.ts'
import { HISTORY_TABLES, type History, type HistoryTable } from './history.ts'
import { type ReplaySource, SOURCE_PREFIX } from './source.ts'

/** Somebody on a day of observation. */
export interface Observed {
  personId: string
  /** ISO day */
  observationDate: string
}

/** Days since 1970 of an ISO day. */
export const dayNumber = (iso: string): number => Math.round(Date.parse(`${iso}T00:00:00Z`) / 86_400_000)

const isText = ({ type }: ColumnContract): boolean => type === 'id' || type === 'text'

const plainSql = (alias: string, name: string, { type }: ColumnContract): string => {
  const cell = `${alias}.${identifier(name)}`
  if (type === 'date') return `(${cell}::DATE - DATE '1970-01-01')::DOUBLE`
  if (type === 'timestamp') return `epoch_us(${cell}::TIMESTAMP)::DOUBLE`
  if (type === 'money') return `(${cell}::DECIMAL(18,2) * 100)::BIGINT::DOUBLE`
  if (type === 'boolean') return `${cell}::INTEGER::DOUBLE`
  return type === 'number' ? `${cell}::DOUBLE` : `${cell}::VARCHAR`
}

/** Tables that matter for a year only: what is older is in no factor. */
const YEARLY: readonly HistoryTable[] = ['transactions', 'bookings']

const rowsSql = ({ columns }: ReplaySource, table: HistoryTable): string => {
  const contract = TABLES[table]
  const known = contract.knownAt
  const account = `JOIN ${identifier(`${SOURCE_PREFIX}credit_accounts`)} AS a ON a.account_id = s.account_id`
  const over = 'table' in contract.person
  const at = 'table' in known ? `a.${identifier(known.column)}` : `s.${identifier(known.column)}`
  const names = columns[table]!
  const cells = names.map((name) => `${plainSql('s', name, contract.columns[name]!)} AS ${identifier(name)}`)
  return `SELECT w.k::DOUBLE AS k, ${cells.join(', ')}
FROM ${identifier(SOURCE_PREFIX + table)} AS s ${over ? account : ''}
JOIN replay_wanted AS w ON w.person_id = ${over ? 'a' : 's'}.person_id
WHERE ${at} < w.t ${over ? 'AND a.opened_on < w.t' : ''} ${YEARLY.includes(table) ? `AND ${at} >= w.t - 365` : ''}
ORDER BY w.k, ${contract.key.map((name) => `s.${identifier(name)}`).join(', ')}`
}

const take = (histories: readonly History[], table: HistoryTable, names: readonly string[], found: Columns): void => {
  for (let i = 0; i < found.rows; i++) {
    const rows = histories[found.numbers['k']![i]!]![table] as unknown as Record<string, unknown>[]
    const row: Record<string, unknown> = { own: rows.length }
    for (const name of names) {
      const number = found.numbers[name]?.[i]
      row[name] = number === undefined ? found.texts[name]![i]! : Number.isNaN(number) ? null : number
    }
    rows.push(row)
  }
}

/** What was known of each before the observation; nothing of people whom the source does not hold. */
export const loadHistories = async (source: ReplaySource, observed: readonly Observed[]): Promise<History[]> => {
  const { engine } = source
  const days = observed.map(({ observationDate }) => dayNumber(observationDate))
  const histories = days.map((day): History => {
    const empty: Record<string, unknown> = { day }
    for (const table of HISTORY_TABLES) empty[table] = []
    return empty as unknown as History
  })
  await engine.createTable('replay_wanted', {
    k: { type: 'INTEGER', values: Int32Array.from(observed, (_, k) => k) },
    person_id: { type: 'VARCHAR', values: observed.map(({ personId }) => personId) },
    t: { type: 'DATE', values: Int32Array.from(days) },
  })
  for (const table of HISTORY_TABLES) {
    const names = source.columns[table]
    if (!names) continue
    const texts = names.filter((name) => isText(TABLES[table].columns[name]!))
    const numbers = names.filter((name) => !texts.includes(name))
    take(histories, table, names, await engine.columns(rowsSql(source, table), ['k', ...numbers], texts))
  }
  await engine.run('DROP TABLE replay_wanted')
  return histories
}
