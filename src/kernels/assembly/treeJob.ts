// Where the numbers of a forest job stand. Two blocks of 32-bit words and doubles, written by kernels/trees/forestMemory.ts: the job,
// which all threads read, and the desk of each thread, which says where its scratch is. Offsets in bytes.

// job
export const ROWS: usize = 0
export const COLUMNS: usize = 4
/** bytes, column-major */
export const BINS: usize = 8
/** the same row-major, `STRIDE` bytes a row; 0 where memory forbids */
export const ROW_BINS: usize = 12
export const STRIDE: usize = 16
export const TARGET: usize = 20
/** doubles, 0 for none */
export const WEIGHTS: usize = 24
/** four bytes a column: bins, 1 for categories, direction, 1 when it takes the general search */
export const INFO: usize = 28
export const FEATURES: usize = 32
export const MAX_DEPTH: usize = 36
/** 0: depth first */
export const MAX_LEAVES: usize = 40
export const MIN_LEAF: usize = 44
export const ENTROPY: usize = 48
export const RANDOM: usize = 52
export const PROBABILITY: usize = 56
/** most rows of a node that are copied out of the row-major bytes */
export const COMPACT: usize = 60
export const GROUP_START: usize = 64
export const GROUP_ROWS: usize = 68
export const UNITS: usize = 72
export const DRAWS: usize = 76
export const REPLACE: usize = 80
export const MONOTONE: usize = 84
export const MIN_DECREASE: usize = 88
/** m p0, m (1 - p0) and m of the smoothing */
export const LENT_BAD: usize = 96
export const LENT_GOOD: usize = 104
export const LENT: usize = 112
/** 1 where rows that are copied together move with their node */
export const MOVES: usize = 120

// desk
/** times each row was drawn, 16 bits */
export const COUNTS: usize = 0
export const ENTRIES: usize = 4
export const SPARE: usize = 8
export const LOCAL: usize = 12
/** entries of the rows at LOCAL, or where rows move their second buffer */
export const LOCAL_ENTRIES: usize = 16
export const PERMUTATION: usize = 20
/** histograms of four columns, 2 KiB each, then 2 KiB of gathered bytes */
export const HISTOGRAM: usize = 24
/** one histogram of doubles, 8 KiB */
export const WIDE: usize = 28
export const CELLS: usize = 32
export const STACK: usize = 36
export const NODES: usize = 40
export const SETS: usize = 44
/** 1 KiB: [0] side of each bin, [256] words of payloads, [768] occupied bins, [800] the set of the best split */
export const SMALLS: usize = 48
export const HEAP: usize = 52
export const OUT_OF_BAG_SUM: usize = 56
export const OUT_OF_BAG_TREES: usize = 60

// An entry: one drawn row in 32 bits.
export const ROW_BITS: u32 = 0x03ffffff
/** Most draws that an entry holds; more take the wide path. */
export const MOST_DRAWS: u32 = 31

// A packed bin: rows, draws, bad draws, 21 bits each.
export const FIELD: u64 = 0x1fffff

// A node that was grown: 48 bytes.
export const NODE: usize = 48
export const LEFT: usize = 0
export const RIGHT: usize = 4
export const FEATURE: usize = 8
export const CUT: usize = 12
export const DEFAULT_LEFT: usize = 16
/** number of its set of categories, -1 for none */
export const SET: usize = 20
export const BAD: usize = 24
export const COVER: usize = 32
export const VALUE: usize = 40
