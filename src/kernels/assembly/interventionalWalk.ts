// Blocks of rows go down a tree, each row with the set of players that it has failed so far (16 bits; see shap/interventional.ts). At the
// root of a piece the set and the decisions inside the piece are one pattern, by which background rows are counted and others look up
// what they get (shap/interventionalPieces.ts has the layout: nodes of 64 bytes, pieces of 192).
import { BLOCK, SLOT_SHIFT } from './ranks'
import { lookUp } from './shapLookup'
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
let stack: usize = 0
/** rows to be counted; 0: look up */
let counted: u32 = 0

/** Bytes that a walk needs: a pattern and, for each level, the sets of rows on both sides. */
export function interventionalScratch(levels: u32): usize {
  return ROW_BYTES * (2 + 2 * (<usize>levels + 1))
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
    lookUp(piece, tables + load<u32>(piece, 8), pattern, phi)
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
  patterns = scratch
  const none = scratch + ROW_BYTES
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
