/** Margins of rows by models that did not see their persons. */
import { type FactorFrame, takeRows } from '../matrix/frame.ts'
import { interruptedError } from '../util/errors.ts'
import type { Random } from '../util/random.ts'
import { type FrameLearner, onFrames } from './frameLearner.ts'
import type { FitOptions, Learner } from './model.ts'

/**
 * For each fold, trains on the rows of the other folds and takes the margins of its own. Fold k trains with
 * `random.fork('fold', k)`.
 *
 * @param folds 0..k-1 for each row, whole persons to a fold (matrix/splits.ts); a row with a negative fold trains always and
 *   gets NaN
 * @returns the margin of every row, pooled over folds
 */
export const crossFitMargins = async (
  learner: FrameLearner,
  frame: FactorFrame,
  target: Uint8Array,
  folds: Int32Array,
  random: Random,
  options: FitOptions = {},
): Promise<Float64Array> => {
  const count = folds.reduce((most, fold) => Math.max(most, fold + 1), 0)
  const rows = Int32Array.from({ length: frame.rows }, (_, i) => i)
  const margins = new Float64Array(frame.rows).fill(Number.NaN)
  for (let fold = 0; fold < count; fold++) {
    if (options.signal?.aborted) throw interruptedError()
    options.progress?.('folds', fold, count)
    const trainRows = rows.filter((i) => folds[i] !== fold)
    const heldRows = rows.filter((i) => folds[i] === fold)
    if (heldRows.length === 0) continue
    const y = Uint8Array.from(trainRows, (i) => target[i]!)
    const { progress: _, ...quiet } = options
    const fitted = await learner.fit(takeRows(frame, trainRows), y, random.fork('fold', fold), quiet)
    const held = fitted.margins(takeRows(frame, heldRows))
    heldRows.forEach((row, i) => {
      margins[row] = held[i]!
    })
  }
  options.progress?.('folds', count, count)
  return margins
}

/** The same for a learner of ours: encoding and model are fitted on the rows of the other folds. */
export const outOfFoldMargins = (
  learner: Learner,
  frame: FactorFrame,
  target: Uint8Array,
  folds: Int32Array,
  random: Random,
  options: FitOptions = {},
): Promise<Float64Array> => crossFitMargins(onFrames(learner), frame, target, folds, random, options)
