/**
 * What a forest needs of the memory of the compiled kernels: a job that all threads read, and for each thread a desk with its
 * scratch. Offsets are those of assembly/treeJob.ts.
 */
import { GlasscoreError } from '../../util/errors.ts'
import { addressIn, type BinnedMatrix } from '../binning/binnedMatrix.ts'
import { Arena, type Space } from '../memory/space.ts'
import { drawsOf } from './bag.ts'
import type { BagOptions, GrowthOptions, RowGroups } from './growthOptions.ts'

export interface ForestRequest {
  matrix: BinnedMatrix
  /** 1 = bad, 0 = good */
  target: Uint8Array
  weights?: Float64Array | undefined
  groups?: RowGroups | undefined
  growth: GrowthOptions
  bag: BagOptions
  outOfBag: boolean
}

/** Addresses; what workers are sent. */
export interface ForestAddresses {
  job: number
  /** one a thread */
  desks: number[]
  /** rising edges of numeric columns, empty ones of categorical columns */
  edges: readonly Float64Array[]
  /** nodes, sets of the desks, one a thread */
  nodes: number[]
  sets: number[]
  outOfBag: boolean
  bestFirst: boolean
}

const JOB_BYTES = 128
const DESK_BYTES = 64
export const NODE_BYTES = 48
const PLACE_BYTES = 64
const CANDIDATE_BYTES = 160
const CELL_BYTES = 48
/** Rows of a node that are copied together: more do not fit the cache of a core beside the histograms. */
const COMPACT_ROWS = 9_000
/** Rows move with their node where they are at most so many bytes for each column of a search. */
const MOVED_BYTES = 24
const COMPACT_BYTES = 2 ** 20
/** Fewer rows are not worth a second copy of all bytes. */
const FEWEST_COMPACT_ROWS = 500
const MOST_ROWS = 2 ** 26

/** Bytes of one thread's arrays, in the order of the desk. */
const deskSizes = (request: ForestRequest, compactRows: number, stride: number, moves: boolean): number[] => {
  const { matrix, growth, outOfBag } = request
  const { rows } = matrix
  const columns = matrix.columns.length
  const leaves = mostLeaves(request)
  const nodes = 2 * leaves - 1
  const bestFirst = growth.maxLeaves !== Number.POSITIVE_INFINITY
  const categories = matrix.columns.some((column) => column.kind === 'category')
  const places = bestFirst ? 2 * leaves * CANDIDATE_BYTES : (Math.min(growth.maxDepth, leaves) + 3) * PLACE_BYTES
  return [
    2 * rows,
    4 * rows + 16,
    4 * rows + 16,
    compactRows * stride + 16,
    (moves ? stride : 4) * compactRows + 16,
    4 * columns,
    4 * 2048 + 2048,
    8192,
    258 * CELL_BYTES,
    places,
    nodes * NODE_BYTES,
    categories ? leaves * 32 : 0,
    1024,
    bestFirst ? 4 * leaves + 64 : 0,
    outOfBag ? 8 * rows : 0,
    outOfBag ? 4 * rows : 0,
  ]
}
const NODES_AT = 10
const SETS_AT = 11
const SUM_AT = 14
const TREES_AT = 15

const mostLeaves = ({ matrix, growth }: ForestRequest): number =>
  Math.max(
    1,
    Math.min(
      Math.floor(matrix.rows / growth.minLeaf),
      growth.maxDepth < 31 ? 2 ** growth.maxDepth : Number.POSITIVE_INFINITY,
      growth.maxLeaves,
    ),
  )

/** Takes and fills the memory of a forest. @throws GlasscoreError('memory') before any is taken, when there is too little */
export class ForestMemory {
  readonly addresses: ForestAddresses
  readonly #arena: Arena
  readonly #rows: number
  readonly #sums: { sum: number; trees: number }[]

  constructor(space: Space, request: ForestRequest, threads: number) {
    const { matrix, target, weights, groups, growth, bag, outOfBag } = request
    const { rows, columns } = matrix
    const what = `a forest on ${rows.toLocaleString('en-US')} rows and ${columns.length.toLocaleString('en-US')} columns`
    if (rows > MOST_ROWS)
      throw new GlasscoreError('memory', `${what} has more rows than its kernels can number`, {
        expected: `at most ${MOST_ROWS.toLocaleString('en-US')} rows`,
        got: rows,
        hint: 'take a sample of the rows',
      })
    // One byte more than columns: what the row adds to a bin.
    const stride = Math.ceil((columns.length + 1) / 8) * 8
    const moves = stride <= MOVED_BYTES * growth.features
    const bestFirst = growth.maxLeaves !== Number.POSITIVE_INFINITY
    const fitting = Math.min(COMPACT_ROWS, rows, Math.floor(COMPACT_BYTES / stride))
    const shared = JOB_BYTES + rows + (weights ? 8 * rows : 0) + 8 * rows * (groups ? 1 : 0) + 4 * columns.length + 4096
    const total = (compact: number) =>
      shared +
      (compact ? rows * stride : 0) +
      threads * (DESK_BYTES + 20 * 64 + deskSizes(request, compact, stride, moves).reduce((a, b) => a + b, 0))
    const left = space.limit - space.used - 65536
    // Real weights and best-first growth never copy rows together; where memory is short, columns are read where they stand.
    const useful = !weights && !bestFirst && fitting >= Math.min(rows, FEWEST_COMPACT_ROWS)
    const compact = useful && total(fitting) <= left * 0.9 ? fitting : 0
    space.require(total(compact), what, 'fewer threads, rows or columns, or a smaller maxDepth, need less')

    const arena = new Arena(space)
    this.#arena = arena
    this.#rows = rows
    this.#sums = []
    try {
      const job = arena.take(JOB_BYTES)
      const rowBins = compact ? arena.take(rows * stride) : 0
      const targetAt = arena.copy(target)
      const weightsAt = weights ? arena.copy(weights) : 0
      const info = arena.copy(columnInfo(request))
      const groupStart = groups ? arena.copy(groups.start) : 0
      const groupRows = groups ? arena.copy(groups.rows) : 0
      const units = groups ? groups.start.length - 1 : rows
      const words = space.words(job, 22)
      const { strength, rate } = growth.smoothing
      words.set([rows, columns.length, addressIn(matrix, space), rowBins, stride, targetAt, weightsAt, info])
      words.set(
        [
          growth.features,
          Math.min(growth.maxDepth, 2 ** 31),
          bestFirst ? Math.min(growth.maxLeaves, mostLeaves(request)) : 0,
        ],
        8,
      )
      words.set([growth.minLeaf, growth.criterion === 'entropy' ? 1 : 0, growth.splitter === 'random' ? 1 : 0], 11)
      words.set([growth.output === 'probability' ? 1 : 0, compact, groupStart, groupRows, units], 14)
      words.set([Math.min(drawsOf(bag, units), 2 ** 32 - 1), bag.replace ? 1 : 0, growth.monotone ? 1 : 0], 19)
      space.doubles(job + 88, 4).set([growth.minImpurityDecrease, strength * rate, strength * (1 - rate), strength])
      space.words(job + 120, 1).set([moves ? 1 : 0])

      const desks: number[] = []
      const nodes: number[] = []
      const sets: number[] = []
      for (let thread = 0; thread < threads; thread++) {
        const desk = arena.take(DESK_BYTES)
        const parts = deskSizes(request, compact, stride, moves).map((bytes) => (bytes ? arena.take(bytes) : 0))
        space.words(desk, parts.length).set(parts)
        if (outOfBag) {
          space.doubles(parts[SUM_AT]!, rows).fill(0)
          space.words(parts[TREES_AT]!, rows).fill(0)
          this.#sums.push({ sum: parts[SUM_AT]!, trees: parts[TREES_AT]! })
        }
        desks.push(desk)
        nodes.push(parts[NODES_AT]!)
        sets.push(parts[SETS_AT]!)
      }
      const edges = columns.map((column) => column.edges)
      this.addresses = { job, desks, edges, nodes, sets, outOfBag, bestFirst }
      this.rowCopy = compact > 0
    } catch (error) {
      arena.close()
      throw error
    }
  }

  /** whether the row-major bytes are still to be made */
  readonly rowCopy: boolean

  /** Sums over all threads; exact, so in any order. */
  outOfBag(): { sum: Float64Array; trees: Uint32Array } {
    const sum = new Float64Array(this.#rows)
    const trees = new Uint32Array(this.#rows)
    for (const own of this.#sums) {
      const sums = this.#arena.space.doubles(own.sum, this.#rows)
      const counts = this.#arena.space.words(own.trees, this.#rows)
      for (let i = 0; i < this.#rows; i++) {
        sum[i]! += sums[i]!
        trees[i]! += counts[i]!
      }
    }
    return { sum, trees }
  }

  close(): void {
    this.#arena.close()
  }
}

/** Four bytes a column: bins, 1 for categories, direction, 1 when only the general search finds its splits. */
const columnInfo = ({ matrix, growth }: ForestRequest): Uint8Array => {
  const info = new Uint8Array(4 * matrix.columns.length)
  const general = growth.criterion !== 'gini' || growth.splitter === 'random'
  matrix.columns.forEach((column, j) => {
    const direction = growth.monotone?.[j] ?? 0
    const category = column.kind === 'category'
    info.set([column.bins, category ? 1 : 0, direction & 255, general || category || direction !== 0 ? 1 : 0], 4 * j)
  })
  return info
}
