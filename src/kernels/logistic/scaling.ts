/**
 * Working coordinates of a fit: z = (x - center) x scale, with the center near the mean and the scale a power of two near one over the
 * standard deviation. They make the information well conditioned, single precision usable and the tolerance free of units; a power of
 * two rounds nothing. Any center and scale give the same fit, so both come from some rows only. Entry 0 is the intercept's: 0 and 1.
 */
import type { LogisticData } from './logisticData.ts'

export interface Scaling {
  centers: Float64Array
  scales: Float64Array
}

/** Rows that are looked at, spread over all. */
const LOOKED_AT = 4096

export const scalingOf = ({ values, rows, columns }: LogisticData): Scaling => {
  const centers = new Float64Array(columns + 1)
  const scales = new Float64Array(columns + 1).fill(1)
  for (let j = 0; j < columns; j++) {
    const column = values.subarray(j * rows, (j + 1) * rows)
    let { mean, deviation } = momentsOf(column, Math.max(1, Math.floor(rows / LOOKED_AT)))
    if (!(deviation > 0)) ({ mean, deviation } = momentsOf(column, 1))
    centers[j + 1] = Number.isFinite(mean) ? mean : 0
    const power = Math.round(-Math.log2(deviation))
    scales[j + 1] = Number.isFinite(power) ? 2 ** Math.max(-1000, Math.min(1000, power)) : 1
  }
  return { centers, scales }
}

const momentsOf = (column: Float64Array, step: number): { mean: number; deviation: number } => {
  const count = Math.ceil(column.length / step)
  let mean = 0
  for (let i = 0; i < column.length; i += step) mean += column[i]! / count
  let squares = 0
  for (let i = 0; i < column.length; i += step) squares += (column[i]! - mean) ** 2 / count
  return { mean, deviation: Math.sqrt(squares) }
}

/** Coefficients of the columns themselves from those of the working coordinates. */
export const unscaled = (beta: Float64Array, { centers, scales }: Scaling): Float64Array => {
  const out = beta.map((b, j) => b * scales[j]!)
  for (let j = 1; j < out.length; j++) out[0]! -= out[j]! * centers[j]!
  return out
}

/** The other way round. */
export const rescaled = (beta: Float64Array, { centers, scales }: Scaling): Float64Array => {
  const out = beta.map((b, j) => b / scales[j]!)
  for (let j = 1; j < out.length; j++) out[0]! += beta[j]! * centers[j]!
  return out
}
