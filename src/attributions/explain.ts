/** Explains scores: contributions to the model's output, turned into score points, the sum checked on every row. */
import type { Pool } from '../kernels/pool.ts'
import { type FactorFrame, sliceRows } from '../matrix/frame.ts'
import type { Scorer } from '../scores/scorer.ts'
import { thisThread } from '../threads/openPool.ts'
import { interruptedError } from '../util/errors.ts'
import { noProgress, type WorkOptions } from '../util/progress.ts'
import type { Background } from './background.ts'
import { checkBlocks } from './checkBlocks.ts'
import { checkExplainable, openExplainer } from './explainer.ts'
import type { Explanation } from './explanation.ts'
import { playersOf } from './players.ts'

export { canExplain } from './explainer.ts'

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
  const { progress = noProgress, signal, pool = thisThread(), background, blockRows } = options
  const { rows } = frame
  checkExplainable(scorer)
  checkBlocks(options, true)
  const explainer = await openExplainer(scorer, {
    rows,
    pool,
    signal,
    ...(background ? { background } : {}),
    ...(blockRows === undefined ? {} : { blockRows }),
  })
  const { together } = explainer
  // A frame without rows has one block, too: it says what the columns are.
  for (let from = 0; from === 0 || from < rows; from += together) {
    if (signal?.aborted) throw interruptedError()
    const to = Math.min(rows, from + together)
    const block = await explainer.of(sliceRows(frame, from, to))
    progress(`explain ${scorer.name}`, to, rows)
    yield { ...block, from }
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
