// A boosted tree: all threads run this together, and meet at barriers. Thread 0 decides, between them.
import {
  BAG,
  BLOCK_BYTES,
  BLOCKS,
  BOUNDED,
  BY_CATEGORY,
  BY_DEPTH,
  BY_MISSING,
  CHOSEN,
  columnAt,
  COLUMNS,
  COLUMNS_A_NODE,
  CONTROL,
  DRAWS,
  histogramAt,
  LEAF_BYTES,
  LEAF_COUNT,
  LEAF_DEPTH,
  LEAF_FROM,
  LEAF_HISTOGRAM,
  LEAF_INDEXED,
  LEAF_LOWER,
  LEAF_NODE,
  LEAF_OPEN,
  LEAF_ROWS,
  LEAF_SPLIT,
  LEAF_TOTAL,
  LEAF_UPPER,
  leafAt,
  MASKS,
  MAX_DEPTH,
  MAX_LEAVES,
  MIN_GAIN,
  MIN_LEAF,
  mixed,
  NODE_COUNT,
  NODE_LEAF,
  NODE_LEFT,
  NODE_LOWER,
  NODE_RIGHT,
  NODE_SPLIT,
  NODE_UPPER,
  nodeAt,
  real,
  ROWS,
  scratchAt,
  SCRATCH_ORDER,
  SCRATCH_SUMS,
  SEED,
  setWord,
  SMALLER,
  SPLIT_BYTES,
  SPLIT_COLUMN,
  SPLIT_FLAGS,
  SPLIT_GAIN,
  SPLIT_LEFT,
  SPLITS,
  word,
  place,
} from './boostingJob'
import { scanCategories } from './boostingCategories'
import { boostingGradients } from './boostingGradients'
import { leafHistogram, subtractBlock } from './boostingHistogram'
import { leafSums } from './boostingLeaves'
import { fillIndex, partition } from './boostingPartition'
import { boundedValue, gradientOf, hessianOf, lookAt, rowsOf, scanNumbers } from './boostingScan'
import { barrier, restart } from './team'

const NONE: u32 = 0xffffffff

/** Adds a node as a leaf. */
function addNode(job: usize, leaf: u32): u32 {
  const node = word(job, NODE_COUNT)
  setWord(job, NODE_COUNT, node + 1)
  store<u32>(nodeAt(job, node), leaf, NODE_LEAF)
  store<u32>(leafAt(job, leaf), node, LEAF_NODE)
  return node
}

function beginTree(job: usize): void {
  setWord(job, NODE_COUNT, 0)
  setWord(job, LEAF_COUNT, 1)
  setWord(job, DRAWS, 0)
  const root = leafAt(job, 0)
  memory.fill(root, 0, LEAF_BYTES)
  const bag = word(job, BAG)
  store<u32>(root, bag, LEAF_ROWS)
  store<u32>(root, bag < word(job, ROWS) ? 1 : 0, LEAF_INDEXED)
  store<f64>(root, -Infinity, LEAF_LOWER)
  store<f64>(root, Infinity, LEAF_UPPER)
  addNode(job, 0)
}

/** Draws the columns of a node from those of the tree, without replacement. */
function drawColumns(job: usize, child: u32): void {
  const need = word(job, COLUMNS_A_NODE)
  if (need == 0) return
  const columns = word(job, COLUMNS)
  const all = place(job, MASKS)
  const mask = all + <usize>columns * (1 + child)
  let left: u32 = 0
  for (let j: u32 = 0; j < columns; j++) left += load<u8>(all + j)
  let wanted = min(need, left)
  let draws = word(job, DRAWS)
  for (let j: u32 = 0; j < columns; j++) {
    store<u8>(mask + j, 0)
    if (load<u8>(all + j) == 0) continue
    const draw = mixed(draws++, word(job, SEED) ^ 0x5bd1e995)
    if ((<u64>draw * left) >> 32 < <u64>wanted) {
      store<u8>(mask + j, 1)
      wanted--
    }
    left--
  }
  setWord(job, DRAWS, draws)
}

/** Packed sums of a column of a joint byte: of its bins, and of its missing bin at 255. */
function marginalSums(joint: usize, record: usize, sums: usize): void {
  const stride = load<u32>(record, 8)
  const size = load<u32>(record, 12)
  const missing = load<u32>(record, 24)
  memory.fill(sums, 0, 2048)
  for (let byte: u32 = 0; byte < 256; byte++) {
    const bin = (byte / stride) % size
    const at = sums + (<usize>(bin == missing ? 255 : bin) << 3)
    store<u64>(at, load<u64>(at) + load<u64>(joint + (<usize>byte << 3)))
  }
}

/** The best split of each column of a block at a node. */
function scanBlock(job: usize, leaf: usize, child: u32, block: u32, thread: u32): void {
  const columns = word(job, COLUMNS)
  const mask = place(job, MASKS) + (word(job, COLUMNS_A_NODE) ? <usize>columns * (1 + child) : 0)
  const histogram = histogramAt(job, load<u32>(leaf, LEAF_HISTOGRAM)) + <usize>block * BLOCK_BYTES
  const scratch = scratchAt(job, thread)
  lookAt(job, leaf)
  const order = place(job, SPLITS) + <usize>columns * 2 * SPLIT_BYTES
  // Columns of a block, one after the other in a list of all blocks.
  const end = load<u32>(order + (<usize>(block + 1) << 2))
  const list = order + (<usize>(word(job, BLOCKS) + 1) << 2)
  for (let k = load<u32>(order + (<usize>block << 2)); k < end; k++) {
    const column = load<u32>(list + (<usize>k << 2))
    const out = place(job, SPLITS) + (<usize>columns * child + column) * SPLIT_BYTES
    store<f64>(out, -Infinity, SPLIT_GAIN)
    if (load<u8>(mask + column) == 0) continue
    const record = columnAt(job, column)
    const bins = load<u32>(record, 20)
    let sums = histogram + (<usize>load<u32>(record, 4) << 11)
    if (load<u32>(record, 12) < 256) {
      marginalSums(sums, record, scratch + SCRATCH_SUMS)
      sums = scratch + SCRATCH_SUMS
    }
    if (load<u32>(record, 16)) scanCategories(job, sums, column, bins, scratch + SCRATCH_ORDER, out)
    else scanNumbers(sums, column, bins, load<i32>(record, 28), out)
  }
}

/** Of the columns' splits of a node the best one; of equal ones that of the first column. */
function bestColumn(job: usize, leaf: usize, child: u32): void {
  const columns = word(job, COLUMNS)
  let best = real(job, MIN_GAIN)
  let found: usize = 0
  for (let column: u32 = 0; column < columns; column++) {
    if (load<i32>(columnAt(job, column)) < 0) continue
    const out = place(job, SPLITS) + (<usize>columns * child + column) * SPLIT_BYTES
    if (load<f64>(out, SPLIT_GAIN) > best) {
      best = load<f64>(out, SPLIT_GAIN)
      found = out
    }
  }
  store<u32>(leaf, found ? 1 : 0, LEAF_OPEN)
  if (found) memory.copy(leaf + LEAF_SPLIT, found, SPLIT_BYTES)
}

/** The leaf to split next: the one with the greatest gain, or of the least depth first. */
function choose(job: usize): u32 {
  const leaves = word(job, LEAF_COUNT)
  if (leaves >= word(job, MAX_LEAVES)) return NONE
  const byDepth = word(job, BY_DEPTH) != 0
  let best = NONE
  let gain: f64 = 0
  let depth: u32 = 0
  for (let k: u32 = 0; k < leaves; k++) {
    const leaf = leafAt(job, k)
    if (load<u32>(leaf, LEAF_OPEN) == 0) continue
    const itsGain = load<f64>(leaf + LEAF_SPLIT, SPLIT_GAIN)
    const itsDepth = load<u32>(leaf, LEAF_DEPTH)
    const first = best == NONE || (byDepth && itsDepth < depth)
    if (first || (itsGain > gain && (!byDepth || itsDepth == depth))) {
      best = k
      gain = itsGain
      depth = itsDepth
    }
  }
  return best
}

/** Makes two leaves of one whose rows are parted; the left one keeps its number. Returns that with the fewer rows, in bit 0 1 for right. */
function makeChildren(job: usize, chosen: u32): u32 {
  const number = word(job, LEAF_COUNT)
  setWord(job, LEAF_COUNT, number + 1)
  const left = leafAt(job, chosen)
  const right = leafAt(job, number)
  const split = left + LEAF_SPLIT
  const node = nodeAt(job, load<u32>(left, LEAF_NODE))
  memory.copy(node + NODE_SPLIT, split, SPLIT_BYTES)
  store<u32>(node, NONE, NODE_LEAF)
  const slot = load<u32>(left, LEAF_HISTOGRAM)
  const total = load<u64>(left, LEAF_TOTAL)
  const sums = load<u64>(split, SPLIT_LEFT)
  lookAt(job, left)
  const rows = <u32>rowsOf(sums)
  memory.copy(right, left, LEAF_BYTES)
  const direction = load<i32>(columnAt(job, load<u32>(split, SPLIT_COLUMN)), 28)
  if (direction != 0 && (load<u32>(split, SPLIT_FLAGS) & (BY_MISSING | BY_CATEGORY)) == 0) {
    const vl = boundedValue(gradientOf(sums), hessianOf(sums))
    const vr = boundedValue(gradientOf(total) - gradientOf(sums), hessianOf(total) - hessianOf(sums))
    const middle = 0.5 * (vl + vr)
    store<f64>(direction > 0 ? left : right, middle, LEAF_UPPER)
    store<f64>(direction > 0 ? right : left, middle, LEAF_LOWER)
  }
  store<u32>(left, rows, LEAF_ROWS)
  store<u32>(right, load<u32>(right, LEAF_ROWS) - rows, LEAF_ROWS)
  store<u32>(right, load<u32>(left, LEAF_FROM) + rows, LEAF_FROM)
  store<u64>(left, sums, LEAF_TOTAL)
  store<u64>(right, total - sums, LEAF_TOTAL)
  for (let child = 0; child < 2; child++) {
    const leaf = child ? right : left
    store<u32>(leaf, load<u32>(leaf, LEAF_DEPTH) + 1, LEAF_DEPTH)
    store<u32>(leaf, 1, LEAF_INDEXED)
    store<u32>(leaf, 0, LEAF_OPEN)
  }
  store<u32>(node, addNode(job, chosen), NODE_LEFT)
  store<u32>(node, addNode(job, number), NODE_RIGHT)
  const rightIsSmall = load<u32>(right, LEAF_ROWS) < load<u32>(left, LEAF_ROWS)
  store<u32>(rightIsSmall ? right : left, number, LEAF_HISTOGRAM)
  store<u32>(rightIsSmall ? left : right, slot, LEAF_HISTOGRAM)
  return rightIsSmall ? 1 : 0
}

/** Whether a leaf may be split at all. */
function maySplit(job: usize, leaf: usize): bool {
  return (
    load<u32>(leaf, LEAF_ROWS) >= 2 * word(job, MIN_LEAF) &&
    load<u32>(leaf, LEAF_DEPTH) < word(job, MAX_DEPTH) &&
    word(job, LEAF_COUNT) < word(job, MAX_LEAVES)
  )
}

/** The root: its histogram, sums and best split. */
function openRoot(job: usize, thread: u32, threads: u32, control: usize): void {
  if (thread == 0) {
    beginTree(job)
    drawColumns(job, 0)
    restart(control)
  }
  if (word(job, BAG) < word(job, ROWS)) fillIndex(job, thread, threads)
  barrier(control, threads)
  const root = leafAt(job, 0)
  leafHistogram(job, root, thread, threads, control)
  barrier(control, threads)
  if (thread == 0) {
    const histogram = histogramAt(job, 0)
    let total: u64 = 0
    for (let byte: usize = 0; byte < 256; byte++) total += load<u64>(histogram + (byte << 3))
    store<u64>(root, total, LEAF_TOTAL)
  }
  barrier(control, threads)
  const blocks = word(job, BLOCKS)
  for (let block = thread; block < blocks; block += threads) scanBlock(job, root, 0, block, thread)
  barrier(control, threads)
  if (thread == 0) {
    if (maySplit(job, root)) bestColumn(job, root, 0)
  }
}

/** Histograms and best splits of two children. */
function openChildren(job: usize, chosen: u32, small: u32, thread: u32, threads: u32, control: usize): void {
  const left = leafAt(job, chosen)
  const right = leafAt(job, word(job, LEAF_COUNT) - 1)
  const leftMay = maySplit(job, left)
  const rightMay = maySplit(job, right)
  if (!leftMay && !rightMay) return
  if (thread == 0) {
    if (leftMay) drawColumns(job, 0)
    if (rightMay) drawColumns(job, 1)
  }
  const smaller = small ? right : left
  const larger = small ? left : right
  leafHistogram(job, smaller, thread, threads, control)
  const blocks = word(job, BLOCKS)
  const smallPlace = histogramAt(job, load<u32>(smaller, LEAF_HISTOGRAM))
  const largePlace = histogramAt(job, load<u32>(larger, LEAF_HISTOGRAM))
  for (let block = thread; block < blocks; block += threads) {
    subtractBlock(largePlace + <usize>block * BLOCK_BYTES, smallPlace + <usize>block * BLOCK_BYTES)
    if (leftMay) scanBlock(job, left, 0, block, thread)
    if (rightMay) scanBlock(job, right, 1, block, thread)
  }
  barrier(control, threads)
  if (thread == 0) {
    if (leftMay) bestColumn(job, left, 0)
    if (rightMay) bestColumn(job, right, 1)
  }
}

/** Grows one tree; afterwards its nodes, the exact sums of its leaves and the leaf of every row stand in the memory of the job. */
export function boostingTree(job: usize, thread: u32, threads: u32): void {
  const control = place(job, CONTROL)
  boostingGradients(job, thread, threads, control)
  openRoot(job, thread, threads, control)
  for (;;) {
    if (thread == 0) setWord(job, CHOSEN, choose(job))
    barrier(control, threads)
    const chosen = word(job, CHOSEN)
    if (chosen == NONE) break
    partition(job, leafAt(job, chosen), thread, threads, control)
    barrier(control, threads)
    if (thread == 0) {
      setWord(job, SMALLER, makeChildren(job, chosen))
      restart(control)
    }
    barrier(control, threads)
    openChildren(job, chosen, word(job, SMALLER), thread, threads, control)
  }
  leafSums(job, thread, threads, control)
}
