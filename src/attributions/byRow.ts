/** Rows whose columns are read together: they stay in the cache. */
const BLOCK = 64

/** Rows of a column-major array, views on one new array. */
export const byRow = (values: Float64Array, rows: number): Float64Array[] => {
  const columns = rows ? values.length / rows : 0
  const all = new Float64Array(values.length)
  for (let first = 0; first < rows; first += BLOCK) {
    const end = Math.min(rows, first + BLOCK)
    for (let j = 0; j < columns; j++)
      for (let i = first, from = j * rows + first, to = first * columns + j; i < end; i++, to += columns)
        all[to] = values[from++]!
  }
  return Array.from({ length: rows }, (_, i) => all.subarray(i * columns, (i + 1) * columns))
}
