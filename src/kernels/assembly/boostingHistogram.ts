// Histograms: for every bin of a column the packed sums (gradient, Hessian, rows) of a node's rows in it.
import {
  BLOCK_BYTES,
  BLOCKS,
  COUNT_BITS,
  HESSIAN_BITS,
  histogramAt,
  LEAF_FROM,
  LEAF_HISTOGRAM,
  LEAF_INDEXED,
  LEAF_ROWS,
  INDEX,
  PACKED,
  scratchAt,
  SCRATCH_BYTES,
  SCRATCH_ROWS,
  share,
  TILE,
  word,
  place,
} from './boostingJob'
import { blockAt, rowBytes } from './boostingStore'
import { barrier, restart, take } from './team'

/** Blocks of a tile lie so far apart, with a line more than a power of two, or they would fall on each other in the cache. */
const APART: usize = 8 * TILE + 64

/** Nodes of fewer rows are shared out by blocks, the others by rows. */
const BY_ROWS: u32 = 4096

@inline
function add(at: usize, sums: u64): void {
  store<u64>(at, load<u64>(at) + sums)
}

/** Adds rows of 8 bytes, `step` apart, to the histogram of a block. */
function addBlock(bytes: usize, step: usize, sums: usize, count: u32, histogram: usize): void {
  const end = sums + (<usize>count << 3)
  for (; sums < end; bytes += step, sums += 8) {
    const x = load<u64>(bytes)
    const s = load<u64>(sums)
    add(histogram + (<usize>(<u32>x << 3) & 2040), s)
    add(histogram + 2048 + (<usize>(<u32>x >> 5) & 2040), s)
    add(histogram + 4096 + (<usize>(<u32>x >> 13) & 2040), s)
    add(histogram + 6144 + (<usize>(<u32>x >> 21) & 2040), s)
    const y = <u32>(x >> 32)
    add(histogram + 8192 + (<usize>(y << 3) & 2040), s)
    add(histogram + 10240 + (<usize>(y >> 5) & 2040), s)
    add(histogram + 12288 + (<usize>(y >> 13) & 2040), s)
    add(histogram + 14336 + (<usize>(y >> 21) & 2040), s)
  }
}

/** Copies a cache line, its blocks apart from each other by a tile. */
@inline
function spreadLine(line: usize, to: usize): void {
  store<u64>(to, load<u64>(line))
  store<u64>(to, load<u64>(line, 8), APART)
  store<u64>(to, load<u64>(line, 16), 2 * APART)
  store<u64>(to, load<u64>(line, 24), 3 * APART)
  store<u64>(to, load<u64>(line, 32), 4 * APART)
  store<u64>(to, load<u64>(line, 40), 5 * APART)
  store<u64>(to, load<u64>(line, 48), 6 * APART)
  store<u64>(to, load<u64>(line, 56), 7 * APART)
}

/** Copies the cache lines of rows that an index names, or of the first ones. */
function gatherLines(bytes: usize, index: usize, count: u32, to: usize): void {
  const end = to + (<usize>count << 3)
  if (index == 0) {
    for (; to < end; bytes += 64, to += 8) spreadLine(bytes, to)
    return
  }
  for (; to < end; index += 4, to += 8) spreadLine(bytes + (<usize>load<u32>(index) << 6), to)
}

/** The same for one block. */
function gatherBlock(bytes: usize, step: usize, index: usize, count: u32, to: usize): void {
  const end = index + (<usize>count << 2)
  for (; index < end; index += 4, to += 8) store<u64>(to, load<u64>(bytes + <usize>load<u32>(index) * step))
}

@inline
function spread(packed: i32, hShift: u64, gShift: u64): u64 {
  return (<u64>(<i64>(packed >> 16)) << gShift) + (<u64>(<u32>packed & 0xffff) << hShift) + 1
}

/** Packed sums of rows, one each, from their quantized gradients; with an index, gathered. */
function spreadRows(packed: usize, index: usize, count: u32, sums: usize, hShift: u64, gShift: u64): void {
  if (index == 0) {
    for (let k: usize = 0; k < <usize>count; k++)
      store<u64>(sums + (k << 3), spread(load<i32>(packed + (k << 2)), hShift, gShift))
    return
  }
  for (let k: usize = 0; k < <usize>count; k++)
    store<u64>(sums + (k << 3), spread(load<i32>(packed + (<usize>load<u32>(index + (k << 2)) << 2)), hShift, gShift))
}

/** Adds rows from .. to - 1 of a leaf to blocks first .. last - 1. */
function addRows(job: usize, leaf: usize, from: u32, to: u32, first: u32, last: u32, histogram: usize, scratch: usize): void {
  const indexed = load<u32>(leaf, LEAF_INDEXED) != 0
  const hShift = <u64>word(job, COUNT_BITS)
  const gShift = hShift + word(job, HESSIAN_BITS)
  const room = scratch + SCRATCH_ROWS
  for (let at = from; at < to; at += TILE) {
    const count = min(TILE, to - at)
    const index = indexed ? place(job, INDEX) + (<usize>(load<u32>(leaf, LEAF_FROM) + at) << 2) : 0
    spreadRows(place(job, PACKED) + (indexed ? 0 : <usize>at << 2), index, count, scratch, hShift, gShift)
    for (let block = first; block < last; block++) {
      const bytes = blockAt(job, block)
      const step = rowBytes(job, block)
      const to = histogram + <usize>block * BLOCK_BYTES
      if (step == 64 && last - first >= 8) {
        if ((block & 7) == 0) gatherLines(bytes + (indexed ? 0 : <usize>at << 6), index, count, room)
        addBlock(room + <usize>(block & 7) * APART, 8, scratch, count, to)
      } else if (!indexed) {
        addBlock(bytes + <usize>at * step, step, scratch, count, to)
      } else {
        gatherBlock(bytes, step, index, count, room)
        addBlock(room, 8, scratch, count, to)
      }
    }
  }
}

function sumBlocks(job: usize, to: usize, threads: u32, from: usize, end: usize): void {
  for (let t: u32 = 1; t < threads; t++) {
    const other = scratchAt(job, t) + SCRATCH_BYTES
    for (let at = from; at < end; at += 16)
      v128.store(to + at, i64x2.add(v128.load(to + at), v128.load(other + at)))
  }
}

/** The histogram of a leaf, by all threads. */
export function leafHistogram(job: usize, leaf: usize, thread: u32, threads: u32, control: usize): void {
  const rows = load<u32>(leaf, LEAF_ROWS)
  const blocks = word(job, BLOCKS)
  const histogram = histogramAt(job, load<u32>(leaf, LEAF_HISTOGRAM))
  const scratch = scratchAt(job, thread)
  const from = share(rows, thread, threads)
  const to = share(rows, thread + 1, threads)
  if (rows < BY_ROWS) {
    for (let block = take(control); block < blocks; block = take(control)) {
      memory.fill(histogram + <usize>block * BLOCK_BYTES, 0, BLOCK_BYTES)
      addRows(job, leaf, 0, rows, block, block + 1, histogram, scratch)
    }
    barrier(control, threads)
    if (thread == 0) restart(control)
    barrier(control, threads)
    return
  }
  const own = thread == 0 ? histogram : scratch + SCRATCH_BYTES
  memory.fill(own, 0, <usize>blocks * BLOCK_BYTES)
  addRows(job, leaf, from, to, 0, blocks, own, scratch)
  barrier(control, threads)
  if (threads < 2) return
  const first = <usize>share(blocks, thread, threads) * BLOCK_BYTES
  sumBlocks(job, histogram, threads, first, <usize>share(blocks, thread + 1, threads) * BLOCK_BYTES)
  barrier(control, threads)
}

/** parent - one child = the other, in the place of the parent. */
export function subtractBlock(parent: usize, child: usize): void {
  for (let at: usize = 0; at < BLOCK_BYTES; at += 32) {
    v128.store(parent + at, i64x2.sub(v128.load(parent + at), v128.load(child + at)))
    v128.store(parent + at, i64x2.sub(v128.load(parent + at, 16), v128.load(child + at, 16)), 16)
  }
}
