// Looks for the split of one node: brings its rows together, draws columns, counts their bins, scans them.
import { below } from './random'
import { gatherRows, nameRows } from './treeGather'
import { addColumn, addFew, addFourColumns, addFourLocal, addWide, fillPayloads } from './treeHistogram'
import {
  BINS, COLUMNS, COMPACT, COUNTS, ENTRIES, FEATURES, HISTOGRAM, LOCAL, LOCAL_ENTRIES, MOVES, PERMUTATION, ROWS,
  ROW_BINS, SMALLS, STRIDE, WEIGHTS, WIDE,
} from './treeJob'
import { addFewMoved, addFourMoved, addMoved } from './treeMoved'
import { scanFew, scanPacked } from './treePacked'
import { scanPair } from './treePair'
import { P_BAD, P_LOCAL, P_ROWS, P_START, P_WEIGHT } from './treePlace'
import { beginSearch, configureSplits, feature, isGeneral, scanWide } from './treeSplit'

/** Nodes up to this many rows are counted with a mask of occupied bins. */
const FEW: u32 = 192
/** Draws that a packed bin cannot hold. */
const MANY: f64 = 2097152

let job: usize = 0
let desk: usize = 0
let rows: usize = 0
let columns: u32 = 0
let features: u32 = 0
let weights: usize = 0
let counts: usize = 0
let entries: usize = 0
let permutation: usize = 0
let histogram: usize = 0
let smalls: usize = 0
let allWide: bool = false
let compact: u32 = 0
let localStart: u32 = 0
let moves: bool = false
let local: usize = 0
let second: usize = 0
let stride: usize = 0

// where the rows of the node being searched stand
export let nodeEntries: usize = 0
export let base: usize = 0
export let columnStep: usize = 0
export let rowStep: usize = 0
/** its rows stand together, from `base` on */
export let moved: bool = false

export function configureSearch(jobAddress: usize, deskAddress: usize, wide: bool): void {
  job = jobAddress
  desk = deskAddress
  allWide = wide
  rows = load<u32>(job, ROWS)
  columns = load<u32>(job, COLUMNS)
  features = load<u32>(job, FEATURES)
  weights = load<u32>(job, WEIGHTS)
  compact = load<u32>(job, ROW_BINS) ? load<u32>(job, COMPACT) : 0
  moves = load<u32>(job, MOVES) != 0
  stride = load<u32>(job, STRIDE)
  local = load<u32>(desk, LOCAL)
  second = load<u32>(desk, LOCAL_ENTRIES)
  counts = load<u32>(desk, COUNTS)
  entries = load<u32>(desk, ENTRIES)
  permutation = load<u32>(desk, PERMUTATION)
  histogram = load<u32>(desk, HISTOGRAM)
  smalls = load<u32>(desk, SMALLS)
  configureSplits(job, desk)
  fillPayloads(smalls + 256)
  memory.fill(histogram, 0, 8192)
  for (let j: u32 = 0; j < columns; j++) store<u32>(permutation + (<usize>j << 2), j)
}

/** Copies the rows of a node together; its subtree is grown there. */
function gather(place: usize): void {
  localStart = load<u32>(place, P_START)
  const n = load<u32>(place, P_ROWS)
  const rowBins = <usize>load<u32>(job, ROW_BINS)
  const from = entries + (<usize>localStart << 2)
  gatherRows(from, n, local, rowBins, stride)
  if (!moves) nameRows(from, n, second)
  store<u32>(place, 1, P_LOCAL)
}

/** Where the rows of a place stand in a buffer of rows that move. */
@inline
function rowsIn(buffer: usize, start: u32): usize {
  return buffer + <usize>(start - localStart) * stride
}

/** Where the rows of a place that move will stand, `where` they stand now. */
@inline
export function nextRows(where: u32, start: u32): usize {
  return rowsIn(where == 1 ? second : local, start)
}

@inline
export function locate(place: usize): void {
  const where = load<u32>(place, P_LOCAL)
  const start = load<u32>(place, P_START)
  columnStep = 1
  rowStep = stride
  moved = where != 0 && moves
  if (moved) {
    base = rowsIn(where == 1 ? local : second, start)
  } else if (where) {
    nodeEntries = second + (<usize>(start - localStart) << 2)
    base = local
  } else {
    nodeEntries = entries + (<usize>start << 2)
    base = load<u32>(job, BINS)
    columnStep = rows
    rowStep = 1
  }
}

/** Puts a column that was not yet drawn at this node into place `at`. */
@inline
function draw(at: u32): void {
  const to = permutation + (<usize>at << 2)
  const from = permutation + ((<usize>(at + below(columns - at))) << 2)
  const column = load<u32>(from)
  store<u32>(from, load<u32>(to))
  store<u32>(to, column)
}

/** Finds the best split of a place. Whether there is one. */
export function search(place: usize): bool {
  const n = load<u32>(place, P_ROWS)
  const weight = load<f64>(place, P_WEIGHT)
  const wide = allWide || weight >= MANY
  if (n <= compact && !wide && !load<u32>(place, P_LOCAL)) gather(place)
  locate(place)
  beginSearch(n, weight, load<f64>(place, P_BAD))
  for (let q: u32 = 0; q < features; q++) draw(q)
  let constant = lookAt(0, features, n, wide)
  for (let q = features; q < columns && constant == q; q++) {
    draw(q)
    constant += lookAt(q, q + 1, n, wide)
  }
  return feature >= 0
}

/** The drawn column in place `at`. */
@inline
function columnAt(at: u32): i32 {
  return load<i32>(permutation + (<usize>at << 2))
}

/** Bytes from the first of a node's bytes to those of a column. */
@inline
function offset(at: u32): usize {
  return <usize>columnAt(at) * columnStep
}

function countFour(q: u32, n: u32): void {
  const table = smalls + 256
  const c0 = offset(q)
  const c1 = offset(q + 1)
  const c2 = offset(q + 2)
  const c3 = offset(q + 3)
  if (moved) addFourMoved(base, n, c0, c1, c2, c3, rowStep, histogram, table)
  else if (rowStep == 1)
    addFourColumns(nodeEntries, n, base + c0, base + c1, base + c2, base + c3, histogram, table, histogram + 8192)
  else addFourLocal(nodeEntries, n, base + c0, base + c1, base + c2, base + c3, rowStep, histogram, table)
}

function countOne(q: u32, n: u32): void {
  if (moved) addMoved(base, n, offset(q), rowStep, histogram, smalls + 256)
  else addColumn(nodeEntries, n, base + offset(q), rowStep, histogram, smalls + 256)
}

function countFew(q: u32, n: u32, occupied: usize): void {
  if (moved) addFewMoved(base, n, offset(q), rowStep, histogram, smalls + 256, occupied)
  else addFew(nodeEntries, n, base + offset(q), rowStep, histogram, smalls + 256, occupied)
}

/** Whether the column counted at `slot` takes the scan of pairs. */
@inline
function pairs(q: u32, slot: usize): bool {
  return !isGeneral(columnAt(q)) && !load<u64>(slot, 2040)
}

/** Searches drawn columns from .. to - 1; how many of them are constant. */
function lookAt(from: u32, to: u32, n: u32, wide: bool): u32 {
  let constant: u32 = 0
  let q = from
  if (wide) {
    const doubles = <usize>load<u32>(desk, WIDE)
    for (; q < to; q++) {
      addWide(nodeEntries, n, base + offset(q), doubles, counts, weights)
      constant += <u32>scanWide(doubles, columnAt(q))
    }
    return constant
  }
  if (n <= FEW) {
    const occupied = smalls + 768
    for (; q < to; q++) {
      countFew(q, n, occupied)
      constant += <u32>scanFew(histogram, occupied, columnAt(q))
    }
    return constant
  }
  for (; q + 4 <= to; q += 4) {
    countFour(q, n)
    for (let k: u32 = 0; k < 4; k += 2) {
      const slot = histogram + (<usize>k << 11)
      if (pairs(q + k, slot) && pairs(q + k + 1, slot + 2048)) {
        constant += scanPair(slot, columnAt(q + k), columnAt(q + k + 1))
      } else {
        constant += <u32>scanPacked(slot, columnAt(q + k))
        constant += <u32>scanPacked(slot + 2048, columnAt(q + k + 1))
      }
    }
  }
  for (; q < to; q++) {
    countOne(q, n)
    constant += <u32>scanPacked(histogram, columnAt(q))
  }
  return constant
}
