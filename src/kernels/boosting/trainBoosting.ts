/**
 * Gradient boosting of the log loss (Friedman 2001, doi:10.1214/aos/1013203451) with second-order steps (Chen & Guestrin 2016,
 * doi:10.1145/2939672.2939785) on histograms of binned columns, grown leaf by leaf (Ke et al. 2017, LightGBM, NeurIPS 30).
 *
 * Splits are found on quantized gradients (see quantize.ts), values of leaves on exact ones. All sums that decide are of whole numbers:
 * the same trees for any number of threads and both kinds of kernels.
 */

import { interruptedError } from '../../util/errors.ts'
import { MISSING_BIN } from '../binning/bin.ts'
import { addressIn, type BinnedMatrix } from '../binning/binnedMatrix.ts'
import { log } from '../numbers/elementary.ts'
import { Generator } from '../numbers/generator.ts'
import { weightsOf } from '../numbers/weightsOf.ts'
import type { Pool, PoolRun } from '../pool.ts'
import type { TreeArrays } from '../trees/tree.ts'
import { bagDrawer, drawSome } from './bags.ts'
import type { BoostingRows } from './boostingRows.ts'
import { compiledBooster } from './compiledBooster.ts'
import { finishTree, leafValues } from './finishTree.ts'
import type { BoostedTreeOptions, BoosterData } from './grownTree.ts'
import { heldOutLoss } from './heldLoss.ts'
import { readableBooster } from './readableBooster.ts'

export interface BoostingTraining extends BoostedTreeOptions {
  /** most trees */
  rounds: number
  /** share of every step that is taken */
  learningRate: number
  /** groups drawn for a tree without replacement, as a share of those that are trained on */
  sampleRatio: number
  /** columns drawn for a tree */
  columnsATree: number
  /** rounds without a lower loss on held-out rows after which training ends */
  patience: number
}

export interface BoostingFit {
  /** the sum of their leaves is the margin; the first one carries the log-odds that training began with */
  trees: TreeArrays[]
  /** the splits of each tree that was grown */
  gains: { column: number; gain: number }[][]
  /** the margin before the first tree: log-odds of the training rate */
  base: number
  /** weighted mean log loss of held-out rows after each tree that was grown; empty when there are none */
  heldLoss: number[]
}

/** Weights with 0 for rows that are held out. */
const weightsWithout = (held: Uint8Array, weight: Float64Array | undefined): Float64Array => {
  const out = weight ? Float64Array.from(weight) : new Float64Array(held.length).fill(1)
  for (let i = 0; i < held.length; i++) if (held[i]) out[i] = 0
  return out
}

export const trainBoosting = async (
  matrix: BinnedMatrix,
  training: BoostingRows,
  options: BoostingTraining,
  pool: Pool,
  run: PoolRun = {},
): Promise<BoostingFit> => {
  const { rows, columns } = matrix
  const { target, held } = training
  const weight = held ? weightsWithout(held, training.weight) : training.weight
  const { total, bad } = weightsOf(target, weight)
  const base = log(bad / (total - bad))
  const bytes = matrix.bytes()
  const hasMissing = Uint8Array.from(columns, (_, j) =>
    bytes.subarray(j * rows, (j + 1) * rows).includes(MISSING_BIN) ? 1 : 0,
  )
  const data: BoosterData = {
    rows,
    columns,
    bytes: () => matrix.bytes(),
    address: pool.kernels === 'wasm' && matrix.address !== undefined ? addressIn(matrix, pool.space) : undefined,
    target,
    weight,
    base,
    monotone: training.monotone,
    hasMissing,
  }
  const booster =
    pool.kernels === 'wasm' ? await compiledBooster(data, options, pool, run.signal) : readableBooster(data, options)
  try {
    const edges = columns.map((column) => column.edges)
    const drawBag = bagDrawer(rows, training, weight, options.sampleRatio)
    const lossOf = heldOutLoss(training, base)
    const fit: BoostingFit = { trees: [], gains: [], base, heldLoss: [] }
    let values: Float64Array | undefined
    let best = 0
    for (let round = 0; round < options.rounds; round++) {
      if (run.signal?.aborted) throw interruptedError()
      const generator = new Generator(training.keys(round))
      const seed = generator.next()
      const drawn = new Uint8Array(columns.length)
      drawSome(columns.length, Math.min(columns.length, options.columnsATree), generator, (column) => {
        drawn[column] = 1
      })
      const bag = drawBag(generator)
      const tree = await booster.grow({ seed, bag, columns: drawn }, values)
      values = leafValues(tree, options.lambda, options.learningRate)
      fit.trees.push(finishTree(tree, values, edges, round === 0 ? base : 0))
      fit.gains.push(tree.nodes.flatMap(({ split }) => (split ? [{ column: split.column, gain: split.gain }] : [])))
      run.onPart?.(round + 1, options.rounds)
      if (!lossOf) continue
      fit.heldLoss.push(lossOf(booster.leafOf(), values))
      if (fit.heldLoss[round]! < fit.heldLoss[best]!) best = round
      if (round - best >= options.patience) break
    }
    if (held) fit.trees.length = best + 1
    return fit
  } finally {
    booster.close()
  }
}
