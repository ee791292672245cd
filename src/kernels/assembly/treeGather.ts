// Rows of a node, copied together from the row-major bytes.
import { ROW_BITS } from './treeJob'

/** Rows that are on their way to the cache together. */
const FETCHED: u32 = 64

/** Asks for the cache lines of some rows, so that they are on their way together; nothing is done with what it returns. */
function fetchRows(from: usize, first: u32, last: u32, rowBins: usize, stride: usize): u32 {
  let seen: u32 = 0
  for (let i = first; i < last; i++) {
    const row = rowBins + <usize>(load<u32>(from + (<usize>i << 2)) & ROW_BITS) * stride
    seen |= <u32>load<u8>(row) | <u32>load<u8>(row + stride - 1)
  }
  return seen
}

function copyRows(
  from: usize, localEntries: usize, first: u32, last: u32, local: usize, rowBins: usize, stride: usize,
): void {
  for (let i = first; i < last; i++) {
    const entry = load<u32>(from + (<usize>i << 2))
    copyRow(local + <usize>i * stride, rowBins + <usize>(entry & ROW_BITS) * stride, stride)
    store<u32>(localEntries + (<usize>i << 2), (entry & ~ROW_BITS) | i)
  }
}

@inline
function copyRow(to: usize, from: usize, bytes: usize): void {
  let k: usize = 0
  for (; k + 16 <= bytes; k += 16) v128.store(to + k, v128.load(from + k))
  if (k < bytes) store<u64>(to + k, load<u64>(from + k))
}

/** Copies the rows that entries name, one after the other; the local entries name their places.. */
export function gatherRows(
  from: usize, localEntries: usize, n: u32, local: usize, rowBins: usize, stride: usize,
): void {
  for (let first: u32 = 0; first < n; first += FETCHED) {
    const last = min(n, first + FETCHED)
    // Stored where the entries of these rows come to stand, so that the compiler keeps the reading.
    store<u32>(localEntries + (<usize>first << 2), fetchRows(from, first, last, rowBins, stride))
    copyRows(from, localEntries, first, last, local, rowBins, stride)
  }
}
