/**
 * s! m! / (s + m + 1)!, the integral of t^s (1 - t)^m from 0 to 1, for s, m = 0 .. size - 1: the weight of the games of a leaf in
 * which s players must be in a coalition and m must not.
 * @returns size x size, weights[s * size + m]
 */
export const betaWeights = (size: number): Float64Array => {
  const weights = new Float64Array(size * size)
  for (let s = 0; s < size; s++) {
    weights[s * size] = 1 / (s + 1)
    for (let m = 1; m < size; m++) weights[s * size + m] = (weights[s * size + m - 1]! * m) / (s + m + 1)
  }
  return weights
}
