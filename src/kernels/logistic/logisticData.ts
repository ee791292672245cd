/** What a logistic regression is fitted to. */
export interface LogisticData {
  /** rows x columns, column-major, finite */
  values: Float64Array
  rows: number
  columns: number
  /** 1 = bad, 0 = good */
  target: Uint8Array
  /** weight of each row, 0 or more; absent: 1 */
  weights?: Float64Array | undefined
}

/** Margins X beta of all rows; beta holds the intercept first. */
export const linearMargins = (data: LogisticData, beta: Float64Array): Float64Array => {
  const { values, rows, columns } = data
  const margins = new Float64Array(rows).fill(beta[0]!)
  for (let j = 0; j < columns; j++) {
    const b = beta[j + 1]!
    if (b === 0) continue
    const offset = j * rows
    for (let i = 0; i < rows; i++) margins[i]! += b * values[offset + i]!
  }
  return margins
}
