/**
 * Kernel SHAP with error bars: Shapley values of any model by regression on drawn coalitions (Lundberg & Lee 2017, arXiv:1705.07874), each
 * with its complement and one background row (Covert & Lee 2021, arXiv:2012.01536).
 */
import { leastSquaresDraws, sizeProbabilities, unbiasedDraws } from '../kernels/shap/coalitionRegression.ts'
import { rowOfCoalition } from '../kernels/shap/hybridRows.ts'
import { checkChoice, checkNames } from '../models/checkOptions.ts'
import { usageError } from '../util/errors.ts'
import type { Random } from '../util/random.ts'
import { enumerateRows, enumeratesWithin } from './enumeratedShapley.ts'
import { ask, type Predict } from './predict.ts'
import type { RowBlock } from './rowBlock.ts'
import {
  type Asking,
  checkAsking,
  checkSampling,
  type ExplainedRow,
  placeOfDraw,
  type RowDraws,
  SAMPLING_OPTIONS,
  type SampledValues,
  type SamplingOptions,
  sampleRows,
} from './sampling.ts'

/** How coalitions become values. */
export interface KernelShapleyOptions extends SamplingOptions {
  /**
   * leastSquares (default): the regression on the drawn coalitions, exact for additive models, with a bias that shrinks faster than its error;
   * unbiased: without it, with wider errors
   */
  estimator?: 'leastSquares' | 'unbiased'
}

/** Draws a coalition into `inside`: a size with the kernel's probability, then who. */
const drawCoalition = (inside: Uint8Array, sizes: Float64Array, order: Int32Array, stream: Random): void => {
  let left = stream.next()
  let size = 1
  for (; size < sizes.length && left >= sizes[size - 1]!; size++) left -= sizes[size - 1]!
  inside.fill(0)
  for (let k = 0; k < size; k++) {
    const j = k + stream.integer(order.length - k)
    const held = order[k]!
    order[k] = order[j]!
    order[j] = held
    inside[order[k]!] = 1
  }
}

const drawsOf = async (
  job: Asking,
  estimator: NonNullable<KernelShapleyOptions['estimator']>,
  { row, output, stream, drawn, outputs }: ExplainedRow,
): Promise<RowDraws> => {
  const { players, columns, playerOfColumn, background, predict } = job
  const pairs = drawn.rows.length * drawn.each
  const fitted = estimator === 'leastSquares' ? players - 1 : 0
  const needed = drawn.each > 1 ? drawn.rows.length : 1
  if (pairs < needed + fitted + players)
    throw usageError('there are too few coalitions to tell the players apart', {
      option: 'budget',
      expected: `${2 * (needed + fitted + players)} or more`,
      got: 2 * pairs,
    })
  const sizes = sizeProbabilities(players)
  const inside = new Uint8Array(pairs * players)
  const value = new Float64Array(pairs)
  const complement = new Float64Array(pairs)
  const total = Float64Array.from(value, (_, m) => output - outputs[placeOfDraw(drawn, m)]!)
  const order = Int32Array.from({ length: players }, (_, p) => p)
  const other = new Uint8Array(players)
  const together = Math.max(1, Math.floor(job.batchRows / 2))
  for (let first = 0; first < pairs && players > 1; first += together) {
    const some = Math.min(together, pairs - first)
    const values = new Float64Array(2 * some * columns)
    for (let k = 0; k < some; k++) {
      const m = first + k
      const chosen = inside.subarray(m * players, (m + 1) * players)
      drawCoalition(chosen, sizes, order, stream)
      for (let p = 0; p < players; p++) other[p] = 1 - chosen[p]!
      const unknown = background[drawn.rows[placeOfDraw(drawn, m)]!]!
      rowOfCoalition(values, 2 * some, 2 * k, row, unknown, playerOfColumn, chosen)
      rowOfCoalition(values, 2 * some, 2 * k + 1, row, unknown, playerOfColumn, other)
    }
    const found = await ask(predict, values, 2 * some)
    for (let k = 0; k < some; k++) {
      const empty = outputs[placeOfDraw(drawn, first + k)]!
      value[first + k] = found[2 * k]! - empty
      complement[first + k] = found[2 * k + 1]! - empty
    }
  }
  const coalitions = { players, inside, value, complement, total }
  const draws = estimator === 'unbiased' ? unbiasedDraws(coalitions) : leastSquaresDraws(coalitions)
  if (draws === null)
    throw usageError('the drawn coalitions do not tell the players apart', {
      option: 'budget',
      expected: 'more predictions',
      got: 2 * pairs,
    })
  return { draws, fitted }
}

/**
 * Interventional Shapley values of any model against background rows by Kernel SHAP, with a standard error and an interval for every value.
 * Where enumerating all coalitions takes no more predictions than the budget, that is done, and the values are exact. At the same budget
 * `sampledShapley` is often as near or nearer; this one takes two predictions a draw whatever the number of players.
 *
 * @param predict outputs of a batch of rows; a row's output must not depend on the others
 * @param options `budget`: predictions for each row, default 2,048
 * @throws GlasscoreError('usage') for what does not fit and for too small a budget, ('data') when the model gives no finite number,
 *   ('interrupted') on the signal
 */
export const kernelShapley = async (
  predict: Predict,
  rows: RowBlock,
  background: RowBlock,
  options: KernelShapleyOptions,
): Promise<SampledValues> => {
  checkNames<KernelShapleyOptions>(options, { ...SAMPLING_OPTIONS, estimator: true })
  const job = checkAsking(predict, rows, background, options)
  checkSampling(options)
  const { budget = 2048, enumerate = true } = options
  const estimator = checkChoice('estimator', options.estimator ?? 'leastSquares', ['leastSquares', 'unbiased'])
  if (enumerate && enumeratesWithin(job, budget)) return enumerateRows(job)
  return sampleRows(job, options, Math.floor(budget / 2), 2, (explained) => drawsOf(job, estimator, explained))
}
