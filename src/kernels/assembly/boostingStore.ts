// Bins of all rows in blocks of eight bytes a row. A byte is a column, or several of few bins: the sum of bin x stride over them.
import { BLOCKS, COLUMN_BYTES, COLUMN_RECORDS, COLUMNS, ROWS, share, STORE, word, place } from './boostingJob'

/** Adds a column's bins to its byte in rows from .. to - 1; `limit` is its missing bin within a joint byte. */
function addColumn(bins: usize, to: usize, from: u32, end: u32, stride: u32, missing: u32): void {
  if (stride == 1 && missing == 255) {
    for (let i = from; i < end; i++) store<u8>(to + (<usize>i << 3), load<u8>(bins + i))
    return
  }
  for (let i = from; i < end; i++) {
    const bin: u32 = load<u8>(bins + i)
    const at = to + (<usize>i << 3)
    store<u8>(at, load<u8>(at) + min(bin, missing) * stride)
  }
}

/** Fills the store from column-major bins; rows are shared out among threads, in stretches that stay in the cache. */
export function boostingStore(job: usize, bins: usize, thread: u32, threads: u32): void {
  const rows = word(job, ROWS)
  const columns = word(job, COLUMNS)
  const stretch: u32 = 4096
  const end = share(rows, thread + 1, threads)
  for (let from = share(rows, thread, threads); from < end; from += stretch) {
    const to = min(end, from + stretch)
    for (let block: u32 = 0; block < word(job, BLOCKS); block++)
      memory.fill(place(job, STORE) + ((<usize>block * rows + from) << 3), 0, <usize>(to - from) << 3)
    for (let column: u32 = 0; column < columns; column++) {
      const record = place(job, COLUMN_RECORDS) + <usize>column * COLUMN_BYTES
      const block = load<i32>(record)
      if (block < 0) continue
      const target = place(job, STORE) + ((<usize>block * rows) << 3) + <usize>load<u32>(record, 4)
      addColumn(bins + <usize>column * rows, target, from, to, load<u32>(record, 8), load<u32>(record, 24))
    }
  }
}
