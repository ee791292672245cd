import { percentileInterval, type Replicates } from '../../metrics/bootstrap.ts'
import { type Bounds, bounds } from '../fairness/intervals.ts'

/** A figure with the 95 % percentile interval of its replicates, as JSON holds it. */
export const boundsOf = (replicates: Replicates): Bounds => {
  const { value, low, high } = percentileInterval(replicates, 0.95)
  return bounds(value, low, high)
}
