import type { Interval } from './bootstrap.ts'
import { normalQuantile } from './normal.ts'

/**
 * A share with its Wilson score interval, which holds for small samples and shares near 0 and 1, where the interval by standard
 * errors does not. Wilson 1927, doi:10.1080/01621459.1927.10502953; without continuity correction.
 *
 * @param hits rows that have it, 0..rows
 * @param rows independent rows; need not be whole: an effective number of rows where they hang together
 * @param level coverage, between 0 and 1
 * @returns NaN for all three when there are no rows
 */
export const wilson = (hits: number, rows: number, level = 0.95): Interval => {
  if (!(rows > 0)) return { value: Number.NaN, low: Number.NaN, high: Number.NaN }
  const value = hits / rows
  const z = normalQuantile((1 + level) / 2)
  const share = (z * z) / rows
  const center = (value + share / 2) / (1 + share)
  const half = Math.sqrt(value * (1 - value) * share + (share * share) / 4) / (1 + share)
  // Rounding must not move an end past the share itself or out of 0..1: at 0 and rows hits the ends are exact.
  return {
    value,
    low: hits === 0 ? 0 : Math.min(value, Math.max(0, center - half)),
    high: hits === rows ? 1 : Math.max(value, Math.min(1, center + half)),
  }
}
