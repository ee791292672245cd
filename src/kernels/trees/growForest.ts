/** Grows the trees of a forest on a pool: the one place that knows both kernels. */
import { shareBytes, shareFloats } from '../memory/share.ts'
import { stretches } from '../numbers/stretches.ts'
import type { Pool, PoolRun } from '../pool.ts'
import { ForestMemory, type ForestRequest } from './forestMemory.ts'
import type { ForestPart, OutOfBag } from './growTrees.ts'
import type { GrownTree } from './treeBuilder.ts'

export type { ForestRequest } from './forestMemory.ts'

export interface GrownForest {
  /** in the order of their keys */
  trees: GrownTree[]
  outOfBag?: OutOfBag
}

/** Draws, searches and partitions that one part may take, in rows x columns: some tenths of a second. */
const WORK_OF_PART = 4e7
const ROWS_OF_COPY = 65_536

/**
 * @param keys four words a tree: the key of its random stream
 * @throws GlasscoreError('memory') when the memory of the compiled kernels is too small
 */
export const growForest = async (
  pool: Pool,
  request: ForestRequest,
  keys: Uint32Array,
  { signal, onPart }: PoolRun = {},
): Promise<GrownForest> => {
  const { matrix, growth } = request
  const ofTree = matrix.rows * growth.features
  const trees = keys.length / 4
  // The readable kernels are slow: a signal is heard after every tree.
  const ofPart =
    pool.kernels === 'wasm'
      ? Math.max(1, Math.min(Math.floor(WORK_OF_PART / ofTree), Math.ceil(trees / (4 * pool.threads))))
      : 1
  const parts: ForestPart[] = []
  for (let k = 0; k < trees; k += ofPart) parts.push({ keys: keys.slice(4 * k, 4 * Math.min(trees, k + ofPart)) })
  const run: PoolRun = {
    signal,
    onPart: (done) => onPart?.(Math.min(trees, done * ofPart), trees),
  }
  return pool.kernels === 'wasm' ? compiled(pool, request, parts, run) : readable(pool, request, parts, run)
}

const compiled = async (
  pool: Pool,
  request: ForestRequest,
  parts: ForestPart[],
  run: PoolRun,
): Promise<GrownForest> => {
  const { space } = pool
  const memory = new ForestMemory(space, request, pool.threads)
  try {
    const { rows } = request.matrix
    if (memory.rowCopy) {
      const parts = stretches(0, rows, ROWS_OF_COPY)
      await pool.run('copyRowMajor', memory.addresses, parts, { signal: run.signal, space })
    }
    const trees: GrownTree[] = []
    const add = (part: { trees: GrownTree[] }) => {
      trees.push(...part.trees)
    }
    await pool.runEach('growTreesCompiled', memory.addresses, parts, add, { ...run, space })
    return request.outOfBag ? { trees, outOfBag: memory.outOfBag() } : { trees }
  } finally {
    memory.close()
  }
}

const readable = async (
  pool: Pool,
  { matrix, target, weights, groups, growth, bag, outOfBag }: ForestRequest,
  parts: ForestPart[],
  run: PoolRun,
): Promise<GrownForest> => {
  const shared = {
    bins: shareBytes(matrix.bytes()),
    rows: matrix.rows,
    columns: matrix.columns,
    target: shareBytes(target),
    weights: weights && shareFloats(weights),
    groups,
    growth,
    bag,
    outOfBag,
  }
  const trees: GrownTree[] = []
  const sums: OutOfBag = { sum: new Float64Array(matrix.rows), trees: new Uint32Array(matrix.rows) }
  await pool.runEach(
    'growTrees',
    shared,
    parts,
    (part) => {
      trees.push(...part.trees)
      if (!part.outOfBag) return
      for (let i = 0; i < matrix.rows; i++) {
        sums.sum[i]! += part.outOfBag.sum[i]!
        sums.trees[i]! += part.outOfBag.trees[i]!
      }
    },
    run,
  )
  return outOfBag ? { trees, outOfBag: sums } : { trees }
}
