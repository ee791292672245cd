/** Trains what stands beside the models of a run, on the run's own training rows, and measures it as they were measured. */
import { fitEncoding } from '../matrix/encode.ts'
import { bestFactor } from '../models/baseline/bestFactor.ts'
import { npmForest } from '../models/baseline/npmForest.ts'
import { npmLogistic } from '../models/baseline/npmLogistic.ts'
import { type RivalName, STATEMENTS, type Statement } from '../models/baseline/statements.ts'
import type { FrameLearner } from '../models/frameLearner.ts'
import { NETWORK_OPTIONS, network } from '../models/network/learner.ts'
import { GlasscoreError } from '../util/errors.ts'
import { random as randomFrom } from '../util/random.ts'
import type { TrainOptions } from './config.ts'
import { type Held, measureFolds, measureHeldOut } from './measureModels.ts'
import type { TrainingRows } from './reportTraining.ts'
import type { StageContext } from './stage.ts'

/** What one baseline was trained on, and what became of it. */
export interface TrainedBaseline extends Statement {
  name: RivalName
  /** trainings that its figures and its calibration rest on */
  trainings: number
  /** rows of one training, the smallest and the largest, and the rows that it could have had */
  rows: { least: number; most: number; of: number }
  /** whether the cap on rows took some away */
  capped: boolean
  /** best_factor: what was chosen, most often first; empty for others */
  choices: { factor: string; how: string; trainings: number }[]
}

/** A baseline on held-out rows; or why there is none. */
export type BaselineResult =
  | { trained: TrainedBaseline; held: Held & { probability: Float64Array } }
  | { name: RivalName; reason: string }

/** What a baseline takes over from the training that it stands beside. */
export interface TrainedBeside {
  seed: number
  options: Pick<TrainOptions, 'calibration' | 'split'>
}

/** Work of all trainings together that takes some 15 seconds on one core; the forest's is trees x columns x rows^2 x rate of changes. */
const FOREST_WORK = 1.5e8
/** steps x (columns + 40) x rows x trainings: a row costs about as much as 40 of its columns */
const LOGISTIC_WORK = 4.5e8
const LOGISTIC_ROW = 40
/** rows x trainings */
const NETWORK_ROWS = 60_000
/** Trees behind each prediction; with repeated folds they are spread over the repeats. */
const FOREST_TREES = 100
const FEWEST_TREES = 10
const MIN_NUM_SAMPLES = 50
const LOGISTIC_STEPS = 100
/** One training for the test rows and five for the calibration. */
const HELD_OUT_TRAININGS = 6

/** What decides how long a training takes. */
interface Size {
  rows: number
  persons: number
  badRate: number
  columns: number
  /** undefined where test rows are held out */
  folds?: { folds: number; repeats: number } | undefined
}

const sizeOf = ({ labeled, train }: TrainingRows, { options: { split } }: TrainedBeside): Size => {
  const rows = train ?? Int32Array.from(labeled.target.keys())
  const bads = rows.reduce((sum, i) => sum + labeled.target[i]!, 0)
  return {
    rows: rows.length,
    persons: new Set(Array.from(rows, (i) => labeled.frame.personId[i]!)).size,
    badRate: bads / rows.length,
    columns: fitEncoding(labeled.frame, 'linear').columns.length,
    folds: split.by === 'folds' ? { folds: split.folds, repeats: split.repeats } : undefined,
  }
}

const forestOf = (size: Size, cap: number | undefined): FrameLearner => {
  const { folds, badRate, columns, persons } = size
  const trees = folds ? Math.max(FEWEST_TREES, Math.ceil(FOREST_TREES / folds.repeats)) : FOREST_TREES
  const ofOne = trees * Math.sqrt(columns) * 2 * badRate * (1 - badRate)
  const capFor = (trainings: number): number => Math.floor(Math.sqrt(FOREST_WORK / (trainings * ofOne)))
  // With enough persons outside of the sample the calibration needs no trainings of its own.
  const alone = capFor(1)
  const own = folds ? capFor(folds.folds * folds.repeats) : persons >= 2 * alone ? alone : capFor(HELD_OUT_TRAININGS)
  return npmForest({ trees, minNumSamples: MIN_NUM_SAMPLES, cap: cap ?? own })
}

const learnerOf = (name: RivalName, size: Size, cap: number | undefined): FrameLearner => {
  const trainings = size.folds ? size.folds.folds * size.folds.repeats : HELD_OUT_TRAININGS
  switch (name) {
    case 'ml-random-forest':
      return forestOf(size, cap)
    case 'ml-logistic-regression': {
      const own = Math.floor(LOGISTIC_WORK / (LOGISTIC_STEPS * (size.columns + LOGISTIC_ROW) * trainings))
      return npmLogistic({ steps: LOGISTIC_STEPS, cap: cap ?? own })
    }
    case 'best_factor':
      return bestFactor()
    case 'network':
      return network({ ...NETWORK_OPTIONS, cap: cap ?? Math.floor(NETWORK_ROWS / trainings) })
  }
}

/** A learner that keeps the report of every training. */
const watched = (learner: FrameLearner): { learner: FrameLearner; reports: Record<string, unknown>[] } => {
  const reports: Record<string, unknown>[] = []
  const fit: FrameLearner['fit'] = async (...training) => {
    const model = await learner.fit(...training)
    reports.push(model.report)
    return model
  }
  return { learner: { ...learner, fit }, reports }
}

const choicesOf = (reports: readonly Record<string, unknown>[]): TrainedBaseline['choices'] => {
  const choices = new Map<string, TrainedBaseline['choices'][number]>()
  for (const { factor, how } of reports) {
    if (typeof factor !== 'string' || typeof how !== 'string') continue
    const key = `${factor}\0${how}`
    const choice = choices.get(key) ?? { factor, how, trainings: 0 }
    choice.trainings++
    choices.set(key, choice)
  }
  return [...choices.values()].sort((a, b) => b.trainings - a.trainings || (a.factor < b.factor ? -1 : 1))
}

const statementOf = (name: RivalName, reports: readonly Record<string, unknown>[]): TrainedBaseline => {
  const used = reports.map((r) => Number(r['rows']))
  const given = reports.map((r) => Number(r['rowsGiven']))
  return {
    name,
    ...STATEMENTS[name],
    trainings: reports.length,
    rows: { least: Math.min(...used), most: Math.max(...used), of: Math.max(...given) },
    capped: used.some((n, k) => n < given[k]!),
    choices: choicesOf(reports),
  }
}

/**
 * Trains one baseline on the training rows of a finished run: same rows, same folds, same calibration, a stream of the run's seed.
 * @param cap training rows at most, in place of the number that keeps its trainings within some 20 seconds
 * @returns why there is none, when it cannot be calibrated: it has then learned nothing that holds for other rows
 */
export const measureBaseline = async (
  context: Pick<StageContext, 'progress' | 'signal'>,
  name: RivalName,
  rows: TrainingRows,
  training: TrainedBeside,
  cap?: number,
): Promise<BaselineResult> => {
  const { learner, reports } = watched(learnerOf(name, sizeOf(rows, training), cap))
  const root = randomFrom(training.seed).fork('train')
  const random = root.fork(name)
  const { signal, progress } = context
  const watch = { progress: (_: string, done: number, total: number) => progress(`train ${name}`, done, total) }
  const fit = { ...watch, ...(signal ? { signal } : {}) }
  const options = { calibration: training.options.calibration, permuteLabels: 0 }
  const { split } = training.options
  try {
    const { held } =
      split.by === 'folds'
        ? await measureFolds(learner, rows.labeled, split, options, root, random, fit)
        : await measureHeldOut(
            learner,
            rows.labeled,
            { train: rows.train!, test: rows.test!, left: [] },
            options,
            random,
            fit,
          )
    return { trained: statementOf(name, reports), held: { ...held, probability: held.probability! } }
  } catch (error) {
    if (error instanceof GlasscoreError && error.kind === 'training') return { name, reason: error.message }
    throw error
  }
}
