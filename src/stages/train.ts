/**
 * Trains models and measures them on rows that they did not see: on held-out persons, or out of fold.
 *
 * Held out (split by person or time): the model is fitted on the training rows and calibrated on their out-of-fold margins
 * (forest: out-of-bag), so that test rows serve the measurement alone.
 * Folds: margins are out of fold, averaged over repeats; the model that is kept is fitted on all rows. Its calibration and
 * the probabilities that are measured come from the same out-of-fold margins (two parameters).
 */
import { join } from 'node:path'
import { type Evaluation, evaluate, evaluateRanking, type Ranking } from '../comparison/evaluate.ts'
import { SUSPICIOUS_MODEL_AUC, screenFactors, screenWarnings } from '../comparison/screenFactors.ts'
import type { ColumnInput } from '../engines/engine.ts'
import { identifier } from '../engines/sql.ts'
import { saveModel } from '../formats/modelFile.ts'
import { applyEncoding, fitEncoding } from '../matrix/encode.ts'
import { type FactorFrame, takeRows } from '../matrix/frame.ts'
import { type Split, splitByPerson, splitByTime, stratifiedFolds } from '../matrix/splits.ts'
import { calibratedProbability, fitCalibration } from '../models/calibrate.ts'
import { outOfFoldMargins } from '../models/crossFit.ts'
import { groupsOf } from '../models/groups.ts'
import { margin } from '../models/margin.ts'
import type { FitOptions, Learner } from '../models/model.ts'
import { DEFAULT_SCALE } from '../scores/scale.ts'
import type { Scorer } from '../scores/scorer.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { interruptedError } from '../util/errors.ts'
import { canonicalJson, sha256File } from '../util/hash.ts'
import { type Random, random as randomFrom } from '../util/random.ts'
import { VERSION } from '../util/version.ts'
import { checkOptions, type TrainInput, type TrainOptions, trainOptions } from './config.ts'
import { dateColumn } from './dateColumn.ts'
import { type Labelled, labelRows, permuteLabels } from './labels.ts'
import { hasDeclaredDimensions, learnersOf } from './learners.ts'
import { loadFeatures } from './loadFeatures.ts'
import { runStage, type StageContext, type StageOptions, type StageResult } from './stage.ts'

export interface TrainStageOptions extends StageOptions {
  /** feature-table folder */
  features: string
  /** split, models, calibration ...; see config.ts */
  train?: TrainInput
  /** leave out the declared model where the factors have no advertised dimensions, instead of failing */
  skipInapplicable?: boolean
}

type Counts = { rows: number; bads: number }

export interface TrainSummary {
  evaluation: 'test' | 'out_of_fold'
  /** with permuted labels only the ranking is measured, and no model is kept */
  models: Record<
    string,
    (Evaluation | (Ranking & Partial<Evaluation>)) & { modelHash?: string; report: Record<string, unknown> }
  >
  train: Counts
  test: Counts
  /** rows by outcome status */
  outcomes: Record<string, number>
  left: Split['left']
  warnings: string[]
  permutedLabels: boolean
}

/** Folds of the inner cross-fit that calibrates models without out-of-bag margins. */
const CALIBRATION_FOLDS = 5

interface Trained {
  learner: Learner
  scorer?: Scorer
  held: { frame: FactorFrame; target: Uint8Array; margin: Float64Array; probability?: Float64Array }
  report: Record<string, unknown>
}

const pick = (target: Uint8Array, rows: Int32Array): Uint8Array => Uint8Array.from(rows, (i) => target[i]!)
const countsOf = (target: Uint8Array): Counts => ({ rows: target.length, bads: target.reduce((a, b) => a + b, 0) })

const fitOn = async (learner: Learner, frame: FactorFrame, target: Uint8Array, random: Random, options: FitOptions) => {
  const encoding = fitEncoding(frame, learner.encoding)
  const x = applyEncoding(encoding, frame)
  const fitted = await learner.fit(x, target, random, { ...options, groups: groupsOf(frame.personId) })
  const report = {
    ...fitted.report,
    options: learner.options,
    columns: encoding.columns.length,
    dropped: encoding.dropped,
  }
  return { encoding, fitted, report }
}

const trainHeldOut = async (
  learner: Learner,
  { frame, target }: Labelled,
  split: Split,
  options: TrainOptions,
  random: Random,
  fit: FitOptions,
): Promise<Trained> => {
  const train = { frame: takeRows(frame, split.train), target: pick(target, split.train) }
  const test = { frame: takeRows(frame, split.test), target: pick(target, split.test) }
  const { encoding, fitted, report } = await fitOn(learner, train.frame, train.target, random.fork('fit'), fit)
  const margins = margin(fitted.model, applyEncoding(encoding, test.frame))
  if (options.permuteLabels) return { learner, held: { ...test, margin: margins }, report }
  const folds = stratifiedFolds(train.frame.personId, train.target, CALIBRATION_FOLDS, random.fork('calibration'))
  const unseen =
    fitted.outOfBagMargins ??
    (await outOfFoldMargins(learner, train.frame, train.target, folds, random.fork('calibration'), fit))
  const calibration = fitCalibration(options.calibration, unseen, train.target)
  const scorer: Scorer = {
    name: learner.kind,
    model: fitted.model,
    encoding,
    calibration,
    scale: DEFAULT_SCALE,
    training: {},
  }
  const probability = calibratedProbability(calibration, margins)
  return { learner, scorer, held: { ...test, margin: margins, probability }, report }
}

const trainFolds = async (
  learner: Learner,
  { frame, target }: Labelled,
  options: TrainOptions,
  root: Random,
  random: Random,
  fit: FitOptions,
): Promise<Trained> => {
  if (options.split.by !== 'folds') throw new TypeError('folds only')
  const { folds, repeats } = options.split
  const mean = new Float64Array(frame.rows)
  for (let r = 0; r < repeats; r++) {
    fit.progress?.(learner.kind, r, repeats)
    const { progress: _, ...quiet } = fit
    // The folds are those of every other model.
    const assigned = stratifiedFolds(frame.personId, target, folds, root.fork('folds', r))
    const margins = await outOfFoldMargins(learner, frame, target, assigned, random.fork('repeat', r), quiet)
    for (let i = 0; i < mean.length; i++) mean[i]! += margins[i]! / repeats
  }
  const held = { frame, target, margin: mean }
  if (options.permuteLabels) return { learner, held, report: { options: learner.options } }
  const calibration = fitCalibration(options.calibration, mean, target)
  const { encoding, fitted, report } = await fitOn(learner, frame, target, random.fork('fit'), fit)
  const scorer: Scorer = {
    name: learner.kind,
    model: fitted.model,
    encoding,
    calibration,
    scale: DEFAULT_SCALE,
    training: {},
  }
  return { learner, scorer, held: { ...held, probability: calibratedProbability(calibration, mean) }, report }
}

const storePredictions = async (context: StageContext, trained: readonly Trained[], part: string): Promise<void> => {
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

const warningsOf = (models: TrainSummary['models']): string[] =>
  Object.entries(models).flatMap(([name, m]) => [
    ...(m.auc.value > SUSPICIOUS_MODEL_AUC
      ? [
          `${name}: an AUC of ${m.auc.value.toFixed(3)} on rows it did not see asks for an explanation: look for a factor that knows the outcome`,
        ]
      : []),
    ...((m.report['warnings'] as string[] | undefined) ?? []).map((w) => `${name}: ${w}`),
  ])

/**
 * Trains the models of the options on a feature-table folder. Writes models/<name>/, metrics.json and predictions.parquet.
 * @throws when a protected column is among the factors, when too few rows are labelled, or when a model cannot be calibrated
 */
export const train = (options: TrainStageOptions): Promise<StageResult<TrainSummary>> => {
  const checked = checkOptions(trainOptions, options.train ?? {})
  const skip = options.skipInapplicable === true
  const inputs = { features: options.features }
  return runStage(
    { stage: 'train', options: { ...checked, skipInapplicable: skip }, inputs },
    options,
    async (context) => {
      const { engine, folder, pool, seed, progress, signal } = context
      progress('load features', 0, 1)
      const { table, frame, status } = await loadFeatures(engine, options.features)
      const root = randomFrom(seed).fork('train')
      const labelled = labelRows(frame, status, checked.indeterminate)
      if (checked.permuteLabels) labelled.target = permuteLabels(labelled.target, root.fork('permute'))
      const models = { ...checked.models }
      if (skip && !models.declared?.weights && !hasDeclaredDimensions(frame.factors)) delete models.declared
      const learners = learnersOf(models, frame.factors)
      const { personId, observationDate } = labelled.frame
      const { split } = checked
      const sides =
        split.by === 'person'
          ? splitByPerson(personId, labelled.target, split.testShare, root.fork('split'))
          : split.by === 'time'
            ? splitByTime(
                personId,
                observationDate,
                labelled.target,
                {
                  performanceWindowDays: table.outcome.performanceWindowDays,
                  testShare: split.testShare,
                  ...(split.testFrom ? { testFrom: split.testFrom } : {}),
                },
                root.fork('split'),
              )
            : undefined
      const trained: Trained[] = []
      for (const learner of learners) {
        if (signal?.aborted) throw interruptedError()
        const fit: FitOptions = {
          pool,
          progress: (_step, done, total) => progress(`train ${learner.kind}`, done, total),
          ...(signal ? { signal } : {}),
        }
        progress(`train ${learner.kind}`, 0, 1)
        const random = root.fork(learner.kind)
        trained.push(
          sides
            ? await trainHeldOut(learner, labelled, sides, checked, random, fit)
            : await trainFolds(learner, labelled, checked, root, random, fit),
        )
      }
      const summary: TrainSummary = {
        evaluation: sides ? 'test' : 'out_of_fold',
        models: {},
        train: countsOf(sides ? pick(labelled.target, sides.train) : labelled.target),
        test: countsOf(sides ? pick(labelled.target, sides.test) : labelled.target),
        outcomes: labelled.counts,
        left: sides?.left ?? [],
        warnings: [],
        permutedLabels: checked.permuteLabels,
      }
      const featuresHash = await sha256File(join(options.features, 'features.parquet'))
      for (const [i, { learner, scorer, held, report }] of trained.entries()) {
        progress('evaluate', i, trained.length)
        const measure = { replicates: checked.replicates, random: root.fork('bootstrap') }
        const rows = { personId: held.frame.personId, target: held.target, margin: held.margin }
        const figures = held.probability
          ? evaluate({ ...rows, probability: held.probability }, measure)
          : evaluateRanking(rows, measure)
        let modelHash: string | undefined
        if (scorer) {
          const training = {
            glasscore: VERSION,
            seed,
            ...summary.train,
            evaluation: summary.evaluation,
            split,
            learner: learner.options,
            calibration: checked.calibration,
            indeterminate: checked.indeterminate,
            outcome: { ...table.outcome },
            features: { name: table.name, sha256: featuresHash },
            report,
          }
          modelHash = (await saveModel(join(folder, 'models', learner.kind), { ...scorer, training })).hash
        }
        summary.models[learner.kind] = { ...figures, ...(modelHash ? { modelHash } : {}), report }
      }
      summary.warnings = [
        ...screenWarnings(screenFactors(labelled.frame, labelled.target)),
        ...warningsOf(summary.models),
      ]
      await storePredictions(context, trained, summary.evaluation)
      await writeFileAtomic(join(folder, 'metrics.json'), `${canonicalJson(summary, 2)}\n`)
      return summary
    },
  )
}
