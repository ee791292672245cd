/** Two rates beside each other: the ratio and the difference, each with its 95 % interval. */
import { hybridDifference } from './hybridDifference.ts'
import { covariance, variance, Z } from './influence.ts'
import { type Bounds, bounds } from './intervals.ts'
import type { Rate } from './rate.ts'

/**
 * a / b with the normal interval of its logarithm. With one row a person it is the interval of Katz, Baptista, Azen & Pike 1978
 * (doi:10.2307/2530610). The adverse impact ratio is this ratio of selection rates (29 CFR 1607.4(D)).
 * Without a hit in either there is no interval, and without one in b no ratio.
 */
export const rateRatio = (a: Rate, b: Rate): Bounds => {
  if (!(b.hits > 0)) return bounds(Number.NaN, Number.NaN, Number.NaN)
  const ratio = a.value / b.value
  if (!(a.hits > 0)) return bounds(ratio, Number.NaN, Number.NaN)
  const ofLog = variance(a) / a.value ** 2 + variance(b) / b.value ** 2 - (2 * covariance(a, b)) / (a.value * b.value)
  const reach = Z * Math.sqrt(Math.max(0, ofLog))
  return bounds(ratio, ratio * Math.exp(-reach), ratio * Math.exp(reach))
}

/** a - b with the hybrid score interval; it is defined for shares of 0 and 1 too. See `hybridDifference`. */
export const rateDifference = (a: Rate, b: Rate): Bounds => hybridDifference(a, b)
