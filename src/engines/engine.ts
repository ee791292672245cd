/** Where SQL runs. The feature plans know this and nothing of the engine behind it. */

/** Columns of a result: numbers as Float64Array (NULL is NaN), everything else as text or null. */
export interface Columns {
  rows: number
  numbers: Record<string, Float64Array>
  texts: Record<string, (string | null)[]>
}

/** Typed columns to be stored: typed arrays as they are, text as arrays. Date columns are days since 1970 in an Int32Array. */
export type ColumnInput =
  | { type: 'DOUBLE'; values: Float64Array }
  | { type: 'INTEGER'; values: Int32Array }
  | { type: 'DATE'; values: Int32Array }
  | { type: 'UTINYINT'; values: Uint8Array }
  | { type: 'VARCHAR'; values: readonly (string | null)[] }

export interface ParquetOptions {
  /** rows a row group; fixed so that bytes do not depend on threads */
  rowGroupSize?: number
}

export interface Engine {
  readonly name: string
  readonly threads: number
  run(sql: string): Promise<void>
  /** all rows as objects; numbers as number, dates as ISO text; for small results */
  rows<T = Record<string, unknown>>(sql: string): Promise<T[]>
  /** a result column by column; numbers are read as doubles */
  columns(sql: string, numbers: readonly string[], texts?: readonly string[]): Promise<Columns>
  /** a new table from columns of equal length; NaN in a DOUBLE column becomes NULL */
  createTable(name: string, columns: Record<string, ColumnInput>): Promise<void>
  /** writes a query to one Parquet file; the query must carry its ORDER BY */
  writeParquet(sql: string, path: string, options?: ParquetOptions): Promise<number>
  /** stops the query that runs; its promise rejects */
  interrupt(): void
  /** may be called twice */
  close(): void
}
