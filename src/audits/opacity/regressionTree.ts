/** Regression trees on factors in bins: what stands in for a model, or reads a drawing. */

/** Columns of codes: 0 is missing, 1 .. bins - 1 in order. */
export interface CodedColumns {
  rows: number
  bins: readonly number[]
  codes: readonly Uint8Array[]
}

/** A grown tree; node 0 is the root, and every node has the mean of its rows, so that a tree cut off at any depth is one, too. */
export interface RegressionTree {
  /** -1 at a leaf */
  left: number[]
  right: number[]
  column: number[]
  /** present codes up to this go left */
  upTo: number[]
  missingLeft: boolean[]
  mean: number[]
  depth: number[]
}

interface Split {
  gain: number
  column: number
  upTo: number
  missingLeft: boolean
}

const counts = new Float64Array(256)
const sums = new Float64Array(256)

const bestSplit = (
  { bins, codes }: CodedColumns,
  y: Float64Array,
  rows: Int32Array,
  sum: number,
  minLeaf: number,
): Split | undefined => {
  const n = rows.length
  let best: Split | undefined
  const base = (sum * sum) / n
  for (let c = 0; c < codes.length; c++) {
    const size = bins[c]!
    const column = codes[c]!
    counts.fill(0, 0, size)
    sums.fill(0, 0, size)
    for (let k = 0; k < n; k++) {
      const i = rows[k]!
      const code = column[i]!
      counts[code]!++
      sums[code]! += y[i]!
    }
    for (const missingLeft of counts[0]! > 0 ? [false, true] : [false]) {
      let count = missingLeft ? counts[0]! : 0
      let total = missingLeft ? sums[0]! : 0
      for (let code = 0; code < size - 1; code++) {
        if (code > 0) {
          count += counts[code]!
          total += sums[code]!
        }
        // Code 0 alone on one side parts missing values from the others.
        if (count < minLeaf || n - count < minLeaf) continue
        const gain = (total * total) / count + (sum - total) ** 2 / (n - count) - base
        if (gain > (best?.gain ?? 1e-9)) best = { gain, column: c, upTo: code, missingLeft }
      }
    }
  }
  return best
}

/** Rows on either side, in their order. */
const partition = (codes: Uint8Array, rows: Int32Array, { upTo, missingLeft }: Split): [Int32Array, Int32Array] => {
  const left = new Int32Array(rows.length)
  const right = new Int32Array(rows.length)
  let [l, r] = [0, 0]
  for (let k = 0; k < rows.length; k++) {
    const i = rows[k]!
    const code = codes[i]!
    if (code === 0 ? missingLeft : code <= upTo) left[l++] = i
    else right[r++] = i
  }
  return [left.subarray(0, l), right.subarray(0, r)]
}

/**
 * Grows a tree of least squares, level by level.
 * @param y what is fitted, one a row
 * @param depth edges from the root to the deepest leaf
 * @param minLeaf least rows in a leaf
 */
export const growRegressionTree = (
  columns: CodedColumns,
  y: Float64Array,
  { depth, minLeaf }: { depth: number; minLeaf: number },
): RegressionTree => {
  const tree: RegressionTree = { left: [], right: [], column: [], upTo: [], missingLeft: [], mean: [], depth: [] }
  const add = (sum: number, n: number, level: number): number => {
    tree.left.push(-1)
    tree.right.push(-1)
    tree.column.push(-1)
    tree.upTo.push(0)
    tree.missingLeft.push(false)
    tree.depth.push(level)
    return tree.mean.push(sum / n) - 1
  }
  const sumOf = (rows: Int32Array): number => {
    let sum = 0
    for (let k = 0; k < rows.length; k++) sum += y[rows[k]!]!
    return sum
  }
  const all = Int32Array.from({ length: columns.rows }, (_, i) => i)
  let level: { node: number; rows: Int32Array; sum: number }[] = [
    { node: add(sumOf(all), all.length, 0), rows: all, sum: sumOf(all) },
  ]
  for (let at = 0; at < depth; at++) {
    const next: typeof level = []
    for (const { node, rows, sum } of level) {
      const split = bestSplit(columns, y, rows, sum, minLeaf)
      if (!split) continue
      const [leftRows, rightRows] = partition(columns.codes[split.column]!, rows, split)
      const leftSum = sumOf(leftRows)
      const rightSum = sumOf(rightRows)
      tree.column[node] = split.column
      tree.upTo[node] = split.upTo
      tree.missingLeft[node] = split.missingLeft
      tree.left[node] = add(leftSum, leftRows.length, at + 1)
      tree.right[node] = add(rightSum, rightRows.length, at + 1)
      next.push(
        { node: tree.left[node]!, rows: leftRows, sum: leftSum },
        { node: tree.right[node]!, rows: rightRows, sum: rightSum },
      )
    }
    level = next
  }
  return tree
}

/** What the tree says of every row, read down to a depth. */
export const readRegressionTree = (
  tree: RegressionTree,
  columns: CodedColumns,
  depth = Number.POSITIVE_INFINITY,
): Float64Array => {
  const out = new Float64Array(columns.rows)
  const { left, right, mean, upTo, missingLeft, depth: at } = tree
  const codesOf = tree.column.map((c) => columns.codes[c])
  for (let i = 0; i < columns.rows; i++) {
    let node = 0
    while (left[node]! >= 0 && at[node]! < depth) {
      const code = codesOf[node]![i]!
      const goes = code === 0 ? missingLeft[node]! : code <= upTo[node]!
      node = goes ? left[node]! : right[node]!
    }
    out[i] = mean[node]!
  }
  return out
}

/** How many leaves a tree cut off at a depth has. */
export const leavesOf = ({ left, depth: at }: RegressionTree, depth: number): number =>
  left.reduce((sum, child, node) => sum + (at[node]! <= depth && (child < 0 || at[node] === depth) ? 1 : 0), 0)
