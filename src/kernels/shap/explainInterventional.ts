/**
 * Exact interventional tree SHAP of a sum of trees against background rows, for any partition of the columns into players: the compiled
 * kernels where they run and hold the trees, else the readable ones (interventional.ts; leafGame.ts has the mathematics). Time grows as
 * rows + background, and with the number of leaves and of sets of players on their paths.
 */
import { GlasscoreError } from '../../util/errors.ts'
import { Arena } from '../memory/space.ts'
import { stretches } from '../numbers/stretches.ts'
import type { Pool, PoolRun } from '../pool.ts'
import {
  BLOCK_ROWS,
  decodeRows,
  placeRanks,
  rowsOf,
  SLOT_BYTES,
  sharedRows,
  type TreeRows,
  tableBytes,
} from '../trees/rankRows.ts'
import { type RankedTrees, rankTrees } from '../trees/rankTrees.ts'
import { type TreeArrays, WORDS_OF_SET } from '../trees/tree.ts'
import { type Batch, interventionalBatches } from './interventionalBatches.ts'
import { type InterventionalJob, type InterventionalRoom, interventionalScratchBytes } from './interventionalPart.ts'
import { type InterventionalPieces, interventionalPieces, NODE_WORDS } from './interventionalPieces.ts'
import { interventionalRule } from './interventionalRule.ts'
import { pathPlayers } from './pathPlayers.ts'
import { usedPlayers } from './usedPlayers.ts'

/** Trees deeper than this are left to the readable kernels: the compiled walk recurses on the stack of its thread. */
const DEPTH_LIMIT = 200
/** Blocks of one part of the job that turns rows into ranks. */
const RANK_BLOCKS = 16

/** Trees and a game on them; nothing here depends on rows. */
export interface InterventionalGame {
  readonly trees: readonly TreeArrays[]
  readonly playerOfColumn: Int32Array
  readonly players: number
  readonly compiled?: CompiledGame
}

interface CompiledGame {
  ranked: RankedTrees
  trees: InterventionalPieces[]
  groups: Batch[][]
  /** players that own a split */
  owners: Int32Array
}

export interface InterventionalGameOptions {
  trees: readonly TreeArrays[]
  /** for every column the player that owns it, 0..players-1: the column itself, or its factor, or its dimension */
  playerOfColumn: Int32Array
  players: number
  kernels?: 'wasm' | 'typescript'
}

/**
 * Prepares a game.
 * @throws GlasscoreError('model') for a tree deeper than 1000 levels, and for a path with more than 16 distinct players
 */
export const planInterventionalGame = (options: InterventionalGameOptions): InterventionalGame => {
  const { trees, playerOfColumn, players } = options
  const game = { trees, playerOfColumn, players }
  const sizes = trees.map((tree, k) => pathPlayers(tree, k, playerOfColumn))
  const ranked = options.kernels === 'typescript' ? undefined : rankTrees(trees)
  if (!ranked || sizes.some(({ depth }) => depth > DEPTH_LIMIT)) return game
  const { owners, playerOf } = usedPlayers(ranked, playerOfColumn, players)
  const pieces = trees.map((tree, k) => interventionalPieces(tree, k, ranked, playerOf, sizes[k]!))
  return { ...game, compiled: { ranked, trees: pieces, groups: interventionalBatches(pieces), owners } }
}

const most = <T>(list: readonly T[], of: (item: T) => number): number =>
  list.reduce((largest, item) => Math.max(largest, of(item)), 0)

const line = (bytes: number): number => Math.ceil(bytes / 64) * 64
const blocksOf = (rows: number): number => Math.ceil(rows / BLOCK_ROWS)

/** Lays trees and thresholds out, and takes room for the ranks of all rows and the scratch of every thread. */
const place = (
  pool: Pool,
  arena: Arena,
  { ranked, trees, groups, owners }: CompiledGame,
  background: TreeRows,
  source: TreeRows,
  { from, to }: { from: number; to: number },
): InterventionalJob => {
  const { space, threads } = pool
  const { interventionalScratch, interventionalWork } = pool.core.kernels
  const [count, others] = [to - from, rowsOf(background)]
  const batches = groups.flat()
  const work = interventionalWork!(most(trees, ({ players }) => players))
  const room: InterventionalRoom = {
    phi: blocksOf(count) * owners.length * 8 * BLOCK_ROWS,
    tables: line(most(batches, (batch) => batch.tableBytes)),
    counts: line(most(batches, (batch) => batch.countBytes)),
    walk: interventionalScratch!(most(trees, ({ depth }) => depth)),
    work: line(Math.max(8 * BLOCK_ROWS, work)),
  }
  const scratchBytes = interventionalScratchBytes(room)
  const treeBytes = trees.reduce(
    (sum, { nodes, pieces, leaves }) => sum + nodes.byteLength + pieces.byteLength + leaves.byteLength + 192,
    0,
  )
  const ranks = (rows: number): number => blocksOf(rows) * ranked.slots * SLOT_BYTES
  space.require(
    2 * tableBytes(ranked) +
      ranked.sets.byteLength +
      treeBytes +
      ranks(count) +
      ranks(others) +
      threads * scratchBytes +
      128 * 1024,
    `explaining ${trees.length} trees against ${others} background rows`,
    'fewer rows at once, fewer background rows or fewer threads need less',
  )
  const sets = arena.copy(ranked.sets)
  const placed = trees.map(({ nodes, pieces, leaves }) => {
    const at = arena.copy(nodes)
    if (ranked.sets.length > 0) {
      const words = space.words(at, nodes.length)
      for (let i = 1; i < words.length; i += NODE_WORDS)
        if (words[i]! > 0) words[i] = sets + 4 * WORDS_OF_SET * (words[i]! - 1)
    }
    return { nodes: at, pieces: arena.copy(pieces), leaves: arena.copy(leaves) }
  })
  const placeRows = (rows: TreeRows, first: number, length: number) => ({
    job: placeRanks(arena, ranked, sharedRows(rows, threads)),
    from: first,
    count: length,
    ranks: arena.take(ranks(length)),
  })
  return {
    rows: placeRows(source, from, count),
    background: placeRows(background, 0, others),
    trees: placed,
    groups,
    owners: owners.length,
    rule: arena.copy(interventionalRule()),
    scratch: arena.take(threads * scratchBytes),
    scratchBytes,
    room,
  }
}

/** Rows go into the memory of the kernels first, then groups of trees go over all of them. */
const runCompiled = async (
  job: InterventionalJob,
  owners: Int32Array,
  out: Float64Array,
  pool: Pool,
  options?: PoolRun,
): Promise<void> => {
  const { count } = job.rows
  const ranks = (['background', 'rows'] as const).flatMap((side) =>
    stretches(0, blocksOf(job[side].count), RANK_BLOCKS).map((part) => ({ side, ...part })),
  )
  await pool.runEach('interventionalRanks', job, ranks, () => {}, { ...options, onPart: () => {} })
  const parts = job.groups.map((_, group) => ({ group }))
  const add = (values: Float64Array): void => {
    owners.forEach((player, owner) => {
      const [at, to] = [owner * count, player * count]
      for (let i = 0; i < count; i++) out[to + i]! += values[at + i]!
    })
  }
  await pool.runEach('interventionalPart', job, parts, add, options)
}

/**
 * Interventional Shapley values of the sum of all trees for rows from..to-1, on a pool: the value of a coalition is the mean, over all
 * background rows, of the output for the row whose columns outside the coalition are those of the background row.
 *
 * @param background rows that stand for "not known", each counting the same; at least one
 * @returns players x (to - from), player-major. What a row gets depends on the trees, the background and the row alone: the same bytes for
 *   any number of threads and however rows are cut; the two kinds of kernels agree to rounding
 * @throws GlasscoreError('data') for a background without rows, ('memory') when trees and rows do not fit the memory of the kernels
 */
export const explainInterventionalOn = async (
  game: InterventionalGame,
  background: TreeRows,
  source: TreeRows,
  { from, to }: { from: number; to: number },
  pool: Pool,
  options?: PoolRun,
): Promise<Float64Array> => {
  if (rowsOf(background) === 0)
    throw new GlasscoreError('data', 'the background has no rows', { expected: 'at least 1' })
  const count = to - from
  const out = new Float64Array(game.players * count)
  if (count === 0) return out
  const { compiled } = game
  if (pool.kernels !== 'wasm' || !compiled) {
    const numbers = (rows: TreeRows) => ('binned' in rows ? decodeRows(rows.binned) : rows)
    const shared = (rows: TreeRows) => sharedRows(numbers(rows), pool.threads) as ReturnType<typeof numbers>
    const { trees, playerOfColumn, players } = game
    const job = { trees, playerOfColumn, players, background: shared(background), source: shared(source), from, to }
    const parts = trees.map((_, k) => ({ firstTree: k, endTree: k + 1 }))
    const add = (values: Float64Array): void => {
      for (let i = 0; i < out.length; i++) out[i]! += values[i]!
    }
    await pool.runEach('interventionalTrees', job, parts, add, options)
    return out
  }
  const arena = new Arena(pool.space)
  try {
    await runCompiled(
      place(pool, arena, compiled, background, source, { from, to }),
      compiled.owners,
      out,
      pool,
      options,
    )
    return out
  } finally {
    arena.close()
  }
}
