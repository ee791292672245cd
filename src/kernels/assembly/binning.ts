// Numbers to bins. A table is 2^steps - 1 rising doubles and one more, filled up with NaN, which no number lies above or equals. Its
// search has no branches, and eight numbers are searched at a time, so that one waits while the others go on.

const MISSING: u8 = 255
/** Numbers searched together. */
const LANES: u32 = 8

/** One step of a search: p, in bytes, moves on by `half` when the table holds less than x there. `middle` is the table + half - 8. */
// @ts-ignore: decorator
@inline
function step(middle: usize, p: usize, x: f64, shift: usize): usize {
  return p + ((<usize>(load<f64>(middle + p) < x)) << shift)
}

/** Where a table of `steps` steps holds x or would: the number of entries below it. */
// @ts-ignore: decorator
@inline
function place(table: usize, steps: u32, x: f64): u32 {
  let p: usize = 0
  for (let s = <usize>steps + 2; s > 2; s--) p = step(table + (<usize>1 << s) - 8, p, x, s)
  return <u32>(p >> 3)
}

/** The places of `count` numbers, a word each, in `places`; that of NaN is 0. */
export function findPlaces(values: usize, count: u32, table: usize, steps: u32, places: usize): void {
  let i: u32 = 0
  for (; i + LANES <= count; i += LANES) {
    const at = values + ((<usize>i) << 3)
    const x0 = load<f64>(at)
    const x1 = load<f64>(at, 8)
    const x2 = load<f64>(at, 16)
    const x3 = load<f64>(at, 24)
    const x4 = load<f64>(at, 32)
    const x5 = load<f64>(at, 40)
    const x6 = load<f64>(at, 48)
    const x7 = load<f64>(at, 56)
    let p0: usize = 0
    let p1: usize = 0
    let p2: usize = 0
    let p3: usize = 0
    let p4: usize = 0
    let p5: usize = 0
    let p6: usize = 0
    let p7: usize = 0
    for (let s = <usize>steps + 2; s > 2; s--) {
      const middle = table + (<usize>1 << s) - 8
      p0 = step(middle, p0, x0, s)
      p1 = step(middle, p1, x1, s)
      p2 = step(middle, p2, x2, s)
      p3 = step(middle, p3, x3, s)
      p4 = step(middle, p4, x4, s)
      p5 = step(middle, p5, x5, s)
      p6 = step(middle, p6, x6, s)
      p7 = step(middle, p7, x7, s)
    }
    const to = places + ((<usize>i) << 1)
    store<u16>(to, <u16>(p0 >> 3))
    store<u16>(to, <u16>(p1 >> 3), 2)
    store<u16>(to, <u16>(p2 >> 3), 4)
    store<u16>(to, <u16>(p3 >> 3), 6)
    store<u16>(to, <u16>(p4 >> 3), 8)
    store<u16>(to, <u16>(p5 >> 3), 10)
    store<u16>(to, <u16>(p6 >> 3), 12)
    store<u16>(to, <u16>(p7 >> 3), 14)
  }
  for (; i < count; i++)
    store<u16>(places + ((<usize>i) << 1), <u16>place(table, steps, load<f64>(values + ((<usize>i) << 3))))
}

/** Bins of numbers by the edges in `table`. `places` is scratch, two bytes a number. */
export function binTile(values: usize, count: u32, table: usize, steps: u32, places: usize, bins: usize): void {
  findPlaces(values, count, table, steps, places)
  for (let i: u32 = 0; i < count; i++) {
    const x = load<f64>(values + ((<usize>i) << 3))
    const bin = load<u16>(places + ((<usize>i) << 1))
    store<u8>(bins + i, x == x ? <u8>bin : MISSING)
  }
}

/**
 * Bins of numbers that are all entries of `table`: the position of each. Stops at the first that is not one and returns its
 * position; `count` when there is none.
 */
export function memberTile(values: usize, count: u32, table: usize, steps: u32, places: usize, bins: usize): u32 {
  findPlaces(values, count, table, steps, places)
  for (let i: u32 = 0; i < count; i++) {
    const x = load<f64>(values + ((<usize>i) << 3))
    const bin = load<u16>(places + ((<usize>i) << 1))
    if (x != x) store<u8>(bins + i, MISSING)
    else if (load<f64>(table + ((<usize>bin) << 3)) == x) store<u8>(bins + i, <u8>bin)
    else return i
  }
  return count
}

/**
 * Puts numbers into buckets: bucket k holds what lies above entry k - 1 of `table` up to entry k; `missing` is the bucket of NaN.
 * Adds up weights (a double each; 0: every number counts 1) and keeps the least number by bucket; the buckets go to `places`.
 */
export function countTile(
  values: usize,
  count: u32,
  weights: usize,
  table: usize,
  steps: u32,
  missing: u32,
  mass: usize,
  least: usize,
  places: usize,
): void {
  findPlaces(values, count, table, steps, places)
  for (let i: u32 = 0; i < count; i++) {
    const x = load<f64>(values + ((<usize>i) << 3))
    const to = places + ((<usize>i) << 1)
    if (x != x) {
      store<u16>(to, <u16>missing)
      continue
    }
    const slot = (<usize>load<u16>(to)) << 3
    store<f64>(mass + slot, load<f64>(mass + slot) + (weights ? load<f64>(weights + ((<usize>i) << 3)) : 1))
    if (x < load<f64>(least + slot)) store<f64>(least + slot, x)
  }
}

/** Bins of buckets. */
export function mapTile(places: usize, count: u32, binOfBucket: usize, bins: usize): void {
  for (let i: u32 = 0; i < count; i++)
    store<u8>(bins + i, load<u8>(binOfBucket + load<u16>(places + ((<usize>i) << 1))))
}
