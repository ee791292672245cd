import { openPool } from 'glasscore'
import { binMatrix } from '../../../src/kernels/binning/binMatrix.ts'
import { type Adapter, timed } from '../adapter.ts'

/** The start of the workers is within. */
export const run: Adapter['run'] = async ({ train, threads }) => {
  const fit = await timed(async () => {
    const pool = openPool(threads)
    const binned = await binMatrix(train, pool)
    binned.close()
    await pool.close()
  })
  return { seconds: { fit: fit.seconds } }
}
