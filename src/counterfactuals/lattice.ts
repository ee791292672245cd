/** The values that a factor may be moved to: whole multiples of its step. */

/** Whole multiples of a step; of a step below 1 they are divided by its inverse, so that 0.15 is 0.15. */
export interface Lattice {
  /** the multiple k times the step */
  at(k: number): number
  /** k of the largest multiple that is not above v */
  below(v: number): number
  /** k of the smallest multiple that is not below v */
  above(v: number): number
}

/** @param step 1, 2 or 5 times a power of ten, or any whole number */
export const lattice = (step: number): Lattice => {
  const inverse = step < 1 ? Math.round(1 / step) : 1
  const at = step < 1 ? (k: number) => k / inverse : (k: number) => k * step
  const below = (v: number): number => {
    let k = Math.floor(v / step)
    while (at(k) > v) k--
    while (at(k + 1) <= v) k++
    return k
  }
  return {
    at,
    below,
    above: (v) => {
      const k = below(v)
      return at(k) === v ? k : k + 1
    },
  }
}
