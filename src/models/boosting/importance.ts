/** A column and the share of all gain that its splits have. */
export interface ColumnGain {
  column: string
  /** number of splits */
  splits: number
  /** share of the gain of all splits, 0..1 */
  gain: number
}

/** Split importance of the columns that are split on, greatest first; ties in the order of columns. */
export const gainOfColumns = (
  trees: readonly (readonly { column: number; gain: number }[])[],
  names: readonly string[],
): ColumnGain[] => {
  const gains = new Float64Array(names.length)
  const splits = new Int32Array(names.length)
  let all = 0
  for (const tree of trees) {
    for (const { column, gain } of tree) {
      gains[column]! += gain
      splits[column]!++
      all += gain
    }
  }
  return names
    .map((column, j) => ({ column, splits: splits[j]!, gain: all > 0 ? gains[j]! / all : 0 }))
    .filter(({ splits: n }) => n > 0)
    .sort((a, b) => b.gain - a.gain)
}
