/**
 * Exact path-dependent tree SHAP of a sum of trees, for any partition of the columns into players: the compiled kernels where they run and
 * hold the trees, else the readable ones (treeShap.ts, which has the mathematics). Rows go through in parts of bounded memory.
 */
import { type OwnCore, ownCore } from '../memory/ownCore.ts'
import { Arena, type Space } from '../memory/space.ts'
import { stretches } from '../numbers/stretches.ts'
import type { Pool, PoolRun } from '../pool.ts'
import {
  BLOCK_ROWS,
  decodeRows,
  placeRanks,
  SLOT_BYTES,
  sharedRows,
  type TreeRows,
  tableBytes,
} from '../trees/rankRows.ts'
import { type RankedTrees, rankTrees } from '../trees/rankTrees.ts'
import { type TreeArrays, WORDS_OF_SET } from '../trees/tree.ts'
import { PIECE_BYTES, type ShapJob, type ShapPart, type ShapRoom, shapPart, shapScratch } from './shapPart.ts'
import { RECORD_WORDS, ruleOf, type TreeRecords, treeRecords } from './shapRecords.ts'
import { treeShap } from './treeShap.ts'
import { planTreeShap, type TreeShapPlan } from './treeShapPlan.ts'
import { usedPlayers } from './usedPlayers.ts'

/** Most rows of one part of a job. Tables are built once a part, so small parts repeat work; results do not depend on it. */
export const LARGEST_PART = 16384
/** Rows of a part where no tree has tables: constants of edges alone are laid out once a part. */
const SMALL_PART = 512
/** Nanoseconds that a part may take, so that progress moves and a signal is heard: with more to do, trees go into several parts. */
const PART_TIME = 150e6
/** Bytes of ranks and results of one part. */
const PART_BYTES = 64 * 2 ** 20

/** Trees and a game on them. */
export interface TreeGamePlan {
  readonly players: number
  /** sum over trees of the value expected when nothing is known */
  readonly expectedValue: number
  readonly compiled?: CompiledPlan
  /** for the readable kernels; made when it is asked for */
  readable(): TreeShapPlan
}

interface CompiledPlan {
  ranked: RankedTrees
  records: TreeRecords[]
  owners: Int32Array
  /** most rows of a part */
  partRows: number
  /** first tree of each group that goes through together, and at the end the number of trees */
  groups: number[]
}

export interface TreeGameOptions {
  trees: readonly TreeArrays[]
  /** for every column the player that owns it, 0..players-1: the column itself, or its factor, or its dimension */
  playerOfColumn: Int32Array
  players: number
  /** rows of the whole job: the method for each tree is chosen by it (shapRecords.ts) */
  rows: number
  kernels?: 'wasm' | 'typescript'
}

const compiledPlan = ({ trees, playerOfColumn, players, rows }: TreeGameOptions): CompiledPlan | undefined => {
  const ranked = rankTrees(trees)
  if (!ranked) return undefined
  const { owners, playerOf } = usedPlayers(ranked, playerOfColumn, players)
  const records: TreeRecords[] = []
  for (const [k, tree] of trees.entries()) {
    const record = treeRecords(tree, k, ranked, playerOf, owners.length, rows)
    if (!record) return undefined
    records.push(record)
  }
  // Groups are a matter of the trees and the rows of the job alone: how sums are added up is the same for any number of threads.
  const bytes = ranked.slots * 2 + owners.length * 8
  const most = records.some(({ pieces }) => pieces) ? LARGEST_PART : SMALL_PART
  const partRows = Math.max(BLOCK_ROWS, BLOCK_ROWS * Math.floor(Math.min(most, PART_BYTES / bytes) / BLOCK_ROWS))
  const groups = [0]
  let time = 0
  records.forEach(({ rowCost, pieces }, k) => {
    const more = partRows * rowCost + (pieces?.buildCost ?? 0)
    if (time > 0 && time + more > PART_TIME) {
      groups.push(k)
      time = 0
    }
    time += more
  })
  return { ranked, records, owners, partRows, groups: [...groups, trees.length] }
}

/**
 * Prepares a game.
 * @throws GlasscoreError('model') for a tree deeper than 1000 levels
 */
export const planTreeGame = (options: TreeGameOptions): TreeGamePlan => {
  const { trees, playerOfColumn, players } = options
  let plan: TreeShapPlan | undefined
  const readable = (): TreeShapPlan => {
    plan ??= planTreeShap(trees, playerOfColumn, players)
    return plan
  }
  const compiled = options.kernels === 'typescript' ? undefined : compiledPlan(options)
  if (!compiled) return { players, expectedValue: readable().expectedValue, readable }
  const expectedValue = compiled.records.reduce((sum, record) => sum + record.expectedValue, 0)
  return { players, expectedValue, compiled, readable }
}

const largest = (list: readonly TreeRecords[], of: (record: TreeRecords) => number): number =>
  list.reduce((most, record) => Math.max(most, of(record)), 0)

/** Rows of a part: no more than asked for, nor than leave work for every thread where trees alone do not. */
const partSize = ({ partRows, groups }: CompiledPlan, rows: number, threads: number): number => {
  const share = groups.length > 2 * threads ? rows : Math.ceil(rows / threads)
  return Math.min(partRows, BLOCK_ROWS * Math.ceil(share / BLOCK_ROWS))
}

/** Lays trees out and takes the scratch of every thread. */
const place = (
  space: Space,
  arena: Arena,
  plan: TreeGamePlan & { compiled: CompiledPlan },
  source: TreeRows,
  size: number,
  threads: number,
): ShapJob => {
  const { ranked, records, owners } = plan.compiled
  const blocks = Math.ceil(size / BLOCK_ROWS)
  const depth = largest(records, (record) => record.depth)
  const points = largest(records, (record) => record.points)
  const masks = largest(records, ({ nodes, pieces }) => (pieces ? (nodes + 1) * SLOT_BYTES : 0))
  const build = largest(records, ({ pieces }) => pieces?.buildBytes ?? 0)
  const line = (bytes: number): number => Math.ceil(bytes / 64) * 64
  const room: ShapRoom = {
    ranks: blocks * ranked.slots * SLOT_BYTES,
    phi: blocks * owners.length * 8 * BLOCK_ROWS,
    constants: line(largest(records, (record) => 48 * record.nodes * record.points)),
    pieces: line(largest(records, ({ pieces }) => PIECE_BYTES * (pieces?.roots.length ?? 0))),
    tables: line(largest(records, ({ pieces }) => pieces?.tableBytes ?? 0)),
    work: line(Math.max((depth + 2) * (128 * points + 64), masks, build)),
  }
  const scratchBytes = shapScratch(room)
  const recordBytes = records.reduce((sum, { words }) => sum + words.byteLength + 64, 0)
  space.require(
    tableBytes(ranked) + ranked.sets.byteLength + recordBytes + threads * scratchBytes + 64 * 1024,
    `explaining ${records.length} trees`,
    'fewer threads or fewer trees need less',
  )
  const sets = arena.copy(ranked.sets)
  const rules = new Map<number, number>()
  const trees = records.map((record) => {
    const { words, nodes } = record
    const at = arena.copy(words)
    if (ranked.sets.length > 0) {
      const placed = space.words(at, RECORD_WORDS * nodes)
      for (let i = 1; i < placed.length; i += RECORD_WORDS)
        if (placed[i]! > 0) placed[i] = sets + 4 * WORDS_OF_SET * (placed[i]! - 1)
    }
    const rule = rules.get(record.points) ?? arena.copy(ruleOf(record.points))
    rules.set(record.points, rule)
    return {
      records: at,
      nodes,
      depth: record.depth,
      points: record.points,
      rule,
      tables: record.pieces !== undefined,
    }
  })
  const ranks = placeRanks(arena, ranked, source)
  return {
    ranks,
    trees,
    owners,
    players: plan.players,
    scratch: arena.take(threads * scratchBytes),
    scratchBytes,
    room,
  }
}

const partsOf = ({ groups }: CompiledPlan, from: number, to: number, size: number): ShapPart[] => {
  const parts: ShapPart[] = []
  for (let first = from; first < to; first += size)
    for (let g = 0; g + 1 < groups.length; g++)
      parts.push({ from: first, to: Math.min(to, first + size), firstTree: groups[g]!, endTree: groups[g + 1]! })
  return parts
}

/** Adds a part to the results of rows from..: groups of trees in their order. */
const addPart = (out: Float64Array, from: number, rows: number, part: ShapPart, values: Float64Array): void => {
  const count = part.to - part.from
  const players = count > 0 ? values.length / count : 0
  for (let p = 0; p < players; p++) {
    const to = p * rows + part.from - from
    const at = p * count
    for (let i = 0; i < count; i++) out[to + i]! += values[at + i]!
  }
}

const isCompiled = (plan: TreeGamePlan): plan is TreeGamePlan & { compiled: CompiledPlan } =>
  plan.compiled !== undefined

/**
 * Shapley values of the sum of all trees for rows from..to-1, on a pool.
 * @returns players x (to - from), player-major. The same bytes for any number of threads and however the rows of a job are cut; the two
 *   kinds of kernels agree to rounding
 * @throws GlasscoreError('memory') when the trees do not fit the memory of the kernels
 */
export const explainTreesOn = async (
  plan: TreeGamePlan,
  source: TreeRows,
  { from, to }: { from: number; to: number },
  pool: Pool,
  options?: PoolRun,
): Promise<Float64Array> => {
  const rows = to - from
  const out = new Float64Array(plan.players * rows)
  if (rows === 0) return out
  if (pool.kernels !== 'wasm' || !isCompiled(plan)) {
    const numbers = 'binned' in source ? decodeRows(source.binned, from, to) : source
    const first = 'binned' in source ? 0 : from
    const { values } = sharedRows(numbers, pool.threads) as typeof numbers
    const size = Math.min(LARGEST_PART / 2, Math.ceil(rows / pool.threads))
    const parts = stretches(first, first + rows, size).map((part) => ({ ...part, firstTree: 0, endTree: 0 }))
    const shared = { plan: plan.readable(), values, rows: numbers.rows }
    await pool.runEach('treeShapRows', shared, parts, (part, k) => addPart(out, first, rows, parts[k]!, part), options)
    return out
  }
  const size = partSize(plan.compiled, rows, pool.threads)
  const arena = new Arena(pool.space)
  try {
    const job = place(pool.space, arena, plan, sharedRows(source, pool.threads), size, pool.threads)
    const parts = partsOf(plan.compiled, from, to, size)
    await pool.runEach('shapPart', job, parts, (part, k) => addPart(out, from, rows, parts[k]!, part), options)
    return out
  } finally {
    arena.close()
  }
}

/** The same for all rows of a matrix at once, on this thread; `own` absent: the readable kernels. */
export const explainTrees = (
  plan: TreeGamePlan,
  source: { values: Float64Array; rows: number },
  own: OwnCore | undefined = ownCore(),
): Float64Array => {
  const { rows } = source
  if (!own || !isCompiled(plan)) return treeShap({ plan: plan.readable(), ...source }, { from: 0, to: rows })
  const out = new Float64Array(plan.players * rows)
  if (rows === 0) return out
  const size = partSize(plan.compiled, rows, 1)
  const arena = new Arena(own.space)
  try {
    const job = place(own.space, arena, plan, source, size, 1)
    for (const part of partsOf(plan.compiled, 0, rows, size))
      addPart(out, 0, rows, part, shapPart(job, part, { core: own.core, index: 0 }))
    return out
  } finally {
    arena.close()
  }
}
