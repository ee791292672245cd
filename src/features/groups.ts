/** Protected attributes of the observed people, kept apart from the factors. */
import type { Engine } from '../engines/engine.ts'
import { identifier } from '../engines/sql.ts'
import type { Dataset } from '../schema/dataset.ts'
import { dataError } from '../util/errors.ts'
import { RAW_PREFIX } from './asOf.ts'

export interface Groups {
  /** names of the columns of groups.parquet, in order */
  columns: string[]
  /** ordered by person_id, observation_date */
  sql: string
}

/**
 * One text column a protected attribute; the date of birth becomes `age`, the whole years completed at t.
 * @returns null where the data set names no protected column
 * @throws GlasscoreError when a protected column is not in the table of people
 */
export const groupsSql = async (engine: Engine, dataset: Dataset): Promise<Groups | null> => {
  if (dataset.protectedColumns.length === 0 || !dataset.tables.people) return null
  const people = identifier(`${RAW_PREFIX}people`)
  const there = (await engine.rows<{ column_name: string }>(`DESCRIBE ${people}`)).map((c) => c.column_name)
  const columns: string[] = []
  const select = dataset.protectedColumns.map((column) => {
    if (!there.includes(column))
      throw dataError('protected column not found', { table: 'people', column, expected: there.join(', ') })
    const isBirth = column === 'born_on'
    columns.push(isBirth ? 'age' : column)
    return isBirth
      ? `date_sub('year', p.born_on::DATE, obs.t)::VARCHAR AS age`
      : `p.${identifier(column)}::VARCHAR AS ${identifier(column)}`
  })
  return {
    columns,
    sql: `SELECT obs.person_id, obs.t AS observation_date, ${select.join(', ')}
FROM observations AS obs LEFT JOIN ${people} AS p ON p.person_id::VARCHAR = obs.person_id ORDER BY obs.o`,
  }
}
