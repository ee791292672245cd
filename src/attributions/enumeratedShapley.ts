/** Shapley values of any model by asking it about every coalition: exact, for few players. */
import { rowOfCoalition } from '../kernels/shap/hybridRows.ts'
import { checkNames } from '../models/checkOptions.ts'
import { interruptedError, usageError } from '../util/errors.ts'
import { ask, type Predict } from './predict.ts'
import type { RowBlock } from './rowBlock.ts'
import {
  ASKING_OPTIONS,
  type Asking,
  type AskingOptions,
  checkAsking,
  DEFAULT_LEVEL,
  outputsOf,
  type SampledValues,
} from './sampling.ts'

/** Players that there may be: 65,536 coalitions for every row and background row. */
export const MOST_ENUMERATED = 16

/** Mean output of each coalition over the background; bit p of its number says whether player p is in it. */
const coalitionMeans = async (job: Asking, row: Float64Array): Promise<Float64Array> => {
  const { players, columns, background, batchRows, playerOfColumn } = job
  const count = background.length
  const sums = new Float64Array(2 ** players)
  const inside = new Uint8Array(players)
  const all = sums.length * count
  for (let first = 0; first < all; first += batchRows) {
    const total = Math.min(batchRows, all - first)
    const values = new Float64Array(total * columns)
    for (let k = 0; k < total; k++) {
      const coalition = Math.floor((first + k) / count)
      for (let p = 0; p < players; p++) inside[p] = (coalition >> p) & 1
      rowOfCoalition(values, total, k, row, background[(first + k) % count]!, playerOfColumn, inside)
    }
    const outputs = await ask(job.predict, values, total)
    for (let k = 0; k < total; k++) sums[Math.floor((first + k) / count)]! += outputs[k]!
  }
  for (let s = 0; s < sums.length; s++) sums[s]! /= count
  return sums
}

const bitsOf = (n: number): number => {
  let bits = 0
  for (let left = n; left > 0; left &= left - 1) bits++
  return bits
}

/** Shapley values of a game whose coalitions all have a value. */
const shapleyOf = (value: Float64Array, players: number): Float64Array => {
  const phi = new Float64Array(players)
  const joins = new Float64Array(players)
  joins[0] = 1 / players
  for (let s = 1; s < players; s++) joins[s] = (joins[s - 1]! * s) / (players - s)
  for (let coalition = 0; coalition < value.length; coalition++) {
    const weight = joins[bitsOf(coalition)]!
    for (let p = 0; p < players; p++)
      if (!((coalition >> p) & 1)) phi[p]! += weight * (value[coalition | (1 << p)]! - value[coalition]!)
  }
  return phi
}

/** Whether all coalitions take no more predictions for a row than sampling would. */
export const enumeratesWithin = (job: Asking, predictions: number): boolean =>
  job.players <= MOST_ENUMERATED && 2 ** job.players * job.background.length <= predictions

/** All coalitions of every row of a job. */
export const enumerateRows = async (job: Asking): Promise<SampledValues> => {
  const { players } = job
  const rows = job.rows.length
  const outputs = await outputsOf(job, job.rows)
  const values = new Float64Array(players * rows)
  let base = 0
  for (let i = 0; i < rows; i++) {
    if (job.signal?.aborted) throw interruptedError()
    const value = await coalitionMeans(job, job.rows[i]!)
    base = value[0]!
    const phi = shapleyOf(value, players)
    for (let p = 0; p < players; p++) values[p * rows + i] = phi[p]!
    job.progress?.('explain', i + 1, rows)
  }
  return {
    base,
    outputs,
    values,
    standardErrors: new Float64Array(values.length),
    low: values.slice(),
    high: values.slice(),
    level: DEFAULT_LEVEL,
    exact: true,
    pairs: 0,
    backgroundRows: Int32Array.from(job.background, (_, i) => i),
    predictions: 2 ** players * job.background.length,
  }
}

/**
 * Exact interventional Shapley values of any model against background rows: the value of a coalition is the mean output over the background
 * with the coalition's columns from the explained row. Takes 2^players x background rows predictions for each row.
 *
 * @param rows rows to explain, column after column
 * @param background one row or more of the same columns
 * @throws GlasscoreError('usage') for what does not fit and for more than 16 players, ('data') when the model gives no finite number,
 *   ('interrupted') on the signal
 */
export const enumeratedShapley = async (
  predict: Predict,
  rows: RowBlock,
  background: RowBlock,
  options: AskingOptions = {},
): Promise<SampledValues> => {
  checkNames<AskingOptions>(options, ASKING_OPTIONS)
  const job = checkAsking(predict, rows, background, options)
  if (job.players > MOST_ENUMERATED)
    throw usageError('there are too many coalitions to ask about', {
      option: 'players',
      expected: `up to ${MOST_ENUMERATED}`,
      got: job.players,
      hint: 'group columns, or use sampledShapley',
    })
  return enumerateRows(job)
}
