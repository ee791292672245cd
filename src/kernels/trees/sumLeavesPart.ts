/** The work of one thread on sums of leaf values (sumLeaves.ts). */
import type { TaskThread } from '../taskThread.ts'
import { BLOCK_ROWS, type RankJob, rankBlock, SLOT_BYTES } from './rankRows.ts'

/** Blocks that a tree goes through before the next one: its nodes stay in the first cache, the ranks in the second. */
export const GROUP_BLOCKS = 4

export interface SumJob {
  ranks: RankJob
  nodes: number
  values: number
  /** addresses of sets by node, 0 when no tree has any */
  sets: number
  mixed: readonly boolean[]
  roots: Int32Array
  /** scratch of thread 0; the others follow */
  scratch: number
  scratchBytes: number
}

/** Bytes of scratch a thread needs. */
export const sumScratch = (slots: number): number =>
  GROUP_BLOCKS * (slots * SLOT_BYTES + 8 * BLOCK_ROWS) + 12 * BLOCK_ROWS

/** A task for the pool: sums of rows from..to-1. */
export const sumLeavesPart = (
  job: SumJob,
  { from, to }: { from: number; to: number },
  { core, index }: Pick<TaskThread, 'core' | 'index'>,
): Float64Array => {
  const { descend, descendMixed, addLeaves, clear } = core.kernels
  const trees = job.mixed.length
  const block = job.ranks.slots * SLOT_BYTES
  const ranks = job.scratch + index * job.scratchBytes
  const sums = ranks + GROUP_BLOCKS * block
  const staging = sums + GROUP_BLOCKS * 8 * BLOCK_ROWS
  const reached = staging + 8 * BLOCK_ROWS
  const out = new Float64Array(to - from)
  const size = GROUP_BLOCKS * BLOCK_ROWS
  for (let first = from; first < to; first += size) {
    const rows = Math.min(size, to - first)
    const blocks = Math.ceil(rows / BLOCK_ROWS)
    const inBlock = (k: number): number => Math.min(BLOCK_ROWS, rows - k * BLOCK_ROWS)
    for (let k = 0; k < blocks; k++)
      rankBlock(core, job.ranks, first + k * BLOCK_ROWS, inBlock(k), ranks + k * block, staging)
    clear!(sums, 8 * size)
    for (let tree = 0; tree < trees; tree++) {
      const root = job.roots[tree]!
      for (let k = 0; k < blocks; k++) {
        const at = ranks + k * block
        if (job.mixed[tree]) descendMixed!(job.nodes + 8 * root, job.sets + 4 * root, at, inBlock(k), reached)
        else descend!(job.nodes + 8 * root, at, inBlock(k), reached)
        addLeaves!(reached, job.values + 8 * root, inBlock(k), sums + k * 8 * BLOCK_ROWS)
      }
    }
    out.set(new Float64Array(core.memory.buffer, sums, rows), first - from)
  }
  return out
}
