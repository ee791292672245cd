/**
 * A tree of a random forest, grown on binned columns (Breiman, Random forests, 2001, doi:10.1023/A:1010933404324).
 *
 * Rows carry whole weights, the times a bootstrap drew them; rows of weight 0 take no part. At every node columns are
 * drawn anew without replacement: `features` of them, and more while all drawn so far are constant at the node (the rule of
 * scikit-learn). A column's histogram counts rows, weight and bad weight by bin; Gini impurity is scanned over its edges.
 *
 * Missing values are tried on both sides of every edge and alone against the present ones (threshold Infinity). Where a
 * node has none they go to the child with more weight (right when equal). Of equal splits the first drawn wins.
 */
import { MISSING_BIN } from '../binning/bin.ts'
import type { Generator } from '../numbers/generator.ts'
import { giniWorth } from './giniSplit.ts'
import { type GrownTree, type LeafOutput, type Smoothing, TreeBuilder } from './treeBuilder.ts'

export interface BinnedData {
  /** rows x columns, column-major; see bin.ts */
  bins: Uint8Array
  rows: number
  columns: number
  /** rising edges of each column */
  edges: readonly Float64Array[]
  /** 1 = bad, 0 = good */
  target: Uint8Array
}

export interface HistogramTreeOptions {
  maxDepth: number
  /** least rows (distinct ones, whatever their weight) in a leaf */
  minLeaf: number
  /** columns drawn at a node */
  features: number
  smoothing: Smoothing
  output: LeafOutput
}

interface Node {
  parent: number
  isLeft: boolean
  start: number
  end: number
  depth: number
}

interface BinSplit {
  feature: number
  /** bins up to this one go left */
  bin: number
  threshold: number
  missingLeft: boolean
  worth: number
}

/** Counts by bin, four slots a bin: rows, weight, bad weight, unused; a power of two makes the address a shift. */
type Histogram = Int32Array

export const growHistogramTree = (
  data: BinnedData,
  counts: Uint16Array,
  generator: Generator,
  options: HistogramTreeOptions,
): GrownTree => {
  const { bins, rows, columns, target } = data
  const members = Int32Array.from({ length: rows }, (_, i) => i).filter((i) => counts[i]! > 0)
  const spare = new Int32Array(members.length)
  const weights = new Int32Array(members.length)
  const badWeights = new Int32Array(members.length)
  const histogram: Histogram = new Int32Array(4 * 256)
  const drawn = Int32Array.from({ length: columns }, (_, j) => j)
  const builder = new TreeBuilder()
  const stack: Node[] = [{ parent: -1, isLeft: false, start: 0, end: members.length, depth: 0 }]
  while (stack.length) {
    const { parent, isLeft, start, end, depth } = stack.pop()!
    const size = end - start
    const total = { rows: size, weight: 0, bad: 0 }
    for (let p = start; p < end; p++) {
      const row = members[p]!
      const weight = counts[row]!
      weights[p] = weight
      badWeights[p] = target[row] ? weight : 0
      total.weight += weight
      total.bad += badWeights[p]!
    }
    const index = builder.add(parent, isLeft, total.bad, total.weight)
    if (depth >= options.maxDepth || size < 2 * options.minLeaf || size < 2) continue
    if (total.bad === 0 || total.bad === total.weight) continue

    let best: BinSplit | undefined
    for (let tried = 0, constant = 0; tried < columns && (tried < options.features || constant === tried); tried++) {
      const at = tried + generator.below(columns - tried)
      const j = drawn[at]!
      drawn[at] = drawn[tried]!
      drawn[tried] = j
      const offset = j * rows
      for (let p = start; p < end; p++) {
        const slot = bins[offset + members[p]!]! << 2
        histogram[slot]!++
        histogram[slot + 1]! += weights[p]!
        histogram[slot + 2]! += badWeights[p]!
      }
      const found = scan(histogram, j, data.edges[j]!, total, options.minLeaf, best)
      if (found === 'constant') constant++
      else best = found
      histogram.fill(0, 0, (data.edges[j]!.length + 1) << 2)
      histogram.fill(0, MISSING_BIN << 2)
    }
    if (!best) continue

    const offset = best.feature * rows
    let left = start
    let right = 0
    let leftWeight = 0
    let missing = 0
    for (let p = start; p < end; p++) {
      const row = members[p]!
      const bin = bins[offset + row]!
      if (bin === MISSING_BIN) missing++
      if (bin === MISSING_BIN ? best.missingLeft : bin <= best.bin) {
        leftWeight += weights[p]!
        members[left++] = row
      } else spare[right++] = row
    }
    members.set(spare.subarray(0, right), left)
    const defaultLeft = missing > 0 ? best.missingLeft : leftWeight > total.weight - leftWeight
    builder.split(index, best.feature, best.threshold, defaultLeft)
    stack.push({ parent: index, isLeft: false, start: left, end, depth: depth + 1 })
    stack.push({ parent: index, isLeft: true, start, end: left, depth: depth + 1 })
  }
  return builder.finish(options.smoothing, options.output)
}

/** The better of `best` and the best split of this column; 'constant' when all rows of the node share one bin. */
const scan = (
  histogram: Histogram,
  feature: number,
  edges: Float64Array,
  total: { rows: number; weight: number; bad: number },
  minLeaf: number,
  best: BinSplit | undefined,
): BinSplit | undefined | 'constant' => {
  const missing = MISSING_BIN << 2
  const missingRows = histogram[missing]!
  const missingWeight = histogram[missing + 1]!
  const missingBad = histogram[missing + 2]!
  let rows = 0
  let weight = 0
  let bad = 0
  let last = -1
  const present = total.rows - missingRows
  for (let b = 0; rows < present; b++) {
    const slot = b << 2
    const here = histogram[slot]!
    if (here === 0) continue
    if (here === total.rows) return 'constant'
    if (rows > 0) {
      // Between filled bins last < b any edge parts the same rows; the middle one is taken.
      const cut = (last + b - 1) >> 1
      for (let side = 0; side < (missingRows > 0 ? 2 : 1); side++) {
        const leftRows = side ? rows + missingRows : rows
        if (leftRows < minLeaf || total.rows - leftRows < minLeaf) continue
        const leftWeight = side ? weight + missingWeight : weight
        const leftBad = side ? bad + missingBad : bad
        const worth = giniWorth(leftBad, leftWeight, total.bad - leftBad, total.weight - leftWeight)
        if (!best || worth > best.worth)
          best = { feature, bin: cut, threshold: edges[cut]!, missingLeft: side === 1, worth }
      }
    }
    rows += here
    weight += histogram[slot + 1]!
    bad += histogram[slot + 2]!
    last = b
  }
  if (present === 0) return 'constant'
  if (missingRows >= minLeaf && present >= minLeaf && missingRows > 0) {
    const worth = giniWorth(bad, weight, missingBad, missingWeight)
    if (!best || worth > best.worth)
      best = { feature, bin: MISSING_BIN - 1, threshold: Number.POSITIVE_INFINITY, missingLeft: false, worth }
  }
  return best
}
