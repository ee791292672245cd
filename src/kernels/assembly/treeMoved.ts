// Rows that move with their node: the bytes of its rows stand one after the other, and at every split they are written to the other of
// two buffers, those of the left child from the front, those of the right child from the back. What a row adds to a bin stands in its
// last byte (the top six bits of its entry), so that nothing but these bytes is read, and in order. The order of rows is lost, which
// counts do not mind.
import { copyRow } from './treeGather'

/** Parts n rows by the side of their bin; how many went left. */
export function moveRows(from: usize, n: u32, column: usize, stride: usize, sides: usize, to: usize): u32 {
  const end = from + <usize>n * stride
  let left = to
  let right = to + <usize>n * stride
  for (let row = from; row < end; row += stride) {
    const step = <usize>load<u8>(sides + <usize>load<u8>(row + column)) * stride
    right -= stride - step
    copyRow(step ? left : right, row, stride)
    left += step
  }
  return <u32>((left - to) / stride)
}

@inline
function payload(table: usize, row: usize, stride: usize): u64 {
  return load<u64>(table + (<usize>load<u8>(row + stride - 1) << 3))
}

/** Adds rows to the histograms of four columns, 2 KiB each. (Eight in one pass were no faster.) */
export function addFourMoved(
  from: usize, n: u32, c0: usize, c1: usize, c2: usize, c3: usize, stride: usize, histogram: usize, table: usize,
): void {
  const end = from + <usize>n * stride
  for (let row = from; row < end; row += stride) {
    const what = payload(table, row, stride)
    let slot = histogram + (<usize>load<u8>(row + c0) << 3)
    store<u64>(slot, load<u64>(slot) + what)
    slot = histogram + (<usize>load<u8>(row + c1) << 3)
    store<u64>(slot, load<u64>(slot, 2048) + what, 2048)
    slot = histogram + (<usize>load<u8>(row + c2) << 3)
    store<u64>(slot, load<u64>(slot, 4096) + what, 4096)
    slot = histogram + (<usize>load<u8>(row + c3) << 3)
    store<u64>(slot, load<u64>(slot, 6144) + what, 6144)
  }
}

export function addMoved(from: usize, n: u32, column: usize, stride: usize, histogram: usize, table: usize): void {
  const end = from + <usize>n * stride
  for (let row = from; row < end; row += stride) {
    const slot = histogram + (<usize>load<u8>(row + column) << 3)
    store<u64>(slot, load<u64>(slot) + payload(table, row, stride))
  }
}

/** The same for few rows, with a bit set in `occupied` (256 bits) for every bin that has any. */
export function addFewMoved(
  from: usize, n: u32, column: usize, stride: usize, histogram: usize, table: usize, occupied: usize,
): void {
  v128.store(occupied, i64x2.splat(0))
  v128.store(occupied, i64x2.splat(0), 16)
  const end = from + <usize>n * stride
  for (let row = from; row < end; row += stride) {
    const bin = <usize>load<u8>(row + column)
    const slot = histogram + (bin << 3)
    store<u64>(slot, load<u64>(slot) + payload(table, row, stride))
    const word = occupied + ((bin >> 6) << 3)
    store<u64>(word, load<u64>(word) | (<u64>1 << (<u64>bin & 63)))
  }
}
