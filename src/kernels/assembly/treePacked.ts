// Scans of packed bins, one column at a time.
import { FIELD } from './treeJob'
import {
  ALL_PRESENT, all, allBad, allRows, allWeight, binsOf, consider, fewestRows, isGeneral, scanCells, setCell, worth,
} from './treeSplit'

/** A cut between present values where none are missing. */
export function considerPresent(left: u64, column: i32, c: i32): void {
  consider(left, column, c, false, 0)
}

/** All bins of a packed histogram, which is cleared. Whether the column is constant at the node. */
export function scanPacked(histogram: usize, column: i32): bool {
  const bins = binsOf(column)
  if (isGeneral(column)) {
    let count: u32 = 0
    for (let b = 0; b < bins; b++) {
      const v = load<u64>(histogram + (<usize>b << 3))
      if (v) setCell(count++, b, v)
    }
    const missing = load<u64>(histogram, 2040)
    clear(histogram, bins)
    return scanCells(count, missing >> 42, <f64>((missing >> 21) & FIELD), <f64>(missing & FIELD), column)
  }
  const missing = load<u64>(histogram, 2040)
  const constant = missing ? scanWithMissing(histogram, bins, column, missing) : scanPresent(histogram, bins, column)
  clear(histogram, bins)
  return constant
}

@inline
export function clear(histogram: usize, bins: i32): void {
  memory.fill(histogram, 0, <usize>bins << 3)
  store<u64>(histogram, 0, 2040)
}

/** The commonest scan; what is asked at every bin is kept in local variables. */
function scanPresent(histogram: usize, bins: i32, column: i32): bool {
  const rows = allRows
  const fewest = fewestRows
  const total = allWeight
  const totalBad = allBad
  let best = worth
  let bestLeft: u64 = 0
  let bestCut = 0
  let left: u64 = 0
  let last = 0
  for (let b = 0; b < bins; b++) {
    const v = load<u64>(histogram + (<usize>b << 3))
    if (!v) continue
    if (left) {
      const n = <u32>(left >> 42)
      if (rows - n < fewest) break
      if (n >= fewest) {
        const weight = <f64>(<i32>((left >> 21) & FIELD))
        const d = <f64>(<i32>(left & FIELD)) * total - totalBad * weight
        const w = (d * d) / (weight * (total - weight))
        if (w > best) {
          best = w
          bestLeft = left
          bestCut = (last + b - 1) >> 1
        }
      }
    } else if (v == all) return true
    left += v
    last = b
  }
  if (bestLeft) considerPresent(bestLeft, column, bestCut)
  return false
}

function scanWithMissing(histogram: usize, bins: i32, column: i32, missing: u64): bool {
  if (missing == all) return true
  const rows = <u32>(missing >> 42)
  let left: u64 = 0
  let last = 0
  for (let b = 0; b < bins; b++) {
    const v = load<u64>(histogram + (<usize>b << 3))
    if (!v) continue
    if (left) {
      const c = (last + b - 1) >> 1
      consider(left, column, c, false, rows)
      consider(left + missing, column, c, true, rows)
    }
    left += v
    last = b
  }
  consider(left, column, ALL_PRESENT, false, rows)
  return false
}

/** The same over the occupied bins alone, cleared on the way. */
export function scanFew(histogram: usize, occupied: usize, column: i32): bool {
  const missing = load<u64>(histogram, 2040)
  store<u64>(histogram, 0, 2040)
  store<u64>(occupied, load<u64>(occupied, 24) & 0x7fffffffffffffff, 24)
  if (isGeneral(column)) {
    let count: u32 = 0
    for (let word: u32 = 0; word < 4; word++) {
      for (let bits = load<u64>(occupied + (<usize>word << 3)); bits; bits &= bits - 1) {
        const b = (word << 6) + <u32>ctz(bits)
        const slot = histogram + (<usize>b << 3)
        setCell(count++, b, load<u64>(slot))
        store<u64>(slot, 0)
      }
    }
    return scanCells(count, missing >> 42, <f64>((missing >> 21) & FIELD), <f64>(missing & FIELD), column)
  }
  if (missing == all) return true
  if (!missing) return scanFewPresent(histogram, occupied, column)
  const rows = <u32>(missing >> 42)
  let left: u64 = 0
  let last: i32 = 0
  for (let word: u32 = 0; word < 4; word++) {
    for (let bits = load<u64>(occupied + (<usize>word << 3)); bits; bits &= bits - 1) {
      const b = <i32>((word << 6) + <u32>ctz(bits))
      const slot = histogram + (<usize>b << 3)
      const v = load<u64>(slot)
      store<u64>(slot, 0)
      if (left) {
        const c = (last + b - 1) >> 1
        consider(left, column, c, false, rows)
        consider(left + missing, column, c, true, rows)
      }
      left += v
      last = b
    }
  }
  consider(left, column, ALL_PRESENT, false, rows)
  return false
}

/** scanPresent over the occupied bins. */
function scanFewPresent(histogram: usize, occupied: usize, column: i32): bool {
  const rows = allRows
  const fewest = fewestRows
  const total = allWeight
  const totalBad = allBad
  let best = worth
  let bestLeft: u64 = 0
  let bestCut = 0
  let left: u64 = 0
  let last = 0
  for (let word: i32 = 0; word < 4; word++) {
    for (let bits = load<u64>(occupied + (<usize>word << 3)); bits; bits &= bits - 1) {
      const b = (word << 6) + <i32>ctz(bits)
      const slot = histogram + (<usize>b << 3)
      const v = load<u64>(slot)
      store<u64>(slot, 0)
      const n = <u32>(left >> 42)
      if (n >= fewest && rows - n >= fewest) {
        const weight = <f64>(<i32>((left >> 21) & FIELD))
        const d = <f64>(<i32>(left & FIELD)) * total - totalBad * weight
        const w = (d * d) / (weight * (total - weight))
        if (w > best) {
          best = w
          bestLeft = left
          bestCut = (last + b - 1) >> 1
        }
      }
      if (v == all) return true
      left += v
      last = b
    }
  }
  if (bestLeft) considerPresent(bestLeft, column, bestCut)
  return false
}
