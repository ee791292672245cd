import type { FactorSpec } from '../schema/factor.ts'

/** What one column of X holds, and which factor its attribution belongs to. */
export interface EncodedColumn {
  name: string
  /** position in `Encoding.factors` */
  factor: number
  /** the factor's own value, its missing indicator, or one level of a category */
  role: 'value' | 'missing' | 'level'
  level?: string
  /** linear encodings: signed log1p before centering */
  log?: boolean
  /** value that replaces a missing one (after log, before centering); absent: stays NaN */
  fill?: number
  /** x -> (x - center) / scale; absent: as it is */
  center?: number
  scale?: number
}

/** How factors become columns: fitted on training rows, stored with the model, applied to any rows. */
export interface Encoding {
  kind: 'linear' | 'tree'
  factors: readonly FactorSpec[]
  columns: readonly EncodedColumn[]
  /** factors or columns that carry nothing, each with its reason */
  dropped: readonly { name: string; reason: string }[]
}

/** X: rows x columns, column-major doubles, NaN = missing. */
export interface Matrix {
  rows: number
  columns: readonly EncodedColumn[]
  /** values[j * rows + i] is column j of row i */
  values: Float64Array
}

export const matrixColumn = (x: Matrix, j: number): Float64Array => x.values.subarray(j * x.rows, (j + 1) * x.rows)
