/** Where SQL runs. The feature plans know this and nothing of the engine behind it. */

/** Columns of a result: numbers as Float64Array (NULL is NaN), everything else as text or null. */
export interface Columns {
  /** length of every column */
  rows: number
  /** by column name */
  numbers: Record<string, Float64Array>
  /** by column name */
  texts: Record<string, (string | null)[]>
}

/** Some rows of a result: `columns` in the order that was asked for, NULL is NaN; each array has at least `rows` numbers. */
export interface NumberChunk {
  rows: number
  columns: Float64Array[]
}

/** Typed columns to be stored: typed arrays as they are, text as arrays. Date columns are days since 1970 in an Int32Array. */
export type ColumnInput =
  | { type: 'DOUBLE'; values: Float64Array }
  | { type: 'INTEGER'; values: Int32Array }
  | { type: 'DATE'; values: Int32Array }
  | { type: 'UTINYINT'; values: Uint8Array }
  | { type: 'VARCHAR'; values: readonly (string | null)[] }

/** How a Parquet file is cut; always zstd. */
export interface ParquetOptions {
  /** rows a row group, default 122,880; fixed so that bytes do not depend on threads */
  rowGroupSize?: number
  /** distinct values up to which a column of a row group gets a dictionary; default the engine's own */
  dictionaryValues?: number
  /** of zstd, 1 to 22; default 3 */
  compressionLevel?: number
  /** of the format, 1 (default) or 2: encodings of the second are smaller for ids and need a reader that knows them */
  version?: 1 | 2
}

/**
 * An SQL engine with one connection. Statements run one at a time, in the order of the calls. Text goes into SQL through
 * `sql.ts` only. A statement that fails rejects with the engine's own error: callers turn what a user can cause into a
 * `GlasscoreError`.
 */
export interface Engine {
  /** for manifests, for example "duckdb" */
  readonly name: string
  /** threads of its own; never changes a result whose sums are exact and whose order is stated */
  readonly threads: number
  /** runs one or more statements for their effect */
  run(sql: string): Promise<void>
  /** all rows as objects; numbers as number, dates as ISO text; for small results */
  rows<T = Record<string, unknown>>(sql: string): Promise<T[]>
  /** a result column by column; numbers are read as doubles */
  columns(sql: string, numbers: readonly string[], texts?: readonly string[]): Promise<Columns>
  /**
   * The same in chunks of some thousand rows, numbers only, so that a large result is never held; the arrays of a chunk are good until
   * the next is asked for. One at a time, and no other statement before it has ended. The order of rows is that of the query.
   */
  chunks(sql: string, numbers: readonly string[]): AsyncIterable<NumberChunk>
  /** a new table from columns of equal length; NaN in a DOUBLE column becomes NULL */
  createTable(name: string, columns: Record<string, ColumnInput>): Promise<void>
  /**
   * Writes a query to one Parquet file, whole or not at all, rows in the order of the query: it must carry an ORDER BY without
   * ties, or read one table as it is, whose rows keep the order in which they were stored.
   * @returns the number of rows
   */
  writeParquet(sql: string, path: string, options?: ParquetOptions): Promise<number>
  /**
   * Another connection to the same tables, whose statements run beside those of this one. It is closed before this one is, and
   * closing it leaves the tables alone.
   */
  connect(): Promise<Engine>
  /** stops the query that runs; its promise rejects */
  interrupt(): void
  /** may be called twice */
  close(): void
}
