/** What the grower on bins reads: rows, and how a tree grows. Both kernels take the same. */
import type { BinnedColumn } from '../binning/binnedMatrix.ts'
import type { Criterion } from './splitWorth.ts'
import type { LeafOutput, Smoothing } from './treeBuilder.ts'

/** Rows to learn from, as bytes. */
export interface BinnedRows {
  /** rows x columns, column-major; see binnedMatrix.ts */
  bins: Uint8Array
  rows: number
  columns: readonly BinnedColumn[]
  /** 1 = bad, 0 = good */
  target: Uint8Array
  /** what a row counts for beside the times it was drawn, 0 or more; a row of weight 0 takes no part; absent: 1 each */
  weights?: Float64Array | undefined
}

export interface GrowthOptions {
  criterion: Criterion
  /** best: every cut of a column is tried; random: one cut a column, drawn (Geurts et al. 2006, doi:10.1007/s10994-006-6226-1) */
  splitter: 'best' | 'random'
  /** edges from the root to the deepest leaf; Infinity for no limit */
  maxDepth: number
  /** Infinity: depth first; else the node whose split decreases impurity most is split next, until there are so many leaves */
  maxLeaves: number
  /** least rows (distinct ones, whatever their weight) in a leaf */
  minLeaf: number
  /** least decrease of impurity by a split, weighted by the share of all weight at the node */
  minImpurityDecrease: number
  /** columns drawn at a node */
  features: number
  smoothing: Smoothing
  output: LeafOutput
  /** for each column: 1 where the stored value may only rise with it, -1 where it may only fall, 0 elsewhere; see monotone.ts */
  monotone?: Int8Array | undefined
}

/** Which rows a tree sees. */
export interface BagOptions {
  /** rows (groups, where there are any) drawn for a tree, as a share of all */
  sampleRatio: number
  /** whether one may be drawn more than once */
  replace: boolean
}

/** Rows drawn together: rows of group g are rows[start[g]] .. rows[start[g + 1] - 1]. */
export interface RowGroups {
  start: Int32Array
  rows: Int32Array
}
