/** Attributions of trees on rows that are there as bytes only: of wide tables, whose numbers are never held. */
import type { BinnedMatrix } from '../kernels/binning/binnedMatrix.ts'
import { came, checkArray, checkPool, checkRecord, isRecord } from '../kernels/checkInput.ts'
import { explainTreesOn, planTreeGame } from '../kernels/shap/explainTrees.ts'
import { type TreeModel, treeDivisor } from '../models/model.ts'
import { thisThread } from '../threads/openPool.ts'
import { GlasscoreError, interruptedError, usageError } from '../util/errors.ts'
import { noProgress } from '../util/progress.ts'
import { checkBlocks } from './checkBlocks.ts'
import type { ExplainBlocksOptions } from './explain.ts'
import { chunkRows } from './tree.ts'

/** Attributions of some rows. */
export interface BinnedAttributions {
  /** position of the first row */
  from: number
  /** how many rows */
  rows: number
  /** the model's output when nothing is known: base + the values of a row = its output */
  base: number
  /** owners x rows: values[k * rows + i] is what the columns of owner k give to row from + i, in log-odds (or mean probability) */
  values: Float64Array
}

/**
 * Path-dependent Shapley values (doi:10.1038/s42256-019-0138-9), block by block, in the order of the rows; they are never in memory all at
 * once. The same bytes for any number of threads and any size of blocks.
 * @param matrix the bytes that the model was trained on, or others by the same edges, in the memory of `options.pool`
 * @param owners for every column who owns it, 0 .. `count` - 1: its factor, or the column itself; Shapley values are those of the game
 *   whose players are the owners
 * @throws GlasscoreError('usage') for owners that do not fit the columns, ('memory') when trees and scratch do not fit beside the bytes, ('interrupted') on the signal
 */
export async function* attributeBins(
  model: TreeModel,
  matrix: BinnedMatrix,
  owners: { ofColumn: Int32Array; count: number },
  options: Omit<ExplainBlocksOptions, 'background'> = {},
): AsyncGenerator<BinnedAttributions> {
  checkBlocks(options)
  const { pool = thisThread(), signal, progress = noProgress } = options
  checkPool(pool)
  checkRecord('matrix', matrix, 'bins, from binChunks or binMatrix')
  checkTreeModel(model, matrix.columns.length)
  const { rows } = matrix
  checkOwners(owners, matrix.columns.length)
  const game = { trees: model.trees, playerOfColumn: owners.ofColumn, players: owners.count }
  const plan = planTreeGame({ ...game, rows, kernels: pool.kernels })
  const divisor = treeDivisor(model)
  const together = Math.min(Math.max(1, rows), options.blockRows ?? chunkRows(owners.count, pool.threads))
  if (8 * together * owners.count > LARGEST_BLOCK)
    throw new GlasscoreError(
      'memory',
      `attributions of ${together} rows to ${owners.count} owners are too many at once`,
      {
        option: 'blockRows',
        expected: `up to ${Math.max(1, Math.floor(LARGEST_BLOCK / (8 * owners.count)))}`,
        got: together,
      },
    )
  for (let from = 0; from < rows; from += together) {
    if (signal?.aborted) throw interruptedError()
    const to = Math.min(rows, from + together)
    const values = await explainTreesOn(plan, { binned: matrix }, { from, to }, pool, { signal })
    for (let k = 0; k < values.length; k++) values[k]! /= divisor
    progress('explain', to, rows)
    yield { from, rows: to - from, base: plan.expectedValue / divisor, values }
  }
}

/** Bytes of the values of a block, at most. */
const LARGEST_BLOCK = 2 ** 32
/** Owners that there may be more of than columns: factors without one. */
const MOST_OWNERS = 65_536

const checkTreeModel = (model: TreeModel, columns: number): void => {
  if (!isRecord(model) || !Array.isArray(model['trees']))
    throw usageError('attributions of bins are those of trees', {
      option: 'model',
      expected: 'a tree, a forest or a boosting',
      got: isRecord(model) ? String(model['kind']) : came(model),
    })
  if (model.columns !== columns)
    throw usageError('the model reads other columns than the bins have', {
      expected: `${model.columns} columns`,
      got: columns,
    })
}

const checkOwners = (owners: { ofColumn: Int32Array; count: number }, columns: number): void => {
  checkRecord('owners', owners, '{ ofColumn, count }')
  const { ofColumn, count } = owners
  const most = Math.max(columns, MOST_OWNERS)
  if (!(Number.isInteger(count) && count >= 1 && count <= most))
    throw usageError('invalid number of owners', {
      option: 'owners.count',
      expected: `a whole number from 1 to ${most.toLocaleString('en-US')}`,
      got: came(count),
    })
  checkArray('owners.ofColumn', ofColumn, 'Int32Array')
  if (ofColumn.length !== columns)
    throw usageError('owners and columns differ in number', {
      option: 'owners.ofColumn',
      expected: `${columns}, one for each column`,
      got: ofColumn.length,
    })
  const column = ofColumn.findIndex((owner) => !(owner >= 0 && owner < count))
  if (column >= 0)
    throw usageError(`column ${column} has an owner that there is not`, {
      option: 'owners.ofColumn',
      expected: `0 to ${count - 1}`,
      got: ofColumn[column]!,
    })
}
