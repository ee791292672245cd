/** From a grown tree to the arrays of a model. */
import { type TreeArrays, WORDS_OF_SET } from '../trees/tree.ts'
import type { BoostedTree } from './grownTree.ts'

/** Values of leaves: the Newton step -G / (H + lambda) on exact gradients, within the bounds of the leaf, shrunk. */
export const leafValues = ({ leaves }: BoostedTree, lambda: number, learningRate: number): Float64Array =>
  Float64Array.from(leaves, ({ gradient, hessian, lower, upper }) => {
    const step = hessian + lambda > 0 ? -gradient / (hessian + lambda) : 0
    return learningRate * Math.max(lower, Math.min(upper, step))
  })

/**
 * The tree in preorder, with `base` added to every value. An inner node has the mean of its leaves, weighted by their covers.
 * @param edges of each column, as in BinnedColumn
 */
export const finishTree = (
  tree: BoostedTree,
  values: Float64Array,
  edges: readonly Float64Array[],
  base: number,
): TreeArrays => {
  const size = tree.nodes.length
  const arrays = {
    childrenLeft: new Int32Array(size).fill(-1),
    childrenRight: new Int32Array(size).fill(-1),
    feature: new Int32Array(size).fill(-1),
    threshold: new Float64Array(size),
    defaultLeft: new Uint8Array(size),
    value: new Float64Array(size),
    cover: new Float64Array(size),
  }
  const sets: Uint32Array[] = []
  const categorySet = new Int32Array(size).fill(-1)
  // In preorder, from a stack: a tree may be deeper than calls can be.
  let next = 0
  const stack = [{ number: 0, parent: -1, side: arrays.childrenLeft }]
  while (stack.length) {
    const { number, parent, side } = stack.pop()!
    const at = next++
    if (parent >= 0) side[parent] = at
    const { split, left, right, leaf } = tree.nodes[number]!
    if (!split) {
      arrays.value[at] = values[leaf]! + base
      arrays.cover[at] = tree.leaves[leaf]!.weight
      continue
    }
    arrays.feature[at] = split.column
    arrays.defaultLeft[at] = split.missingLeft ? 1 : 0
    if (split.kind === 'missing') arrays.threshold[at] = Number.POSITIVE_INFINITY
    else if (split.kind === 'number') arrays.threshold[at] = edges[split.column]![split.bin]!
    else categorySet[at] = sets.push(split.set) - 1
    stack.push({ number: right, parent: at, side: arrays.childrenRight })
    stack.push({ number: left, parent: at, side: arrays.childrenLeft })
  }
  for (let at = size - 1; at >= 0; at--) {
    const l = arrays.childrenLeft[at]!
    if (l < 0) continue
    const r = arrays.childrenRight[at]!
    const [coverLeft, coverRight] = [arrays.cover[l]!, arrays.cover[r]!]
    arrays.cover[at] = coverLeft + coverRight
    arrays.value[at] = (coverLeft * arrays.value[l]! + coverRight * arrays.value[r]!) / (coverLeft + coverRight)
  }
  if (sets.length === 0) return arrays
  const words = new Uint32Array(sets.length * WORDS_OF_SET)
  sets.forEach((set, k) => {
    words.set(set, k * WORDS_OF_SET)
    // The missing bin is no category: where it goes, defaultLeft says.
    words[k * WORDS_OF_SET + WORDS_OF_SET - 1]! &= 0x3fffffff
  })
  return { ...arrays, categorySet, sets: words }
}
