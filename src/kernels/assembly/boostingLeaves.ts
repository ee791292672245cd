// What a grown tree says of the rows: the leaf of each, and exact sums of gradients over the rows of a leaf.
import { goesLeft } from './boostingPartition'
import {
  BAG,
  BINS,
  INDEX,
  LEAF_COUNT,
  LEAF_FROM,
  LEAF_INDEXED,
  LEAF_OF,
  LEAF_ROWS,
  leafAt,
  MAX_LEAVES,
  NODE_LEAF,
  NODE_LEFT,
  NODE_RIGHT,
  NODE_SPLIT,
  nodeAt,
  PARTIALS,
  PROBABILITY,
  real,
  ROWS,
  share,
  SPLIT_COLUMN,
  TARGET,
  UNITS,
  WEIGHT,
  word,
  place,
} from './boostingJob'
import { barrier } from './team'

/** Notes the leaf of its rows from .. to - 1. */
function noteLeaf(job: usize, number: u32, from: u32, to: u32): void {
  const leaf = leafAt(job, number)
  const leafOf = place(job, LEAF_OF)
  if (load<u32>(leaf, LEAF_INDEXED) == 0) {
    for (let row = <usize>from; row < <usize>to; row++) store<u16>(leafOf + (row << 1), <u16>number)
    return
  }
  const index = place(job, INDEX) + (<usize>load<u32>(leaf, LEAF_FROM) << 3)
  const end = index + (<usize>to << 3)
  for (let entry = index + (<usize>from << 3); entry < end; entry += 8)
    store<u16>(leafOf + (<usize>load<u32>(entry) << 1), <u16>number)
}

/**
 * Adds rows from .. to - 1 to the sums of their leaves in whole units (gradient, Hessian, weight): whole numbers below 2^53, in any order
 * the same. Rows go in their order, for a leaf's own lie all over memory.
 */
function addToLeaves(job: usize, from: u32, to: u32, sums: usize): void {
  const probability = place(job, PROBABILITY)
  const target = place(job, TARGET)
  const weight = place(job, WEIGHT)
  const leafOf = place(job, LEAF_OF)
  const units = real(job, UNITS)
  for (let row = <usize>from; row < <usize>to; row++) {
    const leaf = load<u16>(leafOf + (row << 1))
    if (leaf == 0xffff) continue
    const out = sums + <usize>leaf * 24
    const p = load<f64>(probability + (row << 3))
    const its: f64 = weight ? load<f64>(weight + (row << 3)) : 1
    store<f64>(out, load<f64>(out) + floor<f64>((p - <f64>load<u8>(target + row)) * its * units))
    store<f64>(out, load<f64>(out, 8) + floor<f64>(p * (1 - p) * its * units), 8)
    store<f64>(out, load<f64>(out, 16) + floor<f64>(its * units), 16)
  }
}

/** Leaves of rows that are in none yet. */
function descend(job: usize, from: u32, to: u32): void {
  const rows = <usize>word(job, ROWS)
  const leafOf = place(job, LEAF_OF)
  const bins = place(job, BINS)
  for (let row = <usize>from; row < <usize>to; row++) {
    if (load<u16>(leafOf + (row << 1)) != 0xffff) continue
    let node = nodeAt(job, 0)
    while (load<i32>(node, NODE_LEAF) < 0) {
      const bin = load<u8>(bins + <usize>load<u32>(node + NODE_SPLIT, SPLIT_COLUMN) * rows + row)
      const left = goesLeft(bin, node + NODE_SPLIT)
      node = nodeAt(job, left ? load<u32>(node, NODE_LEFT) : load<u32>(node, NODE_RIGHT))
    }
    store<u16>(leafOf + (row << 1), <u16>load<u32>(node, NODE_LEAF))
  }
}

export function leafSums(job: usize, thread: u32, threads: u32, control: usize): void {
  const rows = word(job, ROWS)
  const leaves = word(job, LEAF_COUNT)
  const from = share(rows, thread, threads)
  const to = share(rows, thread + 1, threads)
  if (word(job, BAG) < rows) {
    memory.fill(place(job, LEAF_OF) + (<usize>from << 1), 0xff, <usize>(to - from) << 1)
    barrier(control, threads)
  }
  const partials = place(job, PARTIALS) + (<usize>threads << 6) + <usize>thread * word(job, MAX_LEAVES) * 24
  for (let k: u32 = 0; k < leaves; k++) {
    const count = load<u32>(leafAt(job, k), LEAF_ROWS)
    noteLeaf(job, k, share(count, thread, threads), share(count, thread + 1, threads))
  }
  barrier(control, threads)
  memory.fill(partials, 0, <usize>leaves * 24)
  const stretch: u32 = 8192
  for (let at = from; at < to; at += stretch) addToLeaves(job, at, min(to, at + stretch), partials)
  if (word(job, BAG) == rows) return
  for (let at = from; at < to; at += stretch) descend(job, at, min(to, at + stretch))
}
