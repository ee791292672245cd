// The best split of a categorical column into two sets of categories. Few categories are tried one against the others; many are put in
// the order of gradient / (Hessian + smoothing), after which the best sets are ends of that order (Fisher 1958, doi:10.2307/2281952).
import {
  BY_CATEGORY,
  CATEGORY_LAMBDA,
  CATEGORY_SMOOTH,
  MIN_CATEGORY,
  MISSING_LEFT,
  MOST_SORTED,
  ONE_HOT,
  real,
  SPLIT_SET,
  word,
} from './boostingJob'
import { gainOf, gradientOf, hessianOf, leastGain, offer, rowsOf } from './boostingScan'

/** Puts the codes of order[from .. to - 1] into the set of a split; the code of missing values is its flag too. */
function writeSet(out: usize, codes: usize, from: i32, to: i32): u32 {
  memory.fill(out + SPLIT_SET, 0, 32)
  let flags = BY_CATEGORY
  for (let k = from; k < to; k++) {
    const code = load<u32>(codes + (<usize>k << 2))
    if (code == 255) flags |= MISSING_LEFT
    const at = out + SPLIT_SET + (code >> 3)
    store<u8>(at, load<u8>(at) | <u8>((<u32>1) << (code & 7)))
  }
  return flags
}

/** As scanNumbers; missing values are a category of their own, and categories with too few rows stay on the right. */
export function scanCategories(job: usize, sums: usize, column: u32, bins: u32, order: usize, out: usize): void {
  const keys = order
  const codes = order + 2048
  const least = <u64>word(job, MIN_CATEGORY)
  const smooth = real(job, CATEGORY_SMOOTH)
  let count: i32 = 0
  for (let code: u32 = 0; code < 256; code++) {
    if (code >= bins && code != 255) continue
    const here = load<u64>(sums + (<usize>code << 3))
    if (here == 0 || rowsOf(here) < least) continue
    const key = gradientOf(here) / (hessianOf(here) + smooth)
    let at = count++
    for (; at > 0 && load<f64>(keys + (<usize>(at - 1) << 3)) > key; at--) {
      store<f64>(keys + (<usize>at << 3), load<f64>(keys + (<usize>(at - 1) << 3)))
      store<u32>(codes + (<usize>at << 2), load<u32>(codes + (<usize>(at - 1) << 2)))
    }
    store<f64>(keys + (<usize>at << 3), key)
    store<u32>(codes + (<usize>at << 2), code)
  }
  let best = leastGain()
  if (count <= <i32>word(job, ONE_HOT)) {
    for (let k = 0; k < count; k++) {
      const left = load<u64>(sums + (<usize>load<u32>(codes + (<usize>k << 2)) << 3))
      const gain = gainOf(left, 0, 0)
      if (gain > best) {
        best = gain
        offer(out, gain, left, column, 0, writeSet(out, codes, k, k + 1))
      }
    }
    return
  }
  const more = real(job, CATEGORY_LAMBDA)
  const most = min(count, <i32>word(job, MOST_SORTED))
  for (let end = 0; end < 2; end++) {
    let left: u64 = 0
    for (let k = 0; k < most; k++) {
      const at = end ? count - 1 - k : k
      left += load<u64>(sums + (<usize>load<u32>(codes + (<usize>at << 2)) << 3))
      const gain = gainOf(left, 0, more)
      if (gain > best) {
        best = gain
        const flags = end ? writeSet(out, codes, at, count) : writeSet(out, codes, 0, at + 1)
        offer(out, gain, left, column, 0, flags)
      }
    }
  }
}
