import type { Encoding } from '../matrix/matrix.ts'
import type { Players } from './contributions.ts'

/** The players of both games: factors in the order of the encoding, dimensions in order of their first factor. */
export const playersOf = (encoding: Encoding): Players => {
  const dimensions = [...new Set(encoding.factors.map((factor) => factor.dimension))]
  return {
    factors: encoding.factors.length,
    dimensions,
    factorOfColumn: Int32Array.from(encoding.columns, (column) => column.factor),
    dimensionOfColumn: Int32Array.from(encoding.columns, (column) =>
      dimensions.indexOf(encoding.factors[column.factor]!.dimension),
    ),
  }
}

/** Adds up rows of `values` (columns x rows) by owner. Columns are added in their order. */
export const sumByOwner = (values: Float64Array, rows: number, owner: Int32Array, owners: number): Float64Array => {
  const out = new Float64Array(owners * rows)
  for (let j = 0; j < owner.length; j++) {
    const to = owner[j]! * rows
    for (let i = 0; i < rows; i++) out[to + i]! += values[j * rows + i]!
  }
  return out
}
