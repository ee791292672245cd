/**
 * Some trees of a forest, in the readable kernel: draw a bag, grow, and add up the values of the rows that the tree did not see.
 *
 * Each tree has a stream of its own, so trees may be grown anywhere in any order. Out-of-bag values are rounded to 2^-34 before they
 * are added: sums of up to half a million log-odds are then exact, whatever the order (an error of 3e-11 a tree).
 */
import { MISSING_BIN } from '../binning/bin.ts'
import { Generator } from '../numbers/generator.ts'
import { countBelow } from '../numbers/order.ts'
import { drawBag } from './bag.ts'
import type { BagOptions, BinnedRows, GrowthOptions, RowGroups } from './growthOptions.ts'
import { growHistogramTree } from './histogramTree.ts'
import { WORDS_OF_SET } from './tree.ts'
import type { GrownTree } from './treeBuilder.ts'

export interface ForestRows extends BinnedRows {
  /** absent: every row is drawn by itself */
  groups?: RowGroups | undefined
  growth: GrowthOptions
  bag: BagOptions
  outOfBag: boolean
}

export interface ForestPart {
  /** four key words for each tree of the part */
  keys: Uint32Array
}

export interface OutOfBag {
  /** for each row, sum of the leaf values of the trees that did not see it */
  sum: Float64Array
  /** number of those trees */
  trees: Uint32Array
}

export interface ForestPartResult {
  trees: GrownTree[]
  outOfBag?: OutOfBag
}

export const growTrees = (data: ForestRows, { keys }: ForestPart): ForestPartResult => {
  const trees: GrownTree[] = []
  const outOfBag: OutOfBag = { sum: new Float64Array(data.rows), trees: new Uint32Array(data.rows) }
  for (let k = 0; 4 * k < keys.length; k++) {
    const generator = new Generator(keys.subarray(4 * k, 4 * k + 4))
    const counts = drawBag(data.rows, data.groups, data.bag, generator)
    const tree = growHistogramTree(data, counts, generator, data.growth)
    if (data.outOfBag) addOutOfBag(data, counts, tree, outOfBag)
    trees.push(tree)
  }
  return data.outOfBag ? { trees, outOfBag } : { trees }
}

const UNIT = 2 ** 34
/** A leaf value as out-of-bag sums add it up. */
export const roundedValue = (value: number): number => Math.floor(value * UNIT + 0.5) / UNIT

const addOutOfBag = (data: BinnedRows, counts: Uint16Array, tree: GrownTree, { sum, trees }: OutOfBag): void => {
  // The last bin that goes left of each numeric split; MISSING_BIN - 1 where all present values do.
  const lastLeft = Int32Array.from(tree.feature, (j, node) => {
    if (j < 0) return -1
    const threshold = tree.threshold[node]!
    return threshold === Number.POSITIVE_INFINITY ? MISSING_BIN - 1 : countBelow(data.columns[j]!.edges, threshold)
  })
  const goesLeft = (node: number, bin: number): boolean => {
    if (bin === MISSING_BIN) return tree.defaultLeft[node] === 1
    const set = tree.categorySet?.[node] ?? -1
    if (set < 0) return bin <= lastLeft[node]!
    return ((tree.sets![set * WORDS_OF_SET + (bin >>> 5)]! >>> (bin & 31)) & 1) === 1
  }
  for (let i = 0; i < data.rows; i++) {
    if (counts[i] !== 0) continue
    let node = 0
    for (let j = tree.feature[0]!; j >= 0; j = tree.feature[node]!) {
      node = (goesLeft(node, data.bins[j * data.rows + i]!) ? tree.childrenLeft : tree.childrenRight)[node]!
    }
    sum[i]! += roundedValue(tree.value[node]!)
    trees[i]!++
  }
}
