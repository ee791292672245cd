// Probabilities, gradients and Hessians of the log loss, and their quantization to whole numbers with deterministic dither.
import {
  COUNT_BITS,
  GRADIENT_UNITS,
  HESSIAN_BITS,
  HESSIAN_UNITS,
  LEAF_OF,
  LEAF_VALUES,
  LEAVES_BEFORE,
  MARGIN,
  MAX_WEIGHT,
  mixed,
  PACKED,
  PARTIALS,
  PROBABILITY,
  real,
  ROWS,
  SEED,
  share,
  TARGET,
  UNITS,
  WEIGHT,
  word,
  place,
} from './boostingJob'
import { sigmoidPair } from './elementary'
import { barrier } from './team'

/** Rows of one call; hot code is compiled anew between calls only. */
const STRETCH: u32 = 8192

/** Adds the values of the last tree to margins; probabilities; sums of |gradient| and Hessian go to `sums`, in whole units. */
function probabilities(job: usize, from: u32, to: u32, sums: usize): void {
  const margin = place(job, MARGIN)
  const probability = place(job, PROBABILITY)
  const target = place(job, TARGET)
  const weight = place(job, WEIGHT)
  const leafOf = place(job, LEAF_OF)
  const values = place(job, LEAF_VALUES)
  const before = word(job, LEAVES_BEFORE)
  const units = f64x2.splat(real(job, UNITS))
  const one = f64x2.splat(1)
  let g = f64x2.splat(0)
  let h = f64x2.splat(0)
  for (let i = <usize>from; i < <usize>to; i += 2) {
    let m = v128.load(margin + (i << 3))
    if (before > 0) {
      const a = <usize>load<u16>(leafOf + (i << 1))
      const b = <usize>load<u16>(leafOf + (i << 1), 2)
      m = f64x2.add(m, f64x2(load<f64>(values + (a << 3)), load<f64>(values + (b << 3))))
      v128.store(margin + (i << 3), m)
    }
    const p = sigmoidPair(m)
    v128.store(probability + (i << 3), p)
    const y = f64x2(<f64>load<u8>(target + i), <f64>load<u8>(target + i, 1))
    const w = weight ? v128.load(weight + (i << 3)) : one
    g = f64x2.add(g, f64x2.floor(f64x2.mul(f64x2.mul(f64x2.abs(f64x2.sub(p, y)), w), units)))
    h = f64x2.add(h, f64x2.floor(f64x2.mul(f64x2.mul(f64x2.mul(p, f64x2.sub(one, p)), w), units)))
  }
  store<f64>(sums, load<f64>(sums) + (f64x2.extract_lane(g, 0) + f64x2.extract_lane(g, 1)))
  store<f64>(sums, load<f64>(sums, 8) + (f64x2.extract_lane(h, 0) + f64x2.extract_lane(h, 1)), 8)
}

/** Whole numbers: gradient and Hessian times their units, plus a number in [0, 1) that row and round decide, rounded down. */
function quantize(job: usize, from: u32, to: u32): void {
  const probability = place(job, PROBABILITY)
  const target = place(job, TARGET)
  const weight = place(job, WEIGHT)
  const packed = place(job, PACKED)
  const seed = word(job, SEED)
  const gUnits = f64x2.splat(real(job, GRADIENT_UNITS))
  const hUnits = f64x2.splat(real(job, HESSIAN_UNITS))
  const one = f64x2.splat(1)
  for (let i = <usize>from; i < <usize>to; i += 2) {
    const p = v128.load(probability + (i << 3))
    const y = f64x2(<f64>load<u8>(target + i), <f64>load<u8>(target + i, 1))
    const w = weight ? v128.load(weight + (i << 3)) : one
    const a = mixed(<u32>i, seed)
    const b = mixed(<u32>i + 1, seed)
    const gDither = f64x2(<f64>(a & 0xffff) * (1.0 / 65536), <f64>(b & 0xffff) * (1.0 / 65536))
    const hDither = f64x2(<f64>(a >> 16) * (1.0 / 65536), <f64>(b >> 16) * (1.0 / 65536))
    const g = f64x2.floor(f64x2.add(f64x2.mul(f64x2.mul(f64x2.sub(p, y), w), gUnits), gDither))
    const h = f64x2.floor(f64x2.add(f64x2.mul(f64x2.mul(f64x2.mul(p, f64x2.sub(one, p)), w), hUnits), hDither))
    const high = i32x4.shl(i32x4.trunc_sat_f64x2_s_zero(g), 16)
    v128.store64_lane(packed + (i << 2), v128.or(high, i32x4.trunc_sat_f64x2_s_zero(h)), 0)
  }
}

/** Rows of a thread begin at even numbers; arrays have room for an even number of rows, of which a last one weighs nothing. */
@inline
function evenShare(rows: u32, thread: u32, threads: u32): u32 {
  return share((rows + 1) >> 1, thread, threads) << 1
}

export function boostingGradients(job: usize, thread: u32, threads: u32, control: usize): void {
  const rows = word(job, ROWS)
  const from = evenShare(rows, thread, threads)
  const to = evenShare(rows, thread + 1, threads)
  const partials = place(job, PARTIALS)
  const own = partials + (<usize>thread << 6)
  store<f64>(own, 0)
  store<f64>(own, 0, 8)
  for (let at = from; at < to; at += STRETCH) probabilities(job, at, min(to, at + STRETCH), own)
  barrier(control, threads)
  let g: f64 = 0
  let h: f64 = 0
  for (let t: u32 = 0; t < threads; t++) {
    g += load<f64>(partials + (<usize>t << 6))
    h += load<f64>(partials + (<usize>t << 6), 8)
  }
  const units = real(job, UNITS)
  const gBits = 64 - word(job, COUNT_BITS) - word(job, HESSIAN_BITS)
  const slack = 8 * sqrt<f64>(<f64>rows) + 16
  const gMost = <f64>((<u64>1 << (gBits - 1)) - 1) - slack
  const hMost = <f64>((<u64>1 << word(job, HESSIAN_BITS)) - 1) - slack
  const most = real(job, MAX_WEIGHT)
  // The floors lost less than one unit a row; gradients and Hessians fit in 16 bits each.
  store<f64>(job + (GRADIENT_UNITS << 3), min(gMost / ((g + <f64>rows) / units), 32000 / most))
  store<f64>(job + (HESSIAN_UNITS << 3), min(hMost / ((h + <f64>rows) / units), 240000 / most))
  barrier(control, threads)
  for (let at = from; at < to; at += STRETCH) quantize(job, at, min(to, at + STRETCH))
  barrier(control, threads)
}
