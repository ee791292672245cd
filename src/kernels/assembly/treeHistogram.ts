// Histograms of bins at a node. An entry is row | draws << 26 | label << 31; a packed bin counts rows, draws and bad draws.
import { ROW_BITS } from './treeJob'

/** Words of payloads by the top six bits of an entry: what it adds to its bin. */
export function fillPayloads(table: usize): void {
  for (let k: u32 = 0; k < 64; k++) {
    const draws = <u64>(k & 31)
    store<u64>(table + (<usize>k << 3), (<u64>1 << 42) | (draws << 21) | (k > 31 ? draws : 0))
  }
}

@inline
function payload(table: usize, entry: u32): u64 {
  return load<u64>(table + ((<usize>(entry >> 26)) << 3))
}

@inline
function add(slot: usize, what: u64): void {
  store<u64>(slot, load<u64>(slot) + what)
}

/** Adds to four histograms; offsets that are constants of the instruction leave the registers free. */
@inline
function addFour(histogram: usize, b0: usize, b1: usize, b2: usize, b3: usize, what: u64): void {
  let slot = histogram + (b0 << 3)
  store<u64>(slot, load<u64>(slot) + what)
  slot = histogram + (b1 << 3)
  store<u64>(slot, load<u64>(slot, 2048) + what, 2048)
  slot = histogram + (b2 << 3)
  store<u64>(slot, load<u64>(slot, 4096) + what, 4096)
  slot = histogram + (b3 << 3)
  store<u64>(slot, load<u64>(slot, 6144) + what, 6144)
}

/**
 * Four columns of a column-major matrix at once, by blocks of 512 rows: bytes of a block are gathered into words first, so that the
 * reads that miss the cache do not wait for the additions.
 */
export function addFourColumns(
  entries: usize, n: u32, c0: usize, c1: usize, c2: usize, c3: usize, histogram: usize, table: usize, buffer: usize,
): void {
  const end = entries + (<usize>n << 2)
  for (let block = entries; block < end; block += 2048) {
    const to = min(block + 2048, end)
    let out = buffer
    for (let p = block; p < to; p += 4, out += 4) {
      const row = <usize>(load<u32>(p) & ROW_BITS)
      store<u32>(
        out,
        <u32>load<u8>(c0 + row) | (<u32>load<u8>(c1 + row) << 8) | (<u32>load<u8>(c2 + row) << 16) |
          (<u32>load<u8>(c3 + row) << 24),
      )
    }
    out = buffer
    for (let p = block; p < to; p += 4, out += 4) {
      const what = payload(table, load<u32>(p))
      addFour(histogram, <usize>load<u8>(out), <usize>load<u8>(out, 1), <usize>load<u8>(out, 2), <usize>load<u8>(out, 3), what)
    }
  }
}

/** Four columns of rows that lie together, `step` bytes apart. */
export function addFourLocal(
  entries: usize, n: u32, c0: usize, c1: usize, c2: usize, c3: usize, step: usize, histogram: usize, table: usize,
): void {
  const end = entries + (<usize>n << 2)
  for (let p = entries; p < end; p += 4) {
    const entry = load<u32>(p)
    const what = payload(table, entry)
    const row = <usize>(entry & ROW_BITS) * step
    addFour(
      histogram, <usize>load<u8>(c0 + row), <usize>load<u8>(c1 + row), <usize>load<u8>(c2 + row),
      <usize>load<u8>(c3 + row), what,
    )
  }
}

export function addColumn(entries: usize, n: u32, column: usize, step: usize, histogram: usize, table: usize): void {
  const end = entries + (<usize>n << 2)
  for (let p = entries; p < end; p += 4) {
    const entry = load<u32>(p)
    add(histogram + ((<usize>load<u8>(column + <usize>(entry & ROW_BITS) * step)) << 3), payload(table, entry))
  }
}

/** The same for few rows, with a bit set in `occupied` (256 bits) for every bin that has any. */
export function addFew(
  entries: usize, n: u32, column: usize, step: usize, histogram: usize, table: usize, occupied: usize,
): void {
  v128.store(occupied, i64x2.splat(0))
  v128.store(occupied, i64x2.splat(0), 16)
  const end = entries + (<usize>n << 2)
  for (let p = entries; p < end; p += 4) {
    const entry = load<u32>(p)
    const bin = <usize>load<u8>(column + <usize>(entry & ROW_BITS) * step)
    add(histogram + (bin << 3), payload(table, entry))
    const word = occupied + ((bin >> 6) << 3)
    store<u64>(word, load<u64>(word) | (<u64>1 << (<u64>bin & 63)))
  }
}

/** Weight of a row: its draws times its own weight. */
@inline
export function rowWeight(row: usize, counts: usize, weights: usize): f64 {
  const draws = <f64>load<u16>(counts + (row << 1))
  return weights ? draws * load<f64>(weights + (row << 3)) : draws
}

/** Doubles: rows, weight and bad weight, 32 bytes a bin; for real weights and for nodes too large for packed bins. */
export function addWide(entries: usize, n: u32, column: usize, histogram: usize, counts: usize, weights: usize): void {
  memory.fill(histogram, 0, 8192)
  const end = entries + (<usize>n << 2)
  for (let p = entries; p < end; p += 4) {
    const entry = load<u32>(p)
    const row = <usize>(entry & ROW_BITS)
    const weight = rowWeight(row, counts, weights)
    const bin = histogram + ((<usize>load<u8>(column + row)) << 5)
    store<f64>(bin, load<f64>(bin) + 1)
    store<f64>(bin, load<f64>(bin, 8) + weight, 8)
    if (entry >> 31) store<f64>(bin, load<f64>(bin, 16) + weight, 16)
  }
}
