/**
 * Exponential and logarithm from the four operations alone, in a fixed order, so that they are the same to the bit in every Node, on
 * every machine, and in the compiled kernels (assembly/elementary.ts is this file line by line). exp and log are within one unit of the
 * last place, log1p, sigmoid and softplus within three.
 *
 * Both go back to a small interval first (Muller, Elementary Functions, 3rd ed., chapters 9-11): exp(x) = 2^k exp(r) with |r| at most
 * ln 2 / 2, log(x) = k ln 2 + log(m) with m between the roots of 1/2 and 2; there a Taylor series ends after few terms.
 */

const LOG2_E = Math.LOG2E
/** ln 2 in two parts; the first has 21 trailing zero bits, so that its product with an exponent is exact */
const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10

/** 2^k for k = -1074 .. 1023 at k + 1074 */
const POWERS = (() => {
  const powers = new Float64Array(2098)
  for (let k = 0, power = 1; k <= 1023; k++, power *= 2) powers[k + 1074] = power
  for (let k = 0, power = 1; k >= -1074; k--, power /= 2) powers[k + 1074] = power
  return powers
})()

/** 2^k for k from -1074 to 1023. */
const power = (k: number): number => POWERS[k + 1074]!

/** e^x. */
export const exp = (x: number): number => {
  if (Number.isNaN(x)) return x
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY
  if (x < -745.1332191019412) return 0
  const k = Math.floor(x * LOG2_E + 0.5)
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const y = 1 + (high + (r * r * afterLinear(r) - low))
  if (k > 1023) return y * 2 * power(1023)
  // Below the normal numbers in two steps, so that there is one rounding.
  if (k < -1022) return y * power(k + 200) * power(-200)
  return y * power(k)
}

/** (e^r - 1 - r) / r^2: the series 1/2! + r/3! + r^2/4! + ... */
const afterLinear = (r: number): number => {
  let s = 1 / 6227020800
  s = s * r + 1 / 479001600
  s = s * r + 1 / 39916800
  s = s * r + 1 / 3628800
  s = s * r + 1 / 362880
  s = s * r + 1 / 40320
  s = s * r + 1 / 5040
  s = s * r + 1 / 720
  s = s * r + 1 / 120
  s = s * r + 1 / 24
  s = s * r + 1 / 6
  return s * r + 0.5
}

const view = new DataView(new ArrayBuffer(8))

/** Natural logarithm; -Infinity at 0, NaN below. */
export const log = (x: number): number => {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN
  if (x === Number.POSITIVE_INFINITY) return x
  let k = 0
  let m = x
  if (m < 2.2250738585072014e-308) {
    m *= 18014398509481984
    k = -54
  }
  view.setFloat64(0, m)
  const top = view.getUint32(0)
  k += (top >>> 20) - 1023
  // The exponent is taken out, and put back at half the mantissas: those above the root of 2 go down.
  const high = top & 0xfffff
  const up = high > 0x6a09e ? 1 : 0
  k += up
  view.setUint32(0, high | ((1023 - up) << 20))
  const f = view.getFloat64(0) - 1
  const s = f / (2 + f)
  const z = s * s
  let r = 2 / 23
  r = r * z + 2 / 21
  r = r * z + 2 / 19
  r = r * z + 2 / 17
  r = r * z + 2 / 15
  r = r * z + 2 / 13
  r = r * z + 2 / 11
  r = r * z + 2 / 9
  r = r * z + 2 / 7
  r = r * z + 2 / 5
  r = r * z + 2 / 3
  r = r * z
  const half = 0.5 * f * f
  return k * LN2_HIGH + (f - (half - (s * (half + r) + k * LN2_LOW)))
}

/** ln(1 + x), exact for small x too: the rounding of 1 + x is made good (Kahan). */
export const log1p = (x: number): number => {
  const u = 1 + x
  if (u === 1) return x
  if (u === Number.POSITIVE_INFINITY) return u
  return log(u) * (x / (u - 1))
}

/** Margins further out than this change neither a probability nor a loss. */
const FAR = 708

/** 1 / (1 + e^-x): probability of a margin. */
export const sigmoid = (x: number): number => {
  const e = exp(-Math.min(Math.abs(x), FAR))
  const q = 1 / (1 + e)
  return x > 0 ? q : e * q
}

/** ln(1 + e^x): the loss of a good row with margin x; a bad row loses softplus(-x). */
export const softplus = (x: number): number => Math.max(x, 0) + log1p(exp(-Math.abs(x)))
