import type { TreeArrays } from '../kernels/trees/tree.ts'

/**
 * What is wrong with the structure of a tree, or null when nothing is. A tree that passes can be walked, applied and
 * explained without further checks: it ends, stays inside its arrays and inside the columns.
 */
export const treeFault = (tree: TreeArrays, columns: number): string | null => {
  const { childrenLeft, childrenRight, feature, threshold, defaultLeft, value, cover } = tree
  const nodes = childrenLeft.length
  if (nodes === 0) return 'it has no nodes'
  const lengths = [childrenRight, feature, threshold, defaultLeft, value, cover].map((array) => array.length)
  if (lengths.some((length) => length !== nodes))
    return `its arrays have different lengths: ${[nodes, ...lengths].join(', ')}`
  const parents = new Uint8Array(nodes)
  for (let i = 0; i < nodes; i++) {
    const left = childrenLeft[i]!
    const right = childrenRight[i]!
    if (!Number.isFinite(value[i]!)) return `the value of node ${i} is not finite`
    if (!(cover[i]! >= 0 && cover[i]! < Number.POSITIVE_INFINITY))
      return `the cover of node ${i} is not a finite number of 0 or more`
    if (defaultLeft[i]! > 1) return `the default direction of node ${i} is neither 0 nor 1`
    if (left === -1 || right === -1) {
      if (left !== right) return `node ${i} has only one child`
      if (feature[i] !== -1) return `leaf ${i} splits on a column`
      continue
    }
    if (feature[i]! < 0 || feature[i]! >= columns) return `node ${i} splits on column ${feature[i]} of ${columns}`
    if (Number.isNaN(threshold[i]!)) return `the threshold of node ${i} is not a number`
    for (const child of [left, right]) {
      // Children after their parents: no cycle is possible.
      if (child <= i || child >= nodes) return `node ${i} has child ${child}, outside ${i + 1}..${nodes - 1}`
      if (++parents[child]! > 1) return `node ${child} has two parents`
    }
  }
  const orphan = parents.indexOf(0, 1)
  return orphan > 0 ? `node ${orphan} has no parent` : null
}
