import type { Matrix } from '../../src/matrix/matrix.ts'

/** A matrix of plain columns, column-major values; column j is factor j. */
export const matrixOf = (values: Float64Array, rows: number): Matrix => ({
  rows,
  columns: Array.from({ length: values.length / rows }, (_, j) => ({
    name: `x${j}`,
    factor: j,
    role: 'value' as const,
  })),
  values,
})

/** Rows from .. to - 1 of column-major values. */
export const sliceRows = (values: Float64Array, rows: number, from: number, to: number): Float64Array => {
  const columns = values.length / rows
  const out = new Float64Array((to - from) * columns)
  for (let j = 0; j < columns; j++) out.set(values.subarray(j * rows + from, j * rows + to), j * (to - from))
  return out
}
