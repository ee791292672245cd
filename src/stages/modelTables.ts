/** Results that come model by model: one table a model in the engine, all of them in one Parquet file. */
import type { ColumnInput, Engine } from '../engines/engine.ts'
import { identifier } from '../engines/sql.ts'
import type { FactorFrame } from '../matrix/frame.ts'
import { dateColumn } from './dateColumn.ts'

/** A column that says the same in every row. */
export const constantText = (value: string, rows: number): ColumnInput => ({
  type: 'VARCHAR',
  values: new Array<string>(rows).fill(value),
})

/** The key of every derived row. */
export const keyColumns = (frame: FactorFrame): Record<'person_id' | 'observation_date', ColumnInput> => ({
  person_id: { type: 'VARCHAR', values: frame.personId },
  observation_date: dateColumn(frame.observationDate),
})

/** Writes tables of the same columns to one Parquet file, in the given order. */
export const writeTogether = (
  engine: Engine,
  tables: readonly string[],
  order: string,
  path: string,
): Promise<number> => {
  const all = tables.map((table) => `SELECT * FROM ${identifier(table)}`).join(' UNION ALL ')
  return engine.writeParquet(`SELECT * FROM (${all}) ORDER BY ${order}`, path)
}
