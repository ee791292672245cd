/** Trees as the compiled kernels walk them: 8 bytes a node, the two children of a split side by side (assembly/predict.ts). */
import { type RankedTrees, rankTrees } from './rankTrees.ts'
import type { TreeArrays } from './tree.ts'

export interface PackedTrees {
  readonly ranked: RankedTrees
  /** slot << 16 | rank and position of the left child, two words a node; tree k begins at node `roots[k]` */
  readonly nodes: Uint32Array
  /** value of every leaf by packed position, 0 at splits */
  readonly values: Float64Array
  /** position of each node's set of categories, -1 at numeric splits; by packed position */
  readonly setOf: Int32Array
  /** whether each tree has categorical splits */
  readonly mixed: readonly boolean[]
  readonly roots: Int32Array
}

/** No rank lies above it. */
const LEAF_TEST = 0xffff

const pack = (trees: readonly TreeArrays[]): PackedTrees | undefined => {
  const ranked = rankTrees(trees)
  if (!ranked) return undefined
  const count = trees.reduce((sum, tree) => sum + tree.value.length, 0)
  const packed = {
    ranked,
    nodes: new Uint32Array(2 * count),
    values: new Float64Array(count),
    setOf: new Int32Array(count).fill(-1),
    mixed: ranked.setOf.map((sets) => sets !== undefined),
    roots: new Int32Array(trees.length + 1),
  }
  trees.forEach((tree, k) => {
    const root = packed.roots[k]!
    packed.roots[k + 1] = root + tree.value.length
    const tests = ranked.tests[k]!
    const sets = ranked.setOf[k]
    let free = 1
    // A node and its packed position.
    const waiting = [0, 0]
    while (waiting.length > 0) {
      const at = waiting.pop()!
      const node = waiting.pop()!
      const left = tree.childrenLeft[node]!
      if (left < 0) {
        packed.nodes[2 * (root + at)] = LEAF_TEST
        packed.nodes[2 * (root + at) + 1] = at
        packed.values[root + at] = tree.value[node]!
        continue
      }
      packed.nodes[2 * (root + at)] = tests[node]!
      packed.nodes[2 * (root + at) + 1] = free
      if (sets) packed.setOf[root + at] = sets[node]!
      waiting.push(tree.childrenRight[node]!, free + 1, left, free)
      free += 2
    }
  })
  return packed
}

const known = new WeakMap<readonly TreeArrays[], PackedTrees | undefined>()

/** Packs trees once for all; they must not change. Undefined where ranks do not hold them (see rankTrees). */
export const packTrees = (trees: readonly TreeArrays[]): PackedTrees | undefined => {
  if (!known.has(trees)) known.set(trees, pack(trees))
  return known.get(trees)
}
