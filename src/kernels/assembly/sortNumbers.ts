// Numbers in rising order by a radix sort of their bits, 11 at a time from the lowest.

const DIGITS: u32 = 6
const DIGIT_BITS: u32 = 11
/** Bytes of the counts of one digit: 2^11 words. */
const COUNTS: usize = 8192

/** Bits of a number as a whole number in the same order; -0 counts as 0. */
// @ts-ignore: decorator
@inline
function keyOf(x: f64): u64 {
  const bits = reinterpret<i64>(x + 0.0)
  return <u64>bits ^ (<u64>(bits >> 63) | 0x8000000000000000)
}

// @ts-ignore: decorator
@inline
function numberOf(key: u64): f64 {
  return reinterpret<f64>(key ^ (((key >> 63) - 1) | 0x8000000000000000))
}

/** Keys of the numbers that are not NaN go to `keys`, and their digits are counted. */
function countDigits(values: usize, count: u32, keys: usize, counts: usize): u32 {
  memory.fill(counts, 0, <usize>DIGITS * COUNTS)
  let to = keys
  for (let i: u32 = 0; i < count; i++) {
    const x = load<f64>(values + ((<usize>i) << 3))
    if (x != x) continue
    const key = keyOf(x)
    store<u64>(to, key)
    to += 8
    let place = counts
    for (let d: u32 = 0; d < DIGITS; d++) {
      const slot = place + (<usize>((key >> (d * DIGIT_BITS)) & 2047) << 2)
      store<u32>(slot, load<u32>(slot) + 1)
      place += COUNTS
    }
  }
  return <u32>((to - keys) >> 3)
}

/** Counts become positions; false when all keys have the same digit, so that nothing needs to move. */
function positions(counts: usize, count: u32): bool {
  let sum: u32 = 0
  for (let d: usize = 0; d < COUNTS; d += 4) {
    const here = load<u32>(counts + d)
    if (here == count) return false
    store<u32>(counts + d, sum)
    sum += here
  }
  return true
}

function moveKeys(from: usize, to: usize, count: u32, counts: usize, shift: u32): void {
  const end = from + ((<usize>count) << 3)
  for (let at = from; at < end; at += 8) {
    const key = load<u64>(at)
    const slot = counts + (<usize>((key >> shift) & 2047) << 2)
    const place = load<u32>(slot)
    store<u32>(slot, place + 1)
    store<u64>(to + ((<usize>place) << 3), key)
  }
}

/**
 * Sorts in place: present numbers rising, NaN left out; returns how many. `spare` has room for twice `count` doubles, `counts` for
 * 48 KiB.
 */
export function sortNumbers(values: usize, count: u32, spare: usize, counts: usize): u32 {
  let from = spare
  let to = spare + ((<usize>count) << 3)
  const present = countDigits(values, count, from, counts)
  for (let d: u32 = 0; d < DIGITS; d++) {
    const place = counts + <usize>d * COUNTS
    if (!positions(place, present)) continue
    moveKeys(from, to, present, place, d * DIGIT_BITS)
    const other = from
    from = to
    to = other
  }
  for (let i: u32 = 0; i < present; i++) {
    const at = (<usize>i) << 3
    store<f64>(values + at, numberOf(load<u64>(from + at)))
  }
  return present
}

/** The different ones of `count` rising numbers, in their place, and how often each stands there; how many they are. */
export function distinctRuns(rising: usize, count: u32, counts: usize): u32 {
  if (!count) return 0
  let value = load<f64>(rising)
  let first: u32 = 0
  let runs: u32 = 0
  for (let i: u32 = 1; i <= count; i++) {
    const next = i < count ? load<f64>(rising + (<usize>i << 3)) : 0
    if (i < count && next == value) continue
    store<f64>(rising + (<usize>runs << 3), value)
    store<f64>(counts + (<usize>runs << 3), <f64>(i - first))
    runs++
    value = next
    first = i
  }
  return runs
}
