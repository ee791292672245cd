/**
 * The world as of t, built from the table contracts alone.
 *
 * `asOfSql` gives the rows of one table that were known before t of an observer (o, person_id, t), and in them NULL for
 * every cell that became known at or after t. Feature plans can name these relations and nothing else, so a factor cannot
 * read the future unless a contract is wrong.
 */
import { identifier } from '../engines/sql.ts'
import { type ColumnContract, SQL_TYPES, type TableContract, type TableName } from '../schema/tables.ts'
import { dataError } from '../util/errors.ts'

export type Contracts = Record<TableName, TableContract>

/** Raw tables are registered under this prefix; the text of a plan must not contain it. */
export const RAW_PREFIX = 'raw_'

export interface AsOfOptions {
  /** only rows that became known in [t - days, t) */
  days?: number
  /** relation of observers (o, person_id, t); default the observations */
  of?: string
}

/** Name of the as-of relation: `asof_transactions_365d`, `asof_instalments_of_subjects`. */
export const asOfName = (table: TableName, options: AsOfOptions = {}): string =>
  ['asof', table, options.of ? `of_${options.of.replace(/^step_/, '')}` : '', options.days ? `${options.days}d` : '']
    .filter(Boolean)
    .join('_')

const cast = (alias: string, name: string, column: ColumnContract): string =>
  `CAST(${alias}.${identifier(name)} AS ${SQL_TYPES[column.type]})`

/**
 * SQL of the as-of relation of a table: `o`, `t` and the columns of the contract.
 *
 * @param present columns that the raw table has; null for an absent table, which has no rows. Columns that may be empty
 * and are not there read as NULL.
 * @throws GlasscoreError when a column that may not be empty is not there
 */
export const asOfSql = (
  contracts: Contracts,
  table: TableName,
  present: readonly string[] | null,
  options: AsOfOptions = {},
): string => {
  const contract = contracts[table]
  const columns = Object.entries(contract.columns)
  const head = ['NULL::BIGINT AS o', 'NULL::DATE AS t']
  if (!present) {
    const empty = columns.map(([name, c]) => `NULL::${SQL_TYPES[c.type]} AS ${identifier(name)}`)
    return `SELECT ${[...head, ...empty].join(', ')} WHERE false`
  }
  for (const [name, c] of columns)
    if (!present.includes(name) && !c.nullable)
      throw dataError('column not found', { table, column: name, expected: `the columns of ${table}`, got: present })

  // Rows of other tables that say whose this row is, or when it became known; those rows must be known too.
  const joins = new Map<TableName, string>()
  const via = (link: { table: TableName; on: string; column: string }): string => {
    const alias = `${link.table}_owner`
    joins.set(
      link.table,
      `JOIN ${identifier(RAW_PREFIX + link.table)} AS ${alias} ON ${alias}.${identifier(link.on)} = s.${identifier(link.on)}`,
    )
    const found = contracts[link.table].columns[link.column]!
    return cast(alias, link.column, found)
  }
  const at = (name: TableName, alias: string): string => {
    const known = contracts[name].knownAt
    return 'table' in known ? via(known) : cast(alias, known.column, contracts[name].columns[known.column]!)
  }
  const person = 'table' in contract.person ? via(contract.person) : `s.${identifier(contract.person.column)}`
  const knownAt = at(table, 's')
  const conditions = [`${knownAt} < obs.t`]
  for (const owner of [...joins.keys()]) conditions.push(`${at(owner, `${owner}_owner`)} < obs.t`)
  if (options.days) conditions.push(`${knownAt} >= obs.t - ${options.days}`)

  const cells = columns.map(([name, c]) => {
    if (!present.includes(name)) return `NULL::${SQL_TYPES[c.type]} AS ${identifier(name)}`
    const value = cast('s', name, c)
    if (!c.knownAt) return `${value} AS ${identifier(name)}`
    const clock = present.includes(c.knownAt) ? cast('s', c.knownAt, contract.columns[c.knownAt]!) : 'NULL::DATE'
    return `CASE WHEN ${clock} < obs.t THEN ${value} END AS ${identifier(name)}`
  })
  return [
    `SELECT obs.o, obs.t, ${cells.join(', ')}`,
    `FROM ${identifier(RAW_PREFIX + table)} AS s`,
    ...joins.values(),
    `JOIN ${options.of ?? 'observations'} AS obs ON obs.person_id = ${person}`,
    `WHERE ${[...new Set(conditions)].join(' AND ')}`,
  ].join('\n')
}
