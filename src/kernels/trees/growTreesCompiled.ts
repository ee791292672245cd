/** Some trees of a forest, in the compiled kernel; results are copied out of its memory. */
import type { TaskThread } from '../taskThread.ts'
import { type ForestAddresses, NODE_BYTES } from './forestMemory.ts'
import type { ForestPart, ForestPartResult } from './growTrees.ts'
import { subtree } from './prune.ts'
import { WORDS_OF_SET } from './tree.ts'
import type { GrownTree } from './treeBuilder.ts'

/** the cut that parts present values from missing ones */
const ALL_PRESENT = 254

export const growTreesCompiled = (
  shared: ForestAddresses,
  { keys }: ForestPart,
  { core, index }: TaskThread,
): ForestPartResult => {
  const { job, desks, outOfBag } = shared
  const desk = desks[index]!
  const trees: GrownTree[] = []
  for (let k = 0; k < keys.length; k += 4) {
    const count = core.kernels['growTree']!(job, desk, keys[k]!, keys[k + 1]!, keys[k + 2]!, keys[k + 3]!)
    if (outOfBag) core.kernels['addOutOfBag']!(job, desk)
    const tree = readTree(shared, index, core.memory.buffer, count, core.kernels['grownSets']!())
    trees.push(shared.bestFirst ? subtree(tree) : tree)
  }
  return { trees }
}

const readTree = (
  { nodes, sets, edges }: ForestAddresses,
  index: number,
  buffer: ArrayBuffer | SharedArrayBuffer,
  count: number,
  setCount: number,
): GrownTree => {
  const words = new Int32Array(buffer, nodes[index]!, (count * NODE_BYTES) / 4)
  const doubles = new Float64Array(buffer, nodes[index]!, (count * NODE_BYTES) / 8)
  const word = (at: number): Int32Array => {
    const out = new Int32Array(count)
    for (let node = 0; node < count; node++) out[node] = words[node * 12 + at]!
    return out
  }
  const double = (at: number): Float64Array => {
    const out = new Float64Array(count)
    for (let node = 0; node < count; node++) out[node] = doubles[node * 6 + at]!
    return out
  }
  const feature = word(2)
  const threshold = new Float64Array(count)
  for (let node = 0; node < count; node++) {
    const j = feature[node]!
    if (j < 0 || words[node * 12 + 5]! >= 0) continue
    const cut = words[node * 12 + 3]!
    threshold[node] = cut === ALL_PRESENT ? Number.POSITIVE_INFINITY : edges[j]![cut]!
  }
  return {
    childrenLeft: word(0),
    childrenRight: word(1),
    feature,
    threshold,
    defaultLeft: Uint8Array.from(word(4)),
    value: double(5),
    cover: double(4),
    bad: double(3),
    ...(setCount
      ? { categorySet: word(5), sets: new Uint32Array(buffer, sets[index]!, setCount * WORDS_OF_SET).slice() }
      : {}),
  }
}

/** Makes the row-major copy of some rows. */
export const copyRowMajor = (
  { job }: { job: number },
  part: { from: number; to: number },
  { core }: TaskThread,
): void => {
  core.kernels['copyRowMajor']!(job, part.from, part.to)
}
