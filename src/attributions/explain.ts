/** Explains scores: contributions to the model's output, turned into score points, the sum checked on every row. */
import type { Pool } from '../kernels/pool.ts'
import type { FactorFrame } from '../matrix/frame.ts'
import { isTreeModel } from '../models/model.ts'
import { encodeFor, type Scorer, scoreMatrixOn } from '../scores/scorer.ts'
import { thisThread } from '../threads/openPool.ts'
import { GlasscoreError, interruptedError, usageError } from '../util/errors.ts'
import { noProgress, type WorkOptions } from '../util/progress.ts'
import type { Explanation } from './explanation.ts'
import { linearContributor } from './linear.ts'
import { type Link, linkOf } from './link.ts'
import { playersOf } from './players.ts'
import { chunkRows, treeContributor } from './tree.ts'

/** Where and how watched the work runs; none of it changes a byte. */
export interface ExplainOptions extends WorkOptions {
  /** where trees are explained; absent: this thread */
  pool?: Pool
}

/** Points. A larger difference between base + points and the raw score is a fault of the program, not rounding. */
const LARGEST_GAP = 1e-6

/** Whether scores of this scorer can be split into points: isotonic calibration makes steps, which cannot. */
export const canExplain = (scorer: Scorer): boolean => scorer.calibration.kind !== 'isotonic'

/**
 * Writes the points of rows from.. into `points` (players x rows); returns the largest |base + sum of points - raw score|.
 * @param contributions players x count
 */
const placePoints = (
  points: Float64Array,
  contributions: Float64Array,
  count: number,
  from: number,
  link: Link,
  outputBase: number,
  rawScore: Float64Array,
): number => {
  const rows = rawScore.length
  const players = contributions.length / count
  const outputs = new Float64Array(count)
  for (let p = 0; p < players; p++) for (let i = 0; i < count; i++) outputs[i]! += contributions[p * count + i]!
  for (let i = 0; i < count; i++) outputs[i]! += outputBase
  const stretch = link.stretch(outputs)
  const sums = new Float64Array(count).fill(link.base)
  for (let p = 0; p < players; p++)
    for (let i = 0; i < count; i++) {
      // + 0 turns -0 into 0: no effect has one sign.
      const value = contributions[p * count + i]! * stretch[i]! + 0
      points[p * rows + from + i] = value
      sums[i]! += value
    }
  let gap = 0
  for (let i = 0; i < count; i++) {
    const difference = Math.abs(sums[i]! - rawScore[from + i]!)
    // A difference that is not a number must not pass for a small one.
    if (!(difference <= gap)) gap = difference
  }
  return gap
}

/**
 * Splits the raw score of every row into a base and points per factor and per dimension. Linear models: against the training
 * mean (doi:10.1007/s10115-013-0679-x). Trees: path-dependent, against the training cover (doi:10.1038/s42256-019-0138-9).
 * Both are exact Shapley values of the log-odds, in points where the link is linear. The same bytes for any number of threads.
 *
 * @param frame rows with at least the factors that the model uses; NaN and null are missing
 * @throws GlasscoreError('usage') for isotonic calibration (see `canExplain`), ('data') when a factor of the model is absent,
 *   ('internal') when base + points differ from a raw score by more than 1e-6 points
 */
export const explain = async (
  scorer: Scorer,
  frame: FactorFrame,
  options: ExplainOptions = {},
): Promise<Explanation> => {
  if (!canExplain(scorer))
    throw usageError(`scores of model ${scorer.name} cannot be split into points`, {
      expected: 'a model with Platt or beta calibration',
      got: scorer.calibration.kind,
      hint: 'isotonic scores are steps; train with another calibration to get receipts',
    })
  const { model, encoding } = scorer
  const { progress = noProgress, signal, pool = thisThread() } = options
  const { rows } = frame
  const x = encodeFor(scorer, frame)
  const { rawScore } = await scoreMatrixOn(scorer, x, pool, { signal })
  const players = playersOf(encoding)
  const tree = isTreeModel(model)
  const contributor = tree ? treeContributor(model, x, players, pool, signal) : linearContributor(model, x, players)
  const link = linkOf(scorer, contributor.base)
  const points = new Float64Array(players.factors * rows)
  const dimensionPoints = new Float64Array(players.dimensions.length * rows)
  let gap = 0
  const chunk = chunkRows(x.columns.length, pool.threads)
  for (let from = 0; from < rows; from += chunk) {
    if (signal?.aborted) throw interruptedError()
    const to = Math.min(rows, from + chunk)
    const { factors, dimensions } = await contributor.rows(from, to)
    for (const [out, part] of [
      [points, factors],
      [dimensionPoints, dimensions],
    ] as const)
      gap = Math.max(gap, placePoints(out, part, to - from, from, link, contributor.base, rawScore))
    progress(`explain ${scorer.name}`, to, rows)
  }
  if (!(gap <= LARGEST_GAP))
    throw new GlasscoreError('internal', `points of model ${scorer.name} do not add up to its scores`, {
      expected: `a gap of at most ${LARGEST_GAP} points`,
      got: gap,
    })
  return {
    model: scorer.name,
    rows,
    semantics: tree ? 'path_dependent' : 'interventional',
    backgroundId: tree ? 'tree_covers' : 'training_mean',
    link: link.kind,
    base: link.base,
    factors: encoding.factors,
    points,
    dimensions: players.dimensions,
    dimensionPoints,
    rawScore,
    scale: scorer.scale,
    additivityGap: gap,
  }
}
