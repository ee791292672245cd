/** The truth of a run: found beside its data, checked to belong to them, and read for the rows that models were measured on. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from '../../engines/engine.ts'
import { readDataset } from '../../engines/folders.ts'
import { literal } from '../../engines/sql.ts'
import { readTruth, type Truth } from '../../population/readTruth.ts'
import { outcomesHash, type ProbabilityTruth, truthFiles } from '../../population/truthFolder.ts'
import { DECLARED_OUTCOME } from '../../schema/outcome.ts'
import { dataError } from '../../util/errors.ts'
import type { JudgedModel, TrueRows } from './againstTruth.ts'

/** Which truth the outcomes of a dataset folder were made with. */
const kindOf = (outcome: string): ProbabilityTruth => (outcome === DECLARED_OUTCOME.name ? 'declared' : 'causal')

/** Whether there is a truth beside a dataset folder that its outcomes were made with. */
export const hasTruth = async (data: string): Promise<boolean> => {
  if (!existsSync(join(data, 'dataset.json'))) return false
  const { outcome } = await readDataset(data)
  return existsSync(truthFiles(data, kindOf(outcome.name)).json)
}

/**
 * Opens the truth that the outcomes of a dataset folder were made with.
 * @throws GlasscoreError('data') when there is none, it is not whole, or it is of other outcomes
 */
export const openTruth = async (data: string): Promise<Truth> => {
  const dataset = await readDataset(data)
  const kind = kindOf(dataset.outcome.name)
  const truth = await readTruth(data, kind)
  if (!truth)
    throw dataError('there is no truth beside the data', {
      file: truthFiles(data, kind).json,
      expected: 'data that glasscore simulate made, with the folder that it seals beside them',
      hint: 'real data have none',
    })
  const got = await outcomesHash(data, dataset.tables.outcomes?.files ?? [])
  if (got !== truth.head.outcomesSha256)
    throw dataError('the truth is of other outcomes', {
      file: truthFiles(data, kind).json,
      expected: `that of ${data}, whose outcomes have SHA-256 ${got.slice(0, 12)}...`,
      got: `${truth.head.outcomesSha256.slice(0, 12)}...`,
      hint: 'simulate again into the same folder',
    })
  return truth
}

/** Where a run keeps what models said of rows that they had not seen. */
export interface Predictions {
  /** Parquet file */
  file: string
  models: readonly string[]
  /** what indeterminate rows counted as in the training */
  indeterminate: 'exclude' | 'good' | 'bad'
}

/** The true probability that a labeled row is bad, in SQL over the columns of the truth, and in words. */
const targetOf = (
  kind: ProbabilityTruth,
  indeterminate: Predictions['indeterminate'],
): { sql: string; text: string } => {
  if (kind === 'declared') return { sql: 't.p_bad', text: 'P(bad), by the declared function' }
  if (indeterminate === 'good') return { sql: 't.p_bad', text: 'P(bad | latent state)' }
  if (indeterminate === 'bad')
    return {
      sql: 'CASE WHEN t.p_bad IS NOT NULL THEN least(1, t.p_bad + t.p_indeterminate) END',
      text: 'P(bad or indeterminate | latent state)',
    }
  return {
    // Where every path that was tried is indeterminate there is nothing to divide by, and no bad one. least() would take 1 for no truth.
    sql: 'CASE WHEN t.p_bad IS NOT NULL THEN least(1, t.p_bad / greatest(1 - t.p_indeterminate, 1e-9)) END',
    text: 'P(bad | latent state, good or bad): indeterminate rows are left out, as in the training',
  }
}

/** Rows of a run with their truth, and its models on them; all in the order of person and date. */
export interface RowsWithTruth extends TrueRows {
  observationDate: string[]
  models: JudgedModel[]
  part: 'test' | 'out_of_fold'
  target: Uint8Array
  /** what the truth is a probability of */
  text: string
  meanStandardError: number | null
  /** labeled rows that are left out: in truth those people are excluded or owe nothing, and switches changed what is on file of them */
  withoutProbability: number
}

/** @throws GlasscoreError('data') when a row has no truth, or a model was not measured on the rows of the others */
export const rowsWithTruth = async (
  engine: Engine,
  truth: Truth,
  { file, models, indeterminate }: Predictions,
): Promise<RowsWithTruth> => {
  const { kind } = truth.head
  const { sql, text } = targetOf(kind, indeterminate)
  const error = kind === 'causal' ? 't.standard_error' : 'NULL::DOUBLE'
  const rowsOf = (model: string) =>
    `FROM read_parquet(${literal(file)}) AS p LEFT JOIN read_parquet(${literal(truth.file)}) AS t USING (person_id, observation_date)
WHERE p.model = ${literal(model)}`
  const countWithout = async (model: string): Promise<number> => {
    const [row] = await engine.rows<{ n: number }>(
      `SELECT count(*)::INTEGER AS n ${rowsOf(model)} AND t.person_id IS NOT NULL AND (${sql}) IS NULL`,
    )
    return row!.n
  }
  const read = (model: string) =>
    engine.columns(
      `SELECT p.person_id, p.observation_date::VARCHAR AS observation_date, p.part, p.target, p.margin, p.probability,
  (${sql})::DOUBLE AS truth, ${error} AS standard_error
${rowsOf(model)} AND (t.person_id IS NULL OR (${sql}) IS NOT NULL) ORDER BY p.person_id, p.observation_date`,
      ['target', 'margin', 'probability', 'truth', 'standard_error'],
      ['person_id', 'observation_date', 'part'],
    )
  let first: Omit<RowsWithTruth, 'models'> | undefined
  const judged: JudgedModel[] = []
  for (const model of models) {
    const { numbers, texts } = await read(model)
    const [personId, observationDate] = [texts['person_id'] as string[], texts['observation_date'] as string[]]
    const gone = numbers['truth']!.findIndex((p) => !(p >= 0 && p <= 1))
    if (gone >= 0)
      throw dataError('a row of the run has no truth', {
        file: truth.file,
        row: `${personId[gone]} on ${observationDate[gone]}`,
        expected: 'the truth of the data that the run was made from',
      })
    if (personId.length === 0)
      throw dataError('no row of the run has a probability in the truth', {
        file: truth.file,
        expected: 'people who are eligible and not excluded in truth among the labeled rows',
      })
    const errors = numbers['standard_error']!.filter((e) => !Number.isNaN(e))
    first ??= {
      personId,
      observationDate,
      target: Uint8Array.from(numbers['target']!),
      truth: numbers['truth']!,
      part: texts['part']![0] as RowsWithTruth['part'],
      text,
      meanStandardError: errors.length > 0 ? errors.reduce((a, b) => a + b, 0) / errors.length : null,
      withoutProbability: await countWithout(model),
    }
    const { personId: persons, observationDate: dates } = first
    if (
      persons.length !== personId.length ||
      persons.some((id, i) => id !== personId[i] || dates[i] !== observationDate[i])
    )
      throw dataError('models were not measured on the same rows', { file, column: 'model', got: model })
    judged.push({ model, margin: numbers['margin']!, probability: numbers['probability']! })
  }
  return { ...first!, models: judged }
}
