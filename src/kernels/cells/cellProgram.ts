/**
 * What is made of cells: numbers only. A cell says what happened to one row under one key in one slice of time: how often, how much in
 * all and at most, how long ago last and first. Cells of keys add up to series; values are read off series over windows of slices.
 */

/** How a value is read off a series; k = the slices of its window, the latest first. */
export const CELL_OPS = {
  /** how often */
  count: 0,
  /** how much in all */
  sum: 1,
  /** sum / count; missing where the count is 0 */
  mean: 2,
  /** the largest single amount; missing where the count is 0 */
  largest: 3,
  /** slices with a count above 0 */
  active: 4,
  /** the largest sum of a slice, 0 at least */
  peak: 5,
  /** standard deviation over mean of the sums of the slices; missing where they add up to 0 or less */
  variation: 6,
  /** least age; missing where there is none. It has no window */
  last: 7,
  /** greatest age; missing where there is none. It has no window */
  first: 8,
  /** 1 where the count is above 0, else 0 */
  flag: 9,
  /** count / count of another series; missing where that is 0 */
  countShare: 10,
  /** sum / sum of another series; missing where that is 0 or less */
  sumShare: 11,
  /** sum - sum of another series */
  net: 12,
  /** count a slice over count a slice of a longer window; missing where there is none in the longer one */
  countTrend: 13,
  /** the same for sums; missing where the sum over the longer window is 0 or less */
  sumTrend: 14,
  /** levels: at the end of the latest slice */
  now: 15,
  /** mean, least and greatest of the known levels at the ends of the slices of the window */
  levelMean: 16,
  levelLeast: 17,
  levelMost: 18,
  /** the latest level less that k slices before; missing where either is unknown */
  change: 19,
} as const
export type CellOp = keyof typeof CELL_OPS

/** 0: amounts that happen; 1: a level, known from each cell on until the next; 2: the sum of levels, of those that are known. */
export const SERIES_KINDS = { flow: 0, level: 1, levels: 2 } as const

/** Numbers of one variable in `CellProgram.variables`. */
export const VARIABLE_WIDTH = 7
/** op, series, slices of the window, the other series, slices of the longer window, group of cover, series of exposure; -1 for none. */
export interface CellProgram {
  /** slices of a series; the last one holds everything before the others */
  slices: number
  /** by series, of SERIES_KINDS */
  kinds: Uint8Array
  /** series of the cells of key k: keySeries[keyStart[k] .. keyStart[k + 1] - 1]; a key belongs to one level series at most */
  keyStart: Int32Array
  keySeries: Int32Array
  /** members of series s of kind 2, which come before it: members[memberStart[s] .. memberStart[s + 1] - 1] */
  memberStart: Int32Array
  members: Int32Array
  /** VARIABLE_WIDTH a variable */
  variables: Int32Array
  /** by variable: what sums are divided by */
  divisors: Float64Array
}

/** Cells of some rows, those of row i at start[i] .. start[i + 1] - 1, in any order within a row. */
export interface CellBlock {
  rows: number
  start: Int32Array
  key: Int32Array
  slice: Int32Array
  count: Int32Array
  /** whole numbers; for a level: the level at the end of the slice */
  sum: Float64Array
  largest: Float64Array
  last: Int32Array
  first: Int32Array
  /**
   * groups x rows: for how many slices the row's sources are complete, -1 where they are of no use; a variable whose window needs more is
   * missing
   */
  cover: Int16Array
}
