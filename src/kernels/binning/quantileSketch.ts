/**
 * Quantiles of columns that are seen once, in bounded memory.
 *
 * Up to `most` distinct values a column keeps each with its count: it stays exact. With more it becomes a pile of buffers of `width`
 * values; a value on level h stands for 2^h rows. A full buffer is sorted and every other value, from the first or the second on,
 * moves up a level (Agarwal et al., Mergeable summaries, 2012, doi:10.1145/2213556.2213562; Karnin, Lang and Liberty, Optimal
 * quantile approximation in streams, 2016, doi:10.1109/FOCS.2016.17). Ranks are off by about 0.7 / width of the rows (a standard
 * deviation), without a drift. Which half moves is a hash of column, level and round: nothing depends on threads.
 *
 * All of it lies in arrays that may be shared, so that any thread may take any column. This is the readable twin of
 * assembly/quantileSketch.ts: both give the same edges.
 */
import { countBelow, midpoint } from '../numbers/order.ts'
import { distinctRuns, nearestCuts } from './cuts.ts'

export interface SketchState {
  readonly columns: number
  /** values a buffer holds */
  readonly width: number
  /** most distinct values that are kept as they are, 255 at most */
  readonly most: number
  /** distinct values of each column, rising, and their counts: `most` each; `known[j]` of them, -1 once there were more */
  readonly members: Float64Array
  readonly counts: Float64Array
  readonly known: Int32Array
  /** by level: columns x width values, of which the column's `fill` are set */
  readonly levels: Float64Array[]
  /** LEVELS a column: values in its buffer, and times that it was emptied */
  readonly fill: Int32Array
  readonly rounds: Int32Array
}

/** Enough for 2^31 rows. */
export const MOST_LEVELS = 32
const LEVELS = MOST_LEVELS

/** Levels that as many rows need. */
export const levelsFor = (rows: number, width: number): number =>
  Math.min(MOST_LEVELS, 2 + Math.max(1, Math.ceil(Math.log2(rows / width + 1))))

const doubles = (length: number): Float64Array => new Float64Array(new SharedArrayBuffer(8 * length))
const integers = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * length))

export const newSketch = (columns: number, width: number, most: number): SketchState => ({
  columns,
  width,
  most,
  members: doubles(columns * most),
  counts: doubles(columns * most),
  known: integers(columns),
  levels: [],
  fill: integers(columns * LEVELS),
  rounds: integers(columns * LEVELS),
})

/** Adds levels until `rows` rows have room. On the thread that holds the sketch, before `addToSketch`. */
export const makeRoom = (sketch: SketchState, rows: number): void => {
  const needed = levelsFor(rows, sketch.width)
  while (sketch.levels.length < needed) sketch.levels.push(doubles(sketch.columns * sketch.width))
}

/** Takes values of one column in. */
export const addToSketch = (sketch: SketchState, column: number, values: Float64Array): void => {
  let i = 0
  while (i < values.length && sketch.known[column]! >= 0) {
    const x = values[i++]!
    if (!Number.isNaN(x)) addMember(sketch, column, x + 0)
  }
  if (i < values.length) addToBuffer(sketch, column, values.subarray(i))
}

const addMember = (sketch: SketchState, column: number, x: number): void => {
  const { most, known, members, counts } = sketch
  const start = column * most
  const count = known[column]!
  // No views here, and no calls: this is done for every value.
  let low = start
  let high = start + count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (members[middle]! < x) low = middle + 1
    else high = middle
  }
  if (low < start + count && members[low] === x) counts[low]!++
  else if (count < most) {
    members.copyWithin(low + 1, low, start + count)
    counts.copyWithin(low + 1, low, start + count)
    members[low] = x
    counts[low] = 1
    known[column] = count + 1
  } else {
    known[column] = -1
    for (let k = start; k < start + count; k++) pushTimes(sketch, column, members[k]!, counts[k]!)
    push(sketch, column, 0, x)
  }
}

/** Values into the lowest buffer. */
const addToBuffer = (sketch: SketchState, column: number, values: Float64Array): void => {
  const { width, fill } = sketch
  const buffer = sketch.levels[0]!
  const start = column * width
  const at = column * LEVELS
  let filled = fill[at]!
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!
    if (Number.isNaN(x)) continue
    if (filled === width) {
      fill[at] = filled
      moveUp(sketch, column, 0)
      filled = fill[at]!
    }
    buffer[start + filled++] = x + 0
  }
  fill[at] = filled
}

/** A count is a sum of powers of two: the value goes to those levels, and to the highest as often as it must. */
const pushTimes = (sketch: SketchState, column: number, x: number, times: number): void => {
  const highest = sketch.levels.length - 1
  let left = times
  for (let level = 0; level < highest; level++) {
    if (left % 2 === 1) push(sketch, column, level, x)
    left = Math.floor(left / 2)
  }
  for (let k = 0; k < left; k++) push(sketch, column, highest, x)
}

const push = (sketch: SketchState, column: number, level: number, x: number): void => {
  const { width, fill } = sketch
  const at = column * LEVELS + level
  if (fill[at] === width) moveUp(sketch, column, level)
  sketch.levels[level]![column * width + fill[at]!++] = x
}

const moveUp = (sketch: SketchState, column: number, level: number): void => {
  const { width, fill, rounds } = sketch
  const at = column * LEVELS + level
  const sorted = sketch.levels[level]!.slice(column * width, column * width + fill[at]!).sort()
  const round = rounds[at]!++
  // Rounds go in pairs of first and second: what one adds to a rank the next takes away again as often as not.
  const from = round % 2 === 0 ? coin(column, level, round) : 1 - coin(column, level, round - 1)
  fill[at] = 0
  for (let k = from; k < sorted.length; k += 2) push(sketch, column, level + 1, sorted[k]!)
}

const coin = (column: number, level: number, round: number): number => {
  let h = Math.imul(column + 1, 0x9e3779b1) ^ Math.imul(level + 1, 0x85ebca6b) ^ Math.imul(round + 1, 0xc2b2ae35)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  return ((h ^ (h >>> 13)) >>> 7) & 1
}

/** Rising edges of one column: between all its distinct values when it has few, else at its quantiles. */
export const sketchEdges = (sketch: SketchState, column: number): Float64Array => {
  const { most, width, known, fill } = sketch
  const count = known[column]!
  if (count >= 0) {
    const members = sketch.members.subarray(column * most, column * most + count)
    return Float64Array.from({ length: Math.max(0, count - 1) }, (_, k) => midpoint(members[k]!, members[k + 1]!))
  }
  const held = sketch.levels.map((buffers, level) =>
    buffers.subarray(column * width, column * width + fill[column * LEVELS + level]!),
  )
  const all = new Float64Array(held.reduce((sum, buffer) => sum + buffer.length, 0))
  let n = 0
  for (const buffer of held) {
    all.set(buffer, n)
    n += buffer.length
  }
  const { values } = distinctRuns(all.sort())
  const mass = new Float64Array(values.length)
  held.forEach((buffer, level) => {
    for (let k = 0; k < buffer.length; k++) mass[countBelow(values, buffer[k]!)]! += 2 ** level
  })
  return Float64Array.from(nearestCuts(mass, most), (k) => midpoint(values[k]!, values[k + 1]!))
}
