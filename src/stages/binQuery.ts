import type { Engine } from '../engines/engine.ts'
import { type BinChunksOptions, binChunks } from '../kernels/binning/binChunks.ts'
import type { BinnedMatrix } from '../kernels/binning/binnedMatrix.ts'
import type { Pool } from '../kernels/pool.ts'

/**
 * Columns of a query as bytes, without ever holding their numbers: the query runs twice when its result is large (see binChunks).
 * @param sql a query whose rows come in the same order each time: with an ORDER BY without ties, or of one table as it is
 * @param numbers its columns to be binned; NULL and NaN are missing
 * @throws GlasscoreError('memory') when the bytes do not fit into the memory of the kernels
 */
export const binQuery = (
  engine: Engine,
  sql: string,
  numbers: readonly string[],
  pool: Pool,
  options: BinChunksOptions = {},
): Promise<BinnedMatrix> => binChunks(() => engine.chunks(sql, numbers), numbers.length, pool, options)
