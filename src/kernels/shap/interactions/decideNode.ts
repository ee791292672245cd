import { categoryGoesLeft, setOfNode } from '../../trees/categories.ts'
import type { TreeArrays } from '../../trees/tree.ts'

/** Rows of a column-major matrix: values[j * rows + i], NaN = missing. */
export interface MatrixRows {
  readonly values: Float64Array
  readonly rows: number
}

/** out[at + r]: whether row from + r goes left at an inner node, for `count` rows. */
export const decideNode = (
  tree: TreeArrays,
  node: number,
  { values, rows }: MatrixRows,
  from: number,
  count: number,
  out: Uint8Array,
  at: number,
): void => {
  const column = tree.feature[node]! * rows + from
  const missingLeft = tree.defaultLeft[node] === 1
  const set = setOfNode(tree, node)
  if (set >= 0) {
    const { sets } = tree
    for (let r = 0; r < count; r++) out[at + r] = +categoryGoesLeft(sets!, set, values[column + r]!, missingLeft)
    return
  }
  const edge = tree.threshold[node]!
  // A comparison with NaN is false: which one is asked decides where missing values go.
  if (missingLeft) for (let r = 0; r < count; r++) out[at + r] = +!(values[column + r]! > edge)
  else for (let r = 0; r < count; r++) out[at + r] = +(values[column + r]! <= edge)
}
