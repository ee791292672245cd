/**
 * Sums of a logistic regression, written to be read: the twin of assembly/logistic.ts. Both agree to about 1e-12 of a coefficient, not to
 * the bit: they add in another order, and only the compiled kernels know single precision.
 */
import { sigmoid, softplus } from '../numbers/elementary.ts'
import { weightsOf } from '../numbers/weightsOf.ts'
import type { LogisticData } from './logisticData.ts'
import { scalingOf } from './scaling.ts'
import { type Answer, type Request, reached, type Sums } from './sums.ts'

/** Rows whose columns fit the cache together. */
const CHUNK = 256

/** Sums that answer at once. */
export interface ReadableSums extends Sums {
  answer(request: Request): Answer
}

export const readableSums = (data: LogisticData): ReadableSums => {
  const { rows, columns, target } = data
  const scaling = scalingOf(data)
  const n = columns + 1
  let weights = data.weights
  let { total, bad } = weightsOf(target, weights)
  const chunk = new Float64Array(n * CHUNK).fill(1, 0, CHUNK)
  const scaled = new Float64Array(CHUNK)

  /** Working coordinates of some rows, column after column. */
  const read = (from: number, length: number): void => {
    for (let j = 1; j < n; j++) {
      const center = scaling.centers[j]!
      const scale = scaling.scales[j]!
      const offset = (j - 1) * rows + from
      for (let i = 0; i < length; i++) chunk[j * CHUNK + i] = (data.values[offset + i]! - center) * scale
    }
  }
  const marginsOf = (beta: Float64Array, length: number): Float64Array => {
    const margins = new Float64Array(length)
    for (let j = 0; j < n; j++) for (let i = 0; i < length; i++) margins[i]! += beta[j]! * chunk[j * CHUNK + i]!
    return margins
  }
  const weightOf = (row: number): number => (weights ? weights[row]! : 1)

  const sums = (beta: Float64Array, withInformation: boolean): Answer => {
    const gradient = new Float64Array(n)
    const information = new Float64Array(withInformation ? n * n : 0)
    let logLikelihood = 0
    for (let from = 0; from < rows; from += CHUNK) {
      const length = Math.min(CHUNK, rows - from)
      read(from, length)
      const margins = marginsOf(beta, length)
      const residual = new Float64Array(length)
      const curvature = new Float64Array(length)
      let loss = 0
      for (let i = 0; i < length; i++) {
        const sign = target[from + i] ? 1 : -1
        const weight = weightOf(from + i)
        const wrong = sigmoid(-sign * margins[i]!)
        residual[i] = sign * weight * wrong
        curvature[i] = weight * wrong * sigmoid(sign * margins[i]!)
        loss += weight * softplus(-sign * margins[i]!)
      }
      logLikelihood -= loss
      for (let j = 0; j < n; j++) {
        gradient[j]! += product(residual, chunk, j * CHUNK, length)
        if (!withInformation) continue
        for (let i = 0; i < length; i++) scaled[i] = curvature[i]! * chunk[j * CHUNK + i]!
        for (let k = 0; k <= j; k++) information[j * n + k]! += product(scaled, chunk, k * CHUNK, length)
      }
    }
    return { logLikelihood, gradient, information, least: Number.NaN, greatest: Number.NaN }
  }

  const reach = (beta: Float64Array): Answer => {
    let least = Number.POSITIVE_INFINITY
    let greatest = Number.NEGATIVE_INFINITY
    for (let from = 0; from < rows; from += CHUNK) {
      const length = Math.min(CHUNK, rows - from)
      read(from, length)
      const margins = marginsOf(beta, length)
      for (let i = 0; i < length; i++) {
        if (weightOf(from + i) === 0) continue
        const signed = target[from + i] ? margins[i]! : -margins[i]!
        least = Math.min(least, signed)
        greatest = Math.max(greatest, signed)
      }
    }
    return reached(least, greatest)
  }

  return {
    rows,
    n,
    scaling,
    single: false,
    get total() {
      return total
    },
    get bad() {
      return bad
    },
    weigh(next) {
      weights = next
      ;({ total, bad } = weightsOf(target, weights))
    },
    answer: (request) =>
      request.kind === 'reach' ? reach(request.beta) : sums(request.beta, request.information !== 'none'),
    close() {},
  }
}

/** Sum of products, in four running sums that keep the processor busy; their order is fixed. */
const product = (a: Float64Array, b: Float64Array, offset: number, length: number): number => {
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
