/** Explains scores: contributions to the model's output, turned into score points, the sum checked on every row. */
import type { Pool } from '../kernels/pool.ts'
import { type FactorFrame, sliceRows } from '../matrix/frame.ts'
import { isTreeModel } from '../models/model.ts'
import { encodeFor, type Scorer, scoreMatrixOn } from '../scores/scorer.ts'
import { thisThread } from '../threads/openPool.ts'
import { GlasscoreError, interruptedError, usageError } from '../util/errors.ts'
import { noProgress, type WorkOptions } from '../util/progress.ts'
import type { Background } from './background.ts'
import { checkBlocks } from './checkBlocks.ts'
import type { Contributor, Players } from './contributions.ts'
import type { Explanation } from './explanation.ts'
import { interventionalContributor, interventionalRows } from './interventional.ts'
import { linearContributor } from './linear.ts'
import { type Link, linkOf } from './link.ts'
import { playersOf } from './players.ts'
import { chunkRows, treeContributor } from './tree.ts'

/** What is measured against, and where and how watched the work runs; but for the background none of it changes a byte. */
export interface ExplainOptions extends WorkOptions {
  /** where trees are explained; absent: this thread */
  pool?: Pool
  /**
   * rows that a factor takes its values from while it is not known: interventional attributions, of factors and of dimensions; absent: linear
   * models against the training mean, trees against their covers
   */
  background?: Background
}

/** Points. A larger difference between base + points and the raw score is a fault of the program, not rounding. */
const LARGEST_GAP = 1e-6

/** Whether scores of this scorer can be split into points: isotonic calibration makes steps, which cannot. */
export const canExplain = (scorer: Scorer): boolean => scorer.calibration.kind !== 'isotonic'

/**
 * Writes the points of rows into `points`; returns the largest |base + sum of points - raw score|.
 * @param points players x rows, as are the contributions
 * @param errors standard errors of the contributions, which become those of the points
 */
const placePoints = (
  points: Float64Array,
  contributions: Float64Array,
  link: Link,
  outputBase: number,
  rawScore: Float64Array,
  errors?: Float64Array,
): number => {
  const rows = rawScore.length
  const players = rows > 0 ? contributions.length / rows : 0
  const outputs = new Float64Array(rows)
  for (let p = 0; p < players; p++) for (let i = 0; i < rows; i++) outputs[i]! += contributions[p * rows + i]!
  for (let i = 0; i < rows; i++) outputs[i]! += outputBase
  const stretch = link.stretch(outputs)
  const sums = new Float64Array(rows).fill(link.base)
  for (let p = 0; p < players; p++)
    for (let i = 0; i < rows; i++) {
      // + 0 turns -0 into 0: no effect has one sign.
      const value = contributions[p * rows + i]! * stretch[i]! + 0
      points[p * rows + i] = value
      sums[i]! += value
    }
  errors?.forEach((error, at) => {
    errors[at] = error * Math.abs(stretch[at % rows]!)
  })
  let gap = 0
  for (let i = 0; i < rows; i++) {
    const difference = Math.abs(sums[i]! - rawScore[i]!)
    // A difference that is not a number must not pass for a small one.
    if (!(difference <= gap)) gap = difference
  }
  return gap
}

/** Rows of an explanation that stands beside others of the same frame. */
export interface ExplainedRows extends Explanation {
  /** position of its first row in the frame */
  from: number
}

/** As ExplainOptions. */
export interface ExplainBlocksOptions extends ExplainOptions {
  /**
   * rows that are explained, and handed over, together; absent: as many as take some 256 MiB. More are in memory at once, and no value
   * depends on it
   */
  blockRows?: number
}

interface Measure extends Pick<Explanation, 'semantics' | 'backgroundId'> {
  contributor: Contributor
  /** rows that are explained together */
  together: number
}

/** What contributions are measured against. */
const measureOf = async (
  scorer: Scorer,
  players: Players,
  rows: number,
  pool: Pool,
  { background, signal, blockRows }: ExplainBlocksOptions,
): Promise<Measure> => {
  const { model, encoding } = scorer
  const columns = encoding.columns.length
  if (background) {
    const others = encodeFor(scorer, background.frame)
    const contributor = await interventionalContributor(
      model,
      players,
      others,
      background.outOf ?? others.rows,
      pool,
      signal,
    )
    return {
      contributor,
      semantics: 'interventional',
      backgroundId: background.id,
      together: blockRows ?? contributor.together ?? interventionalRows(columns),
    }
  }
  const tree = isTreeModel(model)
  return {
    contributor: tree
      ? treeContributor(model, columns, players, rows, pool, signal)
      : linearContributor(model, players),
    semantics: tree ? 'path_dependent' : 'interventional',
    backgroundId: tree ? 'tree_covers' : 'training_mean',
    together: blockRows ?? chunkRows(columns, pool.threads),
  }
}

/**
 * The same as `explain`, block by block, in the order of the rows: points of all rows are never in memory, nor are their encoded columns.
 *
 * @throws as `explain`; a gap is found in the block that it is in
 */
export async function* explainBlocks(
  scorer: Scorer,
  frame: FactorFrame,
  options: ExplainBlocksOptions = {},
): AsyncGenerator<ExplainedRows> {
  if (!canExplain(scorer))
    throw usageError(`scores of model ${scorer.name} cannot be split into points`, {
      expected: 'a model with Platt or beta calibration',
      got: scorer.calibration.kind,
      hint: 'isotonic scores are steps; train with another calibration to get receipts',
    })
  checkBlocks(options, true)
  const { encoding } = scorer
  const { progress = noProgress, signal, pool = thisThread() } = options
  const { rows } = frame
  const players = playersOf(encoding)
  const { contributor, semantics, backgroundId, together } = await measureOf(scorer, players, rows, pool, options)
  const link = linkOf(scorer, contributor.base)
  // A frame without rows has one block, too: it says what the columns are.
  for (let from = 0; from === 0 || from < rows; from += together) {
    if (signal?.aborted) throw interruptedError()
    const to = Math.min(rows, from + together)
    const x = encodeFor(scorer, sliceRows(frame, from, to))
    const { rawScore } = await scoreMatrixOn(scorer, x, pool, { signal })
    const { factors, dimensions, errors } = await contributor.of(x)
    const points = new Float64Array(factors.length)
    const dimensionPoints = new Float64Array(dimensions.length)
    const gap = Math.max(
      placePoints(points, factors, link, contributor.base, rawScore, errors),
      placePoints(dimensionPoints, dimensions, link, contributor.base, rawScore),
    )
    if (!(gap <= LARGEST_GAP))
      throw new GlasscoreError('internal', `points of model ${scorer.name} do not add up to its scores`, {
        expected: `a gap of at most ${LARGEST_GAP} points`,
        got: gap,
      })
    progress(`explain ${scorer.name}`, to, rows)
    yield {
      model: scorer.name,
      from,
      rows: to - from,
      semantics,
      backgroundId,
      link: link.kind,
      base: link.base,
      factors: encoding.factors,
      points,
      dimensions: players.dimensions,
      dimensionPoints,
      ...(errors ? { standardErrors: errors } : {}),
      rawScore,
      scale: scorer.scale,
      additivityGap: gap,
    }
  }
}

/**
 * Splits the raw score of every row into a base and points per factor and per dimension. Linear models: against the training
 * mean (doi:10.1007/s10115-013-0679-x). Trees: path-dependent, against the training cover (doi:10.1038/s42256-019-0138-9).
 * Both are exact Shapley values of the log-odds, in points where the link is linear. With a `background`: interventional against its rows,
 * for any model, in time that grows as rows + background. The same bytes for any number of threads.
 *
 * @param frame rows with at least the factors that the model uses; NaN and null are missing
 * @throws GlasscoreError('usage') for isotonic calibration (see `canExplain`) and for a background that is none, ('data') when a factor of the
 *   model is absent in the frame or the background, ('model') with a background of more than 1,000 rows when a path of a tree has more than 16 distinct factors,
 *   ('internal') when base + points differ from a raw score by more than 1e-6 points
 */
export const explain = async (
  scorer: Scorer,
  frame: FactorFrame,
  options: ExplainOptions = {},
): Promise<Explanation> => {
  const { rows } = frame
  const points = new Float64Array(scorer.encoding.factors.length * rows)
  const dimensionPoints = new Float64Array(playersOf(scorer.encoding).dimensions.length * rows)
  const rawScore = new Float64Array(rows)
  let whole: Explanation | undefined
  let errors: Float64Array | undefined
  for await (const { from, ...block } of explainBlocks(scorer, frame, options)) {
    rawScore.set(block.rawScore, from)
    if (block.standardErrors) errors ??= new Float64Array(points.length)
    for (const [out, part] of [
      [points, block.points],
      [dimensionPoints, block.dimensionPoints],
      ...(errors && block.standardErrors ? [[errors, block.standardErrors] as const] : []),
    ] as const) {
      for (let p = 0; p * rows < out.length; p++)
        out.set(part.subarray(p * block.rows, (p + 1) * block.rows), p * rows + from)
    }
    const additivityGap = Math.max(whole?.additivityGap ?? 0, block.additivityGap)
    whole = {
      ...block,
      rows,
      points,
      dimensionPoints,
      rawScore,
      additivityGap,
      ...(errors ? { standardErrors: errors } : {}),
    }
  }
  return whole!
}
