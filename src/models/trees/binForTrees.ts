/** The columns of a matrix as bytes, where the kernels of a pool read them. */

import { binMatrix } from '../../kernels/binning/binMatrix.ts'
import type { BinnedMatrix } from '../../kernels/binning/binnedMatrix.ts'
import type { Pool } from '../../kernels/pool.ts'
import { categoryColumns, type Matrix } from '../../matrix/matrix.ts'
import { usageError } from '../../util/errors.ts'

/** @param given bytes that are there already: used as they are, and not closed with what is returned */
export const binForTrees = async (
  x: Matrix,
  pool: Pool,
  signal?: AbortSignal | undefined,
  given?: BinnedMatrix | undefined,
): Promise<BinnedMatrix> => {
  if (given) {
    if (given.rows !== x.rows || given.columns.length !== x.columns.length)
      throw usageError('bins of another matrix', {
        option: 'bins',
        expected: `${x.rows} rows x ${x.columns.length} columns`,
        got: `${given.rows} x ${given.columns.length}`,
      })
    return { ...given, close: () => {} }
  }
  return binMatrix({ values: x.values, rows: x.rows, columns: x.columns.length }, pool, {
    categories: categoryColumns(x),
    signal,
  })
}
