/** All wide variables of a world at some dates, computed by the engine and the kernel, as numbers before they are binned. */
import { openDuckDB } from '../../../src/engines/duckdb.ts'
import type { Contracts } from '../../../src/features/asOf.ts'
import { type WideVariable, wideCatalogue } from '../../../src/features/wide/wideCatalogue.ts'
import type { Pool } from '../../../src/kernels/pool.ts'
import type { Dataset } from '../../../src/schema/dataset.ts'
import { TABLE_NAMES, TABLES, type TableName } from '../../../src/schema/tables.ts'
import { withWideSource } from '../../../src/stages/wide/buildWide.ts'
import { wideChunks } from '../../../src/stages/wide/wideChunks.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { datasetOf, type World, withFolder, writeWorld } from '../world.ts'

export interface WideRows {
  variables: readonly WideVariable[]
  /** by row, in the order of person and date, one number a variable; NaN = missing */
  rows: Float64Array[]
}

export interface WideOptions {
  contracts?: Contracts
  absent?: TableName[]
  covered?: Partial<Record<TableName, [string, string]>>
  dataset?: Partial<Dataset>
  together?: number
  pool?: Pool
  threads?: number
}

export const wideOf = (world: World, dates: string[], options: WideOptions = {}): Promise<WideRows> =>
  withFolder(async (folder) => {
    const engine = await openDuckDB({ threads: options.threads ?? 1 })
    const pool = options.pool ?? openPool(1)
    try {
      const names = TABLE_NAMES.filter((t) => t !== 'outcomes' && !options.absent?.includes(t))
      await writeWorld(engine, folder, Object.fromEntries(names.map((n) => [n, world[n] ?? []])) as World)
      const dataset = datasetOf(names, options.dataset)
      for (const [name, [from, to]] of Object.entries(options.covered ?? {})) {
        const table = dataset.tables[name as TableName]!
        table.coveredFrom = from
        table.coveredTo = to
      }
      const variables = wideCatalogue()
      const rows: Float64Array[] = []
      const { contracts = TABLES, together } = options
      const source = { folder, dataset, dates, contracts, ...(together ? { together } : {}) }
      await withWideSource(engine, source, async (made) => {
        for await (const chunk of wideChunks(engine, made, pool))
          for (let i = 0; i < chunk.rows; i++) rows.push(Float64Array.from(chunk.columns, (column) => column[i]!))
      })
      return { variables, rows }
    } finally {
      engine.close()
      if (!options.pool) await pool.close()
    }
  })
