import type { FactorSpec } from '../schema/factor.ts'

/** What one column of X holds, and which factor its attribution belongs to. */
export interface EncodedColumn {
  /** the factor's name, with `missing` or the level behind it; unique in its encoding */
  name: string
  /** position in `Encoding.factors` */
  factor: number
  /** the factor's own value, its missing indicator, one level of a category, or all levels of a category as codes 0, 1, ... */
  role: 'value' | 'missing' | 'level' | 'category'
  /** role level: the text for which the column is 1 */
  level?: string
  /**
   * the column that rarer levels share: the levels that have columns of their own, or are the reference. It is 1 for every
   * other value that is present; `level` is "(other)"
   */
  others?: readonly string[]
  /** first column of a category: the level of training that has no column, so that it is 0 in all of them */
  reference?: string
  /**
   * role category: the level of each code, 254 at most; a value that is none of them is missing (NaN), or the last code where
   * `pooled` is true
   */
  levels?: readonly string[]
  /** role category: the last of `levels` is "(other)" and stands for every present value that is not listed */
  pooled?: true
  /** linear encodings: signed log1p before centering */
  log?: boolean
  /** value that replaces a missing one (after log, before centering); absent: stays NaN */
  fill?: number
  /** x -> (x - center) / scale; absent: as it is */
  center?: number
  /** greater than 0 */
  scale?: number
}

/** How factors become columns: fitted on training rows, stored with the model, applied to any rows. */
export interface Encoding {
  /** linear: standardized and without gaps; tree: values as they are, NaN for missing (see `fitEncoding`) */
  kind: 'linear' | 'tree'
  /** all factors of the training frame, used or not */
  factors: readonly FactorSpec[]
  /** the columns of X in order; at least one */
  columns: readonly EncodedColumn[]
  /** factors, columns or levels without a column of their own, each with its reason */
  dropped: readonly { name: string; reason: string }[]
}

/** X: rows x columns, column-major doubles, NaN = missing. */
export interface Matrix {
  rows: number
  /** those of the encoding that made it */
  columns: readonly EncodedColumn[]
  /** values[j * rows + i] is column j of row i */
  values: Float64Array
}

/** Which columns of X hold codes of categories. */
export const categoryColumns = (x: Pick<Matrix, 'columns'>): number[] =>
  x.columns.flatMap((column, j) => (column.role === 'category' ? [j] : []))

/** Column j of X: a view, not a copy. */
export const matrixColumn = (x: Matrix, j: number): Float64Array => x.values.subarray(j * x.rows, (j + 1) * x.rows)
