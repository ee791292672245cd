/**
 * Attributions of trees against the training cover (path-dependent tree SHAP): of their mean leaf log-odds (the sum, for boosting), or of its mean leaf
 * probability when that is what the model averages. Two exact games on the same trees: columns as players, summed to their
 * factors, and dimensions as players.
 */
import { shareFloats } from '../kernels/memory/share.ts'
import type { Pool } from '../kernels/pool.ts'
import { explainTreesOn, LARGEST_PART, planTreeGame } from '../kernels/shap/explainTrees.ts'
import type { Matrix } from '../matrix/matrix.ts'
import { type TreeModel, treeDivisor } from '../models/model.ts'
import type { Contributor, Players } from './contributions.ts'
import { sumByOwner } from './players.ts'

/** Bytes of the contributions that are in memory at once. */
const CHUNK_BYTES = 256 * 2 ** 20

/**
 * Rows whose contributions are worked out together: some parts for every thread, fewer where there are many columns. Results do not
 * depend on it.
 */
export const chunkRows = (columns: number, threads: number): number =>
  Math.max(512, Math.min(LARGEST_PART * threads, Math.floor(CHUNK_BYTES / (8 * columns))))

/** One game on a tree model: Shapley values of the mean over trees. */
export interface TreeGame {
  /** mean over trees of the value expected when nothing is known */
  readonly base: number
  /** players x (to - from), player-major */
  rows(from: number, to: number, signal?: AbortSignal): Promise<Float64Array>
}

/**
 * Prepares a game; `playerOfColumn` says whose each column of X is. Every value is the same for any number of threads.
 * @param x rows of the model's encoding; NaN = missing
 */
export const treeGame = (
  model: TreeModel,
  x: Matrix,
  playerOfColumn: Int32Array,
  players: number,
  pool: Pool,
): TreeGame => {
  const { rows, values } = x
  const plan = planTreeGame({ trees: model.trees, playerOfColumn, players, rows, kernels: pool.kernels })
  const trees = treeDivisor(model)
  const source = { values: pool.threads > 1 ? shareFloats(values) : values, rows }
  return {
    base: plan.expectedValue / trees,
    async rows(from, to, signal) {
      const sums = await explainTreesOn(plan, source, { from, to }, pool, { signal })
      for (let i = 0; i < sums.length; i++) sums[i]! /= trees
      return sums
    },
  }
}

/** Contributions to the mean over trees, by factor and by dimension. */
export const treeContributor = (
  model: TreeModel,
  x: Matrix,
  players: Players,
  pool: Pool,
  signal?: AbortSignal,
): Contributor => {
  const columns = x.columns.length
  const own = treeGame(
    model,
    x,
    Int32Array.from({ length: columns }, (_, j) => j),
    columns,
    pool,
  )
  const grouped = treeGame(model, x, players.dimensionOfColumn, players.dimensions.length, pool)
  return {
    base: own.base,
    async rows(from, to) {
      const phi = await own.rows(from, to, signal)
      return {
        factors: sumByOwner(phi, to - from, players.factorOfColumn, players.factors),
        dimensions: await grouped.rows(from, to, signal),
      }
    },
  }
}
