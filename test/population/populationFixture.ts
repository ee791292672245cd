/** A small population in a temporary folder, opened as views. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { registerDataset } from '../../src/engines/dataset.ts'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { type SimulateOptions, simulate } from '../../src/population/simulate.ts'
import type { Dataset } from '../../src/schema/dataset.ts'

export interface Population {
  engine: Engine
  dataset: Dataset
  folder: string
  close(): Promise<void>
}

export const makePopulation = async (
  options: Omit<SimulateOptions, 'out'> & { threads?: number },
): Promise<Population> => {
  const { threads = 1, ...rest } = options
  const folder = await mkdtemp(join(tmpdir(), 'glasscore-population-'))
  const engine = await openDuckDB({ threads })
  const dataset = await simulate(engine, { ...rest, out: folder })
  await registerDataset(engine, folder, dataset)
  return {
    engine,
    dataset,
    folder,
    close: async () => {
      engine.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
