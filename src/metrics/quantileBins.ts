/** Bins for statistics of one factor: quantile bins of present values, right-closed (lo, hi], and one bin for missing ones. */

export interface QuantileBins {
  /** rising upper ends of all bins but the last; bin k holds edges[k - 1] < x <= edges[k] */
  edges: Float64Array
}

/** Cuts present values into at most `bins` bins of about equal size; equal values stay together, so there may be fewer. */
export const quantileBins = (values: ArrayLike<number>, bins: number): QuantileBins => {
  const sorted = Float64Array.from(values)
    .filter((x) => !Number.isNaN(x))
    .sort()
  const edges: number[] = []
  for (let k = 1; k < bins; k++) {
    const edge = sorted[Math.ceil((k * sorted.length) / bins) - 1]
    const above = edges.length === 0 || edge! > edges.at(-1)!
    if (edge !== undefined && above && edge < sorted.at(-1)!) edges.push(edge)
  }
  return { edges: Float64Array.from(edges) }
}

/** Position of the bin of a value; missing values have the bin after the last. */
export const binOf = ({ edges }: QuantileBins, x: number): number => {
  if (Number.isNaN(x)) return edges.length + 1
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (edges[middle]! < x) low = middle + 1
    else high = middle
  }
  return low
}

/** Weight in each bin, the missing bin last. */
export const binCounts = (bins: QuantileBins, values: ArrayLike<number>): Float64Array => {
  const counts = new Float64Array(bins.edges.length + 2)
  for (let i = 0; i < values.length; i++) counts[binOf(bins, values[i]!)]!++
  return counts
}
