/** The columns of a matrix as bytes, where the kernels of a pool read them. */

import { binMatrix } from '../../kernels/binning/binMatrix.ts'
import type { BinnedMatrix } from '../../kernels/binning/binnedMatrix.ts'
import type { Pool } from '../../kernels/pool.ts'
import { categoryColumns, type Matrix } from '../../matrix/matrix.ts'

export const binForTrees = (x: Matrix, pool: Pool, signal?: AbortSignal | undefined): Promise<BinnedMatrix> =>
  binMatrix({ values: x.values, rows: x.rows, columns: x.columns.length }, pool, {
    categories: categoryColumns(x),
    signal,
  })
