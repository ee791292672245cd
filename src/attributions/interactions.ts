/** Exact pairwise SHAP interaction values of scores, one matrix a row. */
import { interactionValues } from '../kernels/shap/interactions/treeInteractions.ts'
import { triangleAt } from '../kernels/shap/interactions/triangle.ts'
import { type FactorFrame, sliceRows } from '../matrix/frame.ts'
import type { Matrix } from '../matrix/matrix.ts'
import { checkNumber } from '../models/checkOptions.ts'
import { encodeFor, type Scorer } from '../scores/scorer.ts'
import { thisThread } from '../threads/openPool.ts'
import { GlasscoreError, interruptedError } from '../util/errors.ts'
import { noProgress } from '../util/progress.ts'
import {
  checkInteractionOptions,
  INTERACTION_OPTIONS,
  type InteractionFacts,
  type InteractionOptions,
  type InteractionWork,
  interactionWork,
} from './interactionGame.ts'
import { linearContributor } from './linear.ts'
import { playersOf } from './players.ts'

/** Matrices of some rows. */
export interface InteractionRows extends InteractionFacts {
  /** position of the first row in the frame */
  from: number
  /** how many rows */
  rows: number
  /**
   * players x players x rows: values[(i * n + j) * rows + r]. phi_ij = phi_ji, each the half of what i and j have together; phi_ii is the main effect of i.
   * Row i of a matrix adds up to the Shapley value of i
   */
  values: Float64Array
  /** largest |base + sum of a matrix - raw score (or output)| among the rows */
  additivityGap: number
}

/** As InteractionOptions. */
export interface InteractionBlocksOptions extends InteractionOptions {
  /** rows whose matrices are in memory together; absent: as many as take some 64 MiB, and 16 at least */
  blockRows?: number
}

/** Bytes of the matrices of a block. */
const BLOCK_BYTES = 64 * 2 ** 20
/** A larger difference is a fault of the program, not rounding; in points or smaller units. */
const LARGEST_GAP = 1e-6

/**
 * Interaction values of every row, block by block, in the order of the rows: all matrices are never in memory. Trees: path-dependent
 * (doi:10.1038/s42256-019-0138-9), or interventional against the rows of `background`. Linear models have main effects only: `interacting` is
 * false, and the matrices are diagonal. The same bytes for any number of threads and any size of blocks.
 * @param frame rows with at least the factors that the model uses; NaN and null are missing
 * @throws GlasscoreError('usage') for wrong options, ('data') when a factor of the model is absent, ('memory') when blocks are too large,
 *   ('internal') when base + values differ from a raw score by more than 1e-6, ('interrupted') on the signal
 */
export async function* interactions(
  scorer: Scorer,
  frame: FactorFrame,
  options: InteractionBlocksOptions = {},
): AsyncGenerator<InteractionRows> {
  checkInteractionOptions(options, { ...INTERACTION_OPTIONS, blockRows: true })
  if (options.blockRows !== undefined) checkNumber('blockRows', options.blockRows, { min: 1, whole: true })
  const { progress = noProgress, signal, pool = thisThread() } = options
  const work = interactionWork(scorer, options, pool)
  const n = work.facts.players.length
  const together = options.blockRows ?? Math.max(16, Math.floor(BLOCK_BYTES / (8 * n * n)))
  // A frame without rows has one block, too: it says what the players are.
  for (let from = 0; from === 0 || from < frame.rows; from += together) {
    if (signal?.aborted) throw interruptedError()
    const to = Math.min(frame.rows, from + together)
    const x = encodeFor(scorer, sliceRows(frame, from, to))
    const values = work.plan ? await treeMatrices(work, x, signal) : await mainEffects(scorer, options, work, x)
    const additivityGap = gapOf(work, values, await work.targets(x, signal))
    if (!(additivityGap <= LARGEST_GAP))
      throw new GlasscoreError('internal', `interactions of model ${scorer.name} do not add up to its scores`, {
        expected: `a gap of at most ${LARGEST_GAP}`,
        got: additivityGap,
      })
    progress(`interactions ${scorer.name}`, to, frame.rows)
    yield { ...work.facts, from, rows: to - from, values, additivityGap }
  }
}

const treeMatrices = async (
  { plan, pool, perSum, facts }: InteractionWork,
  x: Matrix,
  signal: AbortSignal | undefined,
): Promise<Float64Array> => {
  const { rows } = x
  const n = facts.players.length
  const { used } = plan!
  const packed = await interactionValues(plan!, x, { from: 0, to: rows }, pool, { ...(signal ? { signal } : {}) })
  const values = new Float64Array(n * n * rows)
  for (let i = 0; i < used.length; i++)
    for (let j = 0; j < used.length; j++) {
      const at = triangleAt(used.length, i, j) * rows
      const to = (used[i]! * n + used[j]!) * rows
      // + 0 turns -0 into 0: no effect has one sign.
      for (let r = 0; r < rows; r++) values[to + r] = packed[at + r]! * perSum + 0
    }
  return values
}

/** Matrices of a linear model: contributions on the diagonal. */
const mainEffects = async (
  scorer: Scorer,
  { players }: InteractionOptions,
  { facts, perSum, linear }: InteractionWork,
  x: Matrix,
): Promise<Float64Array> => {
  const { rows } = x
  const n = facts.players.length
  const phi = await linearContributor(linear!, playersOf(scorer.encoding)).of(x)
  const own = players === 'dimensions' ? phi.dimensions : phi.factors
  const values = new Float64Array(n * n * rows)
  for (let i = 0; i < n; i++)
    for (let r = 0; r < rows; r++) values[i * (n + 1) * rows + r] = own[i * rows + r]! * perSum + 0
  return values
}

const gapOf = ({ facts }: InteractionWork, values: Float64Array, targets: Float64Array): number => {
  const rows = targets.length
  const sums = new Float64Array(rows).fill(facts.base)
  for (let cell = 0; cell * rows < values.length && rows > 0; cell++)
    for (let r = 0; r < rows; r++) sums[r]! += values[cell * rows + r]!
  let gap = 0
  for (let r = 0; r < rows; r++) {
    const difference = Math.abs(sums[r]! - targets[r]!)
    // A difference that is not a number must not pass for a small one.
    if (!(difference <= gap)) gap = difference
  }
  return gap
}
