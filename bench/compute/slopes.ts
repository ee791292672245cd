/** Growth as slopes: of the logarithm of time on the logarithm of size. 1 is linear. */

/** A size and the seconds that a job took at it. */
export interface Point {
  size: number
  seconds: number
}

/** Least squares over all points; NaN for fewer than two sizes. */
export const slopeOf = (points: readonly Point[]): number => {
  const x = points.map(({ size }) => Math.log(size))
  const y = points.map(({ seconds }) => Math.log(seconds))
  const meanX = x.reduce((a, b) => a + b, 0) / x.length
  const meanY = y.reduce((a, b) => a + b, 0) / y.length
  const squares = x.reduce((sum, v) => sum + (v - meanX) ** 2, 0)
  return squares > 0 ? x.reduce((sum, v, i) => sum + (v - meanX) * (y[i]! - meanY), 0) / squares : Number.NaN
}

/** From each size to the next. */
export const stepSlopes = (points: readonly Point[]): number[] => {
  const sorted = [...points].sort((a, b) => a.size - b.size)
  return sorted.slice(1).map((point, i) => slopeOf([sorted[i]!, point]))
}
