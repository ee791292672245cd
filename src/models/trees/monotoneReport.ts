/** What a fit says of its monotone constraints. */
import { missingBeatsBest } from '../../kernels/trees/monotone.ts'
import type { TreeArrays } from '../../kernels/trees/tree.ts'
import type { Matrix } from '../../matrix/matrix.ts'

/** Rows x constrained columns that are tried; rows are taken evenly over the matrix. */
const TRIED = 20_000
const MOST_ROWS = 200
const FEWEST_ROWS = 20

export const monotoneReport = (
  x: Matrix,
  trees: readonly TreeArrays[],
  directions: Int8Array,
): { monotone: Record<string, number>; missingBeatsBest: Record<string, number> } => {
  const constrained = directions.filter((d) => d !== 0).length
  const rows = Math.min(x.rows, MOST_ROWS, Math.max(FEWEST_ROWS, Math.floor(TRIED / constrained)))
  const sample = new Float64Array(rows * x.columns.length)
  for (let j = 0; j < x.columns.length; j++)
    for (let i = 0; i < rows; i++) sample[j * rows + i] = x.values[j * x.rows + Math.floor((i * x.rows) / rows)]!
  const shares = missingBeatsBest(trees, sample, rows, directions)
  return {
    monotone: Object.fromEntries(shares.map(({ column }) => [x.columns[column]!.name, directions[column]!])),
    missingBeatsBest: Object.fromEntries(shares.map(({ column, share }) => [x.columns[column]!.name, share])),
  }
}
