/**
 * Newton steps by one factor of an information that is no longer, or only nearly, that of the point: what each step told about the
 * curvature is kept beside the factor, not put into it (the two-loop recursion of L-BFGS: Nocedal & Wright, Numerical Optimization,
 * 2nd ed., algorithm 7.4). A step then costs a gradient and a solution by the factor, where a new information costs as many gradients as
 * there are columns.
 */
import { choleskySolve } from '../numbers/cholesky.ts'

interface Pair {
  step: Float64Array
  /** fall of the gradient of the objective along the step */
  fall: Float64Array
  /** 1 / (fall' step) */
  rho: number
}

/** A step along which the gradient fell less than this share of what was awaited tells of rounding. */
const LEAST_FALL = 1e-3

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!
  return sum
}

const addTimes = (to: Float64Array, by: number, values: Float64Array): void => {
  for (let j = 0; j < to.length; j++) to[j]! += by * values[j]!
}

export class SecantPairs {
  #pairs: Pair[] = []

  get length(): number {
    return this.#pairs.length
  }

  clear(): void {
    this.#pairs = []
  }

  /**
   * @param step from the first point to the second
   * @param fall gradient at the first point less that at the second, upward, penalty included
   * @param awaited step' B step by the curvature B that the step was found with
   * @returns false, and nothing learned, where the gradient hardly fell
   */
  learn(step: Float64Array, fall: Float64Array, awaited: number): boolean {
    const seen = dot(fall, step)
    if (!(awaited > 0 && seen > LEAST_FALL * awaited)) return false
    this.#pairs.push({ step, fall, rho: 1 / seen })
    return true
  }

  /**
   * The inverse of the curvature, times the gradient.
   * @param factor of the information that the pairs were learned beside, penalty included (choleskyLeavingOut)
   */
  stepAlong(gradient: Float64Array, factor: Float64Array): Float64Array {
    const q = gradient.slice()
    const alpha = new Float64Array(this.#pairs.length)
    for (let k = this.#pairs.length - 1; k >= 0; k--) {
      const { step, fall, rho } = this.#pairs[k]!
      alpha[k] = rho * dot(step, q)
      addTimes(q, -alpha[k]!, fall)
    }
    choleskySolve(factor, q.length, q)
    this.#pairs.forEach(({ step, fall, rho }, k) => {
      addTimes(q, alpha[k]! - rho * dot(fall, q), step)
    })
    return q
  }
}
