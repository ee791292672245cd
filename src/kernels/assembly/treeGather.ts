// Rows of a node, copied together from the row-major bytes.
import { ROW_BITS } from './treeJob'

/** Bytes of entries whose rows are on their way to the cache together. */
const FETCHED: usize = 256

/** Asks for the cache lines of some rows, so that they are on their way together; nothing is done with what it returns. */
function fetchRows(from: usize, last: usize, rowBins: usize, stride: usize): u32 {
  let seen: u32 = 0
  for (let p = from; p < last; p += 4) {
    const row = rowBins + <usize>(load<u32>(p) & ROW_BITS) * stride
    seen |= <u32>load<u8>(row) | <u32>load<u8>(row + stride - 1)
  }
  return seen
}

@inline
export function copyRow(to: usize, from: usize, bytes: usize): void {
  let k: usize = 0
  for (; k + 16 <= bytes; k += 16) v128.store(to + k, v128.load(from + k))
  if (k < bytes) store<u64>(to + k, load<u64>(from + k))
}

/** Copies rows; what each adds to a bin (the top six bits of its entry) is written into its last byte. */
function copyRows(from: usize, last: usize, to: usize, rowBins: usize, stride: usize): void {
  for (let p = from; p < last; p += 4) {
    const entry = load<u32>(p)
    copyRow(to, rowBins + <usize>(entry & ROW_BITS) * stride, stride)
    to += stride
    store<u8>(to - 1, <u8>(entry >> 26))
  }
}

/** Copies the rows that n entries name, one after the other. */
export function gatherRows(entries: usize, n: u32, to: usize, rowBins: usize, stride: usize): void {
  const end = entries + (<usize>n << 2)
  for (let from = entries; from < end; from += FETCHED) {
    const last = min(end, from + FETCHED)
    // Stored where the first of these rows comes to stand, so that the compiler keeps the reading.
    store<u32>(to, fetchRows(from, last, rowBins, stride))
    copyRows(from, last, to, rowBins, stride)
    to += (FETCHED >> 2) * stride
  }
}

/** Entries of rows that were copied together: they name the places of the copies. */
export function nameRows(entries: usize, n: u32, to: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    store<u32>(to + (<usize>i << 2), (load<u32>(entries + (<usize>i << 2)) & ~ROW_BITS) | i)
  }
}
