/** Trains a model again on a bootstrap sample of its training persons, with its own options. */
import { bootstrapRows } from '../matrix/bootstrapRows.ts'
import { takeRows } from '../matrix/frame.ts'
import type { FitOptions } from '../models/model.ts'
import type { Scorer } from '../scores/scorer.ts'
import { trainingError } from '../util/errors.ts'
import type { Random } from '../util/random.ts'
import { pick, trainFolds, trainHeldOut } from './fitModels.ts'
import { TRAINING } from './frameMemory.ts'
import type { Labeled } from './labels.ts'
import { learnersOf } from './learners.ts'
import { type LoadedFeatures, loadFeatures } from './loadFeatures.ts'
import { trainingRows } from './reportTraining.ts'
import type { StageContext } from './stage.ts'
import type { TrainingSource } from './trainingSource.ts'

/** The labeled rows that a model was trained on. */
export type TrainedRows = Pick<Labeled, 'frame' | 'target'>

/**
 * The training rows of a model, found again.
 * @param loaded the feature table of the training where it is in memory already
 * @throws GlasscoreError('data') when they are not as many as the training counted
 */
export const trainedRows = async (
  { engine }: Pick<StageContext, 'engine'>,
  { features, folder, training }: TrainingSource,
  loaded?: LoadedFeatures,
): Promise<TrainedRows> => {
  const { labeled, train } = trainingRows(loaded ?? (await loadFeatures(engine, features, TRAINING)), training, folder)
  return train ? { frame: takeRows(labeled.frame, train), target: pick(labeled.target, train) } : labeled
}

/**
 * A scorer trained again: encoding, model and calibration on persons drawn with replacement from those of the training.
 * @param persons the stream that draws the persons; models of one training get the same ones from the same stream
 * @param random the stream of the fit
 * @throws GlasscoreError('training') when the sample gives no model, as when its calibration has the wrong sign
 */
export const trainAgain = async (
  { model, training: { options } }: Pick<TrainingSource, 'model' | 'training'>,
  { frame, target }: TrainedRows,
  persons: Random,
  random: Random,
  fit: FitOptions,
): Promise<Scorer> => {
  const { permutationRepeats: _, ...rest } = options
  const [learner] = learnersOf({ [model]: options.models?.[model] ?? {} }, frame.factors)
  const drawn = bootstrapRows(frame.personId, persons, target)
  const { split } = options
  const own = random.fork(model)
  if (split.by === 'folds') {
    const sample = { frame: takeRows(frame, drawn), target: pick(target, drawn), counts: {} }
    const { scorer } = await trainFolds(learner!, sample, split, rest, random, own, fit)
    if (scorer) return scorer
  } else {
    const sides = { train: drawn, test: new Int32Array(0), left: [] }
    const { scorer } = await trainHeldOut(learner!, { frame, target, counts: {} }, sides, rest, own, fit)
    if (scorer) return scorer
  }
  throw trainingError(`${model} gave no model on a bootstrap sample`)
}
