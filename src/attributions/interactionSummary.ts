/** Which pairs interact most, over many rows: no matrix of any row is kept. */
import { absoluteInteractions } from '../kernels/shap/interactions/treeInteractions.ts'
import { triangleAt } from '../kernels/shap/interactions/triangle.ts'
import { type FactorFrame, sliceRows } from '../matrix/frame.ts'
import { encodeFor, type Scorer } from '../scores/scorer.ts'
import { thisThread } from '../threads/openPool.ts'
import { interruptedError, usageError } from '../util/errors.ts'
import { noProgress } from '../util/progress.ts'
import {
  checkInteractionOptions,
  INTERACTION_OPTIONS,
  type InteractionFacts,
  type InteractionOptions,
  interactionWork,
} from './interactionGame.ts'

/** Two players and how strong what they have together is. */
export interface RankedPair {
  first: string
  second: string
  /** mean over rows of |phi_ij + phi_ji|: both halves together, in the unit of the summary */
  meanAbsolute: number
}

/** Mean absolute interactions of many rows. */
export interface InteractionSummary extends InteractionFacts {
  rows: number
  /**
   * players x players, [i * n + j]: mean over rows of |phi_ij|, the half that stands in a row's matrix; main effects on the diagonal. Empty for linear models
   */
  meanAbsolute: Float64Array
  /** every pair of different players, the strongest first, ties in the order of the players; none for linear models, which have none */
  pairs: readonly RankedPair[]
}

/** Rows that are encoded together: a fixed number, since sums are put together by it. */
const TOGETHER = 32_768

/**
 * Mean absolute SHAP interaction of every pair (see `interactions`), ranked, in score points where the link is linear. Linear models have
 * none: `interacting` is false and `pairs` is empty. The same bytes for any number of threads.
 * @param frame at least one row
 * @throws GlasscoreError('usage') for wrong options or no rows, ('data') when a factor of the model is absent, ('memory') for more players than pairs can be held of,
 *   ('interrupted') on the signal
 */
export const interactionSummary = async (
  scorer: Scorer,
  frame: FactorFrame,
  options: InteractionOptions = {},
): Promise<InteractionSummary> => {
  checkInteractionOptions(options, INTERACTION_OPTIONS)
  const { rows } = frame
  if (!(rows >= 1)) throw usageError('no rows to sum interactions over', { expected: 'a frame of at least one row' })
  const { progress = noProgress, signal, pool = thisThread() } = options
  const { facts, plan, perSum } = interactionWork(scorer, options, pool)
  if (!plan) {
    encodeFor(scorer, sliceRows(frame, 0, 1))
    return { ...facts, rows, meanAbsolute: new Float64Array(0), pairs: [] }
  }
  const { used } = plan
  let sums: Float64Array | undefined
  for (let from = 0; from < rows; from += TOGETHER) {
    if (signal?.aborted) throw interruptedError()
    const to = Math.min(rows, from + TOGETHER)
    const x = encodeFor(scorer, sliceRows(frame, from, to))
    const some = await absoluteInteractions(plan, x, { from: 0, to: to - from }, pool, {
      onPart: (done, total) =>
        progress(`interactions ${scorer.name}`, from + Math.floor(((to - from) * done) / total), rows),
      ...(signal ? { signal } : {}),
    })
    sums = sums ? sums.map((sum, k) => sum + some[k]!) : some
  }
  const n = facts.players.length
  const meanAbsolute = new Float64Array(n * n)
  for (let i = 0; i < used.length; i++)
    for (let j = 0; j < used.length; j++)
      meanAbsolute[used[i]! * n + used[j]!] = (sums![triangleAt(used.length, i, j)]! * Math.abs(perSum)) / rows
  return { ...facts, rows, meanAbsolute, pairs: rank(facts.players, meanAbsolute) }
}

const rank = (players: readonly string[], meanAbsolute: Float64Array): RankedPair[] => {
  const n = players.length
  return players
    .flatMap((first, i) =>
      players.slice(i + 1).map((second, k) => ({ first, second, meanAbsolute: 2 * meanAbsolute[i * n + i + 1 + k]! })),
    )
    .sort((a, b) => b.meanAbsolute - a.meanAbsolute)
}
