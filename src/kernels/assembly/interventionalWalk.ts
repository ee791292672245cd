// Blocks of rows go down a tree, each row with the set of players that it has failed so far (16 bits; see shap/interventional.ts). At the
// root of a piece the set and the decisions inside the piece are one pattern, by which background rows are counted and others look up
// what they get (shap/interventionalPieces.ts has the layout: nodes of 64 bytes, pieces of 192).
import { BLOCK, SLOT_SHIFT } from './ranks'
import { lookUp, two } from './shapLookup'
import { decideEight, leftOf, record, rightOf, setOf, testOf } from './shapNodes'

const ROW_BYTES: usize = <usize>BLOCK << 1

let nodes: usize = 0
let pieces: usize = 0
let first: i32 = 0
let end: i32 = 0
let ranks: usize = 0
let phi: usize = 0
let tables: usize = 0
let counts: usize = 0
let patterns: usize = 0
/** what rows get as far as it is the same for all players above a piece */
let kept: usize = 0
let stack: usize = 0
/** rows to be counted; 0: look up */
let counted: u32 = 0

/** Bytes that a walk needs: a double and a pattern a row and, for each level, the sets of rows on both sides. */
export function interventionalScratch(levels: u32): usize {
  return ROW_BYTES * (6 + 2 * (<usize>levels + 1))
}

/** Sets of failed players after a split: those who go left fail on the right, and the other way round. */
function split(at: usize, was: usize, left: usize, right: usize): void {
  const bit = i16x8.splat(<i16>load<u32>(at, 16))
  if (setOf(at) != 0) {
    for (let i: usize = 0; i < ROW_BYTES; i += 16) {
      const goesLeft = decideEight(at, ranks + i)
      const set = v128.load(was + i)
      v128.store(left + i, v128.or(set, v128.andnot(bit, goesLeft)))
      v128.store(right + i, v128.or(set, v128.and(bit, goesLeft)))
    }
    return
  }
  const from = ranks + ((<usize>(testOf(at) >>> 16)) << SLOT_SHIFT)
  const rank = i16x8.splat(<i16>(testOf(at) & 0xffff))
  for (let i: usize = 0; i < ROW_BYTES; i += 16) {
    const goesLeft = i16x8.le_u(v128.load(from + i), rank)
    const set = v128.load(was + i)
    v128.store(left + i, v128.or(set, v128.andnot(bit, goesLeft)))
    v128.store(right + i, v128.or(set, v128.and(bit, goesLeft)))
  }
}

/** Adds a decision to patterns. */
function decide(at: usize, bit: v128, was: usize): void {
  if (setOf(at) != 0) {
    for (let i: usize = 0; i < ROW_BYTES; i += 16)
      v128.store(patterns + i, v128.or(v128.load(was + i), v128.and(bit, decideEight(at, ranks + i))))
    return
  }
  const from = ranks + ((<usize>(testOf(at) >>> 16)) << SLOT_SHIFT)
  const rank = i16x8.splat(<i16>(testOf(at) & 0xffff))
  for (let i: usize = 0; i < ROW_BYTES; i += 16)
    v128.store(
      patterns + i,
      v128.or(v128.load(was + i), v128.and(bit, i16x8.le_u(v128.load(from + i), rank))),
    )
}

/**
 * What the players above a piece get: all of them from two tables, kept[pattern] - lost[pattern with the player failed].
 * @param owners those players; the first bits of a pattern are theirs
 */
function lookUpAbove(owners: usize, above: u32, table: usize, size: usize, pattern: usize): void {
  for (let i: usize = pattern, to = kept, end = pattern + ROW_BYTES; i < end; i += 4, to += 16)
    v128.store(to, two(table, <u32>load<u16>(i), <u32>load<u16>(i, 2)))
  const lost = table + size
  let slot: u32 = 0
  for (; slot + 2 <= above; slot += 2) {
    const at = owners + ((<usize>slot) << 2)
    let p = phi + (<usize>load<u32>(at)) * (BLOCK << 3)
    let q = phi + (<usize>load<u32>(at, 4)) * (BLOCK << 3)
    const bit: u32 = 1 << slot
    const next: u32 = bit << 1
    for (let i: usize = pattern, from = kept, end = pattern + ROW_BYTES; i < end; i += 4, from += 16) {
      const a = <u32>load<u16>(i)
      const b = <u32>load<u16>(i, 2)
      const both = v128.load(from)
      v128.store(p, f64x2.add(v128.load(p), f64x2.sub(both, two(lost, a | bit, b | bit))))
      v128.store(q, f64x2.add(v128.load(q), f64x2.sub(both, two(lost, a | next, b | next))))
      p += 16
      q += 16
    }
  }
  if (slot < above) {
    let p = phi + (<usize>load<u32>(owners + ((<usize>slot) << 2))) * (BLOCK << 3)
    const bit: u32 = 1 << slot
    for (let i: usize = pattern, from = kept, end = pattern + ROW_BYTES; i < end; i += 4, from += 16) {
      const lose = two(lost, <u32>load<u16>(i) | bit, <u32>load<u16>(i, 2) | bit)
      v128.store(p, f64x2.add(v128.load(p), f64x2.sub(v128.load(from), lose)))
      p += 16
    }
  }
}

function usePiece(piece: usize, failed: usize): void {
  const above = load<u32>(piece, 144)
  const splits = load<u32>(piece, 148)
  let pattern = failed
  for (let s: u32 = 0; s < splits; s++) {
    const at = record(nodes, load<u32>(piece + ((<usize>s) << 2), 16))
    decide(at, i16x8.splat(<i16>(<u32>1 << (above + s))), pattern)
    pattern = patterns
  }
  if (counted == 0) {
    const size: usize = (<usize>8) << load<u32>(piece)
    let table = tables + load<u32>(piece, 8)
    let inside = load<u32>(piece, 4)
    if (above > 0) {
      lookUpAbove(piece + 80, above, table, size, pattern)
      table += size << 1
      inside -= 2
    }
    lookUp(piece + 80 + ((<usize>above) << 2), inside, table, size, pattern, phi)
    return
  }
  const to = counts + load<u32>(piece, 12)
  for (let i: usize = pattern, last = pattern + ((<usize>counted) << 1); i < last; i += 2) {
    const at = to + ((<usize>load<u16>(i)) << 2)
    store<u32>(at, load<u32>(at) + 1)
  }
}

function visit(node: u32, failed: usize, level: u32): void {
  const at = record(nodes, node)
  const piece = load<i32>(at, 20)
  if (piece >= 0) {
    if (piece >= first && piece < end) usePiece(pieces + (<usize>piece) * 192, failed)
    return
  }
  if (load<i32>(at, 28) <= first || load<i32>(at, 24) >= end) return
  const left = stack + (<usize>level) * (ROW_BYTES << 1)
  const right = left + ROW_BYTES
  split(at, failed, left, right)
  visit(leftOf(at), left, level + 1)
  visit(rightOf(at), right, level + 1)
}

function walk(block: usize, scratch: usize): void {
  ranks = block
  kept = scratch
  patterns = kept + (ROW_BYTES << 2)
  const none = patterns + ROW_BYTES
  memory.fill(none, 0, ROW_BYTES)
  stack = none + ROW_BYTES
  visit(0, none, 0)
}

/**
 * Counts `rows` background rows by pattern in pieces first..end-1 of a tree.
 * @param counts_ where the counts of the batch begin
 * @param blockRanks bytes of a block of ranks
 */
export function interventionalCount(
  nodes_: usize,
  pieces_: usize,
  first_: i32,
  end_: i32,
  counts_: usize,
  ranks_: usize,
  rows: u32,
  blockRanks: usize,
  scratch: usize,
): void {
  nodes = nodes_
  pieces = pieces_
  first = first_
  end = end_
  counts = counts_
  for (let done: u32 = 0; done < rows; done += BLOCK, ranks_ += blockRanks) {
    counted = min(BLOCK, rows - done)
    walk(ranks_, scratch)
  }
}

/**
 * Adds what pieces first..end-1 of a tree give to `blocks` whole blocks of rows.
 * @param tables_ where the tables of the batch begin
 * @param blockPhi bytes of a block of Shapley values (players x BLOCK doubles)
 */
export function interventionalLookup(
  nodes_: usize,
  pieces_: usize,
  first_: i32,
  end_: i32,
  tables_: usize,
  ranks_: usize,
  phi_: usize,
  blocks: u32,
  blockRanks: usize,
  blockPhi: usize,
  scratch: usize,
): void {
  nodes = nodes_
  pieces = pieces_
  first = first_
  end = end_
  tables = tables_
  counted = 0
  for (let block: u32 = 0; block < blocks; block++) {
    phi = phi_ + (<usize>block) * blockPhi
    walk(ranks_ + (<usize>block) * blockRanks, scratch)
  }
}
