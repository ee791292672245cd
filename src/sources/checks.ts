/**
 * A table contract as a list of checks in SQL. Raw text is in columns s0, s1, ...; typed values in t0, t1, ...
 */
import { dateLiteral, literal, literalList } from '../engines/sql.ts'
import { type ColumnContract, SQL_TYPES } from '../schema/tables.ts'
import type { RejectReason } from './rejects.ts'

/** The part of a table contract that validation needs; raw files of an adapter have contracts of this kind too. */
export interface CheckedContract {
  key: readonly string[]
  /** column -> name of the table (of those already accepted) whose key it must be found in */
  references: Partial<Record<string, string>>
  mayLieAhead: readonly string[]
  columns: Record<string, ColumnContract>
  knownAt?: { column: string } | { table: string; on: string; column: string }
}

export interface Check {
  reason: RejectReason
  /** position of the column in the contract */
  column: number
  /** true when the row fails */
  when: string
  expected: string
  /** the closed list, where there is one */
  values?: readonly string[]
}

/** Closed lists that are longer are cut in messages. */
const SHOWN = 8

const oneOf = (values: readonly string[]): string =>
  values.length > SHOWN
    ? `one of ${values.length} codes (${values.slice(0, SHOWN).join(', ')}, ...)`
    : `one of ${values.join(', ')}`

const OFFSET = `':[0-9]{2}(\\.[0-9]+)? ?[+-][0-9]{2}'`

/** Text to timestamp; NULL when it is none. A date alone is its midnight; an offset is honored; without one it is UTC. */
const timestamp = (s: string, format?: string): string =>
  format
    ? `try_strptime(${s}, ${literal(format)})`
    : `CASE WHEN ${s} >= 'A' THEN NULL WHEN length(${s}) > 19 THEN ` +
      // A branch of CASE runs only on the rows that reach it, so most rows pay for one cast.
      `CASE WHEN regexp_matches(${s}, ${OFFSET}) THEN TRY_CAST(${s} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' ELSE TRY_CAST(${s} AS TIMESTAMP) END ` +
      `ELSE TRY_CAST(${s} AS TIMESTAMP) END`

const double = (s: string): string => `CASE WHEN contains(${s}, '_') THEN NULL ELSE TRY_CAST(${s} AS DOUBLE) END`

/** The typed value of a text, NULL when it cannot be typed. `format` is a strptime pattern for dates and times. */
export const typed = (column: ColumnContract, s: string, format?: string): string => {
  switch (column.type) {
    case 'id':
    case 'text':
      return s
    case 'date':
      return `(${timestamp(s, format)})::DATE`
    case 'timestamp':
      return timestamp(s, format)
    case 'money':
      return `CASE WHEN contains(${s}, '_') THEN NULL ELSE TRY_CAST(${s} AS ${SQL_TYPES.money}) END`
    case 'number':
      return double(s)
    case 'boolean':
      return `CASE WHEN lower(${s}) IN ('true', 't', 'yes', 'y', '1') THEN true WHEN lower(${s}) IN ('false', 'f', 'no', 'n', '0') THEN false END`
  }
}

const bounds = (c: ColumnContract): string =>
  c.min !== undefined && c.max !== undefined
    ? `a number from ${c.min} to ${c.max}`
    : c.min !== undefined
      ? `a number of at least ${c.min}`
      : `a number of at most ${c.max}`

/** All checks of a contract that look at one row alone, in column order. Dates as ISO days. */
export const rowChecks = (contract: CheckedContract, extractDate?: string): Check[] => {
  const checks: Check[] = []
  const names = Object.keys(contract.columns)
  names.forEach((name, j) => {
    const c = contract.columns[name]!
    const s = `s${j}`
    const t = `t${j}`
    const add = (reason: RejectReason, when: string, expected: string) =>
      checks.push({ reason, column: j, when, expected })
    if (contract.key.includes(name)) add('missing key', `${s} IS NULL`, 'a value')
    else if (!c.nullable) add('missing value', `${s} IS NULL`, 'a value')
    const untyped = `${s} IS NOT NULL AND ${t} IS NULL`
    const untypedAnd = (condition: string) => `CASE WHEN ${untyped} THEN ${condition} ELSE false END`
    if (c.type === 'number') {
      add('NaN', `isnan(${t})`, 'a number')
      add('infinity', `isinf(${t})`, 'a finite number')
      add('wrong type', untyped, 'a number')
    }
    if (c.type === 'money') {
      add('NaN', untypedAnd(`isnan(${double(s)})`), 'an amount')
      add('infinity', untypedAnd(`isinf(${double(s)})`), 'a finite amount')
      add('out of range', untypedAnd(`${double(s)} IS NOT NULL`), 'an amount of at most 16 digits before the point')
      add('wrong type', untyped, 'an amount such as 1234.50')
    }
    if (c.type === 'boolean') add('wrong type', untyped, 'true or false')
    if (c.type === 'date' || c.type === 'timestamp') {
      add('bad date', untyped, c.type === 'date' ? 'a day such as 2024-01-31' : 'a time such as 2024-01-31 12:00:00')
      if (extractDate && !contract.mayLieAhead.includes(name))
        add('at or after the extract date', `${t} >= ${dateLiteral(extractDate)}`, `a time before ${extractDate}`)
    }
    if (c.values)
      checks.push({
        reason: 'not in closed list',
        column: j,
        when: `${t} NOT IN ${literalList(c.values)}`,
        expected: oneOf(c.values),
        values: c.values,
      })
    if (c.min !== undefined)
      add(c.type === 'money' && c.min === 0 ? 'negative amount' : 'out of range', `${t} < ${c.min}`, bounds(c))
    if (c.max !== undefined) add('out of range', `${t} > ${c.max}`, bounds(c))
  })
  // A date that becomes known only when it comes closes the interval that the row's own date opens.
  const start = contract.knownAt && !('table' in contract.knownAt) ? names.indexOf(contract.knownAt.column) : -1
  names.forEach((name, j) => {
    const c = contract.columns[name]!
    if (start >= 0 && c.knownAt === name && j !== start)
      checks.push({
        reason: 'ends before it starts',
        column: j,
        when: `t${j} < t${start}`,
        expected: `a day not before ${names[start]}`,
      })
  })
  return checks
}
