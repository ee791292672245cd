import { join } from 'node:path'
import type { Held } from './measureModels.ts'
import { constantText, keyColumns, writeTogether } from './modelTables.ts'
import type { StageContext } from './stage.ts'

/** predictions.parquet: the rows that the figures come from. */
export const storePredictions = async (
  context: StageContext,
  trained: readonly { learner: { kind: string }; held: Held }[],
  part: string,
): Promise<void> => {
  const { engine, folder } = context
  for (const [i, { learner, held }] of trained.entries()) {
    const rows = held.target.length
    await engine.createTable(`predictions_${i}`, {
      ...keyColumns(held.frame),
      model: constantText(learner.kind, rows),
      part: constantText(part, rows),
      target: { type: 'UTINYINT', values: held.target },
      margin: { type: 'DOUBLE', values: held.margin },
      probability: { type: 'DOUBLE', values: held.probability ?? new Float64Array(rows).fill(Number.NaN) },
    })
  }
  const tables = trained.map((_, i) => `predictions_${i}`)
  await writeTogether(engine, tables, 'model, person_id, observation_date', join(folder, 'predictions.parquet'))
}
