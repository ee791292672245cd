/**
 * One pass over the rows of a logistic regression: log-likelihood, gradient and information at given coefficients.
 *
 * Rows are taken in chunks of a fixed size and the sums of the chunks are added in order, so the result depends neither on
 * threads nor on anything but the data. Within a chunk the columns fit the cache.
 */
import { log1pExp, sigmoid } from './logit.ts'

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

export interface LogisticSums {
  logLikelihood: number
  /** d logLikelihood / d beta; entry 0 is the intercept, entry j + 1 column j */
  gradient: Float64Array
  /** X'WX with the intercept first, (columns + 1)^2 row-major, lower triangle; absent unless asked for */
  information: Float64Array
}

const CHUNK = 512

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

/** Log-likelihood of margins; what a line search needs. */
export const logLikelihood = (data: LogisticData, margins: Float64Array): number => {
  const { rows, target, weights } = data
  let total = 0
  for (let from = 0; from < rows; from += CHUNK) {
    let chunk = 0
    const to = Math.min(rows, from + CHUNK)
    for (let i = from; i < to; i++) {
      const loss = log1pExp(target[i] ? -margins[i]! : margins[i]!)
      chunk -= weights ? weights[i]! * loss : loss
    }
    total += chunk
  }
  return total
}

/** Log-likelihood, gradient and information at the given margins. */
export const logisticSums = (data: LogisticData, margins: Float64Array): LogisticSums => {
  const { values, rows, columns, target, weights } = data
  const n = columns + 1
  const gradient = new Float64Array(n)
  const information = new Float64Array(n * n)
  const residual = new Float64Array(CHUNK)
  const curvature = new Float64Array(CHUNK)
  const scaled = new Float64Array(CHUNK)
  for (let from = 0; from < rows; from += CHUNK) {
    const length = Math.min(CHUNK, rows - from)
    let sumResidual = 0
    let sumCurvature = 0
    for (let i = 0; i < length; i++) {
      const weight = weights ? weights[from + i]! : 1
      const margin = margins[from + i]!
      const p = sigmoid(margin)
      residual[i] = weight * (target[from + i] ? sigmoid(-margin) : -p)
      curvature[i] = weight * p * sigmoid(-margin)
      sumResidual += residual[i]!
      sumCurvature += curvature[i]!
    }
    gradient[0]! += sumResidual
    information[0]! += sumCurvature
    for (let j = 0; j < columns; j++) {
      const column = j * rows + from
      let g = 0
      let h = 0
      for (let i = 0; i < length; i++) {
        const x = values[column + i]!
        g += residual[i]! * x
        scaled[i] = curvature[i]! * x
        h += scaled[i]!
      }
      const row = (j + 1) * n
      gradient[j + 1]! += g
      information[row]! += h
      let k = 0
      for (; k + 3 <= j; k += 4) addFourDots(scaled, values, k * rows + from, rows, length, information, row + k + 1)
      for (; k <= j; k++) information[row + k + 1]! += dot(scaled, values, k * rows + from, length)
    }
  }
  return { logLikelihood: logLikelihood(data, margins), gradient, information }
}

/** Four running sums keep the processor busy; their order is fixed. */
const dot = (a: Float64Array, b: Float64Array, offset: number, length: number): number => {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let i = 0
  for (; i + 3 < length; i += 4) {
    s0 += a[i]! * b[offset + i]!
    s1 += a[i + 1]! * b[offset + i + 1]!
    s2 += a[i + 2]! * b[offset + i + 2]!
    s3 += a[i + 3]! * b[offset + i + 3]!
  }
  for (; i < length; i++) s0 += a[i]! * b[offset + i]!
  return s0 + s1 + (s2 + s3)
}

/** Adds the dot products of `a` with four neighboring columns of `b`: `a` is read once for the four. */
const addFourDots = (
  a: Float64Array,
  b: Float64Array,
  offset: number,
  stride: number,
  length: number,
  out: Float64Array,
  at: number,
): void => {
  const b0 = b.subarray(offset, offset + length)
  const b1 = b.subarray(offset + stride, offset + stride + length)
  const b2 = b.subarray(offset + 2 * stride, offset + 2 * stride + length)
  const b3 = b.subarray(offset + 3 * stride, offset + 3 * stride + length)
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  for (let i = 0; i < length; i++) {
    const x = a[i]!
    s0 += x * b0[i]!
    s1 += x * b1[i]!
    s2 += x * b2[i]!
    s3 += x * b3[i]!
  }
  out[at]! += s0
  out[at + 1]! += s1
  out[at + 2]! += s2
  out[at + 3]! += s3
}
