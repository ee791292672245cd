// What the kernels of boosting read: one record of 512 bytes, laid out alike in kernels/boosting/job.ts; 32-bit fields first, doubles
// from byte 256 on. Records of columns, leaves, nodes and splits are described here too.

// 32-bit fields
export const ROWS: usize = 0
export const COLUMNS: usize = 1
export const BLOCKS: usize = 2
export const CONTROL: usize = 3
/** bins of all rows in groups of eight blocks: [group][row][block of the group][8]; a full row of a group is a cache line */
export const STORE: usize = 4
/** quantized gradient (high 16 bits) and Hessian of each row */
export const PACKED: usize = 5
export const PROBABILITY: usize = 6
export const MARGIN: usize = 7
export const TARGET: usize = 8
/** weights of rows, 0 where all are 1 */
export const WEIGHT: usize = 9
/** leaf of each row in the last tree, 16 bits */
export const LEAF_OF: usize = 10
/** row (low 32 bits) and quantized gradients (high ones) of the rows of the bag, leaf by leaf */
export const INDEX: usize = 11
/** room for parts of the index; the first one holds the rows of the bag when a tree begins */
export const SPARE_LEFT: usize = 12
export const SPARE_RIGHT: usize = 13
/** rows of the bag; all of them when equal to ROWS */
export const BAG: usize = 14
/** bins, column-major, 255 = missing */
export const BINS: usize = 15
export const HISTOGRAMS: usize = 17
/** scratch of each thread, SCRATCH_BYTES + a histogram each */
export const SCRATCH: usize = 18
export const LEAVES: usize = 19
export const NODES: usize = 20
export const SPLITS: usize = 21
export const COLUMN_RECORDS: usize = 22
/** which columns take part: the tree's, then one row each for two children */
export const MASKS: usize = 23
export const PARTIALS: usize = 24
export const LEAF_VALUES: usize = 25
export const MAX_LEAVES: usize = 26
export const MAX_DEPTH: usize = 27
export const MIN_LEAF: usize = 28
export const COLUMNS_A_NODE: usize = 29
export const SEED: usize = 30
export const BY_DEPTH: usize = 31
export const BOUNDED: usize = 32
export const COUNT_BITS: usize = 33
export const HESSIAN_BITS: usize = 34
export const ONE_HOT: usize = 35
export const MOST_SORTED: usize = 36
export const MIN_CATEGORY: usize = 37
/** leaves of the last tree; their values go to the margins first */
export const LEAVES_BEFORE: usize = 38
// written by thread 0
export const LEAF_COUNT: usize = 40
export const NODE_COUNT: usize = 41
export const CHOSEN: usize = 42
export const SMALLER: usize = 43
export const DRAWS: usize = 44

// doubles, from byte 256
export const LAMBDA: usize = 32
export const MIN_HESSIAN: usize = 33
export const MIN_GAIN: usize = 34
/** whole numbers a unit of exact gradients, so that their sums have no rounding */
export const UNITS: usize = 35
export const MAX_WEIGHT: usize = 36
export const CATEGORY_SMOOTH: usize = 37
export const CATEGORY_LAMBDA: usize = 38
/** whole numbers a unit of quantized gradients and Hessians; written by every thread alike */
export const GRADIENT_UNITS: usize = 40
export const HESSIAN_UNITS: usize = 41

// A column: block (-1: constant), byte in the block, stride and size in a joint byte, category, bins, missing bin, monotone direction
export const COLUMN_BYTES: usize = 32
// A leaf
export const LEAF_BYTES: usize = 160
export const LEAF_FROM: usize = 0
export const LEAF_ROWS: usize = 4
export const LEAF_INDEXED: usize = 24
export const LEAF_HISTOGRAM: usize = 28
export const LEAF_NODE: usize = 32
export const LEAF_DEPTH: usize = 36
export const LEAF_OPEN: usize = 40
export const LEAF_TOTAL: usize = 48
export const LEAF_LOWER: usize = 56
export const LEAF_UPPER: usize = 64
/** its best split: a record of SPLIT_BYTES */
export const LEAF_SPLIT: usize = 72
// A split: gain, packed sums of the left side, column, last bin, flags, categories
export const SPLIT_BYTES: usize = 64
export const SPLIT_GAIN: usize = 0
export const SPLIT_LEFT: usize = 8
export const SPLIT_COLUMN: usize = 16
export const SPLIT_BIN: usize = 20
export const SPLIT_FLAGS: usize = 24
export const SPLIT_SET: usize = 32
export const MISSING_LEFT: u32 = 1
export const BY_CATEGORY: u32 = 2
/** present values part from missing ones */
export const BY_MISSING: u32 = 4
// A node: left, right, leaf (-1: inner), unused, split
export const NODE_BYTES: usize = 96
export const NODE_LEFT: usize = 0
export const NODE_RIGHT: usize = 4
export const NODE_LEAF: usize = 8
export const NODE_SPLIT: usize = 16
export const NODE_LOWER: usize = 80
export const NODE_UPPER: usize = 88

/** bytes of the histogram of a block: 8 columns x 256 bins x 8 */
export const BLOCK_BYTES: usize = 16384
/** rows that are added to all blocks before the next ones are looked at */
export const TILE: u32 = 2048
/** of each thread beside a histogram: packed sums of a tile, its gathered bytes, a column's sums, order and table */
export const SCRATCH_BYTES: usize = 163904
/** after packed sums of a tile and 64 bytes that nobody reads */
export const SCRATCH_ROWS: usize = 16448
export const SCRATCH_SUMS: usize = 148032
export const SCRATCH_ORDER: usize = 150080
export const SCRATCH_TABLE: usize = 154176

@inline
export function word(job: usize, field: usize): u32 {
  return load<u32>(job + (field << 2))
}

/** An address. */
@inline
export function place(job: usize, field: usize): usize {
  return load<u32>(job + (field << 2))
}

@inline
export function setWord(job: usize, field: usize, value: u32): void {
  store<u32>(job + (field << 2), value)
}

@inline
export function real(job: usize, field: usize): f64 {
  return load<f64>(job + (field << 3))
}

@inline
export function leafAt(job: usize, leaf: u32): usize {
  return place(job, LEAVES) + <usize>leaf * LEAF_BYTES
}

@inline
export function nodeAt(job: usize, node: u32): usize {
  return place(job, NODES) + <usize>node * NODE_BYTES
}

@inline
export function columnAt(job: usize, column: u32): usize {
  return place(job, COLUMN_RECORDS) + <usize>column * COLUMN_BYTES
}

/** The histogram in a place; the scratch of a thread. */
@inline
export function histogramAt(job: usize, slot: u32): usize {
  return place(job, HISTOGRAMS) + <usize>slot * word(job, BLOCKS) * BLOCK_BYTES
}

@inline
export function scratchAt(job: usize, thread: u32): usize {
  return place(job, SCRATCH) + <usize>thread * (SCRATCH_BYTES + <usize>word(job, BLOCKS) * BLOCK_BYTES)
}

/** First of `count` things that thread `thread` of `threads` works on; the end is the first of the next thread. */
@inline
export function share(count: u32, thread: u32, threads: u32): u32 {
  return <u32>((<u64>count * thread) / threads)
}

/** A well mixed 32-bit word from two (the finalizer of MurmurHash3, A. Appleby). */
@inline
export function mixed(a: u32, b: u32): u32 {
  let x = (a * 0x9e3779b1) ^ b
  x ^= x >> 16
  x *= 0x85ebca6b
  x ^= x >> 13
  x *= 0xc2b2ae35
  return x ^ (x >> 16)
}
