// Values as ranks: the number of a column's thresholds that lie below a value, so that x <= threshold k exactly when rank <= k. Ranks are
// 16 bits; a missing value is 0xFFFF, which lies above every threshold and goes right. Where missing values go left, ranks are one
// higher and wrap around: missing is 0. A block has room for BLOCK rows a slot; slots follow each other.

/** Rows of a block. */
export const BLOCK: u32 = 512
/** A slot of a block is 2 ** SLOT_SHIFT bytes. */
export const SLOT_SHIFT: u32 = 10

/**
 * Ranks of a column. `edges`: 2 ** steps - 1 doubles, rising, filled up with infinity.
 * @param right where ranks go for nodes that send missing values right; 0: nowhere
 * @param left the same for nodes that send them left
 */
export function rankValues(values: usize, rows: u32, edges: usize, steps: u32, right: usize, left: usize): void {
  // Four rows at a time: each waits for its own loads only.
  const whole = rows & ~3
  for (let i: u32 = 0; i < whole; i += 4) {
    const at = values + ((<usize>i) << 3)
    const a = load<f64>(at)
    const b = load<f64>(at, 8)
    const c = load<f64>(at, 16)
    const d = load<f64>(at, 24)
    let p: u32 = 0
    let q: u32 = 0
    let r: u32 = 0
    let s: u32 = 0
    for (let step: i32 = steps - 1; step >= 0; step--) {
      const half = edges + (((<usize>1 << step) - 1) << 3)
      p += (<u32>(load<f64>(half + ((<usize>p) << 3)) < a)) << step
      q += (<u32>(load<f64>(half + ((<usize>q) << 3)) < b)) << step
      r += (<u32>(load<f64>(half + ((<usize>r) << 3)) < c)) << step
      s += (<u32>(load<f64>(half + ((<usize>s) << 3)) < d)) << step
    }
    // 0 - 1 has all bits: a number that differs from itself is missing.
    p |= 0 - <u32>(a != a)
    q |= 0 - <u32>(b != b)
    r |= 0 - <u32>(c != c)
    s |= 0 - <u32>(d != d)
    place4(right, i, p, q, r, s)
    if (left != 0) place4(left, i, p + 1, q + 1, r + 1, s + 1)
  }
  for (let i = whole; i < rows; i++) {
    const x = load<f64>(values + ((<usize>i) << 3))
    let rank: u32 = 0
    for (let step: i32 = steps - 1; step >= 0; step--)
      rank += (<u32>(load<f64>(edges + ((((<usize>1 << step) - 1 + rank)) << 3)) < x)) << step
    place(x != x ? 0xffff : rank, i, right, left)
  }
}

@inline
function place4(to: usize, i: u32, p: u32, q: u32, r: u32, s: u32): void {
  if (to == 0) return
  const at = to + ((<usize>i) << 1)
  store<u16>(at, p)
  store<u16>(at, q, 2)
  store<u16>(at, r, 4)
  store<u16>(at, s, 6)
}

@inline
function place(rank: u32, i: u32, right: usize, left: usize): void {
  if (right != 0) store<u16>(right + ((<usize>i) << 1), rank)
  if (left != 0) store<u16>(left + ((<usize>i) << 1), rank + 1)
}

/** Codes of a categorical column: whole numbers 0..253, all else is missing. */
export function rankCodes(values: usize, rows: u32, to: usize): void {
  for (let i: u32 = 0; i < rows; i++) {
    const x = load<f64>(values + ((<usize>i) << 3))
    const known = x >= 0 && x < 254 && x == Math.floor(x)
    store<u16>(to + ((<usize>i) << 1), known ? <u32>x : 0xffff)
  }
}

/** Ranks of a column of bytes, by a table of 256 ranks. */
export function rankBytes(bytes: usize, rows: u32, table: usize, right: usize, left: usize): void {
  for (let i: u32 = 0; i < rows; i++)
    place(load<u16>(table + ((<usize>load<u8>(bytes + i)) << 1)), i, right, left)
}
