/** Fills a table of sums, one row a class and one column a region, of which every total is given. */

const ROUNDS = 500

const scaleRow = (row: number[], total: number): void => {
  const before = row.reduce((a, b) => a + b, 0)
  if (before > 0) for (let c = 0; c < row.length; c++) row[c]! *= total / before
}

/**
 * Whole numbers near the seeds with these totals; the last row takes what is left of each column.
 *
 * The seeds are kept as they are where the totals allow it, each row by one factor; else rows and columns are scaled in turn
 * (iterative proportional fitting).
 * @param seeds not negative; a cell that is 0 stays 0, but in the last row
 * @param rows totals of all rows but the last
 */
export const fitTable = (
  seeds: readonly (readonly number[])[],
  rows: readonly number[],
  columns: readonly number[],
): number[][] => {
  const last = seeds.length - 1
  const table = seeds.map((row) => [...row])
  rows.forEach((total, k) => {
    scaleRow(table[k]!, total)
  })
  const restOf = (c: number): number => columns[c]! - rows.reduce((sum, _, k) => sum + Math.round(table[k]![c]!), 0)
  if (columns.some((_, c) => restOf(c) < 0)) {
    const rest = Math.max(0, columns.reduce((a, b) => a + b, 0) - rows.reduce((a, b) => a + b, 0))
    for (let round = 0; round < ROUNDS; round++) {
      ;[...rows, rest].forEach((total, k) => {
        scaleRow(table[k]!, total)
      })
      columns.forEach((total, c) => {
        const before = table.reduce((sum, row) => sum + row[c]!, 0)
        if (before > 0) for (const row of table) row[c]! *= total / before
      })
    }
  }
  rows.forEach((total, k) => {
    const row = table[k]!
    for (let c = 0; c < row.length; c++) row[c] = Math.round(row[c]!)
    const largest = row.reduce((a, x, c) => (x > row[a]! ? c : a), 0)
    row[largest] = Math.max(0, row[largest]! + total - row.reduce((a, b) => a + b, 0))
  })
  for (let c = 0; c < columns.length; c++) table[last]![c] = Math.max(0, restOf(c))
  return table
}
