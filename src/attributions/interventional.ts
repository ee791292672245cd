/**
 * Interventional attributions: a factor that is not known takes its values from given background rows, whatever the other factors are
 * (Janzing et al., arXiv:1910.13413). Exact, for any number of background rows.
 *
 * Trees: two games on their mean leaf log-odds (the sum, for boosting), or on their mean leaf probability: factors as players, and
 * dimensions as players. A factor brings all of its columns from one row, so that no row has two levels of a category. Linear models:
 * coefficient x (value - mean over the background), summed by factor and by dimension, which are the values of both games.
 */
import { shareFloats } from '../kernels/memory/share.ts'
import type { Pool } from '../kernels/pool.ts'
import { explainInterventionalOn, planInterventionalGame } from '../kernels/shap/explainInterventional.ts'
import { sumLeavesOn } from '../kernels/trees/sumLeaves.ts'
import type { Matrix } from '../matrix/matrix.ts'
import { isTreeModel, type Model, type TreeModel, treeDivisor } from '../models/model.ts'
import type { Contributor, Players } from './contributions.ts'
import { againstRows, linearContributor } from './linear.ts'

/** Rows that go through together: the background is counted once for each such block. */
const MOST_ROWS = 262_144
/** Bytes of the contributions that are in memory at once. */
const CHUNK_BYTES = 256 * 2 ** 20

/** Rows whose contributions are worked out together. Results do not depend on it. */
export const interventionalRows = (columns: number): number =>
  Math.max(512, Math.min(MOST_ROWS, Math.floor(CHUNK_BYTES / (8 * columns))))

const treeContributor = async (
  model: TreeModel,
  players: Players,
  background: Matrix,
  pool: Pool,
  signal?: AbortSignal,
): Promise<Contributor> => {
  const { trees } = model
  const divisor = treeDivisor(model)
  const rowsIn = ({ values, rows }: Matrix) => ({ values: pool.threads > 1 ? shareFloats(values) : values, rows })
  const others = rowsIn(background)
  const game = (playerOfColumn: Int32Array, count: number) =>
    planInterventionalGame({ trees, playerOfColumn, players: count, kernels: pool.kernels })
  const own = game(players.factorOfColumn, players.factors)
  const grouped = game(players.dimensionOfColumn, players.dimensions.length)
  let base = 0
  for (const sum of await sumLeavesOn(trees, others, pool, { signal })) base += sum / divisor
  return {
    base: base / background.rows,
    async of(x) {
      const source = rowsIn(x)
      const values = async (of: typeof own): Promise<Float64Array> => {
        const sums = await explainInterventionalOn(of, others, source, { from: 0, to: x.rows }, pool, { signal })
        for (let i = 0; i < sums.length; i++) sums[i]! /= divisor
        return sums
      }
      return { factors: await values(own), dimensions: await values(grouped) }
    },
  }
}

/**
 * Contributions of a model against background rows.
 * @param background at least one row, of the model's encoding
 * @throws GlasscoreError('model') where a path of a tree has more than 16 distinct factors
 */
export const interventionalContributor = async (
  model: Model,
  players: Players,
  background: Matrix,
  pool: Pool,
  signal?: AbortSignal,
): Promise<Contributor> =>
  isTreeModel(model)
    ? treeContributor(model, players, background, pool, signal)
    : linearContributor(againstRows(model, background), players)
