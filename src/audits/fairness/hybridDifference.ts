import { correlation, type Estimate } from './influence.ts'
import { type Bounds, bounds } from './intervals.ts'

/** An estimate with an interval of its own. */
export interface EstimateWithInterval extends Estimate {
  interval: Bounds
}

/**
 * a - b with an interval made from those of both, which may be skewed: Newcombe 1998, method 10
 * (doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I) for shares with Wilson intervals; with the correlation of
 * the two where the same persons are in both (Zou & Donner 2008, doi:10.1002/sim.3095).
 */
export const hybridDifference = (a: EstimateWithInterval, b: EstimateWithInterval): Bounds => {
  const difference = a.value - b.value
  const together = correlation(a, b)
  const reach = (down: number, up: number): number =>
    Math.sqrt(Math.max(0, down * down + up * up - 2 * together * down * up))
  const [x, y] = [a.interval, b.interval]
  if (x.low === null || x.high === null || y.low === null || y.high === null)
    return bounds(difference, Number.NaN, Number.NaN)
  return bounds(
    difference,
    difference - reach(a.value - x.low, y.high - b.value),
    difference + reach(x.high - a.value, b.value - y.low),
  )
}
