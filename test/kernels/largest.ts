/** Columns as players. */
export const identity = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i)

/** Largest difference of two lists; infinite where they differ in length. */
export const largest = (found: ArrayLike<number>, expected: ArrayLike<number>): number => {
  let worst = found.length === expected.length ? 0 : Number.POSITIVE_INFINITY
  for (let i = 0; i < found.length; i++) {
    const difference = Math.abs(found[i]! - expected[i]!)
    // A difference that is not a number must not pass for a small one.
    if (!(difference <= worst)) worst = difference
  }
  return worst
}
