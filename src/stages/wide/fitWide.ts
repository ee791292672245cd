/** Fits a learner on some rows of a wide table and says what its model makes of others. */
import { loadWideBins } from '../../formats/loadWideBins.ts'
import type { Pool } from '../../kernels/pool.ts'
import type { FactorFrame } from '../../matrix/frame.ts'
import { takeRows } from '../../matrix/frame.ts'
import type { Encoding } from '../../matrix/matrix.ts'
import { type Split, stratifiedFolds } from '../../matrix/splits.ts'
import { binnedMargins } from '../../models/binnedMargins.ts'
import {
  type Calibration,
  type CalibrationKind,
  calibratedProbability,
  fitCalibration,
} from '../../models/calibrate.ts'
import { groupsOf } from '../../models/groups.ts'
import { type Fitted, isTreeModel, type Learner, type TreeModel } from '../../models/model.ts'
import type { WideTable } from '../../schema/wideTable.ts'
import type { WorkOptions } from '../../util/progress.ts'
import type { Random } from '../../util/random.ts'
import type { Labeled } from '../labels.ts'
import { type Held, pick } from '../measureModels.ts'
import { positionsOf } from './wideRows.ts'

export interface WideWork extends WorkOptions {
  folder: string
  table: WideTable
  encoding: Encoding
  pool: Pool
}

/** Folds of the inner cross-fit that calibrates models without out-of-bag margins. */
const CALIBRATION_FOLDS = 5

type Rows = Pick<Labeled, 'frame' | 'target'>

/** Reads the bins of some rows, and gives them back when the work is done. */
const withBins = async <T>(
  { folder, table, pool, signal }: WideWork,
  frame: FactorFrame,
  use: (bins: Awaited<ReturnType<typeof loadWideBins>>) => Promise<T>,
): Promise<T> => {
  const bins = await loadWideBins(folder, table, pool, { rows: positionsOf(frame), signal })
  try {
    return await use(bins)
  } finally {
    bins.close()
  }
}

const fitOn = (work: WideWork, learner: Learner, { frame, target }: Rows, random: Random): Promise<Fitted> =>
  withBins(work, frame, (bins) =>
    learner.fit({ rows: frame.rows, columns: work.encoding.columns, values: new Float64Array(0) }, target, random, {
      pool: work.pool,
      bins,
      groups: groupsOf(frame.personId),
      ...(work.signal ? { signal: work.signal } : {}),
      ...(work.progress ? { progress: work.progress } : {}),
    }),
  )

/** Margins of rows by a model that they were not trained on. */
export const marginsOn = (work: WideWork, model: TreeModel, frame: FactorFrame): Promise<Float64Array> =>
  withBins(work, frame, (bins) => binnedMargins(model, bins, work.pool, { signal: work.signal }))

const treeModel = ({ model }: Fitted): TreeModel => {
  if (!isTreeModel(model)) throw new Error(`${model.kind} does not train on bins`)
  return model
}

/** Margins of every training row by a model that did not see its person: fold k trains with `random.fork('fold', k)`. */
const crossFit = async (work: WideWork, learner: Learner, rows: Rows, random: Random): Promise<Float64Array> => {
  const folds = stratifiedFolds(rows.frame.personId, rows.target, CALIBRATION_FOLDS, random)
  const margins = new Float64Array(rows.target.length)
  const where = Int32Array.from(folds.keys())
  const { progress, ...quiet } = work
  for (let k = 0; k < CALIBRATION_FOLDS; k++) {
    progress?.('folds', k, CALIBRATION_FOLDS)
    const inside = where.filter((i) => folds[i] !== k)
    const held = where.filter((i) => folds[i] === k)
    const train = { frame: takeRows(rows.frame, inside), target: pick(rows.target, inside) }
    const fitted = treeModel(await fitOn(quiet, learner, train, random.fork('fold', k)))
    const own = await marginsOn(quiet, fitted, takeRows(rows.frame, held))
    held.forEach((row, i) => {
      margins[row] = own[i]!
    })
  }
  return margins
}

export interface WideFit {
  learner: Learner
  model: TreeModel
  calibration: Calibration
  held: Held
  report: Record<string, unknown>
}

/**
 * Fitted on the training rows of a split and measured on its test rows; calibrated on out-of-bag margins of training rows, or on out-of-fold
 * ones where the learner has none.
 */
export const fitWide = async (
  work: WideWork,
  learner: Learner,
  { frame, target }: Rows,
  split: Split,
  calibrationKind: CalibrationKind,
  random: Random,
): Promise<WideFit> => {
  const train = { frame: takeRows(frame, split.train), target: pick(target, split.train) }
  const test = { frame: takeRows(frame, split.test), target: pick(target, split.test) }
  const fitted = await fitOn(work, learner, train, random.fork('fit'))
  const model = treeModel(fitted)
  const margin = await marginsOn(work, model, test.frame)
  const unseen = fitted.outOfBagMargins ?? (await crossFit(work, learner, train, random.fork('calibration')))
  const calibration = fitCalibration(calibrationKind, unseen, train.target)
  return {
    learner,
    model,
    calibration,
    held: { ...test, margin, probability: calibratedProbability(calibration, margin) },
    report: { ...fitted.report, options: learner.options, columns: work.encoding.columns.length },
  }
}
