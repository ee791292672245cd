/** What both kernels of boosting give back of a tree, and what they are asked. */

/** How a tree of boosting grows; checked by the learner. */
export interface BoostedTreeOptions {
  /** most leaves, 2 to 65,534 */
  maxLeaves: number
  /** edges from the root to the deepest leaf; Infinity for no limit */
  maxDepth: number
  /** least rows of a leaf */
  minLeaf: number
  /** least sum of Hessians of a leaf; more than 0 */
  minHessian: number
  /** added to the sum of Hessians of a leaf */
  lambda: number
  /** a split must gain more: twice what it takes off the quadratic approximation of the loss */
  minGain: number
  /** which leaf is split next: the one that gains most, or that of the least depth */
  growth: 'leaf' | 'depth'
  /** columns drawn for each node from those of its tree; Infinity for all */
  columnsANode: number
  /** up to this many categories at a node are tried one against the others; more are put in order */
  oneHot: number
  /** most categories of a set, counted from either end of the order */
  mostSorted: number
  /** categories with fewer rows at a node stay on the right */
  minCategory: number
  /** added to the Hessian of a category before it is put in order */
  categorySmooth: number
  /** added to lambda for splits between ordered categories */
  categoryLambda: number
}

/** A split of a node. */
export interface BoostedSplit {
  column: number
  /** the last bin on the left; bins of a categorical column are in the set instead */
  bin: number
  gain: number
  missingLeft: boolean
  kind: 'number' | 'category' | 'missing'
  /** eight words of 32 bits: codes that go left */
  set: Uint32Array
}

/** A node as it was made; children have greater numbers than their parent. */
export interface BoostedNode {
  left: number
  right: number
  /** number of the leaf, -1 for an inner node */
  leaf: number
  split?: BoostedSplit
}

/** Exact sums over the rows of a leaf, and the bounds that monotone columns put on its value before shrinkage. */
export interface BoostedLeaf {
  gradient: number
  hessian: number
  weight: number
  lower: number
  upper: number
}

export interface BoostedTree {
  nodes: BoostedNode[]
  leaves: BoostedLeaf[]
}

/** What changes from tree to tree. */
export interface BoostingRound {
  /** 32 bits */
  seed: number
  /** rows in rising order; absent: all */
  bag?: Uint32Array | undefined
  /** 1 for every column of the tree */
  columns: Uint8Array
}

/** Grows trees one after the other on the same rows. */
export interface Booster {
  /** Adds the values of the last tree's leaves to the margins of all rows, then grows the next tree. */
  grow(round: BoostingRound, lastValues: Float64Array | undefined): Promise<BoostedTree>
  /** number of the leaf of every row in the last tree; look at it before the next one */
  leafOf(): Uint16Array
  close(): void
}

/** What a booster is made of. */
export interface BoosterData {
  rows: number
  /** kind and bins of the columns; bytes column-major, 255 = missing */
  columns: readonly { kind: 'number' | 'category'; bins: number }[]
  bytes(): Uint8Array
  address?: number | undefined
  target: Uint8Array
  /** 0 or more; absent: 1 for every row */
  weight?: Float64Array | undefined
  /** the margin that all rows begin with */
  base: number
  /** 1: the margin may not fall when the column rises, -1: not rise, 0: free */
  monotone: Int8Array
  /** columns that have a missing value */
  hasMissing: Uint8Array
}

/** Whole units of exact gradients: sums of `rows` numbers up to `most` stay below 2^52. */
export const exactUnits = (rows: number, most: number): number => {
  let units = 1
  while (units * 2 * rows * Math.max(most, 1e-6) < 2 ** 52 && units < 2 ** 48) units *= 2
  return units
}

/** Bits of packed sums: rows at the bottom, then Hessians, then gradients. */
export const bitsOf = (rows: number): { count: number; hessian: number } => {
  const count = 32 - Math.clz32(rows)
  return { count, hessian: Math.min(31, Math.floor((63 - count) / 2)) }
}
