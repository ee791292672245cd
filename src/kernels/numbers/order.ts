/** Distinct values and row orders of a column, by one native sort of the numbers and a counting sort of the rows. */

/** The distinct values in rising order with the rows that hold each, missing ones left out; 0 and -0 are one value. */
export const distinctCounts = (column: Float64Array): { values: Float64Array; counts: Int32Array } => {
  const sorted = column.slice().sort()
  const counts = new Int32Array(sorted.length)
  let n = 0
  for (let i = 0; i < sorted.length; i++) {
    const x = sorted[i]!
    if (Number.isNaN(x)) break
    if (n === 0 || x !== sorted[n - 1]) sorted[n++] = x + 0
    counts[n - 1]!++
  }
  return { values: sorted.slice(0, n), counts: counts.slice(0, n) }
}

/** Number of entries of the rising array `edges` that are less than x: the position of x if it is one of them. */
export const countBelow = (edges: Float64Array, x: number): number => {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (edges[middle]! < x) low = middle + 1
    else high = middle
  }
  return low
}

/** Rows by rising value, rows of equal value as they stand, rows with a missing value last. */
export const rowOrder = (column: Float64Array): Int32Array => {
  const distinct = distinctCounts(column).values
  const rank = new Int32Array(column.length)
  const start = new Int32Array(distinct.length + 2)
  for (let i = 0; i < column.length; i++) {
    const x = column[i]!
    rank[i] = Number.isNaN(x) ? distinct.length : countBelow(distinct, x)
    start[rank[i]! + 1]!++
  }
  for (let k = 1; k < start.length; k++) start[k]! += start[k - 1]!
  const order = new Int32Array(column.length)
  for (let i = 0; i < column.length; i++) order[start[rank[i]!]!++] = i
  return order
}

/**
 * The threshold between two neighbors a < b: their midpoint, or a where rounding would put the midpoint on b
 * (the rule of scikit-learn's splitter).
 */
export const midpoint = (a: number, b: number): number => {
  const middle = a / 2 + b / 2
  return middle === b || !Number.isFinite(middle) ? a : middle
}
