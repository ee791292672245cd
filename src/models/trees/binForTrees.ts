/** The columns of a matrix as bytes, where the kernels of a pool read them. */
import type { BinnedMatrix } from '../../kernels/binning/binnedMatrix.ts'
import { shareFloats } from '../../kernels/memory/share.ts'
import type { Pool } from '../../kernels/pool.ts'
import type { Matrix } from '../../matrix/matrix.ts'

const COLUMNS_A_PART = 8

export const binForTrees = async (x: Matrix, pool: Pool, signal?: AbortSignal | undefined): Promise<BinnedMatrix> => {
  const { rows } = x
  const columns = x.columns.length
  const shared = {
    values: shareFloats(x.values),
    rows,
    bins: new Uint8Array(new SharedArrayBuffer(rows * columns)),
  }
  const parts = Array.from({ length: Math.ceil(columns / COLUMNS_A_PART) }, (_, k) => ({
    from: k * COLUMNS_A_PART,
    to: Math.min(columns, (k + 1) * COLUMNS_A_PART),
  }))
  const edges = (await pool.run('binColumns', shared, parts, { signal })).flat()
  const binned = edges.map((own) => ({ kind: 'number' as const, bins: own.length + 1, edges: own }))
  if (pool.kernels === 'typescript') return { rows, columns: binned, bytes: () => shared.bins, close: () => {} }
  const address = pool.space.take(rows * columns)
  pool.space.bytes(address, rows * columns).set(shared.bins)
  return {
    rows,
    columns: binned,
    address,
    bytes: () => pool.space.bytes(address, rows * columns),
    close: () => pool.space.give(address),
  }
}
