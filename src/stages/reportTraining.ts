/** What a training has left behind: its options, its figures, and which labeled rows it trained and tested on. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Evaluation } from '../comparison/evaluate.ts'
import type { ReportedBoosting, ReportedPermutation } from '../reports/runReport.ts'
import { dataError } from '../util/errors.ts'
import { random } from '../util/random.ts'
import { filledTrainOptions, type TrainOptions } from './config.ts'
import { type Labeled, labelRows } from './labels.ts'
import { MODEL_NAMES } from './learners.ts'
import type { LoadedFeatures } from './loadFeatures.ts'
import { reportedBoosting, reportedPermutation } from './reportFits.ts'
import { sidesOf } from './sidesOf.ts'

/** A training as it lies in a run. */
export interface FinishedTraining {
  seed: number
  options: TrainOptions
  evaluation: 'test' | 'out_of_fold'
  train: { rows: number; bads: number }
  test: { rows: number; bads: number }
  left: { reason: string; rows: number }[]
  warnings: string[]
  /** in the order in which models are trained, unknown names last */
  models: {
    name: string
    modelHash: string | null
    figures: Evaluation
    boosting?: ReportedBoosting
    permutation?: ReportedPermutation
  }[]
}

/** Labeled rows, and the positions among them that trained and that were held out; the same rows where folds were used. */
export interface TrainingRows {
  labeled: Labeled
  /** undefined with folds: every labeled row trained the model that is kept */
  train?: Int32Array
  test?: Int32Array
}

const number = z.number().nullable()
const interval = z.looseObject({ value: number, low: number, high: number })
const counts = z.looseObject({ rows: z.number(), bads: z.number() })
const figures = z.looseObject({
  rows: z.number(),
  bads: z.number(),
  auc: interval,
  gini: interval,
  ks: interval,
  brier: interval,
  logLoss: interval,
  calibrationSlope: interval,
  calibrationIntercept: interval,
  meanProbability: number,
  badRate: number,
})
const summarySchema = z.looseObject({
  evaluation: z.enum(['test', 'out_of_fold']),
  models: z.record(z.string(), figures),
  train: counts,
  test: counts,
  left: z.array(z.looseObject({ reason: z.string(), rows: z.number() })),
  warnings: z.array(z.string()),
})
const manifestSchema = z.looseObject({ seed: z.number().int(), options: z.looseObject({}) })

const rankOf = (name: string): number => {
  const at = (MODEL_NAMES as readonly string[]).indexOf(name)
  return at < 0 ? MODEL_NAMES.length : at
}

/** Names in the order in which models are trained, unknown ones last. */
export const inTrainingOrder = (names: readonly string[]): string[] =>
  [...names].sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1))

const parse = async <T>(file: string, schema: z.ZodType<T>): Promise<T> => {
  const parsed = schema.safeParse(JSON.parse(await readFile(file, 'utf8')))
  if (parsed.success) return parsed.data
  throw dataError('this is not what a training of this version of glasscore writes', {
    file,
    column: parsed.error.issues[0]!.path.map(String).join('.') || 'the whole file',
    expected: 'figures with intervals',
    hint: 'run the pipeline again into this folder',
  })
}

/**
 * Reads manifest.json and metrics.json of a training folder.
 * @throws GlasscoreError('data') when they are of another version
 */
export const readTraining = async (folder: string): Promise<FinishedTraining> => {
  const manifest = await parse(join(folder, 'manifest.json'), manifestSchema)
  const summary = await parse(join(folder, 'metrics.json'), summarySchema)
  const { skipInapplicable: _, ...options } = manifest.options
  const checked = filledTrainOptions.safeParse(options)
  if (!checked.success)
    throw dataError('the options of the training are not those of this version of glasscore', {
      file: join(folder, 'manifest.json'),
      column: `options.${checked.error.issues[0]!.path.map(String).join('.')}`,
      hint: 'run the pipeline again into this folder',
    })
  const names = inTrainingOrder(Object.keys(summary.models))
  return {
    seed: manifest.seed,
    options: checked.data,
    evaluation: summary.evaluation,
    train: { rows: summary.train.rows, bads: summary.train.bads },
    test: { rows: summary.test.rows, bads: summary.test.bads },
    left: summary.left.map(({ reason, rows }) => ({ reason, rows })),
    warnings: summary.warnings,
    models: names.map((name) => {
      const { report, permutation: shuffled, modelHash, ...rest } = summary.models[name]!
      const boosting = reportedBoosting(name, report)
      const permutation = reportedPermutation(shuffled)
      return {
        name,
        modelHash: typeof modelHash === 'string' ? modelHash : null,
        // JSON has null where a figure is not defined.
        figures: rest as unknown as Evaluation,
        ...(boosting ? { boosting } : {}),
        ...(permutation ? { permutation } : {}),
      }
    }),
  }
}

/**
 * Finds the rows of a training again, from the features, its options and its seed.
 * @throws GlasscoreError('data') when their number is not the one that the training counted
 */
export const trainingRows = (loaded: LoadedFeatures, training: FinishedTraining, folder: string): TrainingRows => {
  const { frame, status, table } = loaded
  const { options, seed } = training
  const labeled = labelRows(frame, status, options.indeterminate)
  const sides = sidesOf(labeled, table, options.split, random(seed).fork('train').fork('split'))
  const found = sides ? [sides.train.length, sides.test.length] : [labeled.frame.rows, labeled.frame.rows]
  if (found[0] !== training.train.rows || found[1] !== training.test.rows)
    throw dataError('the training rows cannot be told again from the features', {
      file: folder,
      expected: `${training.train.rows} training and ${training.test.rows} held-out rows`,
      got: found.join(' and '),
      hint: 'run the pipeline again into this folder',
    })
  return sides ? { labeled, train: sides.train, test: sides.test } : { labeled }
}
