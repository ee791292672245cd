/** Fits one learner on labeled rows and gives its margins on rows that it did not see. */
import { applyEncoding, fitEncoding } from '../matrix/encode.ts'
import { type FactorFrame, takeRows } from '../matrix/frame.ts'
import type { Encoding } from '../matrix/matrix.ts'
import { type Split, stratifiedFolds } from '../matrix/splits.ts'
import { type Calibration, calibratedProbability, fitCalibration } from '../models/calibrate.ts'
import { outOfFoldMargins } from '../models/crossFit.ts'
import { groupsOf } from '../models/groups.ts'
import { margin } from '../models/margin.ts'
import type { FitOptions, Learner, Model } from '../models/model.ts'
import { DEFAULT_SCALE } from '../scores/scale.ts'
import type { Scorer } from '../scores/scorer.ts'
import type { Random } from '../util/random.ts'
import type { TrainOptions } from './config.ts'
import type { Labeled } from './labels.ts'

/** Folds of the inner cross-fit that calibrates models without out-of-bag margins. */
const CALIBRATION_FOLDS = 5

export interface Trained {
  learner: Learner
  scorer?: Scorer
  held: { frame: FactorFrame; target: Uint8Array; margin: Float64Array; probability?: Float64Array }
  report: Record<string, unknown>
}

export const pick = (target: Uint8Array, rows: Int32Array): Uint8Array => Uint8Array.from(rows, (i) => target[i]!)

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

const scorerOf = (learner: Learner, model: Model, encoding: Encoding, calibration: Calibration): Scorer => ({
  name: learner.kind,
  model,
  encoding,
  calibration,
  scale: DEFAULT_SCALE,
  training: {},
})

/** On the training rows of a split; measured on its test rows, calibrated on out-of-fold or out-of-bag training margins. */
export const trainHeldOut = async (
  learner: Learner,
  { frame, target }: Labeled,
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
  const probability = calibratedProbability(calibration, margins)
  return {
    learner,
    scorer: scorerOf(learner, fitted.model, encoding, calibration),
    held: { ...test, margin: margins, probability },
    report,
  }
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
 * Out of fold; the model that is kept is fitted on all rows. Margins for the ranking are averaged over repeats. Its calibration
 * is fitted on the margins of all repeats, each row once a repeat: an average of several models is surer than the one model
 * that is kept. The probabilities that are measured are the mean over repeats of nested ones.
 */
export const trainFolds = async (
  learner: Learner,
  { frame, target }: Labeled,
  { folds, repeats }: { folds: number; repeats: number },
  options: TrainOptions,
  root: Random,
  random: Random,
  fit: FitOptions,
): Promise<Trained> => {
  const { rows } = frame
  const stacked = new Float64Array(rows * repeats)
  const stackedTarget = new Uint8Array(rows * repeats)
  const mean = new Float64Array(rows)
  const probability = new Float64Array(rows)
  for (let r = 0; r < repeats; r++) {
    fit.progress?.(learner.kind, r, repeats)
    const { progress: _, ...quiet } = fit
    // The folds are those of every other model.
    const assigned = stratifiedFolds(frame.personId, target, folds, root.fork('folds', r))
    const margins = await outOfFoldMargins(learner, frame, target, assigned, random.fork('repeat', r), quiet)
    stacked.set(margins, r * rows)
    stackedTarget.set(target, r * rows)
    for (let i = 0; i < rows; i++) mean[i]! += margins[i]! / repeats
    if (options.permuteLabels) continue
    const nested = nestedProbabilities(options.calibration, margins, target, assigned, folds)
    for (let i = 0; i < rows; i++) probability[i]! += nested[i]! / repeats
  }
  const held = { frame, target, margin: mean }
  if (options.permuteLabels) return { learner, held, report: { options: learner.options } }
  const calibration = fitCalibration(options.calibration, stacked, stackedTarget)
  const { encoding, fitted, report } = await fitOn(learner, frame, target, random.fork('fit'), fit)
  return {
    learner,
    scorer: scorerOf(learner, fitted.model, encoding, calibration),
    held: { ...held, probability },
    report,
  }
}
