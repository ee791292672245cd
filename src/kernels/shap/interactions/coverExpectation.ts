import type { TreeArrays } from '../../trees/tree.ts'
import { coverRatio } from '../coverRatio.ts'

/** Output of a tree when nothing is known of a row: leaf values weighted by products of cover ratios. */
export const coverExpectation = (tree: TreeArrays): number => {
  const reach = new Float64Array(tree.value.length)
  reach[0] = 1
  let sum = 0
  // Children come after their parents.
  for (let node = 0; node < reach.length; node++) {
    const left = tree.childrenLeft[node]!
    if (left < 0) sum += reach[node]! * tree.value[node]!
    else
      for (const child of [left, tree.childrenRight[node]!]) reach[child] = reach[node]! * coverRatio(tree, node, child)
  }
  return sum
}
