// Tables of pieces from counts of background rows (see shap/leafGame.ts for the game of a leaf, and shap/interventionalRule.ts for its
// weights at the points of a quadrature). Leaves are 96 bytes, pieces 192 (shap/interventionalPieces.ts).

/** Bytes of the weights of one number of players: powers of the points, then weights of both results. */
const RULE_BYTES: usize = 3264
const RULE_PART: usize = 1088

let points: usize = 0
let keep: usize = 0
let lose: usize = 0

/** Bytes that the tables of leaves with so many players need. */
export function interventionalWork(players: u32): usize {
  return ((pointsOf(players) + 3) << players) << 3
}

/** Points of the quadrature, an even number: two go together. */
@inline
function pointsOf(players: u32): usize {
  return <usize>max(2, (((players + 1) >> 1) + 1) & ~1)
}

/** Players of a leaf that rows of a pattern fail by their decisions inside the piece. */
function failedInside(leaf: usize, decisions: u32): u32 {
  const conditions = load<u32>(leaf, 12)
  let failed: u32 = 0
  for (let c: u32 = 0; c < conditions; c++) {
    const condition = load<u32>(leaf + ((<usize>c) << 2), 32)
    const wentLeft = (decisions >> (condition & 255)) & 1
    failed |= (wentLeft ^ ((condition >> 8) & 1)) << (condition >> 16)
  }
  return failed
}

/** Background rows by the set of players of the leaf that they fail. */
function gather(leaf: usize, counts: usize, above: u32, splits: u32, sets: usize, to: usize): void {
  memory.fill(to, 0, sets << 3)
  const ways: u32 = 1 << above
  for (let decisions: u32 = 0; decisions < <u32>1 << splits; decisions++) {
    const failed = failedInside(leaf, decisions)
    for (let set: u32 = 0; set < ways; set++, counts += 4) {
      const at = to + ((<usize>(set | failed)) << 3)
      store<f64>(at, load<f64>(at) + <f64>load<u32>(counts))
    }
  }
}

/** Sums over subsets, point by point: one player after the other. */
function sumSubsets(z: usize, players: u32): void {
  const bytes = points << 3
  const all = bytes << players
  for (let player: u32 = 0; player < players; player++) {
    const half = bytes << player
    for (let at = z; at < z + all; at += half << 1)
      for (let from = at, to = at + half; from < at + half; from += 16, to += 16)
        v128.store(to, f64x2.add(v128.load(to), v128.load(from)))
  }
}

/** Both numbers of every set of a leaf, its value in them. */
function play(value: f64, players: u32, rule: usize, z: usize, g: usize, share: f64): void {
  const sets: u32 = 1 << players
  const bytes = points << 3
  for (let set: u32 = 0; set < sets; set++) {
    const weight = f64x2.splat(load<f64>(g + ((<usize>set) << 3)) * share)
    const powers = rule + (<usize>popcnt<u32>(set)) * bytes
    const to = z + (<usize>set) * bytes
    for (let q: usize = 0; q < bytes; q += 16) v128.store(to + q, f64x2.mul(weight, v128.load(powers + q)))
  }
  sumSubsets(z, players)
  for (let set: u32 = 0; set < sets; set++) {
    const from = z + (<usize>(sets - 1 - set)) * bytes
    const weights = rule + RULE_PART + (<usize>popcnt<u32>(set)) * bytes
    let kept = f64x2.splat(0)
    let lost = f64x2.splat(0)
    for (let q: usize = 0; q < bytes; q += 16) {
      const sum = v128.load(from + q)
      kept = f64x2.add(kept, f64x2.mul(sum, v128.load(weights + q)))
      lost = f64x2.add(lost, f64x2.mul(sum, v128.load(weights + q, RULE_PART)))
    }
    const at = (<usize>set) << 3
    store<f64>(keep + at, value * (f64x2.extract_lane(kept, 0) + f64x2.extract_lane(kept, 1)))
    store<f64>(lose + at, value * (f64x2.extract_lane(lost, 0) + f64x2.extract_lane(lost, 1)))
  }
}

/** The same for two sets at a time, which lie beside each other where the first player is not among those that are added. */
function addPairs(to: usize, ways: u32, failed: u32, without: u32): void {
  for (let set: u32 = 0; set < ways; set += 2, to += 16) {
    const kept = v128.load(keep + ((<usize>(set | failed)) << 3))
    const lost = v128.load(lose + ((<usize>(set | without)) << 3))
    v128.store(to, f64x2.add(v128.load(to), f64x2.sub(kept, lost)))
  }
}

/** Adds both numbers of a leaf's sets to the two tables that all players above the piece share. */
function addShared(from: usize, size: usize, ways: u32, failed: u32): void {
  if (ways == 1) {
    store<f64>(from, load<f64>(from) + load<f64>(keep + ((<usize>failed) << 3)))
    store<f64>(from + size, load<f64>(from + size) + load<f64>(lose + ((<usize>failed) << 3)))
    return
  }
  // What fails inside may be the first player too: two sets are beside each other only where it is not.
  if ((failed & 1) == 0)
    for (let set: u32 = 0; set < ways; set += 2) {
      const at = from + ((<usize>set) << 3)
      const number = (<usize>(set | failed)) << 3
      v128.store(at, f64x2.add(v128.load(at), v128.load(keep + number)))
      v128.store(at + size, f64x2.add(v128.load(at + size), v128.load(lose + number)))
    }
  else
    for (let set: u32 = 0; set < ways; set++) {
      const at = from + ((<usize>set) << 3)
      const number = (<usize>(set | failed)) << 3
      store<f64>(at, load<f64>(at) + load<f64>(keep + number))
      store<f64>(at + size, load<f64>(at + size) + load<f64>(lose + number))
    }
}

/** Adds a leaf to the tables of its piece, pattern by pattern: those that players above share, then player by player of those inside alone. */
function addLeaf(leaf: usize, players: u32, above: u32, splits: u32, table: usize, size: usize): void {
  const ways: u32 = 1 << above
  for (let decisions: u32 = 0; decisions < <u32>1 << splits; decisions++) {
    const failed = failedInside(leaf, decisions)
    const from = ((<usize>decisions) << above) << 3
    if (above > 0) addShared(table + from, size, ways, failed)
    for (let player = above; player < players; player++) {
      const without = (<u32>1 << player) | failed
      const to = table + (<usize>load<u8>(leaf + <usize>player, 16)) * size + from
      if (ways > 1 && (without & 1) == 0) addPairs(to, ways, failed, without)
      else
        for (let set: u32 = 0; set < ways; set++) {
          const at = to + ((<usize>set) << 3)
          const kept = load<f64>(keep + ((<usize>(set | failed)) << 3))
          store<f64>(at, load<f64>(at) + (kept - load<f64>(lose + ((<usize>(set | without)) << 3))))
        }
    }
  }
}

/**
 * Builds the tables of pieces first..end-1 of a tree.
 * @param tables, counts where those of the batch begin
 * @param rule RULE_BYTES for each number of players, from 0 on
 * @param share what one background row weighs
 * @param work interventionalWork bytes for the largest leaf
 */
export function interventionalTables(
  pieces: usize,
  leaves: usize,
  first: u32,
  end: u32,
  tables: usize,
  counts: usize,
  rule: usize,
  share: f64,
  work: usize,
): void {
  for (let k = first; k < end; k++) {
    const piece = pieces + (<usize>k) * 192
    const size: usize = (<usize>8) << load<u32>(piece)
    const table = tables + load<u32>(piece, 8)
    const above = load<u32>(piece, 144)
    const splits = load<u32>(piece, 148)
    memory.fill(table, 0, (<usize>load<u32>(piece, 4)) * size)
    const firstLeaf = load<u32>(piece, 152)
    for (let l: u32 = 0; l < load<u32>(piece, 156); l++) {
      const leaf = leaves + (<usize>(firstLeaf + l)) * 96
      const players = load<u32>(leaf, 8)
      if (players == 0) continue
      points = pointsOf(players)
      const sets: usize = <usize>1 << players
      const z = work
      const g = z + ((points << players) << 3)
      keep = g + (sets << 3)
      lose = keep + (sets << 3)
      gather(leaf, counts + load<u32>(piece, 12), above, splits, sets, g)
      play(load<f64>(leaf), players, rule + (<usize>players) * RULE_BYTES, z, g, share)
      addLeaf(leaf, players, above, splits, table, size)
    }
  }
}
