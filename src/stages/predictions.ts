import { join } from 'node:path'
import type { ColumnInput } from '../engines/engine.ts'
import { identifier } from '../engines/sql.ts'
import { dateColumn } from './dateColumn.ts'
import type { Trained } from './fitModels.ts'
import type { StageContext } from './stage.ts'

/** predictions.parquet: the rows that the figures come from. */
export const storePredictions = async (
  context: StageContext,
  trained: readonly Trained[],
  part: string,
): Promise<void> => {
  const { engine, folder } = context
  for (const [i, { learner, held }] of trained.entries()) {
    const rows = held.target.length
    const text = (value: string): ColumnInput => ({ type: 'VARCHAR', values: new Array(rows).fill(value) })
    await engine.createTable(`predictions_${i}`, {
      person_id: { type: 'VARCHAR', values: held.frame.personId },
      observation_date: dateColumn(held.frame.observationDate),
      model: text(learner.kind),
      part: text(part),
      target: { type: 'UTINYINT', values: held.target },
      margin: { type: 'DOUBLE', values: held.margin },
      probability: { type: 'DOUBLE', values: held.probability ?? new Float64Array(rows).fill(Number.NaN) },
    })
  }
  const all = trained.map((_, i) => `SELECT * FROM ${identifier(`predictions_${i}`)}`).join(' UNION ALL ')
  const sql = `SELECT * FROM (${all}) ORDER BY model, person_id, observation_date`
  await engine.writeParquet(sql, join(folder, 'predictions.parquet'))
}
