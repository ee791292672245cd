// Some hundred to some thousand present numbers in rising order, in place. What comes out does not depend on which way is taken.
import { sortNumbers } from './sortNumbers'

const DIGIT_BITS: u32 = 8
const DIGITS: u32 = 8
/** Bytes of the counts of one digit: 2^8 words. */
const COUNTS: usize = 1024
/** From so many numbers on, longer digits pay. */
const LONG: u32 = 4096
/** Runs that are merged; more are sorted anew. */
const MOST_RUNS: u32 = 4

/** Bits of a number as a whole number in the same order. */
// @ts-ignore: decorator
@inline
function keyOf(x: f64): u64 {
  const bits = reinterpret<i64>(x)
  return <u64>bits ^ (<u64>(bits >> 63) | 0x8000000000000000)
}

// @ts-ignore: decorator
@inline
function numberOf(key: u64): f64 {
  return reinterpret<f64>(key ^ (((key >> 63) - 1) | 0x8000000000000000))
}

function countDigits(values: usize, count: u32, keys: usize, counts: usize): void {
  memory.fill(counts, 0, <usize>DIGITS * COUNTS)
  for (let i: u32 = 0; i < count; i++) {
    const at = (<usize>i) << 3
    const key = keyOf(load<f64>(values + at))
    store<u64>(keys + at, key)
    let place = counts
    for (let d: u32 = 0; d < DIGITS; d++) {
      const slot = place + (<usize>((key >> (d * DIGIT_BITS)) & 255) << 2)
      store<u32>(slot, load<u32>(slot) + 1)
      place += COUNTS
    }
  }
}

/** Counts become positions; false when all keys have the same digit. */
function positions(counts: usize, count: u32, some: u64, shift: u32): bool {
  if (load<u32>(counts + (<usize>((some >> shift) & 255) << 2)) == count) return false
  let sum: u32 = 0
  for (let d: usize = 0; d < COUNTS; d += 4) {
    const here = load<u32>(counts + d)
    store<u32>(counts + d, sum)
    sum += here
  }
  return true
}

function moveKeys(from: usize, to: usize, count: u32, counts: usize, shift: u32): void {
  const end = from + ((<usize>count) << 3)
  for (let at = from; at < end; at += 8) {
    const key = load<u64>(at)
    const slot = counts + (<usize>((key >> shift) & 255) << 2)
    const place = load<u32>(slot)
    store<u32>(slot, place + 1)
    store<u64>(to + ((<usize>place) << 3), key)
  }
}

/** Numbers without an order. `spare` has room for twice as many, `counts` for 48 KiB; none is NaN or -0. */
export function sortShort(values: usize, count: u32, spare: usize, counts: usize): void {
  if (count >= LONG) {
    sortNumbers(values, count, spare, counts)
    return
  }
  let from = spare
  let to = spare + ((<usize>count) << 3)
  countDigits(values, count, from, counts)
  for (let d: u32 = 0; d < DIGITS; d++) {
    const place = counts + <usize>d * COUNTS
    const shift = d * DIGIT_BITS
    if (!positions(place, count, load<u64>(from), shift)) continue
    moveKeys(from, to, count, place, shift)
    const other = from
    from = to
    to = other
  }
  for (let i: u32 = 0; i < count; i++) {
    const at = (<usize>i) << 3
    store<f64>(values + at, numberOf(load<u64>(from + at)))
  }
}

/** Where the run that begins at `at` ends. */
function runEnd(at: usize, end: usize): usize {
  if (at >= end) return end
  let next = at + 8
  while (next < end && load<f64>(next - 8) <= load<f64>(next)) next += 8
  return next
}

/** The runs start .. middle and middle .. end become one. `spare` has room for the first. */
function mergeRuns(start: usize, middle: usize, end: usize, spare: usize): void {
  memory.copy(spare, start, middle - start)
  let a = spare
  const aEnd = spare + (middle - start)
  let b = middle
  let to = start
  while (a < aEnd && b < end) {
    // No branch on what cannot be foreseen.
    const second = <usize>(load<f64>(b) < load<f64>(a))
    store<f64>(to, load<f64>(a ^ ((a ^ b) & (0 - second))))
    to += 8
    a += (1 - second) << 3
    b += second << 3
  }
  memory.copy(to, a, aEnd - a)
}

/** Numbers that are a few rising runs, as a rule. As sortShort. */
export function sortRuns(values: usize, count: u32, spare: usize, counts: usize): void {
  const end = values + ((<usize>count) << 3)
  let middle = runEnd(values, end)
  for (let runs: u32 = 1; middle < end; runs++) {
    if (runs == MOST_RUNS) {
      sortShort(values, count, spare, counts)
      return
    }
    const next = runEnd(middle, end)
    mergeRuns(values, middle, next, spare)
    middle = next
  }
}
