/** The events of a dataset folder, ready to be read person by person and to be replayed. */
import { registerDataset } from '../../engines/dataset.ts'
import type { Engine } from '../../engines/engine.ts'
import { readDataset } from '../../engines/folders.ts'
import { identifier } from '../../engines/sql.ts'
import { RAW_PREFIX } from '../../features/asOf.ts'
import { factorPlans } from '../../features/factorPlans.ts'
import { type Fills, firstFilled } from '../../features/missingCases.ts'
import type { PresentColumns } from '../../features/renderPlan.ts'
import { presentColumns } from '../../features/runPlans.ts'
import type { Dataset } from '../../schema/dataset.ts'
import { TABLES } from '../../schema/tables.ts'
import { HISTORY_TABLES, type HistoryTable } from './history.ts'

/** The rows of the source stand under this prefix; those that are replayed under that of the feature engine. */
export const SOURCE_PREFIX = 'source_'

/** A source that is registered in an engine. */
export interface ReplaySource {
  engine: Engine
  /** its tables that a history has */
  dataset: Dataset
  /** when columns were first filled, by anyone of the source */
  fills: Fills
  /** columns that are read, by table; protected ones never; null: the source has no such table */
  columns: Record<HistoryTable, readonly string[] | null>
}

const PROTECTED: readonly string[] = ['born_on', 'sex', 'household_registration']

/**
 * Registers a dataset folder in an engine, whose relations of the feature engine must not be in use.
 * @throws GlasscoreError('data') when the folder is no dataset folder
 */
export const openSource = async (engine: Engine, folder: string): Promise<ReplaySource> => {
  const whole = await readDataset(folder)
  const tables = Object.fromEntries(
    HISTORY_TABLES.flatMap((name) => (whole.tables[name] ? [[name, whole.tables[name]]] : [])),
  )
  const dataset: Dataset = { ...whole, tables }
  await registerDataset(engine, folder, dataset, RAW_PREFIX)
  const present: PresentColumns = await presentColumns(engine, dataset)
  const fills = await firstFilled(engine, factorPlans(), TABLES, present)
  for (const name of HISTORY_TABLES) await engine.run(`DROP VIEW IF EXISTS ${identifier(RAW_PREFIX + name)}`)
  await registerDataset(engine, folder, dataset, SOURCE_PREFIX)
  const hidden = new Set([...PROTECTED, ...whole.protectedColumns])
  const columns = Object.fromEntries(
    HISTORY_TABLES.map((name) => {
      const there = present[name]
      return [name, there && Object.keys(TABLES[name].columns).filter((c) => there.includes(c) && !hidden.has(c))]
    }),
  ) as ReplaySource['columns']
  return { engine, dataset, fills, columns }
}
