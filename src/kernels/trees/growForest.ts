/**
 * A stretch of a random forest: bootstrap, grow, and sum the leaf values of the rows that a tree did not see.
 *
 * Each tree has a stream of its own, so stretches may be grown anywhere in any order. The out-of-bag sums of a stretch are
 * added tree by tree; stretches have a fixed length and are added in order: the same bytes for any number of threads.
 */
import { MISSING_BIN } from '../binning/bin.ts'
import { Generator } from '../numbers/generator.ts'
import { countBelow } from '../numbers/order.ts'
import { type BinnedData, growHistogramTree, type HistogramTreeOptions } from './histogramTree.ts'
import type { TreeArrays } from './tree.ts'
import { treeArrays } from './treeBuilder.ts'

export interface ForestData extends BinnedData {
  /**
   * Rows drawn together: rows of group g are groupRows[groupStart[g]] .. groupRows[groupStart[g + 1] - 1].
   * Absent: every row is drawn by itself.
   */
  groups?: { start: Int32Array; rows: Int32Array } | undefined
  options: HistogramTreeOptions & {
    /** groups drawn for a tree, as a share of all groups */
    sampleRatio: number
    replace: boolean
  }
}

export interface ForestPart {
  /** four key words for each tree of the part */
  keys: Uint32Array
}

export interface ForestPartResult {
  trees: TreeArrays[]
  /** sum over the part's trees of the leaf values of rows out of their bag */
  outOfBagSum: Float64Array
  /** number of those trees, by row */
  outOfBagTrees: Uint16Array
}

export const growForestPart = (data: ForestData, part: ForestPart): ForestPartResult => {
  const trees: TreeArrays[] = []
  const outOfBagSum = new Float64Array(data.rows)
  const outOfBagTrees = new Uint16Array(data.rows)
  for (let k = 0; 4 * k < part.keys.length; k++) {
    const generator = new Generator(part.keys.subarray(4 * k, 4 * k + 4))
    const counts = drawBag(data, generator)
    const tree = treeArrays(growHistogramTree(data, counts, generator, data.options))
    addOutOfBag(data, counts, tree, outOfBagSum, outOfBagTrees)
    trees.push(tree)
  }
  return { trees, outOfBagSum, outOfBagTrees }
}

/** How often each row is drawn. */
export const drawBag = (data: ForestData, generator: Generator): Uint16Array => {
  const { rows, groups } = data
  const { sampleRatio, replace } = data.options
  const units = groups ? groups.start.length - 1 : rows
  const draws = Math.max(1, Math.round(sampleRatio * units))
  const drawn = replace ? drawWithReplacement(units, draws, generator) : drawWithout(units, draws, generator)
  if (!groups) return drawn
  const counts = new Uint16Array(rows)
  for (let g = 0; g < units; g++) {
    for (let p = groups.start[g]!; p < groups.start[g + 1]!; p++) counts[groups.rows[p]!] = drawn[g]!
  }
  return counts
}

const drawWithReplacement = (units: number, draws: number, generator: Generator): Uint16Array => {
  const counts = new Uint16Array(units)
  for (let d = 0; d < draws; d++) counts[generator.below(units)]!++
  return counts
}

const drawWithout = (units: number, draws: number, generator: Generator): Uint16Array => {
  const counts = new Uint16Array(units)
  const order = Int32Array.from({ length: units }, (_, i) => i)
  for (let d = 0; d < Math.min(draws, units); d++) {
    const at = d + generator.below(units - d)
    counts[order[at]!] = 1
    order[at] = order[d]!
  }
  return counts
}

const addOutOfBag = (
  data: BinnedData,
  counts: Uint16Array,
  tree: TreeArrays,
  sum: Float64Array,
  number: Uint16Array,
): void => {
  // The last bin that goes left of each split; MISSING_BIN - 1 where all present values do.
  const lastLeft = Int32Array.from(tree.feature, (j, node) =>
    j < 0
      ? -1
      : tree.threshold[node] === Number.POSITIVE_INFINITY
        ? MISSING_BIN - 1
        : countBelow(data.edges[j]!, tree.threshold[node]!),
  )
  for (let i = 0; i < data.rows; i++) {
    if (counts[i] !== 0) continue
    let node = 0
    for (let j = tree.feature[0]!; j >= 0; j = tree.feature[node]!) {
      const bin = data.bins[j * data.rows + i]!
      const left = bin === MISSING_BIN ? tree.defaultLeft[node] === 1 : bin <= lastLeft[node]!
      node = left ? tree.childrenLeft[node]! : tree.childrenRight[node]!
    }
    sum[i]! += tree.value[node]!
    number[i]!++
  }
}
