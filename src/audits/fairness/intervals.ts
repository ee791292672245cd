import { type Estimate, variance, Z } from './influence.ts'

/** A figure with its 95 % interval, as JSON: what is not defined is null. */
export interface Bounds {
  value: number | null
  low: number | null
  high: number | null
}

/** A number as JSON holds it. */
export const finite = (x: number): number | null => (Number.isFinite(x) ? x : null)

/** Bounds as JSON holds them. */
export const bounds = (value: number, low: number, high: number): Bounds => ({
  value: finite(value),
  low: finite(low),
  high: finite(high),
})

/** value - z se .. value + z se. */
export const normalInterval = (estimate: Estimate): Bounds => {
  const reach = Z * Math.sqrt(variance(estimate))
  return bounds(estimate.value, estimate.value - reach, estimate.value + reach)
}

/** The normal interval of the logarithm, for figures above 0. */
export const logInterval = (estimate: Estimate): Bounds => {
  const { value } = estimate
  const reach = (Z * Math.sqrt(variance(estimate))) / value
  return value > 0 ? bounds(value, value * Math.exp(-reach), value * Math.exp(reach)) : bounds(value, NaN, NaN)
}
