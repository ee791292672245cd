/** Pairs of n owners with themselves and each other, each once: (0, 0), (0, 1), ..., (0, n - 1), (1, 1), ... */
export const triangleSize = (n: number): number => (n * (n + 1)) / 2

/** Position of the pair i, j in either order. */
export const triangleAt = (n: number, i: number, j: number): number => {
  const [first, second] = i < j ? [i, j] : [j, i]
  return (first * (2 * n - first + 1)) / 2 + second - first
}
