/** A boosted tree in plain steps: the readable twin of assembly/boostingTree.ts. */
import { MISSING_BIN } from '../binning/bin.ts'
import type { BoostedNode, BoostedSplit, BoostedTreeOptions, BoosterData, BoostingRound } from './grownTree.ts'
import { mixed, type Quantized } from './quantize.ts'
import {
  boundedValue,
  type FoundSplit,
  minus,
  noSums,
  type SplitNode,
  type Sums,
  scanCategories,
  scanNumbers,
} from './readableSplit.ts'

/** A leaf while the tree grows. */
export interface GrowingLeaf extends SplitNode {
  rows: number[]
  node: number
  depth: number
  split?: FoundSplit | undefined
}

/** Whether a bin goes left. */
export const goesLeft = (bin: number, split: BoostedSplit): boolean => {
  if (bin === MISSING_BIN) return split.missingLeft
  if (split.kind === 'missing') return true
  if (split.kind === 'category') return ((split.set[bin >> 5]! >>> (bin & 31)) & 1) === 1
  return bin <= split.bin
}

/** Draws `need` of the tree's columns without replacement; `draws` counts the random numbers of the tree. */
const drawColumns = (columns: Uint8Array, need: number, seed: number, draws: { made: number }): Uint8Array => {
  if (need >= columns.length) return columns
  let left = columns.reduce((sum, one) => sum + one, 0)
  let wanted = Math.min(need, left)
  return columns.map((one) => {
    if (one === 0) return 0
    const drawn = Math.floor((mixed(draws.made++, seed ^ 0x5bd1e995) * left) / 2 ** 32) < wanted
    if (drawn) wanted--
    left--
    return drawn ? 1 : 0
  })
}

const histogramOf = (bins: Uint8Array, offset: number, rows: readonly number[], q: Quantized): Sums[] => {
  const sums = Array.from({ length: 256 }, noSums)
  for (const row of rows) {
    const sum = sums[bins[offset + row]!]!
    sum.gradient += q.gradient[row]!
    sum.hessian += q.hessian[row]!
    sum.rows++
  }
  return sums
}

/** The best split of a leaf over the columns of a mask. */
const bestSplit = (
  leaf: GrowingLeaf,
  data: BoosterData,
  bins: Uint8Array,
  q: Quantized,
  mask: Uint8Array,
): FoundSplit | undefined => {
  let best: FoundSplit | undefined
  data.columns.forEach(({ kind, bins: count }, column) => {
    if (mask[column] === 0 || count + data.hasMissing[column]! < 2) return
    const sums = histogramOf(bins, column * data.rows, leaf.rows, q)
    const found =
      kind === 'category'
        ? scanCategories(leaf, sums, column, count)
        : scanNumbers(leaf, sums, column, count, data.monotone[column]!)
    if (found && found.gain > (best?.gain ?? Number.NEGATIVE_INFINITY)) best = found
  })
  return best
}

/** Which leaf is split next, -1 for none. */
const choose = (leaves: readonly GrowingLeaf[], { growth, maxLeaves }: BoostedTreeOptions): number => {
  if (leaves.length >= maxLeaves) return -1
  let best = -1
  leaves.forEach((leaf, k) => {
    if (!leaf.split) return
    const other = leaves[best]
    if (!other) best = k
    else if (growth === 'depth' && leaf.depth !== other.depth) best = leaf.depth < other.depth ? k : best
    else if (leaf.split.gain > other.split!.gain) best = k
  })
  return best
}

/** The two leaves that a leaf becomes. */
const children = (leaf: GrowingLeaf, data: BoosterData, bins: Uint8Array): [GrowingLeaf, GrowingLeaf] => {
  const { total, scale } = leaf
  const split = leaf.split!
  const offset = split.column * data.rows
  const left: GrowingLeaf = {
    ...leaf,
    depth: leaf.depth + 1,
    rows: leaf.rows.filter((row) => goesLeft(bins[offset + row]!, split)),
    total: split.left,
    split: undefined,
  }
  const right: GrowingLeaf = {
    ...left,
    rows: leaf.rows.filter((row) => !goesLeft(bins[offset + row]!, split)),
    total: minus(total, split.left),
  }
  const direction = data.monotone[split.column]!
  if (direction !== 0 && split.kind === 'number') {
    const gl = split.left.gradient * scale.gradient
    const hl = split.left.hessian * scale.hessian
    const vl = boundedValue(leaf, gl, hl)
    const vr = boundedValue(leaf, total.gradient * scale.gradient - gl, total.hessian * scale.hessian - hl)
    const middle = 0.5 * (vl + vr)
    const [low, high] = direction > 0 ? [left, right] : [right, left]
    low.upper = middle
    high.lower = middle
  }
  return [left, right]
}

export const readableTree = (
  data: BoosterData,
  options: BoostedTreeOptions,
  round: BoostingRound,
  q: Quantized,
): { nodes: BoostedNode[]; leaves: GrowingLeaf[] } => {
  const bins = data.bytes()
  const draws = { made: 0 }
  const rows = round.bag ? Array.from(round.bag) : Array.from({ length: data.rows }, (_, i) => i)
  const total = rows.reduce(
    (sum, row) => ({
      gradient: sum.gradient + q.gradient[row]!,
      hessian: sum.hessian + q.hessian[row]!,
      rows: sum.rows + 1,
    }),
    noSums(),
  )
  const root: GrowingLeaf = {
    rows,
    total,
    scale: q.scale,
    lower: Number.NEGATIVE_INFINITY,
    upper: Number.POSITIVE_INFINITY,
    bounded: data.monotone.some((m) => m !== 0),
    options,
    node: 0,
    depth: 0,
  }
  const nodes: BoostedNode[] = [{ left: -1, right: -1, leaf: 0 }]
  const leaves = [root]
  const maySplit = (leaf: GrowingLeaf): boolean =>
    leaf.rows.length >= 2 * options.minLeaf && leaf.depth < options.maxDepth && leaves.length < options.maxLeaves
  const mask = () => drawColumns(round.columns, options.columnsANode, round.seed, draws)
  const rootMask = mask()
  if (maySplit(root)) root.split = bestSplit(root, data, bins, q, rootMask)
  for (let k = choose(leaves, options); k >= 0; k = choose(leaves, options)) {
    const parent = leaves[k]!
    const [left, right] = children(parent, data, bins)
    left.node = nodes.push({ left: -1, right: -1, leaf: k }) - 1
    right.node = nodes.push({ left: -1, right: -1, leaf: leaves.length }) - 1
    const { left: _sums, ...split } = parent.split!
    nodes[parent.node] = { left: left.node, right: right.node, leaf: -1, split }
    leaves[k] = left
    leaves.push(right)
    for (const leaf of [left, right]) if (maySplit(leaf)) leaf.split = bestSplit(leaf, data, bins, q, mask())
  }
  return { nodes, leaves }
}
