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
import { barrier, take } from './team'

/** Blocks of a tile lie so far apart, with a line more than a power of two, or they would fall on each other in the cache. */
const APART: usize = 8 * TILE + 64
/** Rows that are on their way to the first cache together. */
const FETCHED: u32 = 128
/** Rows that a thread takes at a time: an eighth of its share, so that none waits long for another, within these. */
const LEAST_CHUNK: u32 = 256
const MOST_CHUNK: u32 = 4 * TILE

/** Nodes of fewer rows are shared out by blocks, the others by rows. */
const BY_ROWS: u32 = 4096

/**
 * Adds rows of 8 bytes, `step` apart, to the histogram of a block. Each byte is read by itself: that was a quarter faster than taking
 * eight at once apart, and offsets that are constants of the instruction leave the registers free.
 */
function addBlock(bytes: usize, step: usize, sums: usize, count: u32, histogram: usize): void {
  const end = sums + (<usize>count << 3)
  for (; sums < end; bytes += step, sums += 8) {
    const s = load<u64>(sums)
    let at = histogram + (<usize>load<u8>(bytes) << 3)
    store<u64>(at, load<u64>(at) + s)
    at = histogram + (<usize>load<u8>(bytes, 1) << 3)
    store<u64>(at, load<u64>(at, 2048) + s, 2048)
    at = histogram + (<usize>load<u8>(bytes, 2) << 3)
    store<u64>(at, load<u64>(at, 4096) + s, 4096)
    at = histogram + (<usize>load<u8>(bytes, 3) << 3)
    store<u64>(at, load<u64>(at, 6144) + s, 6144)
    at = histogram + (<usize>load<u8>(bytes, 4) << 3)
    store<u64>(at, load<u64>(at, 8192) + s, 8192)
    at = histogram + (<usize>load<u8>(bytes, 5) << 3)
    store<u64>(at, load<u64>(at, 10240) + s, 10240)
    at = histogram + (<usize>load<u8>(bytes, 6) << 3)
    store<u64>(at, load<u64>(at, 12288) + s, 12288)
    at = histogram + (<usize>load<u8>(bytes, 7) << 3)
    store<u64>(at, load<u64>(at, 14336) + s, 14336)
  }
}

/** Asks for the lines of rows that an index names, so that they are on their way together; nothing is done with what it returns. */
function fetchRows(bytes: usize, step: usize, index: usize, count: u32): u32 {
  const end = index + (<usize>count << 3)
  let seen: u32 = 0
  for (; index < end; index += 8) seen |= load<u8>(bytes + <usize>load<u32>(index) * step)
  return seen
}

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

/** Takes apart rows of a full group, a cache line each: afterwards the bytes of a block stand together. */
function spreadLines(line: usize, count: u32, to: usize): void {
  const end = to + (<usize>count << 3)
  for (; to < end; line += 64, to += 8) spreadLine(line, to)
}

/** The same for rows that an index names. */
function spreadIndexed(bytes: usize, index: usize, count: u32, to: usize): void {
  const end = to + (<usize>count << 3)
  for (; to < end; index += 8, to += 8) spreadLine(bytes + (<usize>load<u32>(index) << 6), to)
}

/** The same for a group of fewer blocks. */
function spreadRowsOf(bytes: usize, step: usize, index: usize, count: u32, to: usize): void {
  for (let k: usize = 0; k < <usize>count; k++) {
    const row = bytes + (index ? <usize>load<u32>(index + (k << 3)) : k) * step
    for (let at: usize = 0; at < step; at += 8) store<u64>(to + (k << 3) + (at >> 3) * APART, load<u64>(row + at))
  }
}

@inline
function spread(packed: i32, hShift: u64, gShift: u64): u64 {
  return (<u64>(<i64>(packed >> 16)) << gShift) + (<u64>(<u32>packed & 0xffff) << hShift) + 1
}

/** Packed sums of rows, one each, from their quantized gradients, `step` bytes apart. */
function spreadRows(packed: usize, step: usize, count: u32, sums: usize, hShift: u64, gShift: u64): void {
  const end = sums + (<usize>count << 3)
  for (; sums < end; sums += 8, packed += step) store<u64>(sums, spread(load<i32>(packed), hShift, gShift))
}

/** Adds rows from .. to - 1 of a leaf to every `stride`-th block from `first` on. */
function addRows(job: usize, leaf: usize, from: u32, to: u32, first: u32, stride: u32, histogram: usize, scratch: usize): void {
  const indexed = load<u32>(leaf, LEAF_INDEXED) != 0
  const hShift = <u64>word(job, COUNT_BITS)
  const gShift = hShift + word(job, HESSIAN_BITS)
  const blocks = word(job, BLOCKS)
  const room = scratch + SCRATCH_ROWS
  for (let at = from; at < to; at += TILE) {
    const count = min(TILE, to - at)
    const index = place(job, INDEX) + (<usize>(load<u32>(leaf, LEAF_FROM) + at) << 3)
    if (indexed) spreadRows(index + 4, 8, count, scratch, hShift, gShift)
    else spreadRows(place(job, PACKED) + (<usize>at << 2), 4, count, scratch, hShift, gShift)
    for (let group: u32 = 0; group < blocks; group += 8) {
      const step = rowBytes(job, group)
      const rows = blockAt(job, group) + (indexed ? 0 : <usize>at * step)
      for (let k: u32 = 0; k < count; k += FETCHED) {
        const some = min(FETCHED, count - k)
        const to = room + (<usize>k << 3)
        const part = indexed ? index + (<usize>k << 3) : 0
        if (indexed) store<u32>(scratch + SCRATCH_ROWS - 8, fetchRows(rows, step, part, some))
        const begin = indexed ? rows : rows + <usize>k * step
        if (step == 64 && indexed) spreadIndexed(begin, part, some, to)
        else if (step == 64) spreadLines(begin, some, to)
        else spreadRowsOf(begin, step, part, some, to)
      }
      const last = min(blocks, group + 8)
      for (let block = group + ((first + stride - (group % stride)) % stride); block < last; block += stride)
        addBlock(room + <usize>(block - group) * APART, 8, scratch, count, histogram + <usize>block * BLOCK_BYTES)
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

/** The histogram of a leaf, by all threads; the counter of work stands at 0. Sums are whole numbers: who takes what changes nothing. */
export function leafHistogram(job: usize, leaf: usize, thread: u32, threads: u32, control: usize): void {
  const rows = load<u32>(leaf, LEAF_ROWS)
  const blocks = word(job, BLOCKS)
  const histogram = histogramAt(job, load<u32>(leaf, LEAF_HISTOGRAM))
  const scratch = scratchAt(job, thread)
  if (rows < BY_ROWS) {
    for (let block = thread; block < blocks; block += threads)
      memory.fill(histogram + <usize>block * BLOCK_BYTES, 0, BLOCK_BYTES)
    addRows(job, leaf, 0, rows, thread, threads, histogram, scratch)
    barrier(control, threads)
    return
  }
  const own = thread == 0 ? histogram : scratch + SCRATCH_BYTES
  memory.fill(own, 0, <usize>blocks * BLOCK_BYTES)
  const size = max(LEAST_CHUNK, min(MOST_CHUNK, rows / (8 * threads)))
  const chunks = (rows + size - 1) / size
  for (let chunk = take(control); chunk < chunks; chunk = take(control))
    addRows(job, leaf, chunk * size, min(rows, (chunk + 1) * size), 0, 1, own, scratch)
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
