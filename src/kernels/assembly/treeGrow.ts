// Grows one tree on binned columns: kernels/trees/histogramTree.ts node by node.
//
// While a node is large its columns are read where they stand; once it has at most COMPACT rows, the row-major bytes of its rows are
// copied together and the whole subtree is grown there, in the cache: short rows move with their node, long ones stay and are named by
// entries. Best-first growth jumps between nodes and never copies.
import { log } from './elementary'
import { seed } from './random'
import { drawBag, fillEntries, mostDraws } from './treeBag'
import { rise, sink } from './treeHeap'
import { rowWeight } from './treeHistogram'
import {
  BAD, COUNTS, COVER, CUT, DEFAULT_LEFT, ENTRIES, FEATURE, HEAP, INFO, LEFT, LENT, LENT_BAD, LENT_GOOD, MAX_DEPTH,
  MAX_LEAVES, MIN_DECREASE, MIN_LEAF, MONOTONE, MOST_DRAWS, NODE, NODES, PROBABILITY, RIGHT, ROW_BITS, SET, SETS,
  SMALLS, SPARE, STACK, VALUE, WEIGHTS,
} from './treeJob'
import { moveRows } from './treeMoved'
import {
  C_BAD, C_CUT, C_DECREASE, C_FEATURE, C_MISSING, C_MISSING_LEFT, C_SET, C_WEIGHT, CANDIDATE, P_BAD, P_DEPTH, P_HIGH,
  P_IS_LEFT, P_LOCAL, P_LOW, P_NODE, P_PARENT, P_ROWS, P_START, P_WEIGHT, PLACE, writePlace,
} from './treePlace'
import { base, columnStep, configureSearch, locate, moved, nextRows, nodeEntries, rowStep, search } from './treeSearch'
import {
  cut, feature, leftBad, leftRows, leftWeight, missingLeft, missingRows, restoreSplit, splitDecrease, UNKNOWN,
} from './treeSplit'

let job: usize = 0
let desk: usize = 0
let maxDepth: u32 = 0
let minLeaf: u32 = 0
let monotone: bool = false
let minDecrease: f64 = 0
let weights: usize = 0
let counts: usize = 0
let entries: usize = 0
let spare: usize = 0
let smalls: usize = 0
let nodes: usize = 0
let grown: u32 = 0
let setCount: u32 = 0
let rootWeight: f64 = 0

function configure(jobAddress: usize, deskAddress: usize): void {
  job = jobAddress
  desk = deskAddress
  maxDepth = load<u32>(job, MAX_DEPTH)
  minLeaf = load<u32>(job, MIN_LEAF)
  monotone = load<u32>(job, MONOTONE) != 0
  minDecrease = load<f64>(job, MIN_DECREASE)
  weights = load<u32>(job, WEIGHTS)
  counts = load<u32>(desk, COUNTS)
  entries = load<u32>(desk, ENTRIES)
  spare = load<u32>(desk, SPARE)
  smalls = load<u32>(desk, SMALLS)
  nodes = load<u32>(desk, NODES)
  grown = 0
  setCount = 0
}

/** One tree of the job, with the stream of that key. Returns its number of nodes, which stand at the desk. */
export function growTree(jobAddress: usize, deskAddress: usize, k0: u32, k1: u32, k2: u32, k3: u32): u32 {
  configure(jobAddress, deskAddress)
  seed(k0, k1, k2, k3)
  drawBag(job, counts, spare)
  const n = fillEntries(job, desk)
  configureSearch(job, desk, weights != 0 || mostDraws > MOST_DRAWS)
  const stack = <usize>load<u32>(desk, STACK)
  memory.fill(stack, 0, PLACE)
  store<u32>(stack, n, P_ROWS)
  store<i32>(stack, -1, P_PARENT)
  store<f64>(stack, -Infinity, P_LOW)
  store<f64>(stack, Infinity, P_HIGH)
  sumRows(stack)
  const leaves = load<u32>(job, MAX_LEAVES)
  if (leaves) growBestFirst(stack, leaves)
  else growDepthFirst(stack)
  return grown
}

/** Sets that the last tree holds. */
export function grownSets(): u32 {
  return setCount
}

function growDepthFirst(stack: usize): void {
  let top = stack + PLACE
  while (top > stack) {
    top -= PLACE
    if (!open(top)) continue
    if (!searchWell(top)) continue
    // The right child takes the place of its parent, the left one the place above: it comes next.
    split(top, top + PLACE, top)
    top += PLACE << 1
  }
}

function growBestFirst(pool: usize, mostLeaves: u32): void {
  const heap = <usize>load<u32>(desk, HEAP)
  let slots: u32 = 0
  let held: u32 = 0
  if (isCandidate(pool)) {
    store<u32>(heap, 0)
    slots = held = 1
  }
  for (let leaves: u32 = 1; leaves < mostLeaves && held; leaves++) {
    const best = pool + <usize>load<u32>(heap) * CANDIDATE
    held--
    store<u32>(heap, load<u32>(heap + (<usize>held << 2)))
    sink(heap, held, pool)
    restoreSplit(
      load<i32>(best, C_FEATURE), load<i32>(best, C_CUT), load<u32>(best, C_MISSING_LEFT) != 0,
      load<u32>(best, C_MISSING), load<f64>(best, C_WEIGHT), load<f64>(best, C_BAD),
    )
    memory.copy(smalls + 800, best + C_SET, 32)
    const left = pool + <usize>slots * CANDIDATE
    const right = left + CANDIDATE
    split(best, left, right)
    // Children that are no candidates leave their slots to the next ones; order within the heap is by slot, so it is kept.
    if (isCandidate(left)) {
      store<u32>(heap + (<usize>held << 2), slots++)
      rise(heap, held++, pool)
      if (isCandidate(right)) {
        store<u32>(heap + (<usize>held << 2), slots++)
        rise(heap, held++, pool)
      }
    } else if (isCandidate(right)) {
      memory.copy(left, right, CANDIDATE)
      store<u32>(heap + (<usize>held << 2), slots++)
      rise(heap, held++, pool)
    }
  }
}

/** Opens a place, looks for its split and keeps it there. */
function isCandidate(place: usize): bool {
  if (!open(place) || !searchWell(place)) return false
  store<i32>(place, feature, C_FEATURE)
  store<i32>(place, cut, C_CUT)
  store<u32>(place, missingLeft ? 1 : 0, C_MISSING_LEFT)
  store<u32>(place, missingRows, C_MISSING)
  store<f64>(place, leftWeight, C_WEIGHT)
  store<f64>(place, leftBad, C_BAD)
  store<f64>(place, splitDecrease(rootWeight), C_DECREASE)
  memory.copy(place + C_SET, smalls + 800, 32)
  return true
}

/** Weight and bad weight of a place, in the order of its rows. */
function sumRows(place: usize): void {
  let weight: f64 = 0
  let bad: f64 = 0
  const from = entries + ((<usize>load<u32>(place, P_START)) << 2)
  const to = from + ((<usize>load<u32>(place, P_ROWS)) << 2)
  for (let p = from; p < to; p += 4) {
    const entry = load<u32>(p)
    const w = rowWeight(<usize>(entry & ROW_BITS), counts, weights)
    weight += w
    if (entry >> 31) bad += w
  }
  store<f64>(place, weight, P_WEIGHT)
  store<f64>(place, bad, P_BAD)
}

@inline
function smoothed(bad: f64, weight: f64): f64 {
  if (load<u32>(job, PROBABILITY)) return (bad + load<f64>(job, LENT_BAD)) / (weight + load<f64>(job, LENT))
  return log((bad + load<f64>(job, LENT_BAD)) / (weight - bad + load<f64>(job, LENT_GOOD)))
}

/** Writes a node. Whether it may be split. */
function open(place: usize): bool {
  const node = nodes + <usize>grown * NODE
  const parent = load<i32>(place, P_PARENT)
  if (weights && parent >= 0) sumRows(place)
  const weight = load<f64>(place, P_WEIGHT)
  const bad = load<f64>(place, P_BAD)
  if (parent < 0) rootWeight = weight
  else store<u32>(nodes + <usize>parent * NODE + (load<u32>(place, P_IS_LEFT) ? LEFT : RIGHT), grown)
  store<i32>(node, -1, LEFT)
  store<i32>(node, -1, RIGHT)
  store<i32>(node, -1, FEATURE)
  store<i32>(node, 0, CUT)
  store<u32>(node, 0, DEFAULT_LEFT)
  store<i32>(node, -1, SET)
  store<f64>(node, bad, BAD)
  store<f64>(node, weight, COVER)
  store<f64>(node, min(load<f64>(place, P_HIGH), max(load<f64>(place, P_LOW), smoothed(bad, weight))), VALUE)
  store<u32>(place, grown++, P_NODE)
  return grows(load<u32>(place, P_DEPTH), load<u32>(place, P_ROWS), weight, bad)
}

/** Whether a node may be split. */
@inline
function grows(depth: u32, n: u32, weight: f64, bad: f64): bool {
  return depth < maxDepth && n >= 2 && <u64>n >= 2 * <u64>minLeaf && bad != 0 && bad != weight
}

/** Finds the best split of a place. Whether there is one that is worth it. */
function searchWell(place: usize): bool {
  return search(place) && !(splitDecrease(rootWeight) + 2.220446049250313e-16 < minDecrease)
}

/** Parts entries by the side of their bin, both sides in their order; how many go left. */
function part(from: usize, n: u32, column: usize, step: usize, sides: usize): u32 {
  const end = from + (<usize>n << 2)
  let left = from
  let right = spare
  for (let p = from; p < end; p += 4) {
    const entry = load<u32>(p)
    const goes = <usize>load<u8>(sides + <usize>load<u8>(column + <usize>(entry & ROW_BITS) * step))
    store<u32>(left, entry)
    store<u32>(right, entry)
    left += goes << 2
    right += (1 - goes) << 2
  }
  memory.copy(left, spare, right - spare)
  return <u32>((left - from) >> 2)
}

/** Parts a place by the split found and writes its children to `left` and `right`, which may be the place itself. */
function split(place: usize, left: usize, right: usize): void {
  locate(place)
  const n = load<u32>(place, P_ROWS)
  const weight = load<f64>(place, P_WEIGHT)
  const bad = load<f64>(place, P_BAD)
  const column = <usize>load<u32>(job, INFO) + (<usize>feature << 2)
  const categories = load<u8>(column, 1) != 0
  const defaultLeft: u32 = missingRows ? (missingLeft ? 1 : 0) : leftWeight > weight - leftWeight ? 1 : 0
  const node = nodes + <usize>load<u32>(place, P_NODE) * NODE
  store<i32>(node, feature, FEATURE)
  store<i32>(node, cut, CUT)
  store<u32>(node, defaultLeft, DEFAULT_LEFT)
  if (categories) {
    const set = smalls + 800
    for (let c: usize = 0; c < 255; c++) store<u8>(smalls + c, (load<u8>(set + (c >> 3)) >> (<u8>c & 7)) & 1)
    memory.copy(<usize>load<u32>(desk, SETS) + (<usize>setCount << 5), set, 32)
    store<i32>(node, setCount++, SET)
  } else {
    memory.fill(smalls, 1, <usize>cut + 1)
    memory.fill(smalls + <usize>cut + 1, 0, <usize>(254 - cut))
  }
  store<u8>(smalls, defaultLeft, 255)
  const start = load<u32>(place, P_START)
  const depth = load<u32>(place, P_DEPTH) + 1
  let where = load<u32>(place, P_LOCAL)
  let middle = leftRows
  if (weights || middle == UNKNOWN || grows(depth, middle, leftWeight, leftBad) ||
    grows(depth, n - middle, weight - leftWeight, bad - leftBad)) {
    if (moved) {
      middle = moveRows(base, n, feature, rowStep, smalls, nextRows(where, start))
      where = 3 - where
    } else {
      middle = part(nodeEntries, n, base + <usize>feature * columnStep, rowStep, smalls)
    }
  }

  let lowLeft = load<f64>(place, P_LOW)
  let highLeft = load<f64>(place, P_HIGH)
  let lowRight = lowLeft
  let highRight = highLeft
  const direction = <i32>load<i8>(column, 2)
  if (monotone && direction != 0 && cut != 254) {
    const a = min(highLeft, max(lowLeft, smoothed(leftBad, leftWeight)))
    const b = min(highLeft, max(lowLeft, smoothed(bad - leftBad, weight - leftWeight)))
    const between = (a + b) / 2
    if (direction > 0) highLeft = lowRight = between
    else lowLeft = highRight = between
  }
  const parent = load<u32>(place, P_NODE)
  writePlace(left, start, middle, depth, parent, 1, where, leftWeight, leftBad, lowLeft, highLeft)
  writePlace(
    right, start + middle, n - middle, depth, parent, 0, where, weight - leftWeight, bad - leftBad, lowRight, highRight,
  )
}
