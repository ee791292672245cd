/**
 * Columns as bytes: up to 255 bins of present values and one for missing ones.
 *
 * Bin b of a column holds edges[b - 1] < x <= edges[b]; a column with k edges has k + 1 bins. With at most 255 distinct
 * values every value has a bin of its own and splits between bins are exact; otherwise edges lie at quantiles, each midway
 * between two neighboring values.
 */
import { countBelow, distinctCounts, midpoint } from '../numbers/order.ts'
import { cutsBetween } from './cuts.ts'

/** the bin of missing values */
export const MISSING_BIN = 255
export const MAX_BINS = 255

/** Rising edges of one column; empty when it has fewer than two distinct values. */
export const binEdges = (column: Float64Array, maxBins = MAX_BINS): Float64Array => {
  const { values: distinct, counts } = distinctCounts(column)
  if (distinct.length <= maxBins)
    return Float64Array.from({ length: Math.max(0, distinct.length - 1) }, (_, k) =>
      midpoint(distinct[k]!, distinct[k + 1]!),
    )
  return Float64Array.from(cutsBetween(counts, maxBins), (k) => midpoint(distinct[k]!, distinct[k + 1]!))
}

/** Bins of one column. */
export const binValues = (column: Float64Array, edges: Float64Array, bins: Uint8Array): void => {
  for (let i = 0; i < column.length; i++) {
    const x = column[i]!
    bins[i] = Number.isNaN(x) ? MISSING_BIN : countBelow(edges, x)
  }
}
