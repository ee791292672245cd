/** Two rates beside each other: the ratio and the difference, each with its 95 % interval. */
import { hybridDifference } from './hybridDifference.ts'
import { hybridRatio } from './hybridRatio.ts'
import type { Bounds } from './intervals.ts'
import type { Rate } from './rate.ts'

/**
 * a / b with the hybrid score interval; see `hybridRatio`. The adverse impact ratio is this ratio of selection rates
 * (29 CFR 1607.4(D)). It is defined for shares of 0 and 1 too, but for b = 0.
 */
export const rateRatio = (a: Rate, b: Rate): Bounds => hybridRatio(a, b)

/** a - b with the hybrid score interval; it is defined for shares of 0 and 1 too. See `hybridDifference`. */
export const rateDifference = (a: Rate, b: Rate): Bounds => hybridDifference(a, b)
