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
import { log, softplus } from '../numbers/elementary.ts'
import { Generator } from '../numbers/generator.ts'
import { weightsOf } from '../numbers/weightsOf.ts'
import type { Pool, PoolRun } from '../pool.ts'
import type { TreeArrays } from '../trees/tree.ts'
import { compiledBooster } from './compiledBooster.ts'
import { finishTree, leafValues } from './finishTree.ts'
import type { BoostedTreeOptions, BoosterData } from './grownTree.ts'
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

export interface BoostingRows {
  /** 1 = bad, 0 = good */
  target: Uint8Array
  /** 0 or more, rows of 0 are left out; absent: 1 for every row */
  weight?: Float64Array | undefined
  /** 1: held out, for early stopping; absent: none */
  held?: Uint8Array | undefined
  /** rows drawn together: those of group g are rows[start[g]] .. rows[start[g + 1] - 1]; absent: every row by itself */
  groups?: { start: Int32Array; rows: Int32Array } | undefined
  /** 1, -1 or 0 for each column */
  monotone: Int8Array
  /** four key words for each round */
  keys: (round: number) => Uint32Array
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

/** Draws `count` of `units` without replacement: 1 for those drawn. */
const drawSome = (units: number, count: number, generator: Generator): Uint8Array => {
  const drawn = new Uint8Array(units)
  let wanted = count
  for (let k = 0; k < units; k++) {
    if (generator.below(units - k) >= wanted) continue
    drawn[k] = 1
    wanted--
  }
  return drawn
}

/** Rows of a tree, rising; absent: all. */
const drawBag = (
  rows: number,
  { held, groups, weight }: BoostingRows,
  ratio: number,
  generator: Generator,
): Uint32Array | undefined => {
  if (ratio >= 1 && !held && !weight?.includes(0)) return undefined
  const units = groups ? groups.start.length - 1 : rows
  const rowsOf = (unit: number) =>
    groups ? groups.rows.subarray(groups.start[unit]!, groups.start[unit + 1]!) : [unit]
  const trained = Array.from({ length: units }, (_, k) => k).filter((k) => !held?.[rowsOf(k)[0]!])
  const drawn = drawSome(trained.length, Math.max(1, Math.round(ratio * trained.length)), generator)
  const inBag = new Uint8Array(rows)
  trained.forEach((unit, k) => {
    if (drawn[k]) for (const row of rowsOf(unit)) if (weight?.[row] !== 0) inBag[row] = 1
  })
  const bag = new Uint32Array(inBag.reduce((sum, one) => sum + one, 0))
  let next = 0
  for (let i = 0; i < rows; i++) if (inBag[i]) bag[next++] = i
  return bag
}

/** Weighted mean log loss of held-out rows. */
const heldLoss = (margins: Float64Array, { target, weight, held }: BoostingRows): number => {
  let sum = 0
  let weights = 0
  for (let i = 0; i < margins.length; i++) {
    if (!held?.[i]) continue
    const w = weight?.[i] ?? 1
    sum += w * softplus(target[i] ? -margins[i]! : margins[i]!)
    weights += w
  }
  return sum / weights
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
  const weight = held
    ? Float64Array.from({ length: rows }, (_, i) => (held[i] ? 0 : (training.weight?.[i] ?? 1)))
    : training.weight
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
    const margins = new Float64Array(rows).fill(base)
    const fit: BoostingFit = { trees: [], gains: [], base, heldLoss: [] }
    let values: Float64Array | undefined
    let best = 0
    for (let round = 0; round < options.rounds; round++) {
      if (run.signal?.aborted) throw interruptedError()
      const generator = new Generator(training.keys(round))
      const seed = generator.next()
      const drawn = drawSome(columns.length, Math.min(columns.length, options.columnsATree), generator)
      const bag = drawBag(rows, training, options.sampleRatio, generator)
      const tree = await booster.grow({ seed, bag, columns: drawn }, values)
      values = leafValues(tree, options.lambda, options.learningRate)
      fit.trees.push(finishTree(tree, values, edges, round === 0 ? base : 0))
      fit.gains.push(tree.nodes.flatMap(({ split }) => (split ? [{ column: split.column, gain: split.gain }] : [])))
      run.onPart?.(round + 1, options.rounds)
      if (!held) continue
      const leafOf = booster.leafOf()
      for (let i = 0; i < rows; i++) if (held[i]) margins[i]! += values[leafOf[i]!]!
      fit.heldLoss.push(heldLoss(margins, training))
      if (fit.heldLoss[round]! < fit.heldLoss[best]!) best = round
      if (round - best >= options.patience) break
    }
    if (held) fit.trees.length = best + 1
    return fit
  } finally {
    booster.close()
  }
}
