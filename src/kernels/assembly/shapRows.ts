// Tree SHAP by quadrature for eight rows at a time (see shap/treeShap.ts for the mathematics): going down, products of w'/w; coming up,
// sums over the leaves below, which each edge weighs and adds to its player. For deep trees, and for few rows.
import { BLOCK } from './ranks'
import { decideEight, leftOf, playerOf, previousOf, record, rightOf, splitsOf } from './shapNodes'

/** What one call works on; each thread has its own. */
let nodes: usize = 0
let constants: usize = 0
let row8: usize = 0
let ranks: usize = 0
let phi: usize = 0
let products: usize = 0
let sums: usize = 0
let met: usize = 0

/** Bytes that the traversal needs: products, sums and met decisions of `levels` levels. */
export function shapRowsScratch(levels: u32, points: u32): usize {
  return (<usize>levels + 2) * (((<usize>points) << 7) + 64)
}

@inline
function pick(mask: v128, yes: v128, no: v128): v128 {
  return v128.bitselect(yes, no, mask)
}

/** All leaves below a split. */
function subtree(node: u32, level: u32): void {
  const at = record(nodes, node)
  const stretch = row8 << 3
  const decided = decideEight(at, ranks)
  const low = i32x4.extend_low_i16x8_s(decided)
  const high = i32x4.extend_high_i16x8_s(decided)
  const previous = previousOf(at)
  const owner = phi + (<usize>playerOf(at)) * (BLOCK << 3)
  const below = met + (<usize>(level + 1)) * 64
  if (splitsOf(at) == 1) {
    const edge = constants + (<usize>leftOf(at)) * row8 * 6
    const g = products + (<usize>level) * stretch
    const s = sums + (<usize>level) * stretch
    const was = met + (<usize>previous) * 64
    twoLeaves(edge, g, s, was, owner, low, high, previous == 0)
    return
  }
  for (let side = 0; side < 2; side++) {
    const child = side == 0 ? leftOf(at) : rightOf(at)
    const flip = i64x2.splat(side == 0 ? 0 : -1)
    const was = met + (<usize>previous) * 64
    v128.store(below, v128.and(v128.load(was), v128.xor(i64x2.extend_low_i32x4_s(low), flip)))
    v128.store(below, v128.and(v128.load(was, 16), v128.xor(i64x2.extend_high_i32x4_s(low), flip)), 16)
    v128.store(below, v128.and(v128.load(was, 32), v128.xor(i64x2.extend_low_i32x4_s(high), flip)), 32)
    v128.store(below, v128.and(v128.load(was, 48), v128.xor(i64x2.extend_high_i32x4_s(high), flip)), 48)
    const edge = constants + (<usize>child) * row8 * 6
    const add = side == 1
    const leaf = leftOf(record(nodes, child)) < 0
    const g = products + (<usize>level) * stretch
    const s = sums + (<usize>level) * stretch
    if (leaf) {
      if (previous == 0) leafNew(edge, g, s, below, owner, add)
      else leafAgain(edge, g, s, was, below, owner, add)
    } else {
      if (previous == 0) downNew(edge, g, g + stretch, below)
      else downAgain(edge, g, g + stretch, was, below)
      subtree(child, level + 1)
      if (previous == 0) upNew(edge, s + stretch, s, below, owner, add)
      else upAgain(edge, s + stretch, s, was, below, owner, add)
    }
  }
}

/** Both leaves of a split at once, with the constants of joinLeaves. */
function twoLeaves(
  edge: usize,
  from: usize,
  to: usize,
  was: usize,
  owner: usize,
  low: v128,
  high: v128,
  fresh: bool,
): void {
  const m0 = i64x2.extend_low_i32x4_s(low)
  const m1 = i64x2.extend_high_i32x4_s(low)
  const m2 = i64x2.extend_low_i32x4_s(high)
  const m3 = i64x2.extend_high_i32x4_s(high)
  let a0 = v128.load(owner)
  let a1 = v128.load(owner, 16)
  let a2 = v128.load(owner, 32)
  let a3 = v128.load(owner, 48)
  if (fresh)
    for (let q: usize = 0; q < row8; q += 8) {
      const right = v128.load64_splat(edge + row8 + q)
      const left = v128.load64_splat(edge + 2 * row8 + q)
      const toRight = v128.load64_splat(edge + 4 * row8 + q)
      const toLeft = v128.load64_splat(edge + 5 * row8 + q)
      const o = q << 3
      let g = v128.load(from + o)
      a0 = f64x2.add(a0, f64x2.mul(g, pick(m0, toLeft, toRight)))
      v128.store(to + o, f64x2.mul(g, pick(m0, left, right)))
      g = v128.load(from + o, 16)
      a1 = f64x2.add(a1, f64x2.mul(g, pick(m1, toLeft, toRight)))
      v128.store(to + o, f64x2.mul(g, pick(m1, left, right)), 16)
      g = v128.load(from + o, 32)
      a2 = f64x2.add(a2, f64x2.mul(g, pick(m2, toLeft, toRight)))
      v128.store(to + o, f64x2.mul(g, pick(m2, left, right)), 32)
      g = v128.load(from + o, 48)
      a3 = f64x2.add(a3, f64x2.mul(g, pick(m3, toLeft, toRight)))
      v128.store(to + o, f64x2.mul(g, pick(m3, left, right)), 48)
    }
  else {
    const w0 = v128.load(was)
    const w1 = v128.load(was, 16)
    const w2 = v128.load(was, 32)
    const w3 = v128.load(was, 48)
    for (let q: usize = 0; q < row8; q += 8) {
      const never = v128.load64_splat(edge + q)
      const right = v128.load64_splat(edge + row8 + q)
      const left = v128.load64_splat(edge + 2 * row8 + q)
      const toRight = v128.load64_splat(edge + 4 * row8 + q)
      const toLeft = v128.load64_splat(edge + 5 * row8 + q)
      const o = q << 3
      let g = v128.load(from + o)
      a0 = f64x2.add(a0, f64x2.mul(g, v128.and(w0, pick(m0, toLeft, toRight))))
      v128.store(to + o, f64x2.mul(g, pick(w0, pick(m0, left, right), never)))
      g = v128.load(from + o, 16)
      a1 = f64x2.add(a1, f64x2.mul(g, v128.and(w1, pick(m1, toLeft, toRight))))
      v128.store(to + o, f64x2.mul(g, pick(w1, pick(m1, left, right), never)), 16)
      g = v128.load(from + o, 32)
      a2 = f64x2.add(a2, f64x2.mul(g, v128.and(w2, pick(m2, toLeft, toRight))))
      v128.store(to + o, f64x2.mul(g, pick(w2, pick(m2, left, right), never)), 32)
      g = v128.load(from + o, 48)
      a3 = f64x2.add(a3, f64x2.mul(g, v128.and(w3, pick(m3, toLeft, toRight))))
      v128.store(to + o, f64x2.mul(g, pick(w3, pick(m3, left, right), never)), 48)
    }
  }
  v128.store(owner, a0)
  v128.store(owner, a1, 16)
  v128.store(owner, a2, 32)
  v128.store(owner, a3, 48)
}

function downNew(edge: usize, from: usize, to: usize, below: usize): void {
  const m0 = v128.load(below)
  const m1 = v128.load(below, 16)
  const m2 = v128.load(below, 32)
  const m3 = v128.load(below, 48)
  for (let q: usize = 0; q < row8; q += 8) {
    const met1 = v128.load64_splat(edge + 2 * row8 + q)
    const met0 = v128.load64_splat(edge + row8 + q)
    const o = q << 3
    v128.store(to + o, f64x2.mul(v128.load(from + o), pick(m0, met1, met0)))
    v128.store(to + o, f64x2.mul(v128.load(from + o, 16), pick(m1, met1, met0)), 16)
    v128.store(to + o, f64x2.mul(v128.load(from + o, 32), pick(m2, met1, met0)), 32)
    v128.store(to + o, f64x2.mul(v128.load(from + o, 48), pick(m3, met1, met0)), 48)
  }
}

function downAgain(edge: usize, from: usize, to: usize, was: usize, below: usize): void {
  for (let q: usize = 0; q < row8; q += 8) {
    const met1 = v128.load64_splat(edge + 2 * row8 + q)
    const met0 = v128.load64_splat(edge + row8 + q)
    const never = v128.load64_splat(edge + q)
    const o = q << 3
    for (let k: usize = 0; k < 64; k += 16) {
      const factor = pick(v128.load(below + k), met1, pick(v128.load(was + k), met0, never))
      v128.store(to + o + k, f64x2.mul(v128.load(from + o + k), factor))
    }
  }
}

@inline
function keep(to: usize, x: v128, add: bool): void {
  v128.store(to, add ? f64x2.add(v128.load(to), x) : x)
}

function leafNew(edge: usize, from: usize, to: usize, below: usize, owner: usize, add: bool): void {
  const m0 = v128.load(below)
  const m1 = v128.load(below, 16)
  const m2 = v128.load(below, 32)
  const m3 = v128.load(below, 48)
  let a0 = v128.load(owner)
  let a1 = v128.load(owner, 16)
  let a2 = v128.load(owner, 32)
  let a3 = v128.load(owner, 48)
  for (let q: usize = 0; q < row8; q += 8) {
    const met1 = v128.load64_splat(edge + 2 * row8 + q)
    const met0 = v128.load64_splat(edge + row8 + q)
    const w1 = v128.load64_splat(edge + 5 * row8 + q)
    const w0 = v128.load64_splat(edge + 4 * row8 + q)
    const o = q << 3
    let x = f64x2.mul(v128.load(from + o), pick(m0, met1, met0))
    a0 = f64x2.add(a0, f64x2.mul(x, pick(m0, w1, w0)))
    keep(to + o, x, add)
    x = f64x2.mul(v128.load(from + o, 16), pick(m1, met1, met0))
    a1 = f64x2.add(a1, f64x2.mul(x, pick(m1, w1, w0)))
    keep(to + o + 16, x, add)
    x = f64x2.mul(v128.load(from + o, 32), pick(m2, met1, met0))
    a2 = f64x2.add(a2, f64x2.mul(x, pick(m2, w1, w0)))
    keep(to + o + 32, x, add)
    x = f64x2.mul(v128.load(from + o, 48), pick(m3, met1, met0))
    a3 = f64x2.add(a3, f64x2.mul(x, pick(m3, w1, w0)))
    keep(to + o + 48, x, add)
  }
  v128.store(owner, a0)
  v128.store(owner, a1, 16)
  v128.store(owner, a2, 32)
  v128.store(owner, a3, 48)
}

function leafAgain(edge: usize, from: usize, to: usize, was: usize, below: usize, owner: usize, add: bool): void {
  for (let k: usize = 0; k < 64; k += 16) {
    const now = v128.load(below + k)
    const old = v128.load(was + k)
    let sum = v128.load(owner + k)
    for (let q: usize = 0; q < row8; q += 8) {
      const factor = pick(
        now,
        v128.load64_splat(edge + 2 * row8 + q),
        pick(old, v128.load64_splat(edge + row8 + q), v128.load64_splat(edge + q)),
      )
      const weight = pick(
        now,
        v128.load64_splat(edge + 5 * row8 + q),
        v128.and(old, v128.load64_splat(edge + 4 * row8 + q)),
      )
      const x = f64x2.mul(v128.load(from + (q << 3) + k), factor)
      sum = f64x2.add(sum, f64x2.mul(x, weight))
      keep(to + (q << 3) + k, x, add)
    }
    v128.store(owner + k, sum)
  }
}

function upNew(edge: usize, from: usize, to: usize, below: usize, owner: usize, add: bool): void {
  const m0 = v128.load(below)
  const m1 = v128.load(below, 16)
  const m2 = v128.load(below, 32)
  const m3 = v128.load(below, 48)
  let a0 = v128.load(owner)
  let a1 = v128.load(owner, 16)
  let a2 = v128.load(owner, 32)
  let a3 = v128.load(owner, 48)
  for (let q: usize = 0; q < row8; q += 8) {
    const w1 = v128.load64_splat(edge + 5 * row8 + q)
    const w0 = v128.load64_splat(edge + 4 * row8 + q)
    const o = q << 3
    let x = v128.load(from + o)
    a0 = f64x2.add(a0, f64x2.mul(x, pick(m0, w1, w0)))
    keep(to + o, x, add)
    x = v128.load(from + o, 16)
    a1 = f64x2.add(a1, f64x2.mul(x, pick(m1, w1, w0)))
    keep(to + o + 16, x, add)
    x = v128.load(from + o, 32)
    a2 = f64x2.add(a2, f64x2.mul(x, pick(m2, w1, w0)))
    keep(to + o + 32, x, add)
    x = v128.load(from + o, 48)
    a3 = f64x2.add(a3, f64x2.mul(x, pick(m3, w1, w0)))
    keep(to + o + 48, x, add)
  }
  v128.store(owner, a0)
  v128.store(owner, a1, 16)
  v128.store(owner, a2, 32)
  v128.store(owner, a3, 48)
}

function upAgain(edge: usize, from: usize, to: usize, was: usize, below: usize, owner: usize, add: bool): void {
  for (let k: usize = 0; k < 64; k += 16) {
    const now = v128.load(below + k)
    const old = v128.load(was + k)
    let sum = v128.load(owner + k)
    for (let q: usize = 0; q < row8; q += 8) {
      const weight = pick(
        now,
        v128.load64_splat(edge + 5 * row8 + q),
        v128.and(old, v128.load64_splat(edge + 4 * row8 + q)),
      )
      const x = v128.load(from + (q << 3) + k)
      sum = f64x2.add(sum, f64x2.mul(x, weight))
      keep(to + (q << 3) + k, x, add)
    }
    v128.store(owner + k, sum)
  }
}

/**
 * Adds the Shapley values of one tree to those of `blocks` blocks of rows; of the last only `lastRows` are wanted.
 * @param rule points of the quadrature, then their weights
 * @param blockRanks, blockPhi bytes of a block of ranks and of a block of Shapley values (players x BLOCK)
 */
export function shapRows(
  nodes_: usize,
  points: u32,
  levels: u32,
  rule: usize,
  constants_: usize,
  ranks_: usize,
  phi_: usize,
  blocks: u32,
  lastRows: u32,
  blockRanks: usize,
  blockPhi: usize,
  scratch: usize,
): void {
  nodes = nodes_
  constants = constants_
  row8 = (<usize>points) << 3
  products = scratch
  sums = products + (<usize>levels + 2) * (row8 << 3)
  met = sums + (<usize>levels + 2) * (row8 << 3)
  for (let q: usize = 0; q < row8; q += 8) {
    const weight = v128.load64_splat(rule + row8 + q)
    for (let k: usize = 0; k < 64; k += 16) v128.store(products + (q << 3) + k, weight)
  }
  for (let k: usize = 0; k < 64; k += 16) v128.store(met + k, i64x2.splat(-1))
  for (let block: u32 = 0; block < blocks; block++) {
    const rows = block == blocks - 1 ? lastRows : BLOCK
    for (let i: u32 = 0; i < rows; i += 8) {
      ranks = ranks_ + (<usize>block) * blockRanks + ((<usize>i) << 1)
      phi = phi_ + (<usize>block) * blockPhi + ((<usize>i) << 3)
      subtree(0, 0)
    }
  }
}
