/** What a replayed history has otherwise than the person's own. */
import type { ColumnContract } from '../../schema/tables.ts'
import { TABLES } from '../../schema/tables.ts'
import { DAY, HISTORY_TABLES, type History, type HistoryTable } from './history.ts'

/** A cell as people write it: days and times as ISO text, money in the currency. */
export type EventCell = number | string | boolean | null

/** One row of the replayed history that is not in the person's own. */
export interface HistoryEvent {
  table: HistoryTable
  /** began: something that lasts began so much earlier, which is what the months add to it */
  action: 'added' | 'left out' | 'changed' | 'began earlier'
  /** the day of the row, or of the row that is left out; on the calendar on which the months have passed */
  on: string
  /** days from the observation date to it: negative before it */
  days: number
  /** cells of the row; of one that is changed only what is changed, and its id */
  row: Record<string, EventCell>
  /** the cells before, of a row that is changed */
  was?: Record<string, EventCell>
}

const isoDay = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)

const cellOf = (value: unknown, { type }: ColumnContract, later: number): EventCell => {
  if (value === null || value === undefined) return null
  if (type === 'date') return isoDay((value as number) + later)
  if (type === 'timestamp') return new Date((value as number) / 1000 + later * 86_400_000).toISOString().slice(0, 19)
  if (type === 'money') return (value as number) / 100
  if (type === 'boolean') return (value as number) > 0
  return value as EventCell
}

/** The column that says when a row is: that by which it becomes known, or the day that an instalment falls due. */
const timeColumn = (table: HistoryTable): string => {
  const { knownAt } = TABLES[table]
  return 'table' in knownAt ? 'due_on' : knownAt.column
}

const BEGINNINGS: readonly string[] = [
  'people.account_opened_on',
  'registrations.valid_from',
  'credit_accounts.opened_on',
]

type Cells = Record<string, unknown>

/**
 * Rows by table, then by day.
 * @param own the history that the other was made from
 * @param later days by which the observation is later on the calendar of the events: those of the months that pass
 */
export const historyEvents = (own: History, replayed: History, later: number): HistoryEvent[] =>
  HISTORY_TABLES.flatMap((table) => {
    const { columns } = TABLES[table]
    const time = timeColumn(table)
    const at = (row: Cells): number => {
      const value = row[time] as number
      return columns[time]!.type === 'timestamp' ? Math.floor(value / DAY) : value
    }
    const cells = (row: Cells, names: readonly string[]): Record<string, EventCell> =>
      Object.fromEntries(names.map((name) => [name, cellOf(row[name], columns[name]!, later)]))
    const event = (action: HistoryEvent['action'], row: Cells, names: readonly string[], was?: Cells): HistoryEvent => {
      const days = at(row) - own.day + later
      const shown = names.filter((name) => name in row)
      return {
        table,
        action,
        on: isoDay(at(row) + later),
        days,
        row: cells(row, shown),
        ...(was ? { was: cells(was, shown) } : {}),
      }
    }
    const all = Object.keys(columns)
    const before = own[table] as unknown as Cells[]
    const after = replayed[table] as unknown as (Cells & { own: number })[]
    const kept = new Map(after.filter((row) => row.own >= 0).map((row) => [row.own, row]))
    const events: HistoryEvent[] = []
    before.forEach((row, k) => {
      const now = kept.get(k)
      if (!now) {
        events.push(event('left out', row, all))
        return
      }
      const changed = all.filter((name) => row[name] !== now[name])
      if (changed.length === 0) return
      const began = changed.every((name) => BEGINNINGS.includes(`${table}.${name}`))
      const key = TABLES[table].key.filter((name) => !changed.includes(name))
      events.push(event(began ? 'began earlier' : 'changed', now, [...key, ...changed], row))
    })
    for (const row of after) if (row.own < 0) events.push(event('added', row, all))
    return events.sort((a, b) => a.days - b.days)
  })
