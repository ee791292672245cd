/** What a model of trees says of rows that are there as bytes only. */
import type { BinnedMatrix } from '../kernels/binning/binnedMatrix.ts'
import { checkPool } from '../kernels/checkInput.ts'
import type { Pool, PoolRun } from '../kernels/pool.ts'
import { sumLeavesOn } from '../kernels/trees/sumLeaves.ts'
import { usageError } from '../util/errors.ts'
import { meanMargin } from './margin.ts'
import { type TreeModel, treeDivisor } from './model.ts'

/**
 * Log-odds of bad of every row, uncalibrated: the same as `margin` of the numbers behind the bytes.
 * @param matrix the bytes that the model was trained on, or others by the same edges, in the memory of the pool
 * @throws GlasscoreError('usage') when the columns do not fit, ('model') when the bytes were binned at other edges
 */
export const binnedMargins = async (
  model: TreeModel,
  matrix: BinnedMatrix,
  pool: Pool,
  run?: PoolRun,
): Promise<Float64Array> => {
  checkPool(pool)
  if (matrix.columns.length !== model.columns)
    throw usageError('the model reads other columns than the bins have', {
      expected: `${model.columns} columns`,
      got: matrix.columns.length,
    })
  const sums = await sumLeavesOn(model.trees, { binned: matrix }, pool, run)
  return sums.map((sum) => meanMargin(sum, treeDivisor(model), model.output))
}
