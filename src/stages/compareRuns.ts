/** The runs that a comparison reads: their held-out predictions and models, each still as it was written. */
import { existsSync, realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { z } from 'zod'
import type { Engine } from '../engines/engine.ts'
import { literal } from '../engines/sql.ts'
import type { OutcomeDefinition } from '../schema/outcome.ts'
import { scoresOf } from '../scores/scale.ts'
import { dataError, usageError } from '../util/errors.ts'
import { sha256File } from '../util/hash.ts'
import { loadModels } from './findModels.ts'
import { type FinishedTraining, readTraining } from './reportTraining.ts'

/** A model on the held-out rows of its run. */
export interface RunModel {
  name: string
  modelHash: string
  margin: Float64Array
  probability: Float64Array
  score: Int32Array
}

/** One run, in the order of person and date. */
export interface RunPredictions {
  label: string
  /** the folder that the stage train wrote */
  train: string
  /** the feature-table folder of the run; undefined for a training by itself */
  features?: string
  /** file of the features → SHA-256, as the training read them */
  featureHashes: Record<string, string>
  training: FinishedTraining
  outcome: OutcomeDefinition
  personId: string[]
  observationDate: string[]
  target: Uint8Array
  models: RunModel[]
}

const hashes = z.record(z.string(), z.string())
const manifestSchema = z.looseObject({
  stage: z.literal('train'),
  key: z.string(),
  inputs: z.looseObject({ features: hashes }),
  outputs: hashes,
  options: z.looseObject({ permuteLabels: z.number() }),
})

const RUN = 'a folder that glasscore run or glasscore train wrote'

const runSchema = z.looseObject({
  format: z.literal('glasscore.run'),
  state: z.string().optional(),
  /** what each stage wrote when the run ended; the key tells its inputs, options and code */
  stages: z.array(z.looseObject({ stage: z.string(), manifest: z.looseObject({ key: z.string() }) })).optional(),
})

const readAs = async <T>(schema: z.ZodType<T>, file: string): Promise<T | undefined> => {
  try {
    return schema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data
  } catch {
    return undefined
  }
}

/** Whether a folder is that of a whole run, and not of a training by itself. */
export const isWholeRun = (path: string): boolean => existsSync(join(path, 'run.json'))

/**
 * The training folder of a run, or of a training by itself.
 * @throws GlasscoreError('data') when there is no such folder, or the run has none
 */
export const trainingFolder = (path: string): string => {
  if (!existsSync(path)) throw dataError('no such folder', { file: path, expected: RUN })
  if (!isWholeRun(path)) return path
  const train = join(path, 'train')
  if (!existsSync(train)) throw unfinished(path)
  return train
}

const unfinished = (path: string) =>
  dataError('the run is not finished', {
    file: path,
    expected: 'a finished run',
    hint: 'run the pipeline again into this folder',
  })

/** The training behind a path. @throws when there is none, it is unfinished, or its labels were shuffled */
const findTraining = async (path: string) => {
  const inside = isWholeRun(path)
  const run = inside ? await readAs(runSchema, join(path, 'run.json')) : undefined
  const train = trainingFolder(path)
  const manifest = await readAs(manifestSchema, join(train, 'manifest.json'))
  if (run?.state !== undefined || (run && !manifest)) throw unfinished(path)
  if (!manifest || (inside && !run)) throw dataError('this is not a run', { file: path, expected: RUN })
  if (manifest.options.permuteLabels > 0)
    throw usageError('the labels of this run were shuffled, so there is no model to compare', {
      file: path,
      expected: 'a run without --permute-labels',
    })
  const trained = run?.stages?.find(({ stage }) => stage === 'train')
  if (trained && trained.manifest.key !== manifest.key)
    throw dataError('the training here is not the one of this run', {
      file: train,
      expected: 'what the run wrote',
      hint: 'run the pipeline again into this folder',
    })
  for (const [name, expected] of Object.entries(manifest.outputs)) {
    const file = join(train, name)
    const got = existsSync(file) ? await sha256File(file) : 'nothing'
    if (got !== expected)
      throw dataError('the file was changed after the run wrote it', {
        file,
        expected: `SHA-256 ${expected.slice(0, 12)}...`,
        got: `${got.slice(0, 12)}...`,
        hint: 'run the pipeline again into this folder',
      })
  }
  const features = join(path, 'features')
  return {
    train,
    featureHashes: manifest.inputs.features,
    ...(inside && existsSync(features) ? { features } : {}),
  }
}

/**
 * Names of runs: the last parts of their paths, as many as tell them apart.
 * @throws GlasscoreError('usage') when one run is given twice
 */
export const labelsOf = (paths: readonly string[]): string[] => {
  const whole = paths.map((path) => (existsSync(path) ? realpathSync(path) : resolve(path)))
  whole.forEach((path, k) => {
    if (whole.indexOf(path) !== k)
      throw usageError('one run is given twice', { expected: 'different runs', got: paths[k]! })
  })
  const parts = whole.map((path) => path.split(/[\\/]/).filter(Boolean))
  const most = Math.max(...parts.map((p) => p.length))
  for (let n = 1; n < most; n++) {
    const labels = parts.map((p) => p.slice(-n).join('/'))
    if (new Set(labels).size === labels.length) return labels
  }
  return whole.map((path) => basename(path) && path)
}

const readModelRows = async (engine: Engine, file: string, model: string) => {
  const { numbers, texts, rows } = await engine.columns(
    `SELECT person_id, observation_date, target, margin, probability FROM read_parquet(${literal(file)})
WHERE model = ${literal(model)} ORDER BY person_id, observation_date`,
    ['target', 'margin', 'probability'],
    ['person_id', 'observation_date'],
  )
  if (rows === 0) throw dataError('a model has no held-out rows', { file, column: 'model', got: model })
  return {
    personId: texts['person_id'] as string[],
    observationDate: texts['observation_date'] as string[],
    target: Uint8Array.from(numbers['target']!),
    margin: numbers['margin']!,
    probability: numbers['probability']!,
  }
}

/**
 * Reads the held-out predictions of a run and the models that made them.
 * @throws GlasscoreError when the folder is no run, is unfinished, was changed, or its labels were shuffled
 */
export const readPredictions = async (engine: Engine, path: string, label: string): Promise<RunPredictions> => {
  const found = await findTraining(path)
  const training = await readTraining(found.train)
  const file = join(found.train, 'predictions.parquet')
  const { models: loaded } = await loadModels([found.train])
  const models: RunModel[] = []
  let keys: Awaited<ReturnType<typeof readModelRows>> | undefined
  for (const { name } of training.models) {
    const model = loaded.find(({ scorer }) => scorer.name === name)
    if (!model) throw dataError('a model that the run measured is not there', { file: found.train, got: name })
    const rows = await readModelRows(engine, file, name)
    keys ??= rows
    models.push({
      name,
      modelHash: model.hash,
      margin: rows.margin,
      probability: rows.probability,
      score: scoresOf(rows.probability, model.scorer.scale),
    })
  }
  if (!keys) throw dataError('the run has no model', { file: path })
  const { personId, observationDate, target } = keys
  for (const { name, margin } of models)
    if (margin.length !== target.length)
      throw dataError('the models of a run were measured on different rows', { file, column: 'model', got: name })
  const outcome = loaded[0]!.scorer.training['outcome'] as OutcomeDefinition
  return { label, ...found, training, outcome, personId, observationDate, target, models }
}

/** Positions in each run of the rows that all of them hold out, in the order of person and date. */
const commonRows = (runs: readonly RunPredictions[]): Int32Array[] => {
  const keysOf = ({ personId, observationDate }: RunPredictions) =>
    personId.map((id, i) => `${id}\0${observationDate[i]}`)
  const [first, ...others] = runs.map(keysOf)
  const positions = others.map((keys) => new Map(keys.map((key, i) => [key, i])))
  const common = first!.flatMap((key, i) => {
    const found = positions.map((of) => of.get(key))
    return found.some((at) => at === undefined) ? [] : [[i, ...(found as number[])]]
  })
  return runs.map((_, r) => Int32Array.from(common, (row) => row[r]!))
}

/** What defines an outcome. Its name is not of them: it is that of the mapping, and one outcome may be read by two. */
const OUTCOME_RULES: readonly { key: Exclude<keyof OutcomeDefinition, 'name'>; words: string }[] = [
  { key: 'text', words: 'the text' },
  { key: 'performanceWindowDays', words: 'the performance window in days' },
  { key: 'badDaysPastDue', words: 'the days past due of a bad outcome' },
  { key: 'indeterminateDaysPastDue', words: 'the days past due of an indeterminate outcome' },
  { key: 'eligibleWindowDays', words: 'the days within which something must fall due' },
]

/** A long text from a little before the place where it parts from another one: messages are short. */
const fromDifference = (value: string | number, other: string | number): string => {
  const [text, against] = [String(value), String(other)]
  let same = 0
  while (same < text.length && text[same] === against[same]) same++
  const from = text.lastIndexOf(' ', same - 12) + 1
  return text.length <= 60 || same < 24 ? text : `... ${text.slice(from)}`
}

/**
 * The rows that every run holds out, as positions in each.
 * @throws GlasscoreError('data') when there are none, when the runs disagree on an outcome or its definition, or when the common rows
 *   have one outcome only
 */
export const alignRuns = (runs: readonly RunPredictions[]): Int32Array[] => {
  const [first] = runs
  for (const run of runs) {
    const unlike = OUTCOME_RULES.find(({ key }) => run.outcome[key] !== first!.outcome[key])
    if (!unlike) continue
    throw dataError('the runs define their outcome differently, so their models predict different things', {
      expected: `${unlike.words} of ${first!.label}: ${fromDifference(first!.outcome[unlike.key], run.outcome[unlike.key])}`,
      got: `${run.label}: ${fromDifference(run.outcome[unlike.key], first!.outcome[unlike.key])}`,
    })
  }
  const rows = commonRows(runs)
  const count = rows[0]!.length
  if (count === 0)
    throw dataError('the runs hold out no row in common', {
      expected: 'persons and dates that no run trained on',
      got: runs.map((run) => `${run.label}: ${run.target.length} rows`).join(', '),
      hint: 'runs of one seed and one split on the same people hold out the same rows',
    })
  let disagree = 0
  let bads = 0
  for (let k = 0; k < count; k++) {
    const labels = runs.map((run, r) => run.target[rows[r]![k]!]!)
    if (labels.some((y) => y !== labels[0])) disagree++
    bads += labels[0]!
  }
  if (disagree > 0)
    throw dataError('the runs disagree on what became of the same people', {
      expected: 'equal outcomes in every common row',
      got: `${disagree} of ${count} rows`,
      hint: `are they the same people? outcomes: ${[...new Set(runs.map((run) => run.outcome.name))].join(', ')}`,
    })
  if (bads === 0 || bads === count)
    throw dataError('models cannot be compared on one outcome alone', {
      expected: 'good and bad rows among those that every run holds out',
      got: `${count - bads} good, ${bads} bad`,
    })
  return rows
}
