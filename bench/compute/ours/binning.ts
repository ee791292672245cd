import { binMatrix, type Pool } from 'glasscore'
import { type Adapter, timedAll, timedCold } from '../adapter.ts'

/** The start of the workers is within. */
export const run: Adapter['run'] = async ({ train, threads }) => {
  const bin = async (pool: Pool) => (await binMatrix(train, pool)).close()
  const { seconds, pool } = await timedCold(threads, bin)
  return { seconds: { fit: seconds }, also: () => timedAll({ warm: () => bin(pool) }), close: () => pool.close() }
}
