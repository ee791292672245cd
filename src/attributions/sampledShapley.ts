/**
 * Shapley values of any model by drawing orders of the players: Castro, Gomez & Tejada 2009, doi:10.1016/j.cor.2008.04.004. Each order is
 * followed by its reverse (antithetic pairs; Mitchell, Cooper, Frank & Holmes 2022, JMLR 23), against one background row a pair. What a player
 * changes when they join is averaged; the changes of one order sum to the difference between the row and the background row, so values of a
 * row sum exactly.
 */
import { waysOfOrder } from '../kernels/shap/hybridRows.ts'
import { checkNames, checkNumber } from '../models/checkOptions.ts'
import { usageError } from '../util/errors.ts'
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

/** Options of `sampledShapley`: either permutations or a budget of predictions. */
export interface SampledShapleyOptions extends SamplingOptions {
  /** orders for each row, in pairs, at most; default 256. An order takes players - 1 predictions */
  permutations?: number
}

/** Draws of one row: what each player changes, averaged over an order and its reverse. */
const drawsOf = async (job: Asking, { row, output, stream, drawn, outputs }: ExplainedRow): Promise<RowDraws> => {
  const { players, columns, playerOfColumn, background, predict } = job
  const pairs = drawn.rows.length * drawn.each
  const draws = new Float64Array(pairs * players)
  const inner = players - 1
  const ofPair = 2 * inner
  const together = Math.max(1, Math.floor(job.batchRows / Math.max(1, ofPair)))
  const order = Int32Array.from({ length: players }, (_, p) => p)
  const place = new Int32Array(players)
  const orders: Int32Array[] = []
  for (let first = 0; first < pairs; first += together) {
    const some = Math.min(together, pairs - first)
    const total = some * ofPair
    const values = new Float64Array(total * columns)
    for (let k = 0; k < some; k++) {
      stream.shuffle(order)
      for (let t = 0; t < players; t++) place[order[t]!] = t
      orders[k] = order.slice()
      const other = background[drawn.rows[placeOfDraw(drawn, first + k)]!]!
      waysOfOrder(values, total, k * ofPair, row, other, playerOfColumn, place)
    }
    const found = total > 0 ? await ask(predict, values, total) : values
    for (let k = 0; k < some; k++) {
      const start = outputs[placeOfDraw(drawn, first + k)]!
      const to = (first + k) * players
      const way = orders[k]!
      let [there, back] = [start, start]
      for (let t = 0; t < players; t++) {
        const nextThere = t < inner ? found[k * ofPair + t]! : output
        const nextBack = t < inner ? found[k * ofPair + inner + t]! : output
        draws[to + way[t]!]! += (nextThere - there) / 2
        draws[to + way[inner - t]!]! += (nextBack - back) / 2
        there = nextThere
        back = nextBack
      }
    }
  }
  return { draws, fitted: 0 }
}

/**
 * Interventional Shapley values of any model against background rows, with a standard error and an interval for every value. Where
 * enumerating all coalitions takes no more predictions, that is done, and the values are exact.
 *
 * Errors are of the draws: of orders, and of background rows where not all of them are used (`drawBackground`); they are no errors of the
 * model. Values of a row sum to its output less `base`, the mean over the background rows in use.
 *
 * @param predict outputs of a batch of rows; a row's output must not depend on the others
 * @param rows rows to explain, column after column
 * @param background one row or more of the same columns
 * @throws GlasscoreError('usage') for what does not fit, ('data') when the model gives no finite number, ('interrupted') on the signal
 */
export const sampledShapley = async (
  predict: Predict,
  rows: RowBlock,
  background: RowBlock,
  options: SampledShapleyOptions,
): Promise<SampledValues> => {
  checkNames<SampledShapleyOptions>(options, { ...SAMPLING_OPTIONS, permutations: true })
  const job = checkAsking(predict, rows, background, options)
  checkSampling(options)
  const { permutations, budget, enumerate = true } = options
  if (permutations !== undefined && budget !== undefined)
    throw usageError('both permutations and a budget are given', {
      option: 'budget',
      expected: 'one of them',
      got: budget,
    })
  const ofPair = 2 * (job.players - 1)
  const pairs =
    budget === undefined
      ? Math.floor(checkNumber('permutations', permutations ?? 256, { min: 4, max: 2 ** 31, whole: true }) / 2)
      : Math.floor(budget / Math.max(1, ofPair))
  if (enumerate && enumeratesWithin(job, budget ?? pairs * ofPair)) return enumerateRows(job)
  if (pairs < 2)
    throw usageError('the budget is too small', {
      option: 'budget',
      expected: `${2 * ofPair} or more, for two pairs of orders of ${job.players} players`,
      got: budget,
    })
  return sampleRows(job, options, pairs, ofPair, (explained) => drawsOf(job, explained))
}
