// Values of rows that a tree did not see, and the row-major copy of the bytes.
import {
  BINS, COLUMNS, COUNTS, CUT, DEFAULT_LEFT, FEATURE, LEFT, NODE, NODES, OUT_OF_BAG_SUM, OUT_OF_BAG_TREES, RIGHT, ROWS,
  ROW_BINS, SET, SETS, STRIDE, VALUE,
} from './treeJob'

/** 2^34: values are added up in whole units of its inverse, so that sums do not depend on the order of trees. */
const UNIT: f64 = 17179869184

let nodes: usize = 0
let sets: usize = 0

@inline
function step(node: usize, bins: usize, columnStep: usize): usize {
  const j = load<i32>(node, FEATURE)
  if (j < 0) return node
  const bin = <u32>load<u8>(bins + <usize>j * columnStep)
  const default0 = load<u32>(node, DEFAULT_LEFT)
  const set = load<i32>(node, SET)
  const left =
    bin == 255
      ? default0 != 0
      : set < 0
        ? bin <= load<u32>(node, CUT)
        : ((load<u8>(sets + (<usize>set << 5) + <usize>(bin >> 3)) >> (<u8>bin & 7)) & 1) != 0
  return nodes + <usize>load<u32>(node + (left ? LEFT : RIGHT)) * NODE
}

@inline
function vote(row: usize, node: usize, sum: usize, trees: usize): void {
  const at = sum + (row << 3)
  store<f64>(at, load<f64>(at) + floor<f64>(load<f64>(node, VALUE) * UNIT + 0.5) / UNIT)
  const count = trees + (row << 2)
  store<u32>(count, load<u32>(count) + 1)
}

/** Adds the values of the tree at the desk for rows from .. to - 1 that it did not see; four rows go down at a time. */
function votesOf(job: usize, desk: usize, from: usize, to: usize): void {
  const counts = <usize>load<u32>(desk, COUNTS)
  const sum = <usize>load<u32>(desk, OUT_OF_BAG_SUM)
  const trees = <usize>load<u32>(desk, OUT_OF_BAG_TREES)
  const rowBins = <usize>load<u32>(job, ROW_BINS)
  const bins = rowBins ? rowBins : <usize>load<u32>(job, BINS)
  const rowStep = rowBins ? <usize>load<u32>(job, STRIDE) : <usize>1
  const columnStep = rowBins ? <usize>1 : <usize>load<u32>(job, ROWS)
  let row = from
  for (;;) {
    while (row < to && load<u16>(counts + (row << 1))) row++
    if (row >= to) return
    const r0 = row++
    while (row < to && load<u16>(counts + (row << 1))) row++
    const r1 = row < to ? row++ : r0
    while (row < to && load<u16>(counts + (row << 1))) row++
    const r2 = row < to ? row++ : r0
    while (row < to && load<u16>(counts + (row << 1))) row++
    const r3 = row < to ? row++ : r0
    const b0 = bins + r0 * rowStep
    const b1 = bins + r1 * rowStep
    const b2 = bins + r2 * rowStep
    const b3 = bins + r3 * rowStep
    let n0 = nodes
    let n1 = nodes
    let n2 = nodes
    let n3 = nodes
    for (;;) {
      const m0 = step(n0, b0, columnStep)
      const m1 = step(n1, b1, columnStep)
      const m2 = step(n2, b2, columnStep)
      const m3 = step(n3, b3, columnStep)
      if (m0 == n0 && m1 == n1 && m2 == n2 && m3 == n3) break
      n0 = m0
      n1 = m1
      n2 = m2
      n3 = m3
    }
    vote(r0, n0, sum, trees)
    if (r1 != r0) vote(r1, n1, sum, trees)
    if (r2 != r0) vote(r2, n2, sum, trees)
    if (r3 != r0) vote(r3, n3, sum, trees)
  }
}

export function addOutOfBag(job: usize, desk: usize): void {
  nodes = load<u32>(desk, NODES)
  sets = load<u32>(desk, SETS)
  const rows = <usize>load<u32>(job, ROWS)
  for (let from: usize = 0; from < rows; from += 8192) votesOf(job, desk, from, min(rows, from + 8192))
}

/** Rows from .. to - 1 of the row-major copy, by blocks of 64 rows and 8 columns. */
export function copyRowMajor(job: usize, from: u32, to: u32): void {
  for (let block = from; block < to; block += 64) copyBlock(job, <usize>block, <usize>min(to, block + 64))
}

function copyBlock(job: usize, from: usize, to: usize): void {
  const rows = <usize>load<u32>(job, ROWS)
  const columns = <usize>load<u32>(job, COLUMNS)
  const stride = <usize>load<u32>(job, STRIDE)
  const bins = <usize>load<u32>(job, BINS)
  const rowBins = <usize>load<u32>(job, ROW_BINS)
  let j: usize = 0
  for (; j + 8 <= columns; j += 8) {
    const c = bins + j * rows
    for (let row = from; row < to; row++) {
      const p = c + row
      store<u64>(
        rowBins + row * stride + j,
        load<u8>(p) | (<u64>load<u8>(p + rows) << 8) | (<u64>load<u8>(p + 2 * rows) << 16) |
          (<u64>load<u8>(p + 3 * rows) << 24) | (<u64>load<u8>(p + 4 * rows) << 32) |
          (<u64>load<u8>(p + 5 * rows) << 40) | (<u64>load<u8>(p + 6 * rows) << 48) |
          (<u64>load<u8>(p + 7 * rows) << 56),
      )
    }
  }
  for (; j < columns; j++) {
    for (let row = from; row < to; row++) store<u8>(rowBins + row * stride + j, load<u8>(bins + j * rows + row))
  }
}
