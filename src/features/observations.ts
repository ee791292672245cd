/** Who is observed when: the rows of a feature table. */
import type { Engine } from '../engines/engine.ts'
import { dateLiteral, identifier } from '../engines/sql.ts'
import type { Dataset } from '../schema/dataset.ts'
import { usageError } from '../util/errors.ts'
import { RAW_PREFIX } from './asOf.ts'

/** `outcomes`: the rows of the outcomes table. ISO days: everybody who was known before each. */
export type ObservationDates = 'outcomes' | readonly string[]

const isDay = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** Checked, sorted, without repetitions. */
export const checkedDates = (dates: readonly string[]): string[] => {
  for (const got of dates)
    if (!isDay(got)) throw usageError('not a date', { option: 'dates', expected: 'a day as YYYY-MM-DD', got })
  if (dates.length === 0) throw usageError('no observation date', { option: 'dates', expected: 'at least one day' })
  return [...new Set(dates)].sort()
}

/**
 * Makes the table `observations` (o, person_id, t), `o` counting from 0 in order of person_id and t.
 * @returns the number of observations
 */
export const makeObservations = async (engine: Engine, dataset: Dataset, dates: ObservationDates): Promise<number> => {
  const needed = dates === 'outcomes' ? 'outcomes' : 'people'
  if (!dataset.tables[needed])
    throw usageError(`the data set "${dataset.name}" has no table ${needed}`, {
      option: 'dates',
      expected: dates === 'outcomes' ? 'a table of outcomes, or dates' : 'a table of people',
    })
  const source =
    dates === 'outcomes'
      ? `SELECT DISTINCT person_id::VARCHAR AS person_id, observation_date::DATE AS t FROM ${identifier(`${RAW_PREFIX}outcomes`)}`
      : `SELECT DISTINCT p.person_id::VARCHAR AS person_id, d.t
         FROM ${identifier(`${RAW_PREFIX}people`)} AS p
         JOIN (VALUES ${checkedDates(dates)
           .map((d) => `(${dateLiteral(d)})`)
           .join(', ')}) AS d (t) ON p.account_opened_on < d.t`
  await engine.run(
    `CREATE OR REPLACE TABLE observations AS
     SELECT (row_number() OVER (ORDER BY person_id, t) - 1)::BIGINT AS o, person_id, t FROM (${source}) AS known ORDER BY o`,
  )
  const [row] = await engine.rows<{ n: number }>('SELECT count(*) AS n FROM observations')
  return row!.n
}
