// Tables of a tree's pieces. What a piece (a subtree) gives to a player depends on the decisions above it and inside it, a pattern of few
// bits, so it is worked out once a pattern and looked up for every row. Bits: decisions on the way to the piece, then its own in
// preorder. A table is built from below: that of a subtree knows only its own bits, and two of them join by whole blocks.
import { leftOf, pieceOf, playerOf, previousOf, record, rightOf, splitsOf } from './shapNodes'

/** Most players of a block of tables: one a bit, and one is kept for the count. */
const HEADER: usize = 128

let nodes: usize = 0
let constants: usize = 0
let row8: usize = 0
/** products of each level by pattern, point after point; masks of the decisions met */
let products: usize = 0
let met: usize = 0
let path: usize = 0
let free: usize = 0
let pieces: usize = 0
let tables: usize = 0
let count: u32 = 0

/** Level l begins after 2 ** (l + 1) patterns, which is room for all levels above. */
@inline
function productsAt(level: u32): usize {
  return products + row8 * (<usize>2 << level)
}
@inline
function metAt(level: u32): usize {
  return met + (<usize>8) * (<usize>2 << level)
}

/** Masks and products after the edge from a split at `level` to a child. */
function down(at: usize, child: u32, left: bool, level: u32): void {
  const to = metAt(level + 1)
  const previous = previousOf(at)
  const was = metAt(previous)
  const wasBytes: usize = ((<usize>8) << previous) - 1
  const half: usize = (<usize>8) << level
  if (level == 0) {
    store<i64>(to, left ? 0 : -1)
    store<i64>(to, left ? -1 : 0, 8)
  } else {
    for (let p: usize = 0; p < half << 1; p += 16) {
      const side = (p >= half) == left
      const mask = previous == 0 ? i64x2.splat(-1) : v128.load(was + (p & wasBytes))
      v128.store(to + p, side ? mask : i64x2.splat(0))
    }
  }
  const edge = constants + (<usize>child) * row8 * 6
  const g0 = productsAt(level)
  const g1 = productsAt(level + 1)
  // A level of one pattern holds it twice, so that it is read as two.
  const stride: usize = level == 0 ? 16 : half
  const wrap = half - 1
  for (let q: usize = 0; q < row8; q += 8) {
    const met1 = v128.load64_splat(edge + 2 * row8 + q)
    const met0 = v128.load64_splat(edge + row8 + q)
    const never = v128.load64_splat(edge + q)
    const from = g0 + (q >> 3) * stride
    const out = g1 + q * (half >> 2)
    for (let p: usize = 0; p < half << 1; p += 16) {
      const old = previous == 0 ? i64x2.splat(-1) : v128.load(was + (p & wasBytes))
      const factor = v128.bitselect(met1, v128.bitselect(met0, never, old), v128.load(to + p))
      v128.store(out + p, f64x2.mul(v128.load(from + (p & wrap & ~15)), factor))
    }
  }
}

/** Position of a player among those of a block of tables, added when it is new. */
function slotOf(block: usize, player: u32, bits: u32): usize {
  const known = load<u32>(block)
  let slot: u32 = 0
  while (slot < known && load<u32>(block + ((<usize>slot) << 2), 4) != player) slot++
  const size: usize = (<usize>8) << bits
  const at = block + HEADER + ((row8 >> 3) + <usize>slot) * size
  if (slot == known) {
    store<u32>(block + ((<usize>slot) << 2), player, 4)
    store<u32>(block, known + 1)
    memory.fill(at, 0, size)
  }
  return at
}

/** Adds what the edge from a split at `level` to a child gives to its player. */
function weigh(block: usize, bits: u32, at: usize, child: u32, level: u32): void {
  const to = slotOf(block, playerOf(at), bits)
  const size: usize = (<usize>8) << bits
  const edge = constants + (<usize>child) * row8 * 6
  const now = metAt(level + 1)
  const nowBytes: usize = ((<usize>16) << level) - 1
  const previous = previousOf(at)
  const was = metAt(previous)
  const wasBytes: usize = ((<usize>8) << previous) - 1
  const first = block + HEADER
  if (size < 64) {
    for (let p: usize = 0; p < size; p += 16) {
      const old = previous == 0 ? i64x2.splat(-1) : v128.load(was + (p & wasBytes))
      dotTwo(to + p, first + p, size, edge, v128.load(now + (p & nowBytes)), old)
    }
    return
  }
  for (let p: usize = 0; p < size; p += 64) {
    const n0 = v128.load(now + (p & nowBytes))
    if (previous == 0 && level >= 3) {
      // Eight patterns in a row decide alike.
      const row: usize = i64x2.extract_lane(n0, 0) != 0 ? 5 : 4
      dotAlike(to + p, first + p, size, edge + row * row8)
      continue
    }
    const n1 = v128.load(now + ((p + 16) & nowBytes))
    const n2 = v128.load(now + ((p + 32) & nowBytes))
    const n3 = v128.load(now + ((p + 48) & nowBytes))
    let o0 = i64x2.splat(-1)
    let o1 = o0
    let o2 = o0
    let o3 = o0
    if (previous != 0) {
      o0 = v128.load(was + (p & wasBytes))
      o1 = v128.load(was + ((p + 16) & wasBytes))
      o2 = v128.load(was + ((p + 32) & wasBytes))
      o3 = v128.load(was + ((p + 48) & wasBytes))
    }
    dotEight(to + p, first + p, size, edge, n0, n1, n2, n3, o0, o1, o2, o3)
  }
}

/** Adds the sum over points of what an edge gives to two patterns. */
function dotTwo(to: usize, from: usize, size: usize, edge: usize, now: v128, old: v128): void {
  let sum = v128.load(to)
  for (let q: usize = 0; q < row8; q += 8, from += size) {
    const met1 = v128.load64_splat(edge + 5 * row8 + q)
    const met0 = v128.and(old, v128.load64_splat(edge + 4 * row8 + q))
    sum = f64x2.add(sum, f64x2.mul(v128.load(from), v128.bitselect(met1, met0, now)))
  }
  v128.store(to, sum)
}

/** The same for eight patterns with one row of weights. */
function dotAlike(to: usize, from: usize, size: usize, weights: usize): void {
  let s0 = v128.load(to)
  let s1 = v128.load(to, 16)
  let s2 = v128.load(to, 32)
  let s3 = v128.load(to, 48)
  for (let end = weights + row8; weights < end; weights += 8, from += size) {
    const weight = v128.load64_splat(weights)
    s0 = f64x2.add(s0, f64x2.mul(v128.load(from), weight))
    s1 = f64x2.add(s1, f64x2.mul(v128.load(from, 16), weight))
    s2 = f64x2.add(s2, f64x2.mul(v128.load(from, 32), weight))
    s3 = f64x2.add(s3, f64x2.mul(v128.load(from, 48), weight))
  }
  v128.store(to, s0)
  v128.store(to, s1, 16)
  v128.store(to, s2, 32)
  v128.store(to, s3, 48)
}

/** The same for eight patterns of different decisions. */
function dotEight(
  to: usize,
  from: usize,
  size: usize,
  edge: usize,
  n0: v128,
  n1: v128,
  n2: v128,
  n3: v128,
  o0: v128,
  o1: v128,
  o2: v128,
  o3: v128,
): void {
  let s0 = v128.load(to)
  let s1 = v128.load(to, 16)
  let s2 = v128.load(to, 32)
  let s3 = v128.load(to, 48)
  for (let q: usize = 0; q < row8; q += 8, from += size) {
    const met1 = v128.load64_splat(edge + 5 * row8 + q)
    const met0 = v128.load64_splat(edge + 4 * row8 + q)
    s0 = f64x2.add(s0, f64x2.mul(v128.load(from), v128.bitselect(met1, v128.and(met0, o0), n0)))
    s1 = f64x2.add(s1, f64x2.mul(v128.load(from, 16), v128.bitselect(met1, v128.and(met0, o1), n1)))
    s2 = f64x2.add(s2, f64x2.mul(v128.load(from, 32), v128.bitselect(met1, v128.and(met0, o2), n2)))
    s3 = f64x2.add(s3, f64x2.mul(v128.load(from, 48), v128.bitselect(met1, v128.and(met0, o3), n3)))
  }
  v128.store(to, s0)
  v128.store(to, s1, 16)
  v128.store(to, s2, 32)
  v128.store(to, s3, 48)
}

/** to[r][l] = a[l] + b[r], in blocks of `block` bytes; 0 for an absent one. */
function join(to: usize, a: usize, b: usize, block: usize, lefts: usize, rights: usize): void {
  for (let r: usize = 0; r < rights; r++)
    for (let l: usize = 0; l < lefts; l++) {
      const x = a + l * block
      const y = b + r * block
      // memory.copy leaves the module: too dear for short stretches.
      if (b == 0) for (let p: usize = 0; p < block; p += 16) v128.store(to + p, v128.load(x + p))
      else if (a == 0) for (let p: usize = 0; p < block; p += 16) v128.store(to + p, v128.load(y + p))
      else for (let p: usize = 0; p < block; p += 16) v128.store(to + p, f64x2.add(v128.load(x + p), v128.load(y + p)))
      to += block
    }
}

/** Sums over the leaves of a subtree (a row of patterns a point) and what its edges give to players, by patterns of its bits. */
function grow(node: u32, level: u32): usize {
  const at = record(nodes, node)
  const block = free
  store<u32>(block, 0)
  if (leftOf(at) < 0) {
    const bytes = row8 << level
    memory.copy(block + HEADER, productsAt(level), bytes)
    // Room for the player of the edge above.
    free = block + HEADER + bytes + ((<usize>8) << level)
    return block
  }
  const points = row8 >> 3
  const splits = splitsOf(at)
  const bits = level + splits
  const size: usize = (<usize>8) << bits
  free = block + HEADER + (points + <usize>splits + 1) * size
  const left = leftOf(at)
  down(at, left, true, level)
  const a = grow(left, level + 1)
  const aSplits = splitsOf(record(nodes, left))
  weigh(a, level + 1 + aSplits, at, left, level)
  const right = rightOf(at)
  down(at, right, false, level)
  const b = grow(right, level + 1)
  const bSplits = splitsOf(record(nodes, right))
  weigh(b, level + 1 + bSplits, at, right, level)
  const stretch: usize = (<usize>16) << level
  const lefts: usize = <usize>1 << aSplits
  const rights: usize = <usize>1 << bSplits
  const aSize = stretch << aSplits
  const bSize = stretch << bSplits
  for (let q: usize = 0; q < points; q++)
    join(block + HEADER + q * size, a + HEADER + q * aSize, b + HEADER + q * bSize, stretch, lefts, rights)
  let known: u32 = 0
  for (let side = 0; side < 2; side++) {
    const source = side == 0 ? a : b
    for (let s: u32 = 0; s < load<u32>(source); s++) {
      const player = load<u32>(source + ((<usize>s) << 2), 4)
      if (side == 1 && find(a, player) >= 0) continue
      const ia = find(a, player)
      const ib = find(b, player)
      join(
        block + HEADER + (points + <usize>known) * size,
        ia < 0 ? 0 : a + HEADER + (points + <usize>ia) * aSize,
        ib < 0 ? 0 : b + HEADER + (points + <usize>ib) * bSize,
        stretch,
        lefts,
        rights,
      )
      store<u32>(block + ((<usize>known) << 2), player, 4)
      known++
    }
  }
  store<u32>(block, known)
  free = block + HEADER + (points + <usize>splits + 1) * size
  return block
}

function find(block: usize, player: u32): i32 {
  const known = load<u32>(block)
  for (let s: u32 = 0; s < known; s++) if (load<u32>(block + ((<usize>s) << 2), 4) == player) return s
  return -1
}

/** Nodes of a subtree in preorder. */
function list(node: u32, to: usize): usize {
  const at = record(nodes, node)
  if (leftOf(at) < 0) return to
  store<u32>(to, node)
  return list(rightOf(at), list(leftOf(at), to + 4))
}

/**
 * A piece is 160 bytes: bits, players, address of its tables, unused; up to 16 nodes, one a bit; up to 16 players. Its tables follow each
 * other in the order of the players.
 */
function buildPiece(root: u32, level: u32): void {
  const start = free
  const bits = level + splitsOf(record(nodes, root))
  const size: usize = (<usize>8) << bits
  const block = grow(root, level)
  // The players of the way down may be new: their tables lie behind those of the piece, where nothing else is needed any more.
  for (let l: u32 = 0; l < level; l++) {
    const at = record(nodes, load<u32>(path + ((<usize>l) << 2)))
    weigh(block, bits, at, l + 1 == level ? root : load<u32>(path + ((<usize>(l + 1)) << 2)), l)
  }
  const players = load<u32>(block)
  const piece = pieces + (<usize>count) * 160
  store<u32>(piece, bits)
  store<u32>(piece, players, 4)
  store<u32>(piece, <u32>tables, 8)
  memory.copy(piece + 16, path, (<usize>level) << 2)
  list(root, piece + 16 + ((<usize>level) << 2))
  memory.copy(piece + 80, block + 4, (<usize>players) << 2)
  memory.copy(tables, block + HEADER + (row8 >> 3) * size, (<usize>players) * size)
  tables += (<usize>players) * size
  count++
  free = start
}

function visit(node: u32, level: u32): void {
  const at = record(nodes, node)
  if (pieceOf(at) == 1) {
    buildPiece(node, level)
    return
  }
  store<u32>(path + ((<usize>level) << 2), node)
  down(at, leftOf(at), true, level)
  visit(leftOf(at), level + 1)
  down(at, rightOf(at), false, level)
  visit(rightOf(at), level + 1)
}

/**
 * Builds the tables of a tree.
 * @param levels most edges on a path; at most 14
 * @param scratch see shap/shapRecords.ts for its size
 * @returns how many pieces there are
 */
export function shapTables(
  nodes_: usize,
  points: u32,
  levels: u32,
  rule: usize,
  constants_: usize,
  pieces_: usize,
  tables_: usize,
  scratch: usize,
): u32 {
  nodes = nodes_
  constants = constants_
  row8 = (<usize>points) << 3
  path = scratch
  met = scratch + 64
  products = met + ((<usize>8) << (levels + 2))
  free = products + (row8 << (levels + 2))
  pieces = pieces_
  tables = tables_
  count = 0
  for (let q: usize = 0; q < row8; q += 8)
    v128.store(productsAt(0) + 2 * q, v128.load64_splat(rule + row8 + q))
  v128.store(metAt(0), i64x2.splat(-1))
  visit(0, 0)
  return count
}
