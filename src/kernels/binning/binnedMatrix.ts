/** Columns as bytes, as learners on bins take them. */

/** How a column was binned. */
export interface BinnedColumn {
  kind: 'number' | 'category'
  /** bins of present values: edges + 1 of a numeric column, highest code + 1 of a categorical one; at most 255 and 254 */
  bins: number
  /** rising; bin b of a numeric column holds edges[b - 1] < x <= edges[b]; empty for a categorical one, whose bins are its codes */
  edges: Float64Array
}

/** rows x columns bytes, column-major: column j of row i at j * rows + i; MISSING_BIN (255) stands for a missing value. */
export interface BinnedMatrix {
  readonly rows: number
  readonly columns: readonly BinnedColumn[]
  /** where the bytes begin in the memory of the compiled kernels; absent when the pool runs the readable ones */
  readonly address?: number
  /** the bytes; look at them anew after anything that may have taken memory: a view on plain memory is emptied when it grows */
  bytes(): Uint8Array
  /** gives the memory back */
  close(): void
}
