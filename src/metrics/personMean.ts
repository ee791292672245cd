/** Means of rows that hang together by person: as sure as what its persons tell, not as many rows. */
import type { Interval } from './bootstrap.ts'
import { studentQuantile } from './studentQuantile.ts'

/** What the mean of a figure and its interval need of the persons: k rows each, s the sum of the figure over these rows. */
export interface PersonMoments {
  persons: number
  /** sum of k */
  rows: number
  /** sum of k² */
  rowSquares: number
  /** sum of s */
  sum: number
  /** sum of s² */
  squares: number
  /** sum of s k */
  products: number
}

/**
 * Mean of a figure over rows with its interval over persons: a ratio of two sums over independent persons, with its linearized
 * standard error (Cochran 1977, Sampling Techniques, ch. 6) and Student's t of persons - 1 degrees. With one row a person it is the
 * usual interval of a mean. Rows of one person make it wider, not narrower.
 *
 * @param level coverage, between 0 and 1
 * @returns NaN for the limits with fewer than two persons, for all three without rows
 */
export const personMean = (moments: PersonMoments, level = 0.95): Interval => {
  const { persons, rows, rowSquares, sum, squares, products } = moments
  const value = rows > 0 ? sum / rows : Number.NaN
  if (persons < 2) return { value, low: Number.NaN, high: Number.NaN }
  // Sum over persons of (s - value k)²; what rounding leaves below zero is zero.
  const spread = Math.max(0, squares - 2 * value * products + value * value * rowSquares)
  const error = Math.sqrt((persons / (persons - 1)) * spread) / rows
  const half = studentQuantile((1 + level) / 2, persons - 1) * error
  return { value, low: value - half, high: value + half }
}
