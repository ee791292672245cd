/**
 * Trees in terms of ranks. Of each column that trees split on, only the position of a value among the thresholds matters: its rank, the
 * number of thresholds below it. A split asks rank <= k. See assembly/ranks.ts for how missing values are told.
 */
import { countBelow } from '../numbers/order.ts'
import { setOfNode } from './categories.ts'
import { type TreeArrays, WORDS_OF_SET } from './tree.ts'

/** A column that is split on. One with numeric and with categorical splits counts as two. */
export interface RankedColumn {
  readonly column: number
  readonly category: boolean
  /** rising, each once; empty for categories */
  readonly thresholds: Float64Array
  /** slot with missing values right of all thresholds, slot with missing values left of them; -1: no split asks for it */
  readonly right: number
  readonly left: number
}

export interface RankedTrees {
  readonly columns: readonly RankedColumn[]
  readonly slots: number
  /** slot << 16 | rank of every split, by tree and node */
  readonly tests: readonly Uint32Array[]
  /** sets of categories of all trees; bit 255 says where missing values go */
  readonly sets: Uint32Array
  /** position of each node's set in `sets`, -1 at numeric splits; undefined for a tree without categories */
  readonly setOf: readonly (Int32Array | undefined)[]
}

/** Ranks are 16 bits, and two of them are taken. */
const MOST_THRESHOLDS = 65_533
/** Slots are 16 bits; the last is not used. */
const MOST_SLOTS = 65_535

const distinct = (sorted: Float64Array): Float64Array => {
  let count = 0
  for (let i = 0; i < sorted.length; i++) {
    if (i > 0 && sorted[i] === sorted[count - 1]) continue
    sorted[count++] = sorted[i]!
  }
  return sorted.slice(0, count)
}

/** Thresholds by column, each once and rising; the entry is undefined for a column without numeric splits. */
const thresholdsByColumn = (trees: readonly TreeArrays[], columns: number): (Float64Array | undefined)[] => {
  const counts = new Int32Array(columns)
  const each = (act: (column: number, threshold: number) => void) => {
    for (const tree of trees)
      for (let i = 0; i < tree.feature.length; i++)
        if (tree.feature[i]! >= 0 && setOfNode(tree, i) < 0) act(tree.feature[i]!, tree.threshold[i]!)
  }
  each((column) => counts[column]!++)
  const lists = Array.from(counts, (count) => (count > 0 ? new Float64Array(count) : undefined))
  counts.fill(0)
  each((column, threshold) => {
    lists[column]![counts[column]!++] = threshold
  })
  return lists.map((list) => list && distinct(list.sort()))
}

const known = new WeakMap<readonly TreeArrays[], RankedTrees | undefined>()

/**
 * Ranks of trees, worked out once for all: they must not change. Undefined when a column has more than 65,533 thresholds or the trees ask
 * for more than 65,535 slots: the readable kernels have no such limit.
 */
export const rankTrees = (trees: readonly TreeArrays[]): RankedTrees | undefined => {
  if (!known.has(trees)) known.set(trees, rank(trees))
  return known.get(trees)
}

const rank = (trees: readonly TreeArrays[]): RankedTrees | undefined => {
  const width = trees.reduce((most, tree) => tree.feature.reduce((a, f) => Math.max(a, f + 1), most), 0)
  const thresholds = thresholdsByColumn(trees, width)
  if (thresholds.some((list) => list && list.length > MOST_THRESHOLDS)) return undefined
  // What is asked of each column: 1 missing right, 2 missing left, 4 categories.
  const asked = new Uint8Array(width)
  for (const tree of trees)
    for (let i = 0; i < tree.feature.length; i++)
      if (tree.feature[i]! >= 0)
        asked[tree.feature[i]!]! |= setOfNode(tree, i) >= 0 ? 4 : tree.defaultLeft[i] === 1 ? 2 : 1
  const columns: RankedColumn[] = []
  let slots = 0
  const slotOf = { right: new Int32Array(width), left: new Int32Array(width), category: new Int32Array(width) }
  asked.forEach((what, column) => {
    if (what & 3) {
      const right = what & 1 ? slots++ : -1
      const left = what & 2 ? slots++ : -1
      slotOf.right[column] = right
      slotOf.left[column] = left
      columns.push({ column, category: false, thresholds: thresholds[column]!, right, left })
    }
    if (what & 4) {
      slotOf.category[column] = slots
      columns.push({ column, category: true, thresholds: new Float64Array(0), right: slots++, left: -1 })
    }
  })
  if (slots > MOST_SLOTS) return undefined
  const sets: number[] = []
  const setOf = trees.map((tree) => tree.categorySet && new Int32Array(tree.feature.length).fill(-1))
  const tests = trees.map((tree, k) =>
    Uint32Array.from(tree.feature, (column, node) => {
      if (column < 0) return 0
      const set = setOfNode(tree, node)
      const lean = tree.defaultLeft[node]!
      if (set >= 0) {
        setOf[k]![node] = sets.length / WORDS_OF_SET
        const words = tree.sets!.slice(WORDS_OF_SET * set, WORDS_OF_SET * (set + 1))
        words[WORDS_OF_SET - 1] = ((words[WORDS_OF_SET - 1]! & 0x7fffffff) | (lean << 31)) >>> 0
        sets.push(...words)
        return slotOf.category[column]! * 65536
      }
      const rank = countBelow(thresholds[column]!, tree.threshold[node]!)
      return lean === 1 ? slotOf.left[column]! * 65536 + rank + 1 : slotOf.right[column]! * 65536 + rank
    }),
  )
  return { columns, slots, tests, sets: Uint32Array.from(sets), setOf }
}
