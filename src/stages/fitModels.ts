/** Fits one learner on labeled rows, for keeps, and measures it on rows that it did not see. */

import { applyEncoding } from '../matrix/encode.ts'
import type { Split } from '../matrix/splits.ts'
import { type EncodedModel, onFrames } from '../models/frameLearner.ts'
import type { FitOptions, Learner } from '../models/model.ts'
import { type PermutationImportance, permutationImportance } from '../models/permutationImportance.ts'
import { DEFAULT_SCALE } from '../scores/scale.ts'
import type { Scorer } from '../scores/scorer.ts'
import type { Random } from '../util/random.ts'
import type { TrainOptions } from './config.ts'
import type { Labeled } from './labels.ts'
import { type Held, type Measured, measureFolds, measureHeldOut } from './measureModels.ts'

export { pick } from './measureModels.ts'

/** A learner's result on held-out rows; with a scorer when a model is kept. */
export interface Trained {
  learner: Learner
  scorer?: Scorer
  held: Held
  report: Record<string, unknown>
  permutation?: PermutationImportance
}

const scorerOf = (
  learner: Learner,
  { model, encoding }: EncodedModel,
  calibration: NonNullable<Measured['calibration']>,
): Scorer => ({
  name: learner.kind,
  model,
  encoding,
  calibration,
  scale: DEFAULT_SCALE,
  training: {},
})

const permute = (
  { encoding, model }: EncodedModel,
  { frame, target }: Held,
  repeats: number,
  random: Random,
  { pool, progress, signal }: FitOptions,
): Promise<PermutationImportance> =>
  permutationImportance(model, applyEncoding(encoding, frame), target, random, {
    repeats,
    factors: encoding.factors,
    persons: frame.personId,
    ...(pool ? { pool } : {}),
    ...(progress ? { progress } : {}),
    ...(signal ? { signal } : {}),
  })

/** On the training rows of a split; measured on its test rows, calibrated on out-of-fold or out-of-bag training margins. */
export const trainHeldOut = async (
  learner: Learner,
  labeled: Labeled,
  split: Split,
  options: TrainOptions,
  random: Random,
  fit: FitOptions,
): Promise<Trained> => {
  const { model, calibration, held } = await measureHeldOut(onFrames(learner), labeled, split, options, random, fit)
  const { permutationRepeats: repeats } = options
  const trained = {
    learner,
    held,
    report: model.report,
    ...(repeats !== undefined && calibration
      ? { permutation: await permute(model, held, repeats, random.fork('importance'), fit) }
      : {}),
  }
  return calibration ? { ...trained, scorer: scorerOf(learner, model, calibration) } : trained
}

/** Measured out of fold (see `measureFolds`); the model that is kept is fitted on all rows. */
export const trainFolds = async (
  learner: Learner,
  labeled: Labeled,
  split: { folds: number; repeats: number },
  options: TrainOptions,
  root: Random,
  random: Random,
  fit: FitOptions,
): Promise<Trained> => {
  const onFactors = onFrames(learner)
  const { held, calibration } = await measureFolds(onFactors, labeled, split, options, root, random, fit)
  if (!calibration) return { learner, held, report: { options: learner.options } }
  const model = await onFactors.fit(labeled.frame, labeled.target, random.fork('fit'), fit)
  return { learner, scorer: scorerOf(learner, model, calibration), held, report: model.report }
}
