/** A block of work: the rows of some consecutive communities, as integers, on their way from a thread to the files. */
import type { SimulatedTable } from './tableQueries.ts'

/** The rows of one table in a block. */
export interface TableBlock {
  /** in the order of the table's columns, of equal length */
  columns: Int32Array[]
  /** rows up to the end of each community */
  ends: number[]
}

export interface Block {
  /** number of the first community */
  first: number
  /** communities */
  count: number
  tables: Record<SimulatedTable, TableBlock>
}
