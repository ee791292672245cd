/** How much of the machine the engine may use. Nothing here changes a result. */
export interface DuckDBOptions {
  /** default: all cores */
  threads?: number
  /** for example "4GB"; default DuckDB's own, 80 % of the memory */
  memoryLimit?: string
  /** where larger-than-memory work may spill */
  temporaryFolder?: string
}
