import type { DuckDBOptions } from './duckdbOptions.ts'
import type { Engine } from './engine.ts'

export type { DuckDBOptions }

/**
 * The default engine: an in-memory DuckDB with its own threads, time zone UTC. No extension is loaded or downloaded, and no network is
 * touched. The caller closes it. The database is loaded here, so that whoever needs none does not wait for it.
 */
export const openDuckDB = async (options: DuckDBOptions = {}): Promise<Engine> => {
  const { startDuckDB } = await import('./duckdbEngine.ts')
  return startDuckDB(options)
}
