/**
 * Trains models and measures them on rows that they did not see: on held-out persons, or out of fold.
 *
 * Held out (split by person or time): the model is fitted on the training rows and calibrated on their out-of-fold margins
 * (forest: out-of-bag), so that test rows serve the measurement alone.
 * Folds: margins are out of fold, averaged over repeats; the model that is kept is fitted on all rows. Its calibration and the
 * probabilities that are measured come from the same out-of-fold margins (see fitModels.ts).
 */
import { join } from 'node:path'
import { evaluate, evaluateRanking } from '../comparison/evaluate.ts'
import { SUSPICIOUS_MODEL_AUC, screenFactors, screenWarnings } from '../comparison/screenFactors.ts'
import { saveModel } from '../formats/modelFile.ts'
import { isWideFolder } from '../formats/wideTable.ts'
import { takeRows } from '../matrix/frame.ts'
import type { Split } from '../matrix/splits.ts'
import type { FitOptions, Learner } from '../models/model.ts'
import type { FactorSpec } from '../schema/factor.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { GlasscoreError, interruptedError, trainingError } from '../util/errors.ts'
import { canonicalJson, sha256File } from '../util/hash.ts'
import { type Random, random as randomFrom } from '../util/random.ts'
import { VERSION } from '../util/version.ts'
import { ALL_MODELS, checkOptions, type TrainOptions, trainOptions } from './config.ts'
import { pick, type Trained, trainFolds, trainHeldOut } from './fitModels.ts'
import { TRAINING } from './frameMemory.ts'
import { type Labeled, labelRows } from './labels.ts'
import { hasDeclaredDimensions, learnersOf } from './learners.ts'
import { loadFeatures } from './loadFeatures.ts'
import { missingShares } from './missingFactors.ts'
import { rankPermuted } from './permutations.ts'
import { storePredictions } from './predictions.ts'
import { sidesOf } from './sidesOf.ts'
import { runStage, type StageContext, type StageResult } from './stage.ts'
import type { Counts, TrainStageOptions, TrainSummary } from './trainSummary.ts'
import { trainWide } from './wide/trainWide.ts'

export type { Counts, TrainStageOptions, TrainSummary } from './trainSummary.ts'

const countsOf = (target: Uint8Array): Counts => ({
  rows: target.length,
  bads: target.reduce((a, b) => a + b, 0),
})

const LEFT_OUT =
  'declared: left out, because no factor is of a dimension with an advertised weight; to train it, name groups in the mapping and weights for them in the pipeline'

/** The learners to train, and what is said of those that are left out. */
const chooseLearners = (config: TrainOptions['models'], factors: readonly FactorSpec[], skip: boolean) => {
  const models = { ...config }
  const leftOut = skip && models.declared && !models.declared.weights && !hasDeclaredDimensions(factors)
  if (leftOut) delete models.declared
  return { learners: learnersOf(models, factors), leftOut: leftOut ? [LEFT_OUT] : [] }
}

/** A model that cannot be calibrated is reported together with the factors that may be the cause. */
const withSuspicions = (error: unknown, model: string, suspicions: readonly string[]): unknown => {
  if (!(error instanceof GlasscoreError) || (error.kind !== 'model' && error.kind !== 'training')) return error
  const { expected, hint } = error.details
  return trainingError(`${model}: ${error.what}`, {
    ...(expected === undefined ? {} : { expected }),
    hint: [...suspicions, hint ?? ''].filter(Boolean).join('; '),
    cause: error,
  })
}

const fitAll = async (
  context: StageContext,
  learners: readonly Learner[],
  labeled: Labeled,
  sides: Split | undefined,
  options: TrainOptions,
  root: Random,
  suspicions: readonly string[],
): Promise<Trained[]> => {
  const { pool, progress, signal } = context
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
    try {
      if (sides) trained.push(await trainHeldOut(learner, labeled, sides, options, random, fit))
      else if (options.split.by === 'folds')
        trained.push(await trainFolds(learner, labeled, options.split, options, root, random, fit))
    } catch (error) {
      throw withSuspicions(error, learner.kind, suspicions)
    }
  }
  return trained
}

const warningsOf = (models: TrainSummary['models']): string[] =>
  Object.entries(models).flatMap(([name, { auc, calibrationSlope, report }]) => [
    ...(auc.value > SUSPICIOUS_MODEL_AUC
      ? [
          `${name}: an AUC of ${auc.value.toFixed(3)} on rows it did not see asks for an explanation: look for a factor that knows the outcome`,
        ]
      : []),
    ...(calibrationSlope && calibrationSlope.undefined > 0
      ? [
          `${name}: in ${calibrationSlope.undefined} replicates probabilities tell good and bad rows apart and there is no calibration slope: its interval leaves them out`,
        ]
      : []),
    ...((report['warnings'] as string[] | undefined) ?? []).map((w) => `${name}: ${w}`),
  ])

/**
 * Trains the models of the options on a feature-table folder. Writes models/<name>/, metrics.json and predictions.parquet.
 * @throws when a protected column is among the factors, when too few rows are labeled, or when a model cannot be calibrated
 */
export const train = (options: TrainStageOptions): Promise<StageResult<TrainSummary>> => {
  const asked = checkOptions(trainOptions, options.train ?? {})
  const checked: TrainOptions = { ...asked, models: asked.models ?? ALL_MODELS }
  const skip = options.skipInapplicable === true || asked.models === undefined
  if (isWideFolder(options.features)) return trainWide(options, checked, skip)
  const spec = {
    stage: 'train',
    options: { ...checked, skipInapplicable: skip },
    inputs: { features: options.features },
  }
  return runStage(spec, options, async (context) => {
    const { engine, folder, seed, progress } = context
    progress('load features', 0, 1)
    const { table, frame, status } = await loadFeatures(engine, options.features, TRAINING)
    const root = randomFrom(seed).fork('train')
    const labeled = labelRows(frame, status, checked.indeterminate)
    const suspicions = screenWarnings(screenFactors(labeled.frame, labeled.target))
    const sides = sidesOf(labeled, table, checked.split, root.fork('split'))
    const { learners, leftOut } = chooseLearners(checked.models, frame.factors, skip)
    const evaluation = sides ? 'test' : 'out_of_fold'
    const summary: TrainSummary = {
      evaluation,
      models: {},
      train: countsOf(sides ? pick(labeled.target, sides.train) : labeled.target),
      test: countsOf(sides ? pick(labeled.target, sides.test) : labeled.target),
      outcomes: labeled.counts,
      left: sides?.left ?? [],
      warnings: leftOut,
      permutations: checked.permuteLabels,
    }
    if (checked.permuteLabels > 0) {
      summary.models = await rankPermuted(checked.permuteLabels, labeled.target, root, (target, stream) =>
        fitAll(context, learners, { ...labeled, target }, sides, checked, stream, []),
      )
      await writeFileAtomic(join(folder, 'metrics.json'), `${canonicalJson(summary, 2)}\n`)
      return summary
    }
    const trained = await fitAll(context, learners, labeled, sides, checked, root, suspicions)
    const shared = {
      glasscore: VERSION,
      seed,
      ...summary.train,
      evaluation: summary.evaluation,
      split: checked.split,
      calibration: checked.calibration,
      indeterminate: checked.indeterminate,
      outcome: { ...table.outcome },
      missing: missingShares(sides ? takeRows(labeled.frame, sides.train) : labeled.frame),
      features: { name: table.name, sha256: await sha256File(join(options.features, 'features.parquet')) },
    }
    for (const [i, { learner, scorer, held, report, permutation }] of trained.entries()) {
      progress('evaluate', i, trained.length)
      const measure = { replicates: checked.replicates, random: root.fork('bootstrap') }
      const { target, margin, probability } = held
      const rows = { personId: held.frame.personId, target, margin }
      const figures = probability ? evaluate({ ...rows, probability }, measure) : evaluateRanking(rows, measure)
      summary.models[learner.kind] = { ...figures, report, ...(permutation ? { permutation } : {}) }
      if (!scorer) continue
      const training = { ...shared, learner: learner.options, report }
      const { hash } = await saveModel(join(folder, 'models', learner.kind), { ...scorer, training })
      summary.models[learner.kind]!.modelHash = hash
    }
    summary.warnings = [...leftOut, ...suspicions, ...warningsOf(summary.models)]
    await storePredictions(context, trained, summary.evaluation)
    await writeFileAtomic(join(folder, 'metrics.json'), `${canonicalJson(summary, 2)}\n`)
    return summary
  })
}
