/**
 * Interventional attributions: a factor that is not known takes its values from given background rows, whatever the other factors are
 * (Janzing et al., arXiv:1910.13413). Exact, for any number of background rows.
 *
 * Trees: two games on their mean leaf log-odds (the sum, for boosting), or on their mean leaf probability: factors as players, and
 * dimensions as players. A factor brings all of its columns from one row, so that no row has two levels of a category. Linear models:
 * coefficient x (value - mean over the background), summed by factor and by dimension, which are the values of both games.
 *
 * Trees with more than 16 distinct factors on a path are explained against one background row after the other, so against a few; these values have an
 * error for each, where the rows were drawn of more.
 */
import { shareFloats } from '../kernels/memory/share.ts'
import type { Pool } from '../kernels/pool.ts'
import { explainInterventionalOn, planInterventionalGame } from '../kernels/shap/explainInterventional.ts'
import { explainPairedOn } from '../kernels/shap/explainPaired.ts'
import type { PairedValues } from '../kernels/shap/pairedTrees.ts'
import { MOST_PATH_PLAYERS, pathSize } from '../kernels/shap/pathPlayers.ts'
import { sumLeavesOn } from '../kernels/trees/sumLeaves.ts'
import type { Matrix } from '../matrix/matrix.ts'
import { isTreeModel, type Model, type TreeModel, treeDivisor } from '../models/model.ts'
import { modelError } from '../util/errors.ts'
import type { Contributor, Players } from './contributions.ts'
import { againstRows, linearContributor } from './linear.ts'

/** Rows that go through together: the background is counted once for each such block. */
const MOST_ROWS = 262_144
/** Bytes of the contributions that are in memory at once. */
const CHUNK_BYTES = 256 * 2 ** 20

/** Background rows that deep trees are explained against at most: time grows as rows x background rows there. */
export const MOST_PAIRED_ROWS = 1000

/** Rows of deep trees that are explained together: progress moves between them. */
const PAIRED_TOGETHER = 512

/** Rows whose contributions are worked out together. Results do not depend on it. */
export const interventionalRows = (columns: number): number =>
  Math.max(512, Math.min(MOST_ROWS, Math.floor(CHUNK_BYTES / (8 * columns))))

/** Background rows, and how many they were drawn of. */
interface OtherRows extends Matrix {
  outOf: number
}

/** Standard errors of means over drawn rows, none twice (Cochran 1977, theorem 2.2). */
const standardErrors = ({ deviations }: PairedValues, drawn: number, outOf: number, divisor: number): Float64Array => {
  const scale = (1 - drawn / outOf) / ((drawn - 1) * drawn)
  return deviations.map((sum) => Math.sqrt(sum * scale) / divisor)
}

const treeContributor = async (
  model: TreeModel,
  players: Players,
  background: OtherRows,
  pool: Pool,
  signal?: AbortSignal,
): Promise<Contributor> => {
  const { trees } = model
  const divisor = treeDivisor(model)
  const rowsIn = ({ values, rows }: Matrix) => ({ values: pool.threads > 1 ? shareFloats(values) : values, rows })
  const others = rowsIn(background)
  const most = trees.reduce((n, tree, k) => Math.max(n, pathSize(tree, k, players.factorOfColumn).players), 0)
  const deep = most > MOST_PATH_PLAYERS
  if (deep && others.rows > MOST_PAIRED_ROWS)
    throw modelError('trees with so many distinct factors on a path are explained against few background rows', {
      option: 'background',
      expected: `at most ${MOST_PAIRED_ROWS} background rows where a path has more than ${MOST_PATH_PLAYERS} distinct factors`,
      got: `${others.rows} rows, ${most} factors on a path`,
      hint: 'draw some of the rows, as with --background-rows 100, explain without a background (the covers of the trees), or train with a maximum depth of 16',
    })
  const game = (playerOfColumn: Int32Array, count: number) =>
    planInterventionalGame({ trees, playerOfColumn, players: count, kernels: pool.kernels })
  const own = deep ? undefined : game(players.factorOfColumn, players.factors)
  const grouped = game(players.dimensionOfColumn, players.dimensions.length)
  let base = 0
  for (const sum of await sumLeavesOn(trees, others, pool, { signal })) base += sum / divisor
  const divide = (sums: Float64Array): Float64Array => {
    for (let i = 0; i < sums.length; i++) sums[i]! /= divisor
    return sums
  }
  return {
    base: base / background.rows,
    ...(deep ? { together: PAIRED_TOGETHER } : {}),
    async of(x) {
      const source = rowsIn(x)
      const values = async (of: NonNullable<typeof own>): Promise<Float64Array> =>
        divide(await explainInterventionalOn(of, others, source, { from: 0, to: x.rows }, pool, { signal }))
      if (own) return { factors: await values(own), dimensions: await values(grouped) }
      const paired = { trees, playerOfColumn: players.factorOfColumn, players: players.factors }
      const found = await explainPairedOn(paired, others, source, pool, { signal })
      const drawn = background.outOf > background.rows && background.rows > 1
      return {
        factors: divide(found.means),
        dimensions: await values(grouped),
        ...(drawn ? { errors: standardErrors(found, background.rows, background.outOf, divisor) } : {}),
      }
    },
  }
}

/**
 * Contributions of a model against background rows.
 * @param background at least one row, of the model's encoding
 * @param outOf rows that those of the background were drawn of
 * @throws GlasscoreError('model') where a path of a tree has more than 16 distinct factors and the background more than 1,000 rows, or a path
 *   more than 16 dimensions
 */
export const interventionalContributor = async (
  model: Model,
  players: Players,
  background: Matrix,
  outOf: number,
  pool: Pool,
  signal?: AbortSignal,
): Promise<Contributor> =>
  isTreeModel(model)
    ? treeContributor(model, players, { ...background, outOf }, pool, signal)
    : linearContributor(againstRows(model, background), players)
