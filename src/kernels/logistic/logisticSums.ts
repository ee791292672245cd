/**
 * One pass over the rows of a logistic regression: log-likelihood, gradient and information at given coefficients.
 *
 * Rows are taken in chunks of a fixed size and the sums of the chunks are added in order, so the result depends neither on
 * threads nor on anything but the data. Within a chunk the columns fit the cache.
 */
import { log1pExp, sigmoid } from '../numbers/logit.ts'

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
  // Two neighboring columns times the curvature.
  const scaled = new Float64Array(CHUNK)
  const scaledNext = new Float64Array(CHUNK)
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
    for (let first = 0; first < columns; first += 2) {
      const pair = first + 1 < columns
      for (let j = first; j < first + (pair ? 2 : 1); j++) {
        const column = j * rows + from
        const own = j === first ? scaled : scaledNext
        let g = 0
        let h = 0
        for (let i = 0; i < length; i++) {
          const x = values[column + i]!
          g += residual[i]! * x
          own[i] = curvature[i]! * x
          h += own[i]!
        }
        gradient[j + 1]! += g
        information[(j + 1) * n]! += h
      }
      const row = (first + 1) * n
      let k = 0
      if (pair)
        for (; k + 3 <= first; k += 4)
          addEightDots(scaled, scaledNext, values, k * rows + from, rows, length, information, row + k + 1, n)
      addDots(scaled, data, from, length, information, row, k, first)
      if (pair) addDots(scaledNext, data, from, length, information, row + n, k, first + 1)
    }
  }
  return { logLikelihood: logLikelihood(data, margins), gradient, information }
}

/** Adds the dot products of `a` with columns k..last, by fours as long as there are four. */
const addDots = (
  a: Float64Array,
  { values, rows }: LogisticData,
  from: number,
  length: number,
  out: Float64Array,
  row: number,
  k: number,
  last: number,
): void => {
  let column = k
  for (; column + 3 <= last; column += 4)
    addFourDots(a, values, column * rows + from, rows, length, out, row + column + 1)
  for (; column <= last; column++) out[row + column + 1]! += dot(a, values, column * rows + from, length)
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

/**
 * The same for two columns at once, those of `a1` going to the row of `out` below: six numbers are read for eight products.
 * Each sum is added up in the order of addFourDots.
 */
const addEightDots = (
  a0: Float64Array,
  a1: Float64Array,
  b: Float64Array,
  offset: number,
  stride: number,
  length: number,
  out: Float64Array,
  at: number,
  rowLength: number,
): void => {
  const b0 = b.subarray(offset, offset + length)
  const b1 = b.subarray(offset + stride, offset + stride + length)
  const b2 = b.subarray(offset + 2 * stride, offset + 2 * stride + length)
  const b3 = b.subarray(offset + 3 * stride, offset + 3 * stride + length)
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let t0 = 0
  let t1 = 0
  let t2 = 0
  let t3 = 0
  for (let i = 0; i < length; i++) {
    const x = a0[i]!
    const y = a1[i]!
    const c0 = b0[i]!
    const c1 = b1[i]!
    const c2 = b2[i]!
    const c3 = b3[i]!
    s0 += x * c0
    s1 += x * c1
    s2 += x * c2
    s3 += x * c3
    t0 += y * c0
    t1 += y * c1
    t2 += y * c2
    t3 += y * c3
  }
  out[at]! += s0
  out[at + 1]! += s1
  out[at + 2]! += s2
  out[at + 3]! += s3
  const below = at + rowLength
  out[below]! += t0
  out[below + 1]! += t1
  out[below + 2]! += t2
  out[below + 3]! += t3
}
