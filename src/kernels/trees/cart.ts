/**
 * CART for two classes: exact binary splits by Gini impurity (Breiman, Friedman, Olshen & Stone, 1984).
 *
 * Each column is sorted once. A node owns the same stretch [start, end) of every column's row order; a split partitions
 * all stretches stably, so children are sorted without sorting:
 *
 *     order of column j   [ ... | rows of the node, by value, missing last | ... ]
 *     after the split     [ ... | left child, by value | right child, by value | ... ]
 *
 * Missing values are tried on both sides of every threshold, and alone against the present ones (threshold Infinity); where a
 * node has none, they are sent to the child with more rows (right when equal). Grown like scikit-learn's
 * DecisionTreeClassifier: depth first, thresholds at midpoints, a node splits when it is impure and any allowed split exists.
 * Of equal splits the lowest column wins, then missing right before left, then the lowest threshold.
 */

import { midpoint, rowOrder } from '../numbers/order.ts'
import { type FoundSplit, giniImpurity, giniWorth } from './giniSplit.ts'
import { type GrownTree, type Smoothing, TreeBuilder } from './treeBuilder.ts'

export interface CartData {
  /** rows x columns, column-major, NaN = missing */
  values: Float64Array
  rows: number
  columns: number
  /** 1 = bad, 0 = good */
  target: Uint8Array
}

export interface CartOptions {
  /** edges from the root to the deepest leaf; Infinity for no limit */
  maxDepth: number
  /** least rows in a leaf */
  minLeaf: number
  /** least fall of impurity, weighted by the share of all rows at the node */
  minImpurityDecrease?: number
  smoothing: Smoothing
}

/** The threshold that parts present values from missing ones. */
const ALL_PRESENT = Number.POSITIVE_INFINITY

interface Node {
  parent: number
  isLeft: boolean
  start: number
  end: number
  depth: number
}

/** Row orders of all columns, one after the other; of no columns the rows as they stand, which are a leaf. */
export const presort = (data: CartData): Int32Array => {
  if (data.columns === 0) return Int32Array.from({ length: data.rows }, (_, i) => i)
  const orders = new Int32Array(data.columns * data.rows)
  for (let j = 0; j < data.columns; j++)
    orders.set(rowOrder(data.values.subarray(j * data.rows, (j + 1) * data.rows)), j * data.rows)
  return orders
}

/** The same orders with the rows left out whose `keep` is 0: what a cross-validation sorts once. */
export const keepOrders = (orders: Int32Array, keep: Uint8Array): Int32Array => {
  let count = 0
  for (let p = 0; p < orders.length; p++) if (keep[orders[p]!]) count++
  const kept = new Int32Array(count)
  for (let p = 0, at = 0; p < orders.length; p++) if (keep[orders[p]!]) kept[at++] = orders[p]!
  return kept
}

/** @param orders row orders of the rows to train on, by default all; they are overwritten */
export const growCart = (data: CartData, options: CartOptions, orders: Int32Array = presort(data)): GrownTree => {
  const steps = growCartSteps(data, options, orders)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** The same a node at a time, for a caller that listens in between. */
export function* growCartSteps(data: CartData, options: CartOptions, orders: Int32Array): Generator<void, GrownTree> {
  const { columns, target } = data
  const rows = orders.length / Math.max(1, columns)
  const builder = new TreeBuilder()
  const goesLeft = new Uint8Array(data.rows)
  const spare = new Int32Array(rows)
  const stack: Node[] = [{ parent: -1, isLeft: false, start: 0, end: rows, depth: 0 }]
  while (stack.length) {
    yield
    const node = stack.pop()!
    const { start, end, depth } = node
    const size = end - start
    let bad = 0
    for (let p = start; p < end; p++) bad += target[orders[p]!]!
    const index = builder.add(node.parent, node.isLeft, bad, size)
    if (depth >= options.maxDepth || size < 2 * options.minLeaf || size < 2 || bad === 0 || bad === size) continue
    const split = bestSplit(data, orders, rows, start, end, bad, options.minLeaf)
    if (!split || decrease(split, bad, size, rows) + Number.EPSILON < (options.minImpurityDecrease ?? 0)) continue

    const left = markLeft(data, orders, rows, start, end, split, goesLeft)
    const missing = countMissing(data, orders, rows, start, end, split.feature)
    builder.split(index, split.feature, split.threshold, missing > 0 ? split.missingLeft : left > size - left)
    for (let j = 0; j < columns; j++) partition(orders, j * rows + start, size, goesLeft, spare)
    stack.push({ parent: index, isLeft: false, start: start + left, end, depth: depth + 1 })
    stack.push({ parent: index, isLeft: true, start, end: start + left, depth: depth + 1 })
  }
  return builder.finish(options.smoothing)
}

/** Fall of impurity by the split, weighted by the share of all rows at the node. */
const decrease = (split: FoundSplit, bad: number, size: number, rows: number): number =>
  // impurity - children = (worth - (g^2 + b^2) / n) / n
  (size / rows) * ((split.worth - size * (1 - giniImpurity(bad, size))) / size)

const bestSplit = (
  data: CartData,
  orders: Int32Array,
  rows: number,
  start: number,
  end: number,
  bad: number,
  minLeaf: number,
): FoundSplit | undefined => {
  let best: FoundSplit | undefined
  const size = end - start
  for (let j = 0; j < data.columns; j++) {
    const column = j * data.rows
    const order = j * rows
    const missing = countMissing(data, orders, rows, start, end, j)
    const lastPresent = end - missing - 1
    let badMissing = 0
    for (let p = lastPresent + 1; p < end; p++) badMissing += data.target[orders[order + p]!]!
    const consider = (below: number, above: number, missingLeft: boolean, left: number, badLeft: number) => {
      if (left < minLeaf || size - left < minLeaf) return
      const worth = giniWorth(badLeft, left, bad - badLeft, size - left)
      if (!best || worth > best.worth) best = { feature: j, threshold: midpoint(below, above), missingLeft, worth }
    }
    if (lastPresent < start) continue
    for (let side = 0; side < (missing > 0 ? 2 : 1); side++) {
      let badLeft = side ? badMissing : 0
      let next = data.values[column + orders[order + start]!]!
      for (let p = start; p < lastPresent; p++) {
        badLeft += data.target[orders[order + p]!]!
        const here = next
        next = data.values[column + orders[order + p + 1]!]!
        if (here < next) consider(here, next, side === 1, p + 1 - start + (side ? missing : 0), badLeft)
      }
    }
    if (missing > 0) consider(ALL_PRESENT, ALL_PRESENT, false, size - missing, bad - badMissing)
  }
  return best
}

/** Rows of the node that miss column j: they stand last in its order. */
const countMissing = (
  data: CartData,
  orders: Int32Array,
  rows: number,
  start: number,
  end: number,
  j: number,
): number => {
  const column = j * data.rows
  const order = j * rows
  let missing = 0
  while (missing < end - start && Number.isNaN(data.values[column + orders[order + end - 1 - missing]!]!)) missing++
  return missing
}

const markLeft = (
  data: CartData,
  orders: Int32Array,
  rows: number,
  start: number,
  end: number,
  split: FoundSplit,
  goesLeft: Uint8Array,
): number => {
  const column = split.feature * data.rows
  const order = split.feature * rows
  let left = 0
  for (let p = start; p < end; p++) {
    const row = orders[order + p]!
    const x = data.values[column + row]!
    const isLeft = Number.isNaN(x) ? split.missingLeft : x <= split.threshold
    goesLeft[row] = isLeft ? 1 : 0
    if (isLeft) left++
  }
  return left
}

/** Stable: both sides keep their order. */
const partition = (orders: Int32Array, from: number, size: number, goesLeft: Uint8Array, spare: Int32Array): void => {
  let left = from
  let right = 0
  for (let p = from; p < from + size; p++) {
    const row = orders[p]!
    if (goesLeft[row]) orders[left++] = row
    else spare[right++] = row
  }
  orders.set(spare.subarray(0, right), left)
}
