// The best split of the columns of one node: kernels/trees/columnSearch.ts. Packed bins have their own ways: treePacked.ts, treePair.ts.
import { log } from './elementary'
import { below } from './random'
import {
  CELLS, ENTROPY, FIELD, INFO, LENT_BAD, LENT_GOOD, MIN_LEAF, RANDOM, SMALLS,
} from './treeJob'

/** 48 bytes a cell: bin, rows, weight, bad weight, share of bad weight */
const CELL: usize = 48
export const ALL_PRESENT: i32 = 254
export const UNKNOWN: u32 = 0xffffffff

let info: usize = 0
export let fewestRows: u32 = 0
let entropy: bool = false
let randomCut: bool = false
let lentBad: f64 = 0
let lentGood: f64 = 0
let cells: usize = 0
let bestSet: usize = 0

// the node
export let all: u64 = 0
export let allRows: u32 = 0
export let allWeight: f64 = 0
export let allBad: f64 = 0

// the best split so far; feature -1: none
export let feature: i32 = -1
export let cut: i32 = 0
export let missingLeft: bool = false
export let missingRows: u32 = 0
/** distinct rows of the left side; UNKNOWN after a split was taken back */
export let leftRows: u32 = 0
export let leftWeight: f64 = 0
export let leftBad: f64 = 0
export let worth: f64 = 0

export function configureSplits(job: usize, desk: usize): void {
  info = load<u32>(job, INFO)
  fewestRows = load<u32>(job, MIN_LEAF)
  entropy = load<u32>(job, ENTROPY) != 0
  randomCut = load<u32>(job, RANDOM) != 0
  lentBad = load<f64>(job, LENT_BAD)
  lentGood = load<f64>(job, LENT_GOOD)
  cells = load<u32>(desk, CELLS)
  bestSet = <usize>load<u32>(desk, SMALLS) + 800
}

/** Begins the search at a node. */
export function beginSearch(rows: u32, weight: f64, bad: f64): void {
  allRows = rows
  allWeight = weight
  allBad = bad
  all = (<u64>rows << 42) | (<u64>weight << 21) | <u64>bad
  feature = -1
  worth = entropy ? -Infinity : -1
}

/** Takes back a split that was kept. */
export function restoreSplit(f: i32, c: i32, left: bool, missing: u32, weight: f64, bad: f64): void {
  feature = f
  cut = c
  missingLeft = left
  missingRows = missing
  leftRows = UNKNOWN
  leftWeight = weight
  leftBad = bad
}

@inline
function xLogX(x: f64): f64 {
  return x > 0 ? x * log(x) : 0
}

/** Fall of impurity by the split found, weighted by the share of the root's weight at the node. */
export function splitDecrease(root: f64): f64 {
  if (!entropy) return (2 * worth) / (allWeight * root)
  return (worth - (xLogX(allBad) + xLogX(allWeight - allBad) - xLogX(allWeight))) / (0.6931471805599453 * root)
}

/** A packed cut by Gini impurity; the missing rows, if any, are counted in `left` where they go left. */
@inline
export function consider(left: u64, column: i32, c: i32, missingGoes: bool, missing: u32): void {
  const rows = <u32>(left >> 42)
  if (rows < fewestRows || allRows - rows < fewestRows) return
  const weight = <f64>(<i32>((left >> 21) & FIELD))
  const bad = <f64>(<i32>(left & FIELD))
  const d = bad * allWeight - allBad * weight
  const w = (d * d) / (weight * (allWeight - weight))
  if (w > worth) {
    worth = w
    feature = column
    cut = c
    missingLeft = missingGoes
    missingRows = missing
    leftRows = rows
    leftWeight = weight
    leftBad = bad
  }
}

@inline
export function binsOf(column: i32): i32 {
  return <i32>load<u8>(info + (<usize>column << 2))
}

/** Whether only the general search finds splits of a column. */
@inline
export function isGeneral(column: i32): bool {
  return load<u8>(info + (<usize>column << 2), 3) != 0
}

/** All bins of a histogram of doubles. */
export function scanWide(histogram: usize, column: i32): bool {
  const bins = binsOf(column)
  let count: u32 = 0
  for (let b = 0; b < bins; b++) {
    const slot = histogram + (<usize>b << 5)
    const rows = load<f64>(slot)
    if (rows == 0) continue
    const cell = cells + <usize>count * CELL
    store<f64>(cell, <f64>b)
    store<f64>(cell, rows, 8)
    store<f64>(cell, load<f64>(slot, 8), 16)
    store<f64>(cell, load<f64>(slot, 16), 24)
    count++
  }
  const slot = histogram + 8160
  return scanCells(count, <u64>load<f64>(slot), load<f64>(slot, 8), load<f64>(slot, 16), column)
}

@inline
export function setCell(at: u32, bin: u32, packed: u64): void {
  const cell = cells + <usize>at * CELL
  store<f64>(cell, <f64>bin)
  store<f64>(cell, <f64>(packed >> 42), 8)
  store<f64>(cell, <f64>((packed >> 21) & FIELD), 16)
  store<f64>(cell, <f64>(packed & FIELD), 24)
}

/** Puts categories in the order of their share of bad weight, equal ones by their code; Shell's sort. */
function sortCells(count: u32): void {
  const spare = cells + 256 * CELL
  for (let k: u32 = 0; k < count; k++) {
    const cell = cells + <usize>k * CELL
    store<f64>(cell, load<f64>(cell, 24) / load<f64>(cell, 16), 32)
  }
  for (let gap: u32 = 121; gap > 0; gap = gap / 3) {
    for (let k = gap; k < count; k++) {
      memory.copy(spare, cells + <usize>k * CELL, CELL)
      const share = load<f64>(spare, 32)
      const bin = load<f64>(spare)
      let at = k
      for (; at >= gap; at -= gap) {
        const other = cells + <usize>(at - gap) * CELL
        const theirs = load<f64>(other, 32)
        if (theirs < share || (theirs == share && load<f64>(other) < bin)) break
        memory.copy(cells + <usize>at * CELL, other, CELL)
      }
      memory.copy(cells + <usize>at * CELL, spare, CELL)
    }
  }
}

/** The general search: any criterion, one random cut, directions, categories. Whether the column is constant. */
export function scanCells(count: u32, missing: u64, missingWeight: f64, missingBad: f64, column: i32): bool {
  if (count + (missing ? 1 : 0) < 2) return true
  const categories = load<u8>(info + (<usize>column << 2), 1) != 0
  const direction = <i32>load<i8>(info + (<usize>column << 2), 2)
  if (categories) sortCells(count)
  let wanted: i32 = -1
  let first: u32 = 1
  if (randomCut) {
    const lowest = <i32>load<f64>(cells)
    const cuts = categories ? count - 1 : <u32>(<i32>load<f64>(cells + <usize>(count - 1) * CELL) - lowest)
    const drawn = below(cuts + (missing ? 1 : 0))
    wanted = drawn == cuts ? ALL_PRESENT : categories ? 0 : lowest + <i32>drawn
    if (drawn == cuts) first = count
    else if (categories) first = drawn + 1
    else while (<i32>load<f64>(cells + <usize>first * CELL) <= wanted) first++
  }
  let rows: f64 = 0
  let weight: f64 = 0
  let bad: f64 = 0
  for (let k: u32 = 1; k < count; k++) {
    const cell = cells + <usize>(k - 1) * CELL
    rows += load<f64>(cell, 8)
    weight += load<f64>(cell, 16)
    bad += load<f64>(cell, 24)
    if (randomCut && k != first) continue
    const c = randomCut
      ? wanted
      : categories ? 0 : (<i32>load<f64>(cell) + <i32>load<f64>(cell + CELL) - 1) >> 1
    considerCells(rows, weight, bad, c, k, false, missing, column, direction, categories)
    if (missing)
      considerCells(
        rows + <f64>missing, weight + missingWeight, bad + missingBad, c, k, true, missing, column, direction, categories,
      )
  }
  if (missing && (!randomCut || wanted == ALL_PRESENT)) {
    const cell = cells + <usize>(count - 1) * CELL
    rows += load<f64>(cell, 8)
    weight += load<f64>(cell, 16)
    bad += load<f64>(cell, 24)
    considerCells(rows, weight, bad, ALL_PRESENT, count, false, missing, column, direction, categories)
  }
  return false
}

function considerCells(
  rows: f64, weight: f64, bad: f64, c: i32, upTo: u32, missingGoes: bool, missing: u64, column: i32, direction: i32,
  categories: bool,
): void {
  const right = allWeight - weight
  if (rows < <f64>fewestRows || <f64>allRows - rows < <f64>fewestRows) return
  if (!(weight > 0 && right > 0)) return
  const badRight = allBad - bad
  if (direction != 0 && c != ALL_PRESENT) {
    const oddsLeft = (bad + lentBad) / (weight - bad + lentGood)
    const oddsRight = (badRight + lentBad) / (right - badRight + lentGood)
    if (direction > 0 ? oddsLeft > oddsRight : oddsLeft < oddsRight) return
  }
  let w: f64
  if (entropy) {
    w = xLogX(bad) + xLogX(weight - bad) - xLogX(weight) + (xLogX(badRight) + xLogX(right - badRight) - xLogX(right))
  } else {
    const d = bad * allWeight - allBad * weight
    w = (d * d) / (weight * right)
  }
  if (!(w > worth)) return
  worth = w
  feature = column
  cut = c
  missingLeft = missingGoes
  missingRows = <u32>missing
  leftRows = <u32>rows
  leftWeight = weight
  leftBad = bad
  if (!categories) return
  memory.fill(bestSet, c == ALL_PRESENT ? 255 : 0, 32)
  if (c == ALL_PRESENT) store<u8>(bestSet, 0x3f, 31)
  else
    for (let k: u32 = 0; k < upTo; k++) {
      const bin = <usize>load<f64>(cells + <usize>k * CELL)
      const byte = bestSet + (bin >> 3)
      store<u8>(byte, load<u8>(byte) | (1 << (<u8>bin & 7)))
    }
}
