import { normalQuantile } from './normal.ts'

/** ln of the beta function of half-integers and beyond, by Stirling's series after shifting up; to about 14 digits. */
const logGamma = (x: number): number => {
  let shift = 0
  let y = x
  for (; y < 12; y++) shift += Math.log(y)
  const z = 1 / (y * y)
  const series = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z / 1188)))) / y
  return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - shift
}

const constantOf = (freedom: number): number =>
  Math.exp(logGamma((freedom + 1) / 2) - logGamma(freedom / 2)) / Math.sqrt(Math.PI)

const density = (x: number, freedom: number): number =>
  (constantOf(freedom) / Math.sqrt(freedom)) * (1 + (x * x) / freedom) ** (-(freedom + 1) / 2)

/**
 * P(T <= x) - 1/2 for x of 0 or more, T of Student's distribution with `freedom` degrees: Simpson's rule over the angle whose tangent
 * is x / sqrt(freedom), in which the density is a power of the cosine.
 */
const beyondHalf = (x: number, freedom: number): number => {
  const angle = Math.atan2(x, Math.sqrt(freedom))
  const steps = 400
  let sum = 0
  for (let k = 0; k <= steps; k++) {
    const weight = k === 0 || k === steps ? 1 : k % 2 ? 4 : 2
    sum += weight * Math.cos((angle * k) / steps) ** (freedom - 1)
  }
  return (constantOf(freedom) * sum * angle) / (3 * steps)
}

/**
 * The value below which a number of Student's t distribution lies with this probability ("Student" 1908,
 * doi:10.1093/biomet/6.1.1): how many estimated standard errors an interval is wide when the error comes from few observations.
 * To about ten digits for 0.5 to 0.9995 and 1 to 1,000 degrees; beyond 1,000 the expansion around the normal (Fisher & Cornish
 * 1960, doi:10.2307/1266546).
 *
 * @param p 0.5 or more, below 1
 * @param freedom degrees of freedom, 1 or more; need not be whole
 */
export const studentQuantile = (p: number, freedom: number): number => {
  const z = normalQuantile(p)
  if (!(freedom >= 1) || !(p >= 0.5 && p < 1)) return Number.NaN
  if (freedom > 1000) return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2)
  // The normal quantile lies below; from there Newton's steps rise to the quantile, since the distribution bends down.
  let x = z
  for (let k = 0; k < 100; k++) {
    const step = (p - 0.5 - beyondHalf(x, freedom)) / density(x, freedom)
    x += step
    if (Math.abs(step) < 1e-12 * Math.max(1, x)) break
  }
  return x
}
