/** The part of a thread in the sums of a logistic regression; see compiledSums.ts. */
import type { TaskThread } from '../taskThread.ts'

/** Rows of a tile, as in assembly/logistic.ts. */
export const TILE = 256
const TILES_A_BLOCK = 8
/** Rows of a block, which is what a thread reads at a time. */
export const BLOCK = TILES_A_BLOCK * TILE
/** Bytes from one column of a block to the next: no power of two, so that columns do not meet in the cache. */
export const STRIDE = 8 * (BLOCK + 16)
/** Bytes for margins, curvatures and four columns of a tile of doubles. */
export const SCRATCH = 6 * TILE * 8

/** Addresses and shapes, the same through a fit. */
export interface LogisticJob {
  values: Float64Array
  rows: number
  columns: number
  width: number
  tiles: number
  weights: number
  beta: number
  betaSingle: number
  centers: number
  scales: number
  chunks: number
  blocks: number
  blocksAChunk: number
  sums: number
  sumsBytes: number
  scratch: number
  scratchBytes: number
  control: number
}

export interface LogisticPart {
  kind: 'load' | 'single' | 'double' | 'reach'
  /** the gram is added up on every so many tiles (exact sums: on all or none); 0: not at all */
  gramStep?: number
  /** every so many tiles are read (of those in single precision) */
  tileStep?: number
  /** blocks of each chunk */
  from: number
  to: number
}

/** Takes chunks until there are none. */
export const logisticTask = (job: LogisticJob, part: LogisticPart, { core, index }: TaskThread): void => {
  const { memory, kernels } = core
  const scratch = job.scratch + index * job.scratchBytes
  const block = scratch + SCRATCH
  if (part.kind !== 'single') {
    // Column 0 is 1, the columns after the last are 0.
    new Float64Array(memory.buffer, block, BLOCK).fill(1)
    for (let j = job.columns + 1; j < job.width; j++) kernels['logisticClear']!(block + j * STRIDE, STRIDE)
  }
  for (let c = kernels['teamTake']!(job.control); c < job.chunks; c = kernels['teamTake']!(job.control)) {
    const first = c * job.blocksAChunk + part.from
    const last = Math.min(job.blocks, c * job.blocksAChunk + part.to)
    const sums = job.sums + c * job.sumsBytes
    if (first >= last) continue
    if (part.kind === 'single') {
      const tiles = [first * TILES_A_BLOCK, last * TILES_A_BLOCK] as const
      kernels['logisticSingle']!(
        job.tiles,
        job.width,
        job.weights,
        job.betaSingle,
        ...tiles,
        part.gramStep ?? 0,
        part.tileStep ?? 1,
        sums,
        scratch,
      )
      continue
    }
    for (let b = first; b < last; b++) {
      readBlock(job, b, block, core)
      const weights = job.weights + 8 * b * BLOCK
      const shape = [block, STRIDE, TILES_A_BLOCK, job.width, weights, job.beta] as const
      if (part.kind === 'double') kernels['logisticDouble']!(...shape, part.gramStep ? 1 : 0, sums, scratch)
      else if (part.kind === 'reach') kernels['logisticReach']!(...shape, sums, scratch)
      else
        for (let k = 0; k < TILES_A_BLOCK; k++) {
          const tile = job.tiles + (b * TILES_A_BLOCK + k) * TILE * 4 * job.width
          kernels['logisticNarrow']!(block + 8 * k * TILE, STRIDE, job.width, tile)
        }
    }
  }
}

/** Rows of a block in working coordinates; those after the last are 0, and have no weight. */
const readBlock = (job: LogisticJob, b: number, block: number, { memory, kernels }: TaskThread['core']): void => {
  const { values, rows, columns } = job
  const from = b * BLOCK
  const length = Math.min(BLOCK, rows - from)
  for (let j = 0; j < columns; j++) {
    const address = block + (j + 1) * STRIDE
    const at = j * rows + from
    new Float64Array(memory.buffer, address, length).set(values.subarray(at, at + length))
  }
  kernels['logisticStandardize']!(block, STRIDE, BLOCK, columns, job.centers, job.scales)
  if (length < BLOCK)
    for (let j = 1; j <= columns; j++) kernels['logisticClear']!(block + j * STRIDE + 8 * length, STRIDE - 8 * length)
}
