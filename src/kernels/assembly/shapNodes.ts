// Nodes of a tree to be explained, 64 bytes each (see shap/shapRecords.ts), and the constants of its edges.
import { inSet } from './predict'
import { BLOCK, SLOT_SHIFT } from './ranks'

@inline
export function record(nodes: usize, node: u32): usize {
  return nodes + ((<usize>node) << 6)
}
/** slot << 16 | rank */
@inline
export function testOf(at: usize): u32 {
  return load<u32>(at)
}
/** address of the set of categories, 0 at numeric splits */
@inline
export function setOf(at: usize): usize {
  return <usize>load<u32>(at, 4)
}
/** children; -1 at a leaf */
@inline
export function leftOf(at: usize): i32 {
  return load<i32>(at, 8)
}
@inline
export function rightOf(at: usize): i32 {
  return load<i32>(at, 12)
}
@inline
export function playerOf(at: usize): u32 {
  return load<u32>(at, 16)
}
/** level of the nearest edge above that belongs to the same player, 0 when there is none */
@inline
export function previousOf(at: usize): u32 {
  return load<u32>(at, 20)
}
@inline
export function valueOf(at: usize): f64 {
  return load<f64>(at, 24)
}
/** product of the cover ratios of the player's edges above */
@inline
export function beforeOf(at: usize): f64 {
  return load<f64>(at, 32)
}
/** share of the parent's cover */
@inline
export function ratioOf(at: usize): f64 {
  return load<f64>(at, 40)
}
/** splits in the subtree */
@inline
export function splitsOf(at: usize): u32 {
  return load<u32>(at, 48)
}
/** 1 at the root of a piece */
@inline
export function pieceOf(at: usize): u32 {
  return load<u32>(at, 52)
}

/** Decisions of eight rows at a node as 16-bit masks, all bits where a row goes left. */
@inline
export function decideEight(at: usize, ranks: usize): v128 {
  const test = testOf(at)
  const from = ranks + ((<usize>(test >>> 16)) << SLOT_SHIFT)
  const set = setOf(at)
  if (set == 0) return i16x8.le_u(v128.load(from), i16x8.splat(<i16>(test & 0xffff)))
  let mask = i16x8.splat(0)
  mask = i16x8.replace_lane(mask, 0, 0 - <i16>inSet(set, <u32>load<u16>(from)))
  mask = i16x8.replace_lane(mask, 1, 0 - <i16>inSet(set, <u32>load<u16>(from, 2)))
  mask = i16x8.replace_lane(mask, 2, 0 - <i16>inSet(set, <u32>load<u16>(from, 4)))
  mask = i16x8.replace_lane(mask, 3, 0 - <i16>inSet(set, <u32>load<u16>(from, 6)))
  mask = i16x8.replace_lane(mask, 4, 0 - <i16>inSet(set, <u32>load<u16>(from, 8)))
  mask = i16x8.replace_lane(mask, 5, 0 - <i16>inSet(set, <u32>load<u16>(from, 10)))
  mask = i16x8.replace_lane(mask, 6, 0 - <i16>inSet(set, <u32>load<u16>(from, 12)))
  return i16x8.replace_lane(mask, 7, 0 - <i16>inSet(set, <u32>load<u16>(from, 14)))
}

/** The same for a block of rows at a numeric split. */
function decideRanks(from: usize, test: u32, to: usize): void {
  const rank = i16x8.splat(<i16>(test & 0xffff))
  for (let end = from + (BLOCK << 1); from < end; from += 64, to += 64) {
    v128.store(to, i16x8.le_u(v128.load(from), rank))
    v128.store(to, i16x8.le_u(v128.load(from, 16), rank), 16)
    v128.store(to, i16x8.le_u(v128.load(from, 32), rank), 32)
    v128.store(to, i16x8.le_u(v128.load(from, 48), rank), 48)
  }
}

/** Masks of all splits of a tree for a block of rows, 2 * BLOCK bytes a node. */
export function decideBlock(nodes: usize, count: u32, ranks: usize, masks: usize): void {
  for (let node: u32 = 0; node < count; node++) {
    const at = record(nodes, node)
    if (leftOf(at) < 0) continue
    const to = masks + (<usize>node) * (BLOCK << 1)
    if (setOf(at) != 0) for (let i: usize = 0; i < BLOCK << 1; i += 16) v128.store(to + i, decideEight(at, ranks + i))
    else decideRanks(ranks + ((<usize>(testOf(at) >>> 16)) << SLOT_SHIFT), testOf(at), to)
  }
}

/**
 * Constants of every edge at the points of the quadrature, by the node it leads to: six rows of `points` doubles. With o and z of
 * the edge's player before it, o' and z' after it, and w = o t + z (1 - t), rows 0..2 are w' / w and rows 3..5
 * (o' - z') / w' - (o - z) / w, for (o, o') = (0, 0), (1, 0), (1, 1). At leaves rows 0..2 carry the value.
 * @param rule points, then weights
 * @param joined for shapRows: see joinLeaves
 */
export function layConstants(
  nodes: usize,
  count: u32,
  points: u32,
  rule: usize,
  constants: usize,
  joined: boolean,
): void {
  for (let node: u32 = 0; node < count; node++) {
    const at = record(nodes, node)
    if (leftOf(at) < 0) continue
    layEdge(nodes, at, leftOf(at), points, rule, constants)
    layEdge(nodes, at, rightOf(at), points, rule, constants)
    if (joined && splitsOf(at) == 1) {
      const row = (<usize>points) << 3
      joinLeaves(constants + (<usize>leftOf(at)) * row * 6, constants + (<usize>rightOf(at)) * row * 6, row)
    }
  }
}

/**
 * Where both children are leaves, their edges act as one: a row goes to one of them, and what both give to the player and to the sum is
 * the product above times a constant. For decisions (never met, right, left): rows 0..2 of the left child hold the factors of the
 * sum, rows 3..5 those of the player's points. What the right child's rows held is not asked for again.
 */
function joinLeaves(left: usize, right: usize, row: usize): void {
  for (let q: usize = 0; q < row; q += 8) {
    const a = left + q
    const b = right + q
    const a0 = load<f64>(a + row)
    const a1 = load<f64>(a + 2 * row)
    const b0 = load<f64>(b + row)
    const b1 = load<f64>(b + 2 * row)
    store<f64>(a, load<f64>(a) + load<f64>(b))
    store<f64>(a + row, a0 + b1)
    store<f64>(a + 2 * row, a1 + b0)
    const wentRight = a0 * load<f64>(a + 4 * row) + b1 * load<f64>(b + 5 * row)
    const wentLeft = a1 * load<f64>(a + 5 * row) + b0 * load<f64>(b + 4 * row)
    store<f64>(a + 4 * row, wentRight)
    store<f64>(a + 5 * row, wentLeft)
  }
}

function layEdge(nodes: usize, parent: usize, child: u32, points: u32, rule: usize, constants: usize): void {
  const at = record(nodes, child)
  const row = (<usize>points) << 3
  const out = constants + (<usize>child) * row * 6
  const before = beforeOf(parent)
  const after = before * ratioOf(at)
  const value: f64 = leftOf(at) < 0 ? valueOf(at) : 1
  const none = before > 0 ? (after / before) * value : 0
  for (let q: usize = 0; q < row; q += 8) {
    const t = load<f64>(rule + q)
    const rest = 1 - t
    const was = t + before * rest
    const now = t + after * rest
    const inverse = 1 / was
    const old = (1 - before) * inverse
    const to = out + q
    store<f64>(to, none)
    store<f64>(to + row, after * rest * inverse * value)
    store<f64>(to + 2 * row, now * inverse * value)
    store<f64>(to + 3 * row, 0)
    store<f64>(to + 4 * row, -1 / rest - old)
    store<f64>(to + 5 * row, (1 - after) / now - old)
  }
}

/** Clears a stretch; far faster than the same from outside on shared memory. */
export function clear(at: usize, bytes: usize): void {
  memory.fill(at, 0, bytes)
}
