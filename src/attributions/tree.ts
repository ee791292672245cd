/**
 * Attributions of a tree or forest against the training cover (path-dependent tree SHAP): of its mean leaf log-odds, or of its mean leaf
 * probability when that is what the model averages. Two exact games on the same trees: columns as players, summed to their
 * factors, and dimensions as players.
 */
import { shareFloats } from '../kernels/memory/share.ts'
import type { Pool } from '../kernels/pool.ts'
import { planTreeShap, type TreeShapPlan } from '../kernels/shap/treeShapPlan.ts'
import type { Matrix } from '../matrix/matrix.ts'
import type { TreeModel } from '../models/model.ts'
import type { Contributor, Players } from './contributions.ts'
import { sumByOwner } from './players.ts'

/** Most rows of one part of a job. Large parts share more work (see treeShap.ts); results do not depend on it. */
export const PART_ROWS = 4096

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
  const plan: TreeShapPlan = planTreeShap(model.trees, playerOfColumn, players)
  const trees = model.trees.length
  const shared = { plan, values: shareFloats(x.values), rows: x.rows }
  return {
    base: plan.expectedValue / trees,
    async rows(from, to, signal) {
      const size = Math.min(PART_ROWS, Math.ceil((to - from) / pool.threads))
      const parts = Array.from({ length: Math.ceil((to - from) / size) }, (_, k) => ({
        from: from + k * size,
        to: Math.min(to, from + (k + 1) * size),
      }))
      const blocks = await pool.run('treeShapRows', shared, parts, { signal })
      const out = new Float64Array(players * (to - from))
      blocks.forEach((block, k) => {
        const part = parts[k]!
        const count = part.to - part.from
        for (let p = 0; p < players; p++)
          for (let i = 0; i < count; i++) out[p * (to - from) + part.from - from + i] = block[p * count + i]! / trees
      })
      return out
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
