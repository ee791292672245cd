/**
 * Margins and calibrated probabilities on rows that a model did not see: the one way in which everything that is compared is
 * measured, our models and what stands beside them.
 */
import { type FactorFrame, takeRows } from '../matrix/frame.ts'
import { type Split, stratifiedFolds } from '../matrix/splits.ts'
import { type Calibration, calibratedProbability, fitCalibration } from '../models/calibrate.ts'
import { crossFitMargins } from '../models/crossFit.ts'
import type { FrameLearner, FrameModel } from '../models/frameLearner.ts'
import type { FitOptions } from '../models/model.ts'
import type { Random } from '../util/random.ts'
import type { TrainOptions } from './config.ts'
import type { Labeled } from './labels.ts'

/** Folds of the inner cross-fit that calibrates models without out-of-bag margins. */
const CALIBRATION_FOLDS = 5

/** Rows that a model did not see, and what it says of them. */
export interface Held {
  frame: FactorFrame
  /** 1 = bad */
  target: Uint8Array
  margin: Float64Array
  /** of bad, calibrated; absent when labels were permuted */
  probability?: Float64Array
}

/** Held-out rows with the calibration that belongs to them; it is absent when labels were permuted. */
export interface Measured {
  held: Held
  calibration?: Calibration
}

/** The values at the given positions. */
export const pick = (target: Uint8Array, rows: Int32Array): Uint8Array => Uint8Array.from(rows, (i) => target[i]!)

/** Trained on the training rows of a split, measured on its test rows, calibrated on out-of-fold or out-of-bag training margins. */
export const measureHeldOut = async <M extends FrameModel>(
  learner: FrameLearner<M>,
  { frame, target }: Pick<Labeled, 'frame' | 'target'>,
  split: Split,
  options: Pick<TrainOptions, 'calibration' | 'permuteLabels'>,
  random: Random,
  fit: FitOptions,
): Promise<Measured & { model: M }> => {
  const train = { frame: takeRows(frame, split.train), target: pick(target, split.train) }
  const test = { frame: takeRows(frame, split.test), target: pick(target, split.test) }
  const model = await learner.fit(train.frame, train.target, random.fork('fit'), fit)
  const margin = model.margins(test.frame)
  if (options.permuteLabels) return { model, held: { ...test, margin } }
  const folds = stratifiedFolds(train.frame.personId, train.target, CALIBRATION_FOLDS, random.fork('calibration'))
  const unseen =
    model.outOfBagMargins ??
    (await crossFitMargins(learner, train.frame, train.target, folds, random.fork('calibration'), fit))
  const calibration = fitCalibration(options.calibration, unseen, train.target)
  return { model, calibration, held: { ...test, margin, probability: calibratedProbability(calibration, margin) } }
}

/**
 * Probabilities of one repeat, each row calibrated on the rows of the other folds alone, so that what is measured never saw the
 * calibration that it is measured with.
 */
const nestedProbabilities = (
  kind: TrainOptions['calibration'],
  margins: Float64Array,
  target: Uint8Array,
  fold: Int32Array,
  folds: number,
): Float64Array => {
  const probability = new Float64Array(margins.length)
  for (let k = 0; k < folds; k++) {
    const others = Int32Array.from(fold.keys()).filter((i) => fold[i] !== k)
    const held = Int32Array.from(fold.keys()).filter((i) => fold[i] === k)
    const take = (rows: Int32Array): Float64Array => Float64Array.from(rows, (i) => margins[i]!)
    const calibration = fitCalibration(kind, take(others), pick(target, others))
    calibratedProbability(calibration, take(held)).forEach((p, j) => {
      probability[held[j]!] = p
    })
  }
  return probability
}

/**
 * Out of fold. Margins for the ranking are averaged over repeats. The calibration of a model that is kept is fitted on the margins
 * of all repeats, each row once a repeat: an average of several models is surer than one model. The probabilities that
 * are measured are the mean over repeats of nested ones.
 * @param root the stream of the training: every model has the same folds
 * @param random the model's own stream
 */
export const measureFolds = async (
  learner: FrameLearner,
  { frame, target }: Pick<Labeled, 'frame' | 'target'>,
  { folds, repeats }: { folds: number; repeats: number },
  options: Pick<TrainOptions, 'calibration' | 'permuteLabels'>,
  root: Random,
  random: Random,
  fit: FitOptions,
): Promise<Measured> => {
  const { rows } = frame
  const stacked = new Float64Array(rows * repeats)
  const stackedTarget = new Uint8Array(rows * repeats)
  const margin = new Float64Array(rows)
  const probability = new Float64Array(rows)
  for (let r = 0; r < repeats; r++) {
    fit.progress?.(learner.kind, r, repeats)
    const { progress: _, ...quiet } = fit
    const assigned = stratifiedFolds(frame.personId, target, folds, root.fork('folds', r))
    const margins = await crossFitMargins(learner, frame, target, assigned, random.fork('repeat', r), quiet)
    stacked.set(margins, r * rows)
    stackedTarget.set(target, r * rows)
    for (let i = 0; i < rows; i++) margin[i]! += margins[i]! / repeats
    if (options.permuteLabels) continue
    const nested = nestedProbabilities(options.calibration, margins, target, assigned, folds)
    for (let i = 0; i < rows; i++) probability[i]! += nested[i]! / repeats
  }
  if (options.permuteLabels) return { held: { frame, target, margin } }
  return {
    held: { frame, target, margin, probability },
    calibration: fitCalibration(options.calibration, stacked, stackedTarget),
  }
}
