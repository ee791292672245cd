/** The record that the compiled kernels of boosting read: assembly/boostingJob.ts has the same layout. */

/** 32-bit fields by their place. */
export const WORDS = {
  rows: 0,
  columns: 1,
  blocks: 2,
  control: 3,
  store: 4,
  packed: 5,
  probability: 6,
  margin: 7,
  target: 8,
  weight: 9,
  leafOf: 10,
  index: 11,
  spareLeft: 12,
  spareRight: 13,
  bag: 14,
  bins: 15,
  histograms: 17,
  scratch: 18,
  leaves: 19,
  nodes: 20,
  splits: 21,
  columnRecords: 22,
  masks: 23,
  partials: 24,
  leafValues: 25,
  maxLeaves: 26,
  maxDepth: 27,
  minLeaf: 28,
  columnsANode: 29,
  seed: 30,
  byDepth: 31,
  bounded: 32,
  countBits: 33,
  hessianBits: 34,
  oneHot: 35,
  mostSorted: 36,
  minCategory: 37,
  leavesBefore: 38,
  leafCount: 40,
  nodeCount: 41,
} as const

/** Doubles by their place. */
export const REALS = {
  lambda: 32,
  minHessian: 33,
  minGain: 34,
  units: 35,
  maxWeight: 36,
  categorySmooth: 37,
  categoryLambda: 38,
  gradientUnits: 40,
  hessianUnits: 41,
} as const

export const JOB_BYTES = 512
export const COLUMN_BYTES = 32
export const LEAF_BYTES = 160
export const SPLIT_BYTES = 64
export const NODE_BYTES = 96
export const BLOCK_BYTES = 16384
export const SCRATCH_BYTES = 163904
