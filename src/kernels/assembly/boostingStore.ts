// Bins of all rows in blocks of eight bytes, blocks in groups of eight: a row of a full group is one cache line, so that rows in any order
// cost one access each. A byte is a column, or several of few bins: the sum of bin x stride over them.
import { BINS, BLOCKS, columnAt, COLUMNS, place, ROWS, share, STORE, word } from './boostingJob'

/** Bytes of a row in the group of a block. */
@inline
export function rowBytes(job: usize, block: u32): usize {
  return <usize>min<u32>(8, word(job, BLOCKS) - (block & ~7)) << 3
}

/** Where the first row of a block begins. */
@inline
export function blockAt(job: usize, block: u32): usize {
  return place(job, STORE) + ((<usize>(block & ~7) * word(job, ROWS)) << 3) + (<usize>(block & 7) << 3)
}

/** Adds a column's bins to its byte in rows from .. to - 1. */
function addColumn(bins: usize, to: usize, step: usize, from: u32, end: u32, stride: u32, missing: u32): void {
  to += <usize>from * step
  if (missing == 255) {
    for (let i = from; i < end; i++, to += step) store<u8>(to, load<u8>(bins + i))
    return
  }
  for (let i = from; i < end; i++, to += step) store<u8>(to, load<u8>(to) + min(<u32>load<u8>(bins + i), missing) * stride)
}

/** Fills the store from the bins; rows are shared out among threads, in stretches that stay in the cache. */
export function boostingStore(job: usize, thread: u32, threads: u32): void {
  const rows = word(job, ROWS)
  const columns = word(job, COLUMNS)
  const stretch: u32 = 2048
  const end = share(rows, thread + 1, threads)
  for (let from = share(rows, thread, threads); from < end; from += stretch) {
    const to = min(end, from + stretch)
    for (let block: u32 = 0; block < word(job, BLOCKS); block += 8) {
      const bytes = rowBytes(job, block)
      memory.fill(blockAt(job, block) + <usize>from * bytes, 0, <usize>(to - from) * bytes)
    }
    for (let column: u32 = 0; column < columns; column++) {
      const record = columnAt(job, column)
      const block = load<u32>(record)
      if (<i32>block < 0) continue
      const bins = place(job, BINS) + <usize>column * rows
      const target = blockAt(job, block) + <usize>load<u32>(record, 4)
      addColumn(bins, target, rowBytes(job, block), from, to, load<u32>(record, 8), load<u32>(record, 24))
    }
  }
}
