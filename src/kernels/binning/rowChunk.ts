/** Some rows of a source that is read one stretch after the other. */
export interface RowChunk {
  readonly rows: number
  /** the first `rows` numbers of each are read, NaN = missing; they are copied before the next chunk is asked for */
  readonly columns: readonly Float64Array[]
}
