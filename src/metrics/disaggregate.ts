/**
 * A metric in each group: what an audit sees that a mean over everybody hides.
 *
 * @param group number of the group of each row; negative: the row is in none
 * @param groups how many groups there are; one without rows is measured too, on no rows
 * @param metric is given the rows of a group, ascending
 * @returns one value a group, in the order of their numbers
 */
export const disaggregate = <T>(
  group: Int32Array,
  groups: number,
  metric: (rows: Int32Array, group: number) => T,
): T[] => {
  const counts = new Int32Array(groups)
  for (const g of group) if (g >= 0) counts[g]!++
  const rows = Array.from(counts, (n) => new Int32Array(n))
  counts.fill(0)
  group.forEach((g, row) => {
    if (g >= 0) rows[g]![counts[g]!++] = row
  })
  return rows.map(metric)
}
