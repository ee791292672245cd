/** Quantiles and tails of the standard normal distribution: how many standard errors an interval is wide, how rare a value is. */

const evaluate = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, c) => sum * x + c, 0)

const CENTER = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
] as const
const MIDDLE = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
] as const
const TAIL = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
] as const

const ratio = ([above, below]: readonly [readonly number[], readonly number[]], x: number): number =>
  evaluate(above, x) / evaluate(below, x)

/**
 * The value below which a standard normal number lies with this probability, to about 16 digits; 1.96 at 0.975.
 * Algorithm AS 241 (Wichura 1988, doi:10.2307/2347330).
 *
 * @param p 0..1; -Infinity at 0, Infinity at 1, NaN outside
 */
export const normalQuantile = (p: number): number => {
  if (p === 0 || p === 1) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (!(p > 0 && p < 1)) return Number.NaN
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) return q * ratio(CENTER, 0.180625 - q * q)
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p))
  const x = r <= 5 ? ratio(MIDDLE, r - 1.6) : ratio(TAIL, r - 5)
  return q < 0 ? -x : x
}

/** Beyond this the tail is a continued fraction, before it a series. */
const FAR = 3
const FRACTIONS = 200

/**
 * Probability that a standard normal number is greater than x; relative error below 1e-12 for x from -37 to 37.
 * Series and continued fraction of Abramowitz & Stegun, 26.2.11 and 26.2.14.
 */
export const normalTail = (x: number): number => {
  if (x < 0) return 1 - normalTail(-x)
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
  if (x < FAR) {
    let term = x
    let sum = x
    for (let k = 3; term > 1e-17 * sum; k += 2) {
      term *= (x * x) / k
      sum += term
    }
    return 0.5 - density * sum
  }
  if (x === Number.POSITIVE_INFINITY) return 0
  let fraction = x
  for (let k = FRACTIONS; k > 0; k--) fraction = x + k / fraction
  return density / fraction
}
