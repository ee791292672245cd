/**
 * Where the tables of a population are cut into files. A file holds the rows of a fixed range of communities, in one row
 * group; which file a person is in depends on the person's number and, for the dense tables, on the length of the history:
 * never on how many people there are, on threads, or on how the work is cut.
 */
import type { Dataset } from '../schema/dataset.ts'
import { SIMULATED_TABLES, type SimulatedTable } from './tableQueries.ts'

/** Communities after which every table begins a new file: the longest range, which all shorter ones divide. */
export const RANGE_COMMUNITIES = 64

/** Tables of many rows: communities a file, so that a file has about half a million rows. */
const LONG: Partial<Record<SimulatedTable, number>> = { instalments: 16, repayments: 16 }
/** The same for 24 months where rows grow with the months: files of a longer history hold fewer people. */
const DENSE: Partial<Record<SimulatedTable, number>> = { transactions: 4, balances: 16 }

/** By table, how many consecutive communities share a file: a power of two, at most `RANGE_COMMUNITIES`. */
export const fileCommunities = (months: number): Record<SimulatedTable, number> =>
  Object.fromEntries(
    SIMULATED_TABLES.map((table) => {
      const dense = DENSE[table]
      const most = dense ? (dense * 24) / months : (LONG[table] ?? RANGE_COMMUNITIES)
      return [table, 2 ** Math.max(0, Math.floor(Math.log2(Math.min(most, RANGE_COMMUNITIES))))]
    }),
  ) as Record<SimulatedTable, number>

/** Path of a part file within a dataset folder. @param part 0-based number of the range */
export const partFile = (table: string, part: number): string =>
  `${table}/part-${String(part).padStart(5, '0')}.parquet`

/**
 * A population in pieces, one for each of the longest ranges: all that is known of its people is in its files, and nothing of
 * anybody else. `rows` stay those of the whole table.
 */
export const datasetRanges = (dataset: Dataset, months: number): Dataset[] => {
  const communities = fileCommunities(months)
  return dataset.tables.people!.files.map((_, range) => {
    const tables: Dataset['tables'] = {}
    for (const table of SIMULATED_TABLES) {
      const files = RANGE_COMMUNITIES / communities[table]
      const whole = dataset.tables[table]
      if (!whole) continue
      tables[table] = { ...whole, files: whole.files.slice(range * files, (range + 1) * files) }
    }
    return { ...dataset, tables }
  })
}
