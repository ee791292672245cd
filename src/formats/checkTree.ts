import { MOST_CATEGORIES, type TreeArrays, WORDS_OF_SET } from '../kernels/trees/tree.ts'

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
  const fault = setFault(tree)
  if (fault) return fault
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

/** What is wrong with the sets of categories of a tree, or null. */
const setFault = ({ childrenLeft, threshold, categorySet, sets }: TreeArrays): string | null => {
  if (categorySet === undefined || sets === undefined)
    return categorySet === sets ? null : 'it has sets of categories without their places, or places without sets'
  if (categorySet.length !== childrenLeft.length)
    return `its arrays have different lengths: ${childrenLeft.length}, ${categorySet.length}`
  const count = sets.length / WORDS_OF_SET
  if (!Number.isInteger(count)) return `its sets of categories have ${sets.length} words`
  for (let i = 0; i < categorySet.length; i++) {
    const at = categorySet[i]!
    if (at === -1) continue
    if (at < 0 || at >= count) return `node ${i} has set ${at} of ${count}`
    if (childrenLeft[i] === -1) return `leaf ${i} has a set of categories`
    if (threshold[i] !== 0) return `node ${i} has both a threshold and a set of categories`
  }
  const spare = (-1 << (MOST_CATEGORIES % 32)) >>> 0
  for (let k = 0; k < count; k++)
    if ((sets[k * WORDS_OF_SET + WORDS_OF_SET - 1]! & spare) >>> 0 !== 0)
      return `set ${k} has a category above ${MOST_CATEGORIES - 1}`
  return null
}
