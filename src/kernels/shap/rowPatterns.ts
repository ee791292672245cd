/**
 * Rows grouped by the decisions they made at a list of nodes. Rows of one pattern decided alike everywhere on the list; a
 * pattern has a representative, the first row that shows it. Only patterns that occur are counted, so long lists cost no more
 * than the rows there are.
 */
export interface RowPatterns {
  /** pattern of each row, 0..count-1 */
  readonly of: Int32Array
  count: number
  /** a row of each pattern; the first `count` entries */
  readonly example: Int32Array
}

/** Room for patterns of so many rows. */
export const rowPatterns = (rows: number): RowPatterns => ({
  of: new Int32Array(rows),
  count: 0,
  example: new Int32Array(rows),
})

/** The empty list: all rows are alike. */
export const startPatterns = (into: RowPatterns): void => {
  into.of.fill(0)
  into.count = 1
  into.example[0] = 0
}

/**
 * Adds one decision to the list.
 * @param decisions 0 or 1 of row r at decisions[at + r]
 * @param scratch at least 2 x rows entries
 * @param into may be `patterns` itself
 */
export const addDecision = (
  patterns: RowPatterns,
  decisions: Uint8Array,
  at: number,
  into: RowPatterns,
  scratch: Int32Array,
): void => {
  const { of } = patterns
  const { of: out, example } = into
  const rows = of.length
  const keys = 2 * patterns.count
  for (let key = 0; key < keys; key++) scratch[key] = -1
  let count = 0
  for (let r = 0; r < rows; r++) {
    const key = 2 * of[r]! + decisions[at + r]!
    let pattern = scratch[key]!
    if (pattern < 0) {
      pattern = count++
      scratch[key] = pattern
      example[pattern] = r
    }
    out[r] = pattern
  }
  into.count = count
}
