// Looks the points of rows up in the tables of a tree's pieces.
import { BLOCK } from './ranks'
import { decideBlock } from './shapNodes'

/** Pattern of every row of a block: one bit a node of the piece. */
function patternsOf(piece: usize, masks: usize, patterns: usize): void {
  const bits = load<u32>(piece)
  for (let i: usize = 0; i < BLOCK << 1; i += 32) {
    let low = i16x8.splat(0)
    let high = i16x8.splat(0)
    for (let b: u32 = 0; b < bits; b++) {
      const from = masks + (<usize>load<u32>(piece + ((<usize>b) << 2), 16)) * (BLOCK << 1) + i
      const bit = i16x8.splat(<i16>(<u32>1 << b))
      low = v128.or(low, v128.and(v128.load(from), bit))
      high = v128.or(high, v128.and(v128.load(from, 16), bit))
    }
    v128.store(patterns + i, low)
    v128.store(patterns + i, high, 16)
  }
}

@inline
export function two(table: usize, first: u32, second: u32): v128 {
  return v128.load_lane<f64>(table + ((<usize>second) << 3), v128.load_zero<f64>(table + ((<usize>first) << 3)), 1)
}

/**
 * Adds what the tables of some players give to a block of rows.
 * @param owners whose the tables are
 * @param size bytes of a table
 */
export function lookUp(owners: usize, players: u32, table: usize, size: usize, patterns: usize, phi: usize): void {
  let slot: u32 = 0
  for (; slot + 2 <= players; slot += 2) {
    const at = owners + ((<usize>slot) << 2)
    let p = phi + (<usize>load<u32>(at)) * (BLOCK << 3)
    let q = phi + (<usize>load<u32>(at, 4)) * (BLOCK << 3)
    const next = table + size
    for (let i = patterns, end = patterns + (BLOCK << 1); i < end; i += 4) {
      const a = <u32>load<u16>(i)
      const b = <u32>load<u16>(i, 2)
      v128.store(p, f64x2.add(v128.load(p), two(table, a, b)))
      v128.store(q, f64x2.add(v128.load(q), two(next, a, b)))
      p += 16
      q += 16
    }
    table = next + size
  }
  if (slot < players) {
    let p = phi + (<usize>load<u32>(owners + ((<usize>slot) << 2))) * (BLOCK << 3)
    for (let i = patterns, end = patterns + (BLOCK << 1); i < end; i += 4) {
      v128.store(p, f64x2.add(v128.load(p), two(table, <u32>load<u16>(i), <u32>load<u16>(i, 2))))
      p += 16
    }
  }
}

/**
 * Adds the Shapley values of one tree to those of `blocks` whole blocks of rows.
 * @param count nodes of the tree
 * @param scratch 2 * BLOCK bytes a node and one more
 */
export function shapLookup(
  nodes: usize,
  count: u32,
  pieces: usize,
  pieceCount: u32,
  ranks: usize,
  phi: usize,
  blocks: u32,
  blockRanks: usize,
  blockPhi: usize,
  scratch: usize,
): void {
  const masks = scratch + (BLOCK << 1)
  for (let block: u32 = 0; block < blocks; block++) {
    decideBlock(nodes, count, ranks + (<usize>block) * blockRanks, masks)
    const to = phi + (<usize>block) * blockPhi
    for (let k: u32 = 0; k < pieceCount; k++) {
      const piece = pieces + (<usize>k) * 160
      patternsOf(piece, masks, scratch)
      const size: usize = (<usize>8) << load<u32>(piece)
      lookUp(piece + 80, load<u32>(piece, 4), <usize>load<u32>(piece, 8), size, scratch, to)
    }
  }
}
