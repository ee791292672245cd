// Histograms: for every bin of a column the packed sums (gradient, Hessian, rows) of a node's rows in it.
import {
  BLOCK_BYTES,
  BLOCKS,
  COUNT_BITS,
  HESSIAN_BITS,
  histogramAt,
  LEAF_FROM,
  LEAF_HISTOGRAM,
  LEAF_IDS,
  LEAF_INDEXED,
  LEAF_PACKED,
  LEAF_ROWS,
  LEAF_STORE,
  LEAF_STORE_ROWS,
  INDEX,
  scratchAt,
  SCRATCH_BYTES,
  SCRATCH_ROWS,
  share,
  TILE,
  word,
  place,
} from './boostingJob'
import { barrier, restart, take } from './team'

/** Nodes of fewer rows are shared out by blocks, the others by rows. */
const BY_ROWS: u32 = 4096

@inline
function add(at: usize, sums: u64): void {
  store<u64>(at, load<u64>(at) + sums)
}

/** Adds `count` rows of 8 bytes to the histogram of a block. */
function addBlock(bytes: usize, sums: usize, count: u32, histogram: usize): void {
  const end = bytes + (<usize>count << 3)
  for (; bytes < end; bytes += 8, sums += 8) {
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

/** Copies rows of 8 bytes that an index names, eight misses of the cache at a time. */
function gather(bytes: usize, index: usize, count: u32, to: usize): void {
  let k: u32 = 0
  for (; k + 4 <= count; k += 4, index += 16, to += 32) {
    const a = load<u64>(bytes + (<usize>load<u32>(index) << 3))
    const b = load<u64>(bytes + (<usize>load<u32>(index, 4) << 3))
    const c = load<u64>(bytes + (<usize>load<u32>(index, 8) << 3))
    const d = load<u64>(bytes + (<usize>load<u32>(index, 12) << 3))
    store<u64>(to, a)
    store<u64>(to, b, 8)
    store<u64>(to, c, 16)
    store<u64>(to, d, 24)
  }
  for (; k < count; k++, index += 4, to += 8) store<u64>(to, load<u64>(bytes + (<usize>load<u32>(index) << 3)))
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

/** Copies words that an index names. */
function gatherWords(words: usize, index: usize, count: u32, to: usize): void {
  for (let k: usize = 0; k < <usize>count; k++)
    store<u32>(to + (k << 2), load<u32>(words + (<usize>load<u32>(index + (k << 2)) << 2)))
}

/** Adds rows from .. to - 1 of a leaf to blocks first .. last - 1; writes them out for the leaf where `into` is not 0. */
function addRows(
  job: usize,
  leaf: usize,
  from: u32,
  to: u32,
  first: u32,
  last: u32,
  histogram: usize,
  scratch: usize,
  into: usize,
): void {
  const stride = <usize>load<u32>(leaf, LEAF_STORE_ROWS) << 3
  const ownStride = <usize>load<u32>(leaf, LEAF_ROWS) << 3
  const bytes = <usize>load<u32>(leaf, LEAF_STORE)
  const indexed = load<u32>(leaf, LEAF_INDEXED) != 0
  const hShift = <u64>word(job, COUNT_BITS)
  const gShift = hShift + word(job, HESSIAN_BITS)
  for (let at = from; at < to; at += TILE) {
    const count = min(TILE, to - at)
    const index = indexed ? place(job, INDEX) + (<usize>(load<u32>(leaf, LEAF_FROM) + at) << 2) : 0
    const packed = <usize>load<u32>(leaf, LEAF_PACKED) + (indexed ? 0 : <usize>at << 2)
    spreadRows(packed, index, count, scratch, hShift, gShift)
    for (let block = first; block < last; block++) {
      let rows = bytes + <usize>block * stride + (<usize>at << 3)
      if (indexed) {
        const room = into ? into + <usize>block * ownStride + (<usize>at << 3) : scratch + SCRATCH_ROWS
        gather(bytes + <usize>block * stride, index, count, room)
        rows = room
      }
      addBlock(rows, scratch, count, histogram + <usize>block * BLOCK_BYTES)
    }
  }
}

/** Rows of a leaf that was written out: its gradients and the rows that they belong to. */
function writeWords(job: usize, leaf: usize, from: u32, to: u32, into: usize): void {
  const rows = load<u32>(leaf, LEAF_ROWS)
  const index = place(job, INDEX) + (<usize>(load<u32>(leaf, LEAF_FROM) + from) << 2)
  const packed = into + ((<usize>rows * word(job, BLOCKS)) << 3)
  const ids = packed + (<usize>rows << 2)
  gatherWords(load<u32>(leaf, LEAF_PACKED), index, to - from, packed + (<usize>from << 2))
  if (load<u32>(leaf, LEAF_IDS)) gatherWords(load<u32>(leaf, LEAF_IDS), index, to - from, ids + (<usize>from << 2))
  else memory.copy(ids + (<usize>from << 2), index, <usize>(to - from) << 2)
}

function sumBlocks(job: usize, to: usize, threads: u32, from: usize, end: usize): void {
  for (let t: u32 = 1; t < threads; t++) {
    const other = scratchAt(job, t) + SCRATCH_BYTES
    for (let at = from; at < end; at += 16)
      v128.store(to + at, i64x2.add(v128.load(to + at), v128.load(other + at)))
  }
}

/** The histogram of a leaf, by all threads; its rows are written out to `into` on the way, unless that is 0. */
export function leafHistogram(job: usize, leaf: usize, into: usize, thread: u32, threads: u32, control: usize): void {
  const rows = load<u32>(leaf, LEAF_ROWS)
  const blocks = word(job, BLOCKS)
  const histogram = histogramAt(job, load<u32>(leaf, LEAF_HISTOGRAM))
  const scratch = scratchAt(job, thread)
  const from = share(rows, thread, threads)
  const to = share(rows, thread + 1, threads)
  if (into) writeWords(job, leaf, from, to, into)
  if (rows < BY_ROWS) {
    for (let block = take(control); block < blocks; block = take(control)) {
      memory.fill(histogram + <usize>block * BLOCK_BYTES, 0, BLOCK_BYTES)
      addRows(job, leaf, 0, rows, block, block + 1, histogram, scratch, into)
    }
    barrier(control, threads)
    if (thread == 0) restart(control)
    barrier(control, threads)
    return
  }
  const own = thread == 0 ? histogram : scratch + SCRATCH_BYTES
  memory.fill(own, 0, <usize>blocks * BLOCK_BYTES)
  addRows(job, leaf, from, to, 0, blocks, own, scratch, into)
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
