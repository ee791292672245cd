// Sums of a logistic regression over tiles of rows, in single and in double precision: kernels/logistic/sums.ts says what they are.
// A tile is 256 rows, one column after the other; column 0 is 1, the columns after the last are 0 up to `width`, a multiple of 8.
import { expPair } from './elementary'

/** Rows of a tile. */
const TILE: usize = 256

/** margins = tile x beta, eight columns at a time; `stride` bytes lie between the columns. */
function margins<T>(tile: usize, stride: usize, width: u32, beta: usize, out: usize): void {
  const length = TILE * sizeof<T>()
  for (let i: usize = 0; i < length; i += 16) v128.store(out + i, i32x4.splat(0))
  for (let j: u32 = 0; j < width; j += 8) {
    const b0 = v128.splat<T>(load<T>(beta))
    const b1 = v128.splat<T>(load<T>(beta + sizeof<T>()))
    const b2 = v128.splat<T>(load<T>(beta + 2 * sizeof<T>()))
    const b3 = v128.splat<T>(load<T>(beta + 3 * sizeof<T>()))
    const b4 = v128.splat<T>(load<T>(beta + 4 * sizeof<T>()))
    const b5 = v128.splat<T>(load<T>(beta + 5 * sizeof<T>()))
    const b6 = v128.splat<T>(load<T>(beta + 6 * sizeof<T>()))
    const b7 = v128.splat<T>(load<T>(beta + 7 * sizeof<T>()))
    const x0 = tile
    const x1 = x0 + stride
    const x2 = x1 + stride
    const x3 = x2 + stride
    const x4 = x3 + stride
    const x5 = x4 + stride
    const x6 = x5 + stride
    const x7 = x6 + stride
    for (let i: usize = 0; i < length; i += 32) {
      let a = v128.add<T>(v128.mul<T>(v128.load(x0 + i), b0), v128.mul<T>(v128.load(x1 + i), b1))
      let b = v128.add<T>(v128.mul<T>(v128.load(x2 + i), b2), v128.mul<T>(v128.load(x3 + i), b3))
      let c = v128.add<T>(v128.mul<T>(v128.load(x4 + i), b4), v128.mul<T>(v128.load(x5 + i), b5))
      let d = v128.add<T>(v128.mul<T>(v128.load(x6 + i), b6), v128.mul<T>(v128.load(x7 + i), b7))
      a = v128.add<T>(v128.add<T>(a, b), v128.add<T>(c, d))
      v128.store(out + i, v128.add<T>(v128.load(out + i), a))
      a = v128.add<T>(v128.mul<T>(v128.load(x0 + i, 16), b0), v128.mul<T>(v128.load(x1 + i, 16), b1))
      b = v128.add<T>(v128.mul<T>(v128.load(x2 + i, 16), b2), v128.mul<T>(v128.load(x3 + i, 16), b3))
      c = v128.add<T>(v128.mul<T>(v128.load(x4 + i, 16), b4), v128.mul<T>(v128.load(x5 + i, 16), b5))
      d = v128.add<T>(v128.mul<T>(v128.load(x6 + i, 16), b6), v128.mul<T>(v128.load(x7 + i, 16), b7))
      a = v128.add<T>(v128.add<T>(a, b), v128.add<T>(c, d))
      v128.store(out + i, v128.add<T>(v128.load(out + i, 16), a), 16)
    }
    tile = x7 + stride
    beta += 8 * sizeof<T>()
  }
}

/** Asks for the cache lines of a stretch in order: columns are read eight at a time, which no prefetcher foresees. */
function fetch(from: usize, bytes: usize, to: usize): void {
  let seen = i32x4.splat(0)
  for (let at = from; at < from + bytes; at += 64) seen = v128.or(seen, v128.load(at))
  // Stored where margins come to stand, so that the compiler keeps the reading.
  v128.store(to, seen)
}

/** exp of two numbers from -708 to 0 to nine digits, for single precision. */
@inline
function roughExpPair(x: v128): v128 {
  // Added to 1.5 x 2^52, a number is rounded to a whole one, which stands in the last bits.
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(1.4426950408889634)), f64x2.splat(6755399441055744))
  const whole = f64x2.sub(shifted, f64x2.splat(6755399441055744))
  const r = f64x2.sub(x, f64x2.mul(whole, f64x2.splat(0.6931471805599453)))
  const r2 = f64x2.mul(r, r)
  const a = f64x2.add(f64x2.splat(1.0 / 2.0), f64x2.mul(r, f64x2.splat(1.0 / 6.0)))
  const b = f64x2.add(f64x2.splat(1.0 / 24.0), f64x2.mul(r, f64x2.splat(1.0 / 120.0)))
  const c = f64x2.add(
    f64x2.add(f64x2.splat(1.0 / 720.0), f64x2.mul(r, f64x2.splat(1.0 / 5040.0))),
    f64x2.mul(r2, f64x2.splat(1.0 / 40320.0)),
  )
  const high = f64x2.add(a, f64x2.mul(r2, f64x2.add(b, f64x2.mul(r2, c))))
  const y = f64x2.add(f64x2.splat(1), f64x2.add(r, f64x2.mul(r2, high)))
  return f64x2.mul(y, i64x2.shl(i64x2.add(shifted, i64x2.splat(1023)), 52))
}

/** ln(1 + e) of two numbers from 0 to 1: twice the area tangent of e / (2 + e), whose square is at most 1/9. */
@inline
function log1pPair(e: v128, terms: i32): v128 {
  const s = f64x2.div(e, f64x2.add(f64x2.splat(2), e))
  const z = f64x2.mul(s, s)
  let r = f64x2.splat(0)
  for (let k = terms; k > 0; k--) r = f64x2.mul(z, f64x2.add(r, f64x2.splat(1.0 / (2 * k + 1))))
  return f64x2.mul(f64x2.add(s, s), f64x2.add(r, f64x2.splat(1)))
}

/** Turns margins into residuals, writes the curvatures, gives back the loss. `weights` are negative for good rows. */
function residuals<T>(rows: usize, weights: usize, curvatures: usize): f64 {
  let loss = f64x2.splat(0)
  for (let i: usize = 0; i < TILE; i += 2) {
    const at = rows + i * sizeof<T>()
    const w = v128.load(weights + (i << 3))
    const size = f64x2.abs(w)
    let m: v128
    if (sizeof<T>() == 4) m = f64x2.promote_low_f32x4(v128.load64_zero(at))
    else m = v128.load(at)
    const sign = v128.and(w, f64x2.splat(-0.0))
    const t = v128.xor(m, sign)
    const far = f64x2.neg(f64x2.pmin(f64x2.splat(708), f64x2.abs(t)))
    const e = sizeof<T>() == 4 ? roughExpPair(far) : expPair(far)
    const q = f64x2.div(f64x2.splat(1), f64x2.add(f64x2.splat(1), e))
    const right = f64x2.gt(t, f64x2.splat(0))
    const p = f64x2.mul(e, q)
    const residual = f64x2.mul(w, v128.bitselect(p, q, right))
    const curvature = f64x2.mul(size, f64x2.mul(p, q))
    const wrong = v128.andnot(f64x2.neg(t), right)
    loss = f64x2.add(loss, f64x2.mul(size, f64x2.add(wrong, log1pPair(e, sizeof<T>() == 4 ? 5 : 17))))
    if (sizeof<T>() == 4) {
      v128.store64_lane(at, f32x4.demote_f64x2_zero(residual), 0)
      v128.store64_lane(curvatures + (i << 2), f32x4.demote_f64x2_zero(curvature), 0)
    } else {
      v128.store(at, residual)
      v128.store(curvatures + (i << 3), curvature)
    }
  }
  return f64x2.extract_lane(loss, 0) + f64x2.extract_lane(loss, 1)
}

@inline
function total<T>(v: v128): f64 {
  if (sizeof<T>() == 4)
    return (
      <f64>f32x4.extract_lane(v, 0) +
      <f64>f32x4.extract_lane(v, 1) +
      (<f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3))
    )
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1)
}

@inline
function addTo(at: usize, value: f64): void {
  store<f64>(at, load<f64>(at) + value)
}

/** Adds tile' x residuals to the gradient. */
function addGradient<T>(tile: usize, stride: usize, width: u32, residual: usize, gradient: usize): void {
  const length = TILE * sizeof<T>()
  for (let j: u32 = 0; j < width; j += 8) {
    const x0 = tile
    const x1 = x0 + stride
    const x2 = x1 + stride
    const x3 = x2 + stride
    const x4 = x3 + stride
    const x5 = x4 + stride
    const x6 = x5 + stride
    const x7 = x6 + stride
    let g0 = i32x4.splat(0)
    let g1 = g0
    let g2 = g0
    let g3 = g0
    let g4 = g0
    let g5 = g0
    let g6 = g0
    let g7 = g0
    for (let i: usize = 0; i < length; i += 16) {
      const r = v128.load(residual + i)
      g0 = v128.add<T>(g0, v128.mul<T>(r, v128.load(x0 + i)))
      g1 = v128.add<T>(g1, v128.mul<T>(r, v128.load(x1 + i)))
      g2 = v128.add<T>(g2, v128.mul<T>(r, v128.load(x2 + i)))
      g3 = v128.add<T>(g3, v128.mul<T>(r, v128.load(x3 + i)))
      g4 = v128.add<T>(g4, v128.mul<T>(r, v128.load(x4 + i)))
      g5 = v128.add<T>(g5, v128.mul<T>(r, v128.load(x5 + i)))
      g6 = v128.add<T>(g6, v128.mul<T>(r, v128.load(x6 + i)))
      g7 = v128.add<T>(g7, v128.mul<T>(r, v128.load(x7 + i)))
    }
    addTo(gradient, total<T>(g0))
    addTo(gradient + 8, total<T>(g1))
    addTo(gradient + 16, total<T>(g2))
    addTo(gradient + 24, total<T>(g3))
    addTo(gradient + 32, total<T>(g4))
    addTo(gradient + 40, total<T>(g5))
    addTo(gradient + 48, total<T>(g6))
    addTo(gradient + 56, total<T>(g7))
    tile = x7 + stride
    gradient += 64
  }
}

/** Adds tile' diag(curvatures) tile to `gram`, lower triangle of width x width doubles; `panel` holds four scaled columns. */
function addGram<T>(tile: usize, stride: usize, width: u32, curvatures: usize, panel: usize, gram: usize): void {
  const length = TILE * sizeof<T>()
  const row = <usize>width << 3
  for (let i: u32 = 0; i < width; i += 4) {
    const x = tile + <usize>i * stride
    for (let k: usize = 0; k < length; k += 16) {
      const c = v128.load(curvatures + k)
      v128.store(panel + k, v128.mul<T>(c, v128.load(x + k)))
      v128.store(panel + k + length, v128.mul<T>(c, v128.load(x + stride + k)))
      v128.store(panel + k + 2 * length, v128.mul<T>(c, v128.load(x + 2 * stride + k)))
      v128.store(panel + k + 3 * length, v128.mul<T>(c, v128.load(x + 3 * stride + k)))
    }
    const out = gram + <usize>i * row
    for (let j: u32 = 0; j < i + 4; j += 2)
      addProducts<T>(panel, length, tile + <usize>j * stride, stride, out + ((<usize>j) << 3), row)
  }
}

/** Four scaled columns times two columns. */
function addProducts<T>(panel: usize, length: usize, x: usize, stride: usize, out: usize, row: usize): void {
  let a0 = i32x4.splat(0)
  let a1 = a0
  let b0 = a0
  let b1 = a0
  let c0 = a0
  let c1 = a0
  let d0 = a0
  let d1 = a0
  const y = x + stride
  for (let k: usize = 0; k < length; k += 16) {
    const u = v128.load(x + k)
    const v = v128.load(y + k)
    let p = v128.load(panel + k)
    a0 = v128.add<T>(a0, v128.mul<T>(p, u))
    a1 = v128.add<T>(a1, v128.mul<T>(p, v))
    p = v128.load(panel + k + length)
    b0 = v128.add<T>(b0, v128.mul<T>(p, u))
    b1 = v128.add<T>(b1, v128.mul<T>(p, v))
    p = v128.load(panel + k + 2 * length)
    c0 = v128.add<T>(c0, v128.mul<T>(p, u))
    c1 = v128.add<T>(c1, v128.mul<T>(p, v))
    p = v128.load(panel + k + 3 * length)
    d0 = v128.add<T>(d0, v128.mul<T>(p, u))
    d1 = v128.add<T>(d1, v128.mul<T>(p, v))
  }
  addTo(out, total<T>(a0))
  addTo(out + 8, total<T>(a1))
  addTo(out + row, total<T>(b0))
  addTo(out + row + 8, total<T>(b1))
  addTo(out + 2 * row, total<T>(c0))
  addTo(out + 2 * row + 8, total<T>(c1))
  addTo(out + 3 * row, total<T>(d0))
  addTo(out + 3 * row + 8, total<T>(d1))
}

/**
 * Adds one tile to `sums`: the gradient (width doubles), the loss, seven unused, the gram (width x width doubles).
 * `scratch`: margins, curvatures and four columns of a tile.
 */
@inline
function addTile<T>(
  tile: usize,
  stride: usize,
  width: u32,
  weights: usize,
  beta: usize,
  sums: usize,
  scratch: usize,
  withGram: bool,
): void {
  const length = TILE * sizeof<T>()
  if (sizeof<T>() == 4) fetch(tile, <usize>width * stride, scratch)
  margins<T>(tile, stride, width, beta, scratch)
  addTo(sums + ((<usize>width) << 3), residuals<T>(scratch, weights, scratch + length))
  addGradient<T>(tile, stride, width, scratch, sums)
  if (withGram)
    addGram<T>(tile, stride, width, scratch + length, scratch + 2 * length, sums + ((<usize>width + 8) << 3))
}

/** Every `tileStep`-th tile from `from` to `to` - 1 in single precision; the gram on every `gramStep`-th (0: on none). */
export function logisticSingle(
  tiles: usize,
  width: u32,
  weights: usize,
  beta: usize,
  from: u32,
  to: u32,
  gramStep: u32,
  tileStep: u32,
  sums: usize,
  scratch: usize,
): void {
  const stride = TILE << 2
  for (let k = ((from + tileStep - 1) / tileStep) * tileStep; k < to; k += tileStep)
    addTile<f32>(
      tiles + <usize>k * <usize>width * stride,
      stride,
      width,
      weights + (<usize>k * TILE << 3),
      beta,
      sums,
      scratch,
      gramStep != 0 && k % gramStep == 0,
    )
}

/** The `tiles` tiles of a block in double precision, whose columns are `stride` bytes apart. */
export function logisticDouble(
  block: usize,
  stride: usize,
  tiles: u32,
  width: u32,
  weights: usize,
  beta: usize,
  withGram: u32,
  sums: usize,
  scratch: usize,
): void {
  for (let k: u32 = 0; k < tiles; k++)
    addTile<f64>(
      block + (<usize>k * TILE << 3),
      stride,
      width,
      weights + (<usize>k * TILE << 3),
      beta,
      sums,
      scratch,
      withGram != 0,
    )
}

/** Least and greatest signed margin of the rows of a block that have weight, taken together with the two doubles at `out`. */
export function logisticReach(
  block: usize,
  stride: usize,
  tiles: u32,
  width: u32,
  weights: usize,
  beta: usize,
  out: usize,
  scratch: usize,
): void {
  let least = load<f64>(out)
  let greatest = load<f64>(out, 8)
  for (let k: u32 = 0; k < tiles; k++) {
    margins<f64>(block + (<usize>k * TILE << 3), stride, width, beta, scratch)
    for (let i: usize = 0; i < TILE; i++) {
      const w = load<f64>(weights + ((<usize>k * TILE + i) << 3))
      if (w == 0) continue
      const m = load<f64>(scratch + (i << 3))
      const t = w > 0 ? m : -m
      if (t < least) least = t
      if (t > greatest) greatest = t
    }
  }
  store<f64>(out, least)
  store<f64>(out, greatest, 8)
}

/** Centers and scales a block's columns 1 .. columns in place: (x - center) x scale; `rows` even. */
export function logisticStandardize(
  block: usize,
  stride: usize,
  rows: usize,
  columns: u32,
  centers: usize,
  scales: usize,
): void {
  for (let j: u32 = 1; j <= columns; j++) {
    const center = v128.load64_splat(centers + ((<usize>j) << 3))
    const scale = v128.load64_splat(scales + ((<usize>j) << 3))
    const column = block + <usize>j * stride
    for (let i: usize = 0; i < rows << 3; i += 16)
      v128.store(column + i, f64x2.mul(f64x2.sub(v128.load(column + i), center), scale))
  }
}

/** Copies a tile of a block into single precision. */
export function logisticNarrow(block: usize, stride: usize, width: u32, tile: usize): void {
  for (let j: u32 = 0; j < width; j++) {
    const column = block + <usize>j * stride
    for (let i: usize = 0; i < TILE; i += 4) {
      const low = f32x4.demote_f64x2_zero(v128.load(column + (i << 3)))
      const high = f32x4.demote_f64x2_zero(v128.load(column + (i << 3) + 16))
      v128.store(tile + (i << 2), i8x16.shuffle(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23))
    }
    tile += TILE << 2
  }
}

/** Fills with zeros: in a kernel many times faster than from outside on shared memory. */
export function logisticClear(address: usize, bytes: usize): void {
  memory.fill(address, 0, bytes)
}
