/** The work of one thread on interventional tree SHAP (explainInterventional.ts), by the compiled kernels. */
import type { TaskThread } from '../taskThread.ts'
import { BLOCK_ROWS, type RankJob, rankBlock, SLOT_BYTES } from '../trees/rankRows.ts'
import type { Batch } from './interventionalBatches.ts'

/** Bytes of one player of a block of rows. */
const PLAYER_BYTES = 8 * BLOCK_ROWS
/** Blocks that all trees of a batch see before the next ones: what is added up stays in a cache. */
const TOGETHER = 16

/** Rows as ranks in the memory of the kernels. */
export interface PlacedRows {
  job: RankJob
  /** first of the rows in the matrix, and how many */
  from: number
  count: number
  /** where their blocks of ranks lie */
  ranks: number
}

export interface InterventionalJob {
  rows: PlacedRows
  background: PlacedRows
  /** addresses (interventionalPieces.ts) */
  trees: { nodes: number; pieces: number; leaves: number }[]
  groups: Batch[][]
  /** players that own a split */
  owners: number
  /** see interventionalRule.ts */
  rule: number
  /** scratch of thread 0; the others follow */
  scratch: number
  scratchBytes: number
  room: InterventionalRoom
}

/** How a thread's scratch is divided, in bytes. */
export interface InterventionalRoom {
  phi: number
  tables: number
  counts: number
  walk: number
  /** of the tables of one leaf, and of the values of a column that become ranks */
  work: number
}

export const interventionalScratchBytes = ({ phi, tables, counts, walk, work }: InterventionalRoom): number =>
  phi + tables + counts + walk + work

/** A task for the pool: ranks of some blocks of the rows or of the background. */
export const interventionalRanks = (
  job: InterventionalJob,
  { side, from, to }: { side: 'rows' | 'background'; from: number; to: number },
  { core, index }: Pick<TaskThread, 'core' | 'index'>,
): number => {
  const { job: ranked, from: first, count, ranks } = job[side]
  const staging = job.scratch + (index + 1) * job.scratchBytes - job.room.work
  for (let block = from; block < to; block++) {
    const row = block * BLOCK_ROWS
    const at = ranks + block * ranked.slots * SLOT_BYTES
    rankBlock(core, ranked, first + row, Math.min(BLOCK_ROWS, count - row), at, staging)
  }
  return to - from
}

/** A task for the pool: Shapley values of the sum of a group of trees, owners x rows, owner-major. */
export const interventionalPart = (
  job: InterventionalJob,
  { group }: { group: number },
  { core, index }: Pick<TaskThread, 'core' | 'index'>,
): Float64Array => {
  const { rows, background, owners, room } = job
  const { clear, interventionalCount, interventionalTables, interventionalLookup } = core.kernels
  const phi = job.scratch + index * job.scratchBytes
  const tables = phi + room.phi
  const counts = tables + room.tables
  const walk = counts + room.counts
  const work = walk + room.walk
  const blockRanks = rows.job.slots * SLOT_BYTES
  const blockPhi = owners * PLAYER_BYTES
  const blocks = Math.ceil(rows.count / BLOCK_ROWS)
  clear!(phi, blocks * blockPhi)
  for (const { runs, countBytes } of job.groups[group]!) {
    clear!(counts, countBytes)
    for (let row = 0; row < background.count; row += TOGETHER * BLOCK_ROWS) {
      const at = background.ranks + (row / BLOCK_ROWS) * blockRanks
      const some = Math.min(TOGETHER * BLOCK_ROWS, background.count - row)
      for (const { tree, first, end } of runs) {
        const { nodes, pieces } = job.trees[tree]!
        interventionalCount!(nodes, pieces, first, end, counts, at, some, blockRanks, walk)
      }
    }
    for (const { tree, first, end } of runs) {
      const { pieces, leaves } = job.trees[tree]!
      interventionalTables!(pieces, leaves, first, end, tables, counts, job.rule, 1 / background.count, work)
    }
    for (let block = 0; block < blocks; block += TOGETHER) {
      const at = rows.ranks + block * blockRanks
      const to = phi + block * blockPhi
      const some = Math.min(TOGETHER, blocks - block)
      for (const { tree, first, end } of runs) {
        const { nodes, pieces } = job.trees[tree]!
        interventionalLookup!(nodes, pieces, first, end, tables, at, to, some, blockRanks, blockPhi, walk)
      }
    }
  }
  const out = new Float64Array(owners * rows.count)
  for (let block = 0; block < blocks; block++) {
    const values = new Float64Array(core.memory.buffer, phi + block * blockPhi, blockPhi / 8)
    const some = Math.min(BLOCK_ROWS, rows.count - block * BLOCK_ROWS)
    // A view for each player would take longer than the copy.
    for (let owner = 0; owner < owners; owner++) {
      const to = owner * rows.count + block * BLOCK_ROWS
      for (let i = 0; i < some; i++) out[to + i] = values[owner * BLOCK_ROWS + i]!
    }
  }
  return out
}
