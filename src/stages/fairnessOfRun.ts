/** The rows of a run that an audit of fairness looks at: held-out ones with their outcome, or everybody scored. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditedRows, ProtectedColumn } from '../audits/fairness/auditRows.ts'
import type { Engine } from '../engines/engine.ts'
import { readFeatureTable } from '../engines/folders.ts'
import { identifier, literal } from '../engines/sql.ts'
import { loadModel } from '../formats/modelFile.ts'
import type { FeatureTable } from '../schema/dataset.ts'
import { scoresOf } from '../scores/scale.ts'
import { dataError } from '../util/errors.ts'
import { findModels } from './findModels.ts'
import { inTrainingOrder } from './reportTraining.ts'
import { wantedModels } from './wantedModels.ts'

/** Which rows of a run. */
export type AuditedRowsOfRun = 'held-out' | 'scored'

/** A model and the rows that are audited by it. */
export interface AuditedModel {
  model: string
  rows: AuditedRows
}

const modelNames = async (run: string, wanted: readonly string[] | undefined): Promise<string[]> => {
  const names = inTrainingOrder((await findModels(join(run, 'train'))).map((folder) => folder.split(/[\\/]/).at(-1)!))
  return wantedModels(names, wanted)
}

/** @throws when the run has no protected attributes */
const groupsFile = (run: string, table: FeatureTable): string => {
  const file = join(run, 'features', 'groups.parquet')
  if (table.protectedColumns.length === 0 || !existsSync(file))
    throw dataError('the run has no protected attributes, so there are no groups to audit', {
      file: run,
      expected: 'a source whose mapping names protected columns (protected: [sex, age])',
      hint: 'or audit a file: glasscore audit fairness FILE --score COLUMN --groups COLUMN',
    })
  return file
}

/**
 * Reads a finished run.
 * @returns the audited rows of each model, in the order of the training, and the description of the feature table
 */
export const fairnessOfRun = async (
  engine: Engine,
  run: string,
  which: AuditedRowsOfRun,
  wanted: readonly string[] | undefined,
): Promise<{ table: FeatureTable; models: AuditedModel[]; evaluation: 'test' | 'out_of_fold' | null }> => {
  const table = await readFeatureTable(join(run, 'features'))
  const groups = groupsFile(run, table)
  const columns = (await engine.rows<{ column_name: string }>(`DESCRIBE FROM read_parquet(${literal(groups)})`))
    .map((c) => c.column_name)
    .filter((name) => name !== 'person_id' && name !== 'observation_date')
  const held = which === 'held-out'
  const file = held ? join(run, 'train', 'predictions.parquet') : join(run, 'scores', 'scores.parquet')
  // Names of attributes are data; as g0, g1, ... they cannot be those of the other columns.
  const attributes = columns.map((name, k) => `g.${identifier(name)} AS g${k}`).join(', ')
  const models: AuditedModel[] = []
  let evaluation: 'test' | 'out_of_fold' | null = null
  for (const model of await modelNames(run, wanted)) {
    const measures = held ? 'p.probability, p.margin, p.target' : 'p.score'
    const read = await engine.columns(
      `SELECT p.person_id, ${measures}${held ? ', p.part' : ''}, ${attributes}
FROM read_parquet(${literal(file)}) AS p
LEFT JOIN read_parquet(${literal(groups)}) AS g USING (person_id, observation_date)
WHERE p.model = ${literal(model)} ORDER BY p.person_id, p.observation_date`,
      held ? ['probability', 'margin', 'target'] : ['score'],
      ['person_id', ...(held ? ['part'] : []), ...columns.map((_, k) => `g${k}`)],
    )
    const { numbers, texts, rows } = read
    if (rows === 0) throw dataError('the model has no rows here', { file, column: 'model', got: model })
    const probability = numbers['probability']
    if (probability?.some(Number.isNaN))
      throw dataError('there are rows without a probability', { file, column: 'probability', expected: 'a number' })
    const { scorer } = await loadModel(join(run, 'train', 'models', model))
    if (held) evaluation = texts['part']![0] as 'test' | 'out_of_fold'
    models.push({
      model,
      rows: {
        score: probability ? Float64Array.from(scoresOf(probability, scorer.scale)) : numbers['score']!,
        higherIs: 'safety',
        margin: numbers['margin'],
        probability,
        target: numbers['target'],
        personId: texts['person_id'] as string[],
        groups: columns.map((name, k): ProtectedColumn => ({ name, values: texts[`g${k}`]! })),
      },
    })
  }
  return { table, models, evaluation }
}
