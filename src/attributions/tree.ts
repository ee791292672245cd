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
  /** of all rows of `x`, which is of the model's encoding, NaN = missing: players x rows, player-major */
  values(x: Matrix, signal?: AbortSignal): Promise<Float64Array>
}

/**
 * Prepares a game; `playerOfColumn` says whose each column of X is. Every value is the same for any number of threads.
 * @param rows how many will be explained in all, by one call or several: what is quickest depends on it
 */
export const treeGame = (
  model: TreeModel,
  playerOfColumn: Int32Array,
  players: number,
  rows: number,
  pool: Pool,
): TreeGame => {
  const plan = planTreeGame({ trees: model.trees, playerOfColumn, players, rows, kernels: pool.kernels })
  const trees = treeDivisor(model)
  return {
    base: plan.expectedValue / trees,
    async values(x, signal) {
      const source = { values: pool.threads > 1 ? shareFloats(x.values) : x.values, rows: x.rows }
      const sums = await explainTreesOn(plan, source, { from: 0, to: x.rows }, pool, { signal })
      for (let i = 0; i < sums.length; i++) sums[i]! /= trees
      return sums
    },
  }
}

/** Contributions to the mean over trees, by factor and by dimension. */
export const treeContributor = (
  model: TreeModel,
  columns: number,
  players: Players,
  rows: number,
  pool: Pool,
  signal?: AbortSignal,
): Contributor => {
  const own = treeGame(
    model,
    Int32Array.from({ length: columns }, (_, j) => j),
    columns,
    rows,
    pool,
  )
  const grouped = treeGame(model, players.dimensionOfColumn, players.dimensions.length, rows, pool)
  return {
    base: own.base,
    async of(x) {
      const phi = await own.values(x, signal)
      return {
        factors: sumByOwner(phi, x.rows, players.factorOfColumn, players.factors),
        dimensions: await grouped.values(x, signal),
      }
    },
  }
}
