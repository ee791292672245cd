/** Simulates the communities of a block, one after the other. */
import type { Block } from './block.ts'
import type { PopulationRows } from './partWriter.ts'
import { Rows } from './rows.ts'
import { type Simulator, simulateCommunity } from './simulateCommunity.ts'
import { SIMULATED_TABLES, type SimulatedTable, TABLE_QUERIES } from './tableQueries.ts'

/** Makes blocks, one after the other; the space of the rows is used again. */
export const blockMaker = (simulator: Simulator): ((first: number, count: number) => Block) => {
  const perTable = <T>(make: (t: SimulatedTable) => T): Record<SimulatedTable, T> =>
    Object.fromEntries(SIMULATED_TABLES.map((t) => [t, make(t)])) as Record<SimulatedTable, T>
  const rows: PopulationRows = perTable((t) => new Rows(TABLE_QUERIES[t].columns))
  return (first, count) => {
    const ends = perTable((): number[] => [])
    for (const t of SIMULATED_TABLES) rows[t].clear()
    for (let c = first; c < first + count; c++) {
      simulateCommunity(simulator, c, rows)
      for (const t of SIMULATED_TABLES) ends[t].push(rows[t].length)
    }
    return { first, count, tables: perTable((t) => ({ columns: rows[t].copy(), ends: ends[t] })) }
  }
}
