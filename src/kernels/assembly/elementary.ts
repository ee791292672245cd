// Exponential and logarithm: kernels/numbers/elementary.ts line by line, and two lanes at a time.

const LOG2_E: f64 = 1.4426950408889634
const LN2_HIGH: f64 = 0.6931471803691238
const LN2_LOW: f64 = 1.9082149292705877e-10
const FAR: f64 = 708

/** 2^k for k from -1022 to 1023. */
@inline
function power(k: i64): f64 {
  return reinterpret<f64>((k + 1023) << 52)
}

export function exp(x: f64): f64 {
  if (x != x) return x
  if (x > 709.782712893384) return Infinity
  if (x < -745.1332191019412) return 0
  const whole = floor<f64>(x * LOG2_E + 0.5)
  const high = x - whole * LN2_HIGH
  const low = whole * LN2_LOW
  const r = high - low
  let s: f64 = 1.0 / 6227020800.0
  s = s * r + 1.0 / 479001600.0
  s = s * r + 1.0 / 39916800.0
  s = s * r + 1.0 / 3628800.0
  s = s * r + 1.0 / 362880.0
  s = s * r + 1.0 / 40320.0
  s = s * r + 1.0 / 5040.0
  s = s * r + 1.0 / 720.0
  s = s * r + 1.0 / 120.0
  s = s * r + 1.0 / 24.0
  s = s * r + 1.0 / 6.0
  s = s * r + 0.5
  const y = 1 + (high + (r * r * s - low))
  const k = <i64>whole
  if (k > 1023) return y * 2 * power(1023)
  if (k < -1022) return y * power(k + 200) * power(-200)
  return y * power(k)
}

@inline
function step(s: v128, r: v128, c: f64): v128 {
  return f64x2.add(f64x2.mul(s, r), f64x2.splat(c))
}

/** exp of two numbers from -708 to 709: the same bits as `exp`. */
@inline
export function expPair(x: v128): v128 {
  const whole = f64x2.floor(f64x2.add(f64x2.mul(x, f64x2.splat(LOG2_E)), f64x2.splat(0.5)))
  const high = f64x2.sub(x, f64x2.mul(whole, f64x2.splat(LN2_HIGH)))
  const low = f64x2.mul(whole, f64x2.splat(LN2_LOW))
  const r = f64x2.sub(high, low)
  let s = f64x2.splat(1.0 / 6227020800.0)
  s = step(s, r, 1.0 / 479001600.0)
  s = step(s, r, 1.0 / 39916800.0)
  s = step(s, r, 1.0 / 3628800.0)
  s = step(s, r, 1.0 / 362880.0)
  s = step(s, r, 1.0 / 40320.0)
  s = step(s, r, 1.0 / 5040.0)
  s = step(s, r, 1.0 / 720.0)
  s = step(s, r, 1.0 / 120.0)
  s = step(s, r, 1.0 / 24.0)
  s = step(s, r, 1.0 / 6.0)
  s = step(s, r, 0.5)
  const y = f64x2.add(
    f64x2.splat(1),
    f64x2.add(high, f64x2.sub(f64x2.mul(f64x2.mul(r, r), s), low)),
  )
  const k = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(whole))
  return f64x2.mul(y, i64x2.shl(i64x2.add(k, i64x2.splat(1023)), 52))
}

export function log(x: f64): f64 {
  if (!(x > 0)) return x == 0 ? -Infinity : NaN
  if (x == Infinity) return x
  let k: i32 = 0
  let m = x
  if (m < 2.2250738585072014e-308) {
    m *= 18014398509481984
    k = -54
  }
  const bits = reinterpret<u64>(m)
  const top = <u32>(bits >> 32)
  k += <i32>(top >> 20) - 1023
  const high = top & 0xfffff
  const up: u32 = high > 0x6a09e ? 1 : 0
  k += up
  const f = reinterpret<f64>((bits & 0xffffffff) | (<u64>(high | ((1023 - up) << 20)) << 32)) - 1
  const s = f / (2 + f)
  const z = s * s
  let r: f64 = 2.0 / 23.0
  r = r * z + 2.0 / 21.0
  r = r * z + 2.0 / 19.0
  r = r * z + 2.0 / 17.0
  r = r * z + 2.0 / 15.0
  r = r * z + 2.0 / 13.0
  r = r * z + 2.0 / 11.0
  r = r * z + 2.0 / 9.0
  r = r * z + 2.0 / 7.0
  r = r * z + 2.0 / 5.0
  r = r * z + 2.0 / 3.0
  r = r * z
  const half = 0.5 * f * f
  return <f64>k * LN2_HIGH + (f - (half - (s * (half + r) + <f64>k * LN2_LOW)))
}

export function log1p(x: f64): f64 {
  const u = 1 + x
  if (u == 1) return x
  if (u == Infinity) return u
  return log(u) * (x / (u - 1))
}

export function sigmoid(x: f64): f64 {
  const e = exp(-min(abs(x), FAR))
  const q: f64 = 1.0 / (1.0 + e)
  return x > 0 ? q : e * q
}

/** sigmoid of two numbers: the same bits as `sigmoid`. */
@inline
export function sigmoidPair(x: v128): v128 {
  const e = expPair(f64x2.neg(f64x2.pmin(f64x2.splat(FAR), f64x2.abs(x))))
  const q = f64x2.div(f64x2.splat(1), f64x2.add(f64x2.splat(1), e))
  return v128.bitselect(q, f64x2.mul(e, q), f64x2.gt(x, f64x2.splat(0)))
}

export function softplus(x: f64): f64 {
  return (x > 0 ? x : 0) + log1p(exp(-abs(x)))
}

/** sigmoid of `count` doubles from `x` into `out`, by pairs; `count` even. For the tests. */
export function sigmoids(x: usize, count: u32, out: usize): void {
  for (let i: usize = 0; i < <usize>count << 3; i += 16) v128.store(out + i, sigmoidPair(v128.load(x + i)))
}
