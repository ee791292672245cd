/**
 * Sends rows of a column-major matrix down trees: the readable twin of the compiled kernels (sumLeaves.ts). Rows go in blocks, so that
 * the columns of a block stay in the cache.
 */
import { categoryGoesLeft, setOfNode } from './categories.ts'
import type { TreeArrays } from './tree.ts'

const BLOCK = 512

/** The leaf that one row reaches. */
const descend = (tree: TreeArrays, values: Float64Array, rows: number, row: number): number => {
  const { childrenLeft, childrenRight, feature, threshold, defaultLeft, sets } = tree
  let node = 0
  for (let j = feature[0]!; j >= 0; j = feature[node]!) {
    const x = values[j * rows + row]!
    const set = sets ? setOfNode(tree, node) : -1
    const left =
      set >= 0
        ? categoryGoesLeft(sets!, set, x, defaultLeft[node] === 1)
        : // x <= threshold is false for NaN, so missing values are asked for only then.
          x <= threshold[node]! || (Number.isNaN(x) && defaultLeft[node] === 1)
    node = left ? childrenLeft[node]! : childrenRight[node]!
  }
  return node
}

/** Position of the leaf of every row, or of the rows in `some`, in their order. */
export const leafIndices = (
  tree: TreeArrays,
  values: Float64Array,
  rows: number,
  some?: Int32Array | undefined,
): Int32Array => {
  const leaves = new Int32Array(some ? some.length : rows)
  for (let i = 0; i < leaves.length; i++) leaves[i] = descend(tree, values, rows, some ? some[i]! : i)
  return leaves
}

/** Sum over the trees of the leaf values of rows from..to-1, trees added in their order. */
export const sumTrees = (
  trees: readonly TreeArrays[],
  values: Float64Array,
  rows: number,
  first = 0,
  end = rows,
): Float64Array => {
  const sums = new Float64Array(end - first)
  for (let from = first; from < end; from += BLOCK) {
    const to = Math.min(end, from + BLOCK)
    for (const tree of trees) {
      for (let i = from; i < to; i++) sums[i - first]! += tree.value[descend(tree, values, rows, i)]!
    }
  }
  return sums
}
