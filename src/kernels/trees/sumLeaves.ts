/**
 * Sums of leaf values over trees, by the compiled kernels: rows become ranks block by block and go down the
 * trees eight at a time. Trees are added in their order, so sums are those of applyTree.ts to the bit.
 */
import type { OwnCore } from '../memory/ownCore.ts'
import { ownCore } from '../memory/ownCore.ts'
import { Arena, type Space } from '../memory/space.ts'
import { stretches } from '../numbers/stretches.ts'
import type { Pool, PoolRun } from '../pool.ts'
import { sumTrees } from './applyTree.ts'
import { type PackedTrees, packTrees } from './packTrees.ts'
import { BLOCK_ROWS, decodeRows, placeRanks, rowsOf, sharedRows, type TreeRows, tableBytes } from './rankRows.ts'
import { GROUP_BLOCKS, type SumJob, sumLeavesPart, sumScratch } from './sumLeavesPart.ts'
import { type TreeArrays, WORDS_OF_SET } from './tree.ts'

/** Rows of one part of a job. */
const PART_ROWS = 16 * GROUP_BLOCKS * BLOCK_ROWS
/** Rows x trees that are not worth packing trees for. */
const SMALL = 2000

const place = (space: Space, arena: Arena, packed: PackedTrees, source: TreeRows, threads: number): SumJob => {
  const { ranked, nodes, values, setOf, roots, mixed } = packed
  const scratchBytes = sumScratch(ranked.slots)
  const someMixed = mixed.includes(true)
  space.require(
    tableBytes(ranked) +
      nodes.byteLength +
      values.byteLength +
      setOf.byteLength +
      ranked.sets.byteLength +
      threads * scratchBytes +
      1024,
    `prediction by ${mixed.length} trees`,
    'fewer trees or fewer threads need less',
  )
  const setsAt = someMixed ? arena.copy(ranked.sets) : 0
  return {
    ranks: placeRanks(arena, ranked, source),
    nodes: arena.copy(nodes),
    values: arena.copy(values),
    sets: someMixed ? arena.copy(setOf.map((set) => (set < 0 ? 0 : setsAt + 4 * WORDS_OF_SET * set))) : 0,
    mixed,
    roots,
    scratch: arena.take(threads * scratchBytes),
    scratchBytes,
  }
}

/** Sums on this thread; `own` absent: the readable kernels. */
export const sumLeaves = (
  trees: readonly TreeArrays[],
  values: Float64Array,
  rows: number,
  own: OwnCore | undefined = ownCore(),
): Float64Array => {
  const packed = own && rows * trees.length > SMALL ? packTrees(trees) : undefined
  if (!own || !packed) return sumTrees(trees, values, rows)
  const arena = new Arena(own.space)
  try {
    const job = place(own.space, arena, packed, { values, rows }, 1)
    return sumLeavesPart(job, { from: 0, to: rows }, { core: own.core, index: 0 })
  } finally {
    arena.close()
  }
}

const partsOf = (rows: number, threads: number): { from: number; to: number }[] => {
  const size = Math.max(BLOCK_ROWS, Math.min(PART_ROWS, Math.ceil(rows / threads / BLOCK_ROWS) * BLOCK_ROWS))
  return stretches(0, rows, size)
}

/**
 * Sum over the trees of the leaf values of every row, on a pool. The same bytes for any number of threads and both kinds of kernels.
 * @param source values on shared memory are read without a copy by pools of several threads
 * @throws GlasscoreError('memory') when the trees do not fit the memory of the kernels, ('model') when bytes were binned at other edges
 */
export const sumLeavesOn = async (
  trees: readonly TreeArrays[],
  source: TreeRows,
  pool: Pool,
  options?: PoolRun,
): Promise<Float64Array> => {
  const rows = rowsOf(source)
  const packed = pool.kernels === 'wasm' ? packTrees(trees) : undefined
  if (!packed) {
    const { values } = 'binned' in source ? decodeRows(source.binned) : source
    return sumTrees(trees, values, rows)
  }
  const sums = new Float64Array(rows)
  const arena = new Arena(pool.space)
  try {
    const job = place(pool.space, arena, packed, sharedRows(source, pool.threads), pool.threads)
    const parts = partsOf(rows, pool.threads)
    await pool.runEach('sumLeaves', job, parts, (part, k) => sums.set(part, parts[k]!.from), options)
    return sums
  } finally {
    arena.close()
  }
}
