/** The work of one thread on tree SHAP (explainTrees.ts): some trees on some rows, by the compiled kernels. */
import type { Core } from '../memory/core.ts'
import type { TaskThread } from '../taskThread.ts'
import { BLOCK_ROWS, type RankJob, rankBlock, SLOT_BYTES } from '../trees/rankRows.ts'

/** Bytes of one player of a block of rows. */
const PLAYER_BYTES = 8 * BLOCK_ROWS
/** Bytes of a piece in assembly/shapTables.ts. */
export const PIECE_BYTES = 160

/** A tree in the memory of the kernels. */
export interface PlacedTree {
  records: number
  nodes: number
  depth: number
  points: number
  /** points and weights */
  rule: number
  tables: boolean
}

export interface ShapJob {
  ranks: RankJob
  trees: PlacedTree[]
  /** players that own a split, by their number in the results */
  owners: Int32Array
  players: number
  /** scratch of thread 0; the others follow */
  scratch: number
  scratchBytes: number
  /** parts of it */
  room: ShapRoom
}

/** How a thread's scratch is divided, in bytes. */
export interface ShapRoom {
  ranks: number
  phi: number
  constants: number
  pieces: number
  tables: number
  /** of the traversal, of the building of tables and of their lookup, one at a time */
  work: number
}

export interface ShapPart {
  from: number
  to: number
  firstTree: number
  endTree: number
}

export const shapScratch = (room: ShapRoom): number =>
  room.ranks + room.phi + room.constants + room.pieces + room.tables + room.work + PLAYER_BYTES

/** Rows whose ranks stand in this thread's scratch of a job: the next group of trees often has the same ones. */
const ranked = new WeakMap<ShapJob, { index: number; from: number; to: number }>()

/** A task for the pool: sums over trees of Shapley values, players x rows of the part, player-major; 0 for players without a split. */
export const shapPart = (
  job: ShapJob,
  { from, to, firstTree, endTree }: ShapPart,
  { core, index }: Pick<TaskThread, 'core' | 'index'>,
): Float64Array => {
  const { room } = job
  const ranks = job.scratch + index * job.scratchBytes
  const phi = ranks + room.ranks
  const constants = phi + room.phi
  const pieces = constants + room.constants
  const tables = pieces + room.pieces
  const work = tables + room.tables
  const staging = work + room.work
  const count = to - from
  const blocks = Math.ceil(count / BLOCK_ROWS)
  const blockRanks = job.ranks.slots * SLOT_BYTES
  const blockPhi = job.owners.length * PLAYER_BYTES
  const inBlock = (k: number): number => Math.min(BLOCK_ROWS, count - k * BLOCK_ROWS)
  const held = ranked.get(job)
  if (held?.index !== index || held.from !== from || held.to !== to) {
    for (let k = 0; k < blocks; k++)
      rankBlock(core, job.ranks, from + k * BLOCK_ROWS, inBlock(k), ranks + k * blockRanks, staging)
    ranked.set(job, { index, from, to })
  }
  core.kernels['clear']!(phi, blocks * blockPhi)
  const last = inBlock(blocks - 1)
  for (let k = firstTree; k < endTree; k++) {
    const tree = job.trees[k]!
    if (tree.depth > 0)
      explainTree(core, tree, { constants, pieces, tables, work, ranks, phi, blocks, blockRanks, blockPhi, last })
  }
  const out = new Float64Array(job.players * count)
  for (let k = 0; k < blocks; k++) {
    const block = new Float64Array(core.memory.buffer, phi + k * blockPhi, blockPhi / 8)
    const rows = inBlock(k)
    // A view for each player would take longer than the copy.
    job.owners.forEach((player, p) => {
      const to = player * count + k * BLOCK_ROWS
      for (let i = 0; i < rows; i++) out[to + i] = block[p * BLOCK_ROWS + i]!
    })
  }
  return out
}

interface Places {
  constants: number
  pieces: number
  tables: number
  work: number
  ranks: number
  phi: number
  blocks: number
  blockRanks: number
  blockPhi: number
  /** rows of the last block */
  last: number
}

const explainTree = (core: Core, tree: PlacedTree, at: Places): void => {
  const { layConstants, shapTables, shapLookup, shapRows } = core.kernels
  const { records, nodes, points, depth, rule } = tree
  layConstants!(records, nodes, points, rule, at.constants, tree.tables ? 0 : 1)
  const { ranks, phi, blocks, blockRanks, blockPhi, work } = at
  if (tree.tables) {
    const pieces = shapTables!(records, points, depth, rule, at.constants, at.pieces, at.tables, work)
    shapLookup!(records, nodes, at.pieces, pieces, ranks, phi, blocks, blockRanks, blockPhi, work)
  } else shapRows!(records, points, depth, rule, at.constants, ranks, phi, blocks, at.last, blockRanks, blockPhi, work)
}
