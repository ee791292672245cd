// The best splits of two columns at once, one in each half of a register: scanPresent of treePacked.ts, to the same bits.
import { FIELD } from './treeJob'
import { considerPresent, clear } from './treePacked'
import { all, allBad, allRows, allWeight, binsOf, fewestRows, worth } from './treeSplit'

/** 2^52: in a double of this exponent the fraction is a whole number. */
const MAGIC: i64 = 0x4330000000000000
const MAGIC_VALUE: f64 = 4503599627370496

@inline
function doubles(whole: v128): v128 {
  return f64x2.sub(v128.or(whole, i64x2.splat(MAGIC)), f64x2.splat(MAGIC_VALUE))
}

/** The cut between the filled bins around `at`, where the bin before is filled. */
@inline
function middle(histogram: usize, at: i32): i32 {
  let next = at
  while (!load<u64>(histogram + (<usize>next << 3))) next++
  return (at + next - 2) >> 1
}

/** Whether all rows of the node share the first filled bin. */
@inline
function isConstant(histogram: usize): bool {
  let first = histogram
  while (!load<u64>(first)) first += 8
  return load<u64>(first) == all
}

/**
 * Two packed histograms that stand 2 KiB apart, of numeric columns without missing values at the node; cleared. An empty bin leaves the
 * sums as they were, so it never looks better than the bin before it. How many of the columns are constant.
 */
export function scanPair(histogram: usize, a: i32, b: i32): u32 {
  const binsA = binsOf(a)
  const binsB = binsOf(b)
  const end = histogram + (<usize>max(binsA, binsB) << 3)
  const total = f64x2.splat(allWeight)
  const totalBad = f64x2.splat(allBad)
  const field = i64x2.splat(FIELD)
  // Rows are the top field of what is left of a cut, so that their number is compared without being taken out.
  const least = i64x2.splat(<i64>((<u64>fewestRows << 42) - 1))
  const most = i64x2.splat(<i64>((<u64>(allRows - fewestRows + 1)) << 42))
  let best = f64x2.splat(worth)
  let left = i64x2.splat(0)
  let bestLeftA: u64 = 0
  let bestLeftB: u64 = 0
  let atA = 0
  let atB = 0
  for (let slot = histogram; slot < end; slot += 8) {
    const weight = doubles(v128.and(i64x2.shr_u(left, 21), field))
    const bad = doubles(v128.and(left, field))
    const d = f64x2.sub(f64x2.mul(bad, total), f64x2.mul(totalBad, weight))
    const w = f64x2.div(f64x2.mul(d, d), f64x2.mul(weight, f64x2.sub(total, weight)))
    const better = v128.and(f64x2.gt(w, best), v128.and(i64x2.gt_s(left, least), i64x2.gt_s(most, left)))
    if (v128.any_true(better)) {
      best = v128.bitselect(w, best, better)
      const bin = <i32>((slot - histogram) >> 3)
      if (i64x2.extract_lane(better, 0)) {
        bestLeftA = i64x2.extract_lane(left, 0)
        atA = bin
      }
      if (i64x2.extract_lane(better, 1)) {
        bestLeftB = i64x2.extract_lane(left, 1)
        atB = bin
      }
    }
    left = i64x2.add(left, v128.load64_lane(slot, v128.load64_zero(slot), 1, 2048))
  }
  const second = histogram + 2048
  let constant: u32 = 0
  if (bestLeftA) considerPresent(bestLeftA, a, middle(histogram, atA))
  else constant += <u32>isConstant(histogram)
  if (bestLeftB) considerPresent(bestLeftB, b, middle(second, atB))
  else constant += <u32>isConstant(second)
  clear(histogram, binsA)
  clear(second, binsB)
  return constant
}
