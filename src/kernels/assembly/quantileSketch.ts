// Quantiles of columns that are seen once: see binning/quantileSketch.ts, the readable twin, for what it does and why.
//
// A sketch is a table of words: [0] columns, [4] values that a buffer holds, [8] most members, [12] levels, and where its parts lie:
// [16] members, 256 doubles a column, filled up with NaN; [20] their counts, 256 words a column; [24] members known of each column, -1
// once there were more; [28] values in the buffers, [32] times that each was emptied, 32 words a column; [36] on: the buffers by level.
import { findPlaces } from './binning'
import { sortRuns, sortShort } from './sortShort'

const LEVELS: usize = 32
/** Bytes of the members and of the counts of a column. */
const MEMBERS: usize = 2048
const COUNTS: usize = 1024
/** Bytes that sorting counts in. */
const SORTING: usize = 49152
/** Values searched among the members together: a new member spoils no more searches than these. */
const TOGETHER: u32 = 32

// @ts-ignore: decorator
@inline
function levelsOf(sketch: usize, part: usize, column: u32, level: u32): usize {
  return <usize>load<u32>(sketch + part) + (((<usize>column) * LEVELS + level) << 2)
}

// @ts-ignore: decorator
@inline
function bufferOf(sketch: usize, column: u32, level: u32): usize {
  return <usize>load<u32>(sketch + 36 + ((<usize>level) << 2)) + (<usize>column * <usize>load<u32>(sketch, 4) << 3)
}

/** Empties the sketch. */
export function sketchClear(sketch: usize): void {
  const columns = <usize>load<u32>(sketch)
  memory.fill(load<u32>(sketch, 16), 255, columns * MEMBERS)
  memory.fill(load<u32>(sketch, 20), 0, columns * COUNTS)
  memory.fill(load<u32>(sketch, 24), 0, columns << 2)
  memory.fill(load<u32>(sketch, 28), 0, (columns * LEVELS) << 2)
  memory.fill(load<u32>(sketch, 32), 0, (columns * LEVELS) << 2)
}

/** Whether the first or the second value of a pair moves up: a hash, the same in both twins. */
function coin(column: u32, level: u32, round: u32): u32 {
  let h: u32 = ((column + 1) * 0x9e3779b1) ^ ((level + 1) * 0x85ebca6b) ^ ((round + 1) * 0xc2b2ae35)
  h = (h ^ (h >> 15)) * 0x2c1b3c6d
  return ((h ^ (h >> 13)) >> 7) & 1
}

/** Every other value of a full buffer moves to the next level. `scratch`: counts of the sort, then twice the buffer. */
function moveUp(sketch: usize, column: u32, level: u32, scratch: usize): void {
  const width = load<u32>(sketch, 4)
  const buffer = bufferOf(sketch, column, level)
  if (level == 0) sortShort(buffer, width, scratch + SORTING, scratch)
  else sortRuns(buffer, width, scratch + SORTING, scratch)
  const rounds = levelsOf(sketch, 32, column, level)
  const round = load<u32>(rounds)
  store<u32>(rounds, round + 1)
  store<u32>(levelsOf(sketch, 28, column, level), 0)
  const first = round % 2 == 0 ? coin(column, level, round) : 1 - coin(column, level, round - 1)
  const above = bufferOf(sketch, column, level + 1)
  const fill = levelsOf(sketch, 28, column, level + 1)
  let filled = load<u32>(fill)
  for (let k = first; k < width; k += 2) {
    if (filled == width) {
      moveUp(sketch, column, level + 1, scratch)
      filled = 0
    }
    store<f64>(above + ((<usize>filled) << 3), load<f64>(buffer + ((<usize>k) << 3)))
    filled++
  }
  store<u32>(fill, filled)
}

function push(sketch: usize, column: u32, level: u32, x: f64, scratch: usize): void {
  const fill = levelsOf(sketch, 28, column, level)
  if (load<u32>(fill) == load<u32>(sketch, 4)) moveUp(sketch, column, level, scratch)
  const filled = load<u32>(fill)
  store<f64>(bufferOf(sketch, column, level) + ((<usize>filled) << 3), x)
  store<u32>(fill, filled + 1)
}

/** Values into the lowest buffer. */
function addToBuffer(sketch: usize, column: u32, values: usize, count: u32, scratch: usize): void {
  const width = load<u32>(sketch, 4)
  const buffer = bufferOf(sketch, column, 0)
  const fill = levelsOf(sketch, 28, column, 0)
  let filled = load<u32>(fill)
  for (let i: u32 = 0; i < count; i++) {
    const x = load<f64>(values + ((<usize>i) << 3))
    if (x != x) continue
    if (filled == width) {
      moveUp(sketch, column, 0, scratch)
      filled = 0
    }
    store<f64>(buffer + ((<usize>filled) << 3), x + 0.0)
    filled++
  }
  store<u32>(fill, filled)
}

/** Members become values of the buffers. */
function spill(sketch: usize, column: u32, known: u32, scratch: usize): void {
  const members = <usize>load<u32>(sketch, 16) + <usize>column * MEMBERS
  const counts = <usize>load<u32>(sketch, 20) + <usize>column * COUNTS
  const highest = load<u32>(sketch, 12) - 1
  for (let k: usize = 0; k < known; k++) {
    const x = load<f64>(members + (k << 3))
    let left = load<u32>(counts + (k << 2))
    for (let level: u32 = 0; level < highest; level++) {
      if (left & 1) push(sketch, column, level, x, scratch)
      left >>= 1
    }
    for (; left > 0; left--) push(sketch, column, highest, x, scratch)
  }
}

/** Counts values among the members; returns where it came upon one too many, else `count`. */
function addMembers(sketch: usize, column: u32, values: usize, count: u32, places: usize): u32 {
  const members = <usize>load<u32>(sketch, 16) + <usize>column * MEMBERS
  const counts = <usize>load<u32>(sketch, 20) + <usize>column * COUNTS
  const knownAt = <usize>load<u32>(sketch, 24) + ((<usize>column) << 2)
  const most = load<u32>(sketch, 8)
  let known = load<u32>(knownAt)
  let i: u32 = 0
  while (i < count) {
    const first = i
    const end = min(count, i + TOGETHER)
    findPlaces(values + ((<usize>i) << 3), end - i, members, 32 - clz(known), places)
    while (i < end) {
      const x = load<f64>(values + ((<usize>i) << 3))
      const at = <usize>load<u16>(places + ((<usize>(i - first)) << 1))
      if (x == x && load<f64>(members + (at << 3)) != x) {
        if (known == most) {
          store<u32>(knownAt, known)
          return i
        }
        memory.copy(members + (at << 3) + 8, members + (at << 3), (<usize>known - at) << 3)
        memory.copy(counts + (at << 2) + 4, counts + (at << 2), (<usize>known - at) << 2)
        store<f64>(members + (at << 3), x + 0.0)
        store<u32>(counts + (at << 2), 1)
        known++
        i++
        break
      }
      if (x == x) store<u32>(counts + (at << 2), load<u32>(counts + (at << 2)) + 1)
      i++
    }
  }
  store<u32>(knownAt, known)
  return count
}

/** Takes values of one column in. `scratch`: 48 KiB and twice a buffer. */
export function sketchAdd(sketch: usize, column: u32, values: usize, count: u32, scratch: usize): void {
  const known = <usize>load<u32>(sketch, 24) + ((<usize>column) << 2)
  let from: u32 = 0
  if (load<i32>(known) >= 0) {
    from = addMembers(sketch, column, values, count, scratch)
    if (from == count) return
    spill(sketch, column, load<u32>(known), scratch)
    store<i32>(known, -1)
  }
  addToBuffer(sketch, column, values + ((<usize>from) << 3), count - from, scratch)
}

/** Merges a rising buffer, each value of which weighs `mass`, with rising values and their masses (a double each) behind them. */
function mergeMass(buffer: usize, filled: u32, mass: f64, from: usize, count: u32, room: usize, to: usize): void {
  let a = from
  const aEnd = from + ((<usize>count) << 3)
  let b = buffer
  const bEnd = buffer + ((<usize>filled) << 3)
  let at = to
  while (a < aEnd || b < bEnd) {
    if (b >= bEnd || (a < aEnd && load<f64>(a) <= load<f64>(b))) {
      store<f64>(at, load<f64>(a))
      store<f64>(at + room, load<f64>(a + room))
      a += 8
    } else {
      store<f64>(at, load<f64>(b))
      store<f64>(at + room, mass)
      b += 8
    }
    at += 8
  }
}

/**
 * The different values that the buffers of a column hold, rising, in `out`, and the rows that each stands for, `room` bytes behind it;
 * returns how many. `room`: 8 bytes for each value of all buffers; `out` has four times that, `scratch` is as in sketchAdd.
 */
export function sketchMasses(sketch: usize, column: u32, out: usize, room: usize, scratch: usize): u32 {
  const levels = load<u32>(sketch, 12)
  let from = out
  let to = out + 2 * room
  let count: u32 = 0
  let mass: f64 = 1
  for (let level: u32 = 0; level < levels; level++) {
    const filled = load<u32>(levelsOf(sketch, 28, column, level))
    if (filled > 0) {
      const buffer = bufferOf(sketch, column, level)
      if (level == 0) sortShort(buffer, filled, scratch + SORTING, scratch)
      else sortRuns(buffer, filled, scratch + SORTING, scratch)
      mergeMass(buffer, filled, mass, from, count, room, to)
      count += filled
      const other = from
      from = to
      to = other
    }
    mass *= 2
  }
  let n: usize = 0
  for (let k: usize = 0; k < count; k++) {
    const x = load<f64>(from + (k << 3))
    const here = load<f64>(from + (k << 3) + room)
    if (n > 0 && load<f64>(out + ((n - 1) << 3)) == x) {
      const last = out + ((n - 1) << 3) + room
      store<f64>(last, load<f64>(last) + here)
    } else {
      store<f64>(out + (n << 3), x)
      store<f64>(out + (n << 3) + room, here)
      n++
    }
  }
  return <u32>n
}
