// Rows go down trees. A node is 8 bytes: slot << 16 | rank, and the position of its left child; the right child follows it. A leaf is
// its own left child and no rank lies above its own, so rows that have arrived stay while others go on.
import { SLOT_SHIFT } from './ranks'

@inline
function next(nodes: usize, ranks: usize, node: u32): u32 {
  const at = nodes + ((<usize>node) << 3)
  const test = load<u32>(at)
  const rank = <u32>load<u16>(ranks + ((<usize>(test >>> 16)) << SLOT_SHIFT))
  return load<u32>(at, 4) + <u32>(rank > (test & 0xffff))
}

/** The leaf of each row of a block, for a tree without categories; `leaves` has room for a multiple of eight. */
export function descend(nodes: usize, ranks: usize, rows: u32, leaves: usize): void {
  for (let i: u32 = 0; i < rows; i += 8) {
    const at = ranks + ((<usize>i) << 1)
    let a: u32 = 0
    let b: u32 = 0
    let c: u32 = 0
    let d: u32 = 0
    let e: u32 = 0
    let f: u32 = 0
    let g: u32 = 0
    let h: u32 = 0
    for (;;) {
      for (let step = 0; step < 2; step++) {
        a = next(nodes, at, a)
        b = next(nodes, at + 2, b)
        c = next(nodes, at + 4, c)
        d = next(nodes, at + 6, d)
        e = next(nodes, at + 8, e)
        f = next(nodes, at + 10, f)
        g = next(nodes, at + 12, g)
        h = next(nodes, at + 14, h)
      }
      const a1 = next(nodes, at, a)
      const b1 = next(nodes, at + 2, b)
      const c1 = next(nodes, at + 4, c)
      const d1 = next(nodes, at + 6, d)
      const e1 = next(nodes, at + 8, e)
      const f1 = next(nodes, at + 10, f)
      const g1 = next(nodes, at + 12, g)
      const h1 = next(nodes, at + 14, h)
      const moved = (a ^ a1) | (b ^ b1) | (c ^ c1) | (d ^ d1) | (e ^ e1) | (f ^ f1) | (g ^ g1) | (h ^ h1)
      if (moved == 0) break
      a = a1
      b = b1
      c = c1
      d = d1
      e = e1
      f = f1
      g = g1
      h = h1
    }
    const to = leaves + ((<usize>i) << 2)
    store<u32>(to, a)
    store<u32>(to, b, 4)
    store<u32>(to, c, 8)
    store<u32>(to, d, 12)
    store<u32>(to, e, 16)
    store<u32>(to, f, 20)
    store<u32>(to, g, 24)
    store<u32>(to, h, 28)
  }
}

/** Whether a category is in a set of eight words; bit 255 says where missing ones go. */
@inline
export function inSet(set: usize, code: u32): u32 {
  return (load<u32>(set + (<usize>((code >>> 5) & 7) << 2)) >>> (code & 31)) & 1
}

/** The same for a tree with categories: `sets` has the address of each node's set, 0 at numeric splits. */
export function descendMixed(nodes: usize, sets: usize, ranks: usize, rows: u32, leaves: usize): void {
  for (let i: u32 = 0; i < rows; i++) {
    const at = ranks + ((<usize>i) << 1)
    let node: u32 = 0
    for (;;) {
      const set = <usize>load<u32>(sets + ((<usize>node) << 2))
      const record = nodes + ((<usize>node) << 3)
      const below =
        set == 0
          ? next(nodes, at, node)
          : load<u32>(record, 4) +
            (1 - inSet(set, <u32>load<u16>(at + ((<usize>(load<u32>(record) >>> 16)) << SLOT_SHIFT))))
      if (below == node) break
      node = below
    }
    store<u32>(leaves + ((<usize>i) << 2), node)
  }
}

/** Adds the value of each row's leaf to its sum. */
export function addLeaves(leaves: usize, values: usize, rows: u32, sums: usize): void {
  for (let i: u32 = 0; i < rows; i++) {
    const at = sums + ((<usize>i) << 3)
    store<f64>(at, load<f64>(at) + load<f64>(values + ((<usize>load<u32>(leaves + ((<usize>i) << 2))) << 3)))
  }
}
