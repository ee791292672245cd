/**
 * Whole numbers that stay close to given reals and have a given sum: floors, then one unit each to the largest remainders
 * (Hamilton's method), ties to the earlier part.
 */

/** Closer to a whole number than this is that number: sums of attributions carry rounding of about 1e-12. */
const NOISE = 1e-9

export class LargestRemainder {
  readonly #fractions: Float64Array
  readonly #sorted: Float64Array

  /** @param parts how many numbers each call rounds */
  constructor(parts: number) {
    this.#fractions = new Float64Array(parts)
    this.#sorted = new Float64Array(parts)
  }

  /**
   * Rounds values[offset + p * stride] for every part p into `out` at the same places, so that they sum to `total`.
   *
   * A part without a fraction keeps its value as long as the units fit the others; they do whenever |total - sum| < 1.
   * Rounding noise on that border leaves at most one unit over, which the part with the largest size takes.
   */
  round(values: Float64Array, out: Int32Array, offset: number, stride: number, total: number): void {
    const fractions = this.#fractions
    const sorted = this.#sorted
    const parts = fractions.length
    let left = total
    let open = 0
    for (let p = 0; p < parts; p++) {
      const at = offset + p * stride
      const value = values[at]!
      const nearest = Math.round(value)
      const whole = Math.abs(value - nearest) < NOISE
      const floor = whole ? nearest : Math.floor(value)
      out[at] = floor
      left -= floor
      // -1 marks parts without a fraction; they sort below all others.
      fractions[p] = whole ? -1 : value - floor
      if (!whole) open++
    }
    if (left > 0 && open > 0) {
      const units = Math.min(left, open)
      sorted.set(fractions)
      sorted.sort()
      const limit = sorted[parts - units]!
      let above = 0
      for (let p = parts - units + 1; p < parts; p++) if (sorted[p]! > limit) above++
      let ties = units - above
      for (let p = 0; p < parts; p++) {
        const fraction = fractions[p]!
        if (fraction > limit || (fraction === limit && ties-- > 0)) out[offset + p * stride]!++
      }
      left -= units
    }
    if (left !== 0) out[offset + largestPart(values, offset, stride, parts) * stride]! += left
  }
}

/** The part with the largest absolute value, the first of equals. */
const largestPart = (values: Float64Array, offset: number, stride: number, parts: number): number => {
  let best = 0
  for (let p = 1; p < parts; p++)
    if (Math.abs(values[offset + p * stride]!) > Math.abs(values[offset + best * stride]!)) best = p
  return best
}
