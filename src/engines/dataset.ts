/** Registers the Parquet files of a dataset folder as views with the names of the canonical tables. */
import { join } from 'node:path'
import type { Dataset } from '../schema/dataset.ts'
import { TABLE_NAMES } from '../schema/tables.ts'
import type { Engine } from './engine.ts'
import { identifier, literal } from './sql.ts'

/**
 * One view a table that the dataset has; the files are read when a view is.
 * @param prefix put before each view's name, so that two worlds can stand side by side
 */
export const registerDataset = async (engine: Engine, folder: string, dataset: Dataset, prefix = ''): Promise<void> => {
  for (const name of TABLE_NAMES) {
    const table = dataset.tables[name]
    if (!table) continue
    const files = table.files.map((f) => literal(join(folder, f))).join(', ')
    await engine.run(`CREATE OR REPLACE VIEW ${identifier(prefix + name)} AS SELECT * FROM read_parquet([${files}])`)
  }
}
