/** Fits one learner on labelled rows and gives its margins on rows that it did not see. */
import { applyEncoding, fitEncoding } from '../matrix/encode.ts'
import { type FactorFrame, takeRows } from '../matrix/frame.ts'
import { type Split, stratifiedFolds } from '../matrix/splits.ts'
import { calibratedProbability, fitCalibration } from '../models/calibrate.ts'
import { outOfFoldMargins } from '../models/crossFit.ts'
import { groupsOf } from '../models/groups.ts'
import { margin } from '../models/margin.ts'
import type { FitOptions, Learner } from '../models/model.ts'
import { DEFAULT_SCALE } from '../scores/scale.ts'
import type { Scorer } from '../scores/scorer.ts'
import type { Random } from '../util/random.ts'
import type { TrainOptions } from './config.ts'
import type { Labelled } from './labels.ts'

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

/** On the training rows of a split; measured on its test rows, calibrated on out-of-fold or out-of-bag training margins. */
export const trainHeldOut = async (
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

/** Out of fold, averaged over repeats; the model that is kept is fitted on all rows. */
export const trainFolds = async (
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
