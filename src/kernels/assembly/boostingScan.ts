// The best split of a column at a node, from the packed sums of its bins.
import {
  BOUNDED,
  BY_MISSING,
  COUNT_BITS,
  GRADIENT_UNITS,
  HESSIAN_BITS,
  HESSIAN_UNITS,
  LAMBDA,
  LEAF_LOWER,
  LEAF_TOTAL,
  LEAF_UPPER,
  MIN_GAIN,
  MIN_HESSIAN,
  MIN_LEAF,
  MISSING_LEFT,
  real,
  SPLIT_BIN,
  SPLIT_COLUMN,
  SPLIT_FLAGS,
  SPLIT_GAIN,
  SPLIT_LEFT,
  word,
} from './boostingJob'

// The node that is looked at, for this thread.
let countMask: u64 = 0
let countBits: u64 = 0
let hessianMask: u64 = 0
let gradientShift: u64 = 0
let gScale: f64 = 0
let hScale: f64 = 0
let lambda: f64 = 0
let minHessian: f64 = 0
let minGain: f64 = 0
let minLeaf: u64 = 0
let bounded: bool = false
let lower: f64 = 0
let upper: f64 = 0
let total: u64 = 0
let totalRows: u64 = 0
let totalG: f64 = 0
let totalH: f64 = 0
let base: f64 = 0

@inline
export function rowsOf(sums: u64): u64 {
  return sums & countMask
}

@inline
export function gradientOf(sums: u64): f64 {
  return <f64>(<i64>sums >> <i64>gradientShift) * gScale
}

@inline
export function hessianOf(sums: u64): f64 {
  return <f64>((sums >> countBits) & hessianMask) * hScale
}

/** The value of a leaf with these sums, within the bounds of the node. */
@inline
export function boundedValue(g: f64, h: f64): f64 {
  return max(lower, min(upper, -g / (h + lambda)))
}

/** What a leaf of this value takes off the loss, twice. */
@inline
function worthOfValue(g: f64, h: f64, more: f64, value: f64): f64 {
  return -(2 * g * value + (h + lambda + more) * value * value)
}

/** The node whose columns are scanned next. */
export function lookAt(job: usize, leaf: usize): void {
  countBits = word(job, COUNT_BITS)
  countMask = (<u64>1 << countBits) - 1
  hessianMask = (<u64>1 << word(job, HESSIAN_BITS)) - 1
  gradientShift = countBits + word(job, HESSIAN_BITS)
  gScale = 1 / real(job, GRADIENT_UNITS)
  hScale = 1 / real(job, HESSIAN_UNITS)
  lambda = real(job, LAMBDA)
  minHessian = real(job, MIN_HESSIAN)
  minGain = real(job, MIN_GAIN)
  minLeaf = word(job, MIN_LEAF)
  bounded = word(job, BOUNDED) != 0
  lower = load<f64>(leaf, LEAF_LOWER)
  upper = load<f64>(leaf, LEAF_UPPER)
  total = load<u64>(leaf, LEAF_TOTAL)
  totalRows = rowsOf(total)
  totalG = gradientOf(total)
  totalH = hessianOf(total)
  base = bounded
    ? worthOfValue(totalG, totalH, 0, boundedValue(totalG, totalH))
    : (totalG * totalG) / (totalH + lambda)
}

/** Gain of a split with these sums on the left, minus infinity where it is not allowed; `more` is added to lambda. */
@inline
export function gainOf(left: u64, direction: i32, more: f64): f64 {
  const rows = rowsOf(left)
  if (rows < minLeaf || totalRows - rows < minLeaf) return -Infinity
  const hl = hessianOf(left)
  const hr = totalH - hl
  if (hl < minHessian || hr < minHessian) return -Infinity
  const gl = gradientOf(left)
  const gr = totalG - gl
  if (bounded) {
    const vl = boundedValue(gl, hl + more)
    const vr = boundedValue(gr, hr + more)
    if ((direction > 0 && vl > vr) || (direction < 0 && vl < vr)) return -Infinity
    return worthOfValue(gl, hl, more, vl) + worthOfValue(gr, hr, more, vr) - base
  }
  const dl = hl + lambda + more
  const dr = hr + lambda + more
  return (gl * gl * dr + gr * gr * dl) / (dl * dr) - base
}

export function leastGain(): f64 {
  return minGain
}

/** Writes a split to `out` where its gain is above the one that stands there. */
@inline
export function offer(out: usize, gain: f64, left: u64, column: u32, bin: u32, flags: u32): void {
  store<f64>(out, gain, SPLIT_GAIN)
  store<u64>(out, left, SPLIT_LEFT)
  store<u32>(out, column, SPLIT_COLUMN)
  store<u32>(out, bin, SPLIT_BIN)
  store<u32>(out, flags, SPLIT_FLAGS)
}

/**
 * The best split of a numeric column: `sums` has 256 packed sums, the last of missing values. Missing values are tried on both sides of
 * every edge and alone; where the node has none, they go with more rows. Between filled bins the middle edge is taken.
 */
export function scanNumbers(sums: usize, column: u32, bins: u32, direction: i32, out: usize): void {
  let best = minGain
  const missing = load<u64>(sums, 2040)
  const present = total - missing
  let left: u64 = 0
  let last: u32 = 0
  for (let bin: u32 = 0; bin < bins; bin++) {
    const here = load<u64>(sums + (<usize>bin << 3))
    if (here == 0) continue
    if (left != 0) {
      const gain = gainOf(left, direction, 0)
      if (gain > best) {
        best = gain
        const flags: u32 = missing == 0 && rowsOf(left) > totalRows - rowsOf(left) ? MISSING_LEFT : 0
        offer(out, gain, left, column, (last + bin - 1) >> 1, flags)
      }
      if (missing != 0) {
        const other = gainOf(left + missing, direction, 0)
        if (other > best) {
          best = other
          offer(out, other, left + missing, column, (last + bin - 1) >> 1, MISSING_LEFT)
        }
      }
    }
    left += here
    last = bin
    if (left == present) break
  }
  if (missing != 0 && left != 0) {
    const gain = gainOf(left, 0, 0)
    if (gain > best) offer(out, gain, left, column, 254, BY_MISSING)
  }
}
