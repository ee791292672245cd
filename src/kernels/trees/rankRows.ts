/** Ranks of rows in the memory of the compiled kernels: what both prediction and tree SHAP begin with. */
import { GlasscoreError } from '../../util/errors.ts'
import { MISSING_BIN } from '../binning/bin.ts'
import { addressIn, type BinnedMatrix } from '../binning/binnedMatrix.ts'
import type { Core } from '../memory/core.ts'
import { shareFloats } from '../memory/share.ts'
import type { Arena } from '../memory/space.ts'
import { countBelow } from '../numbers/order.ts'
import type { RankedColumn, RankedTrees } from './rankTrees.ts'

/** Rows of a block, as in assembly/ranks.ts. */
export const BLOCK_ROWS = 512
/** Bytes of one slot of a block. */
export const SLOT_BYTES = 2 * BLOCK_ROWS

/** Rows to send down trees: a column-major matrix, values[j * rows + i], NaN = missing. */
export interface NumberRows {
  readonly values: Float64Array
  readonly rows: number
}
/** The same as bytes, made by `binMatrix`; the trees split at its edges. */
export interface ByteRows {
  readonly binned: BinnedMatrix
}
export type TreeRows = NumberRows | ByteRows

export const rowsOf = (rows: TreeRows): number => ('binned' in rows ? rows.binned.rows : rows.rows)

/** A column to be ranked, by addresses. */
interface PlacedColumn {
  column: number
  category: boolean
  /** thresholds, 2 ** steps - 1 of them; for bytes the table of ranks */
  table: number
  steps: number
  right: number
  left: number
}

/** What a thread needs to rank rows; sent to workers. */
export interface RankJob {
  columns: PlacedColumn[]
  slots: number
  rows: number
  /** a matrix of doubles ... */
  values?: Float64Array
  /** ... or where the bytes lie */
  bytes?: number
}

const stepsFor = (thresholds: number): number => Math.ceil(Math.log2(thresholds + 1))

/** Ranks of the bins of a column, one a byte. */
const rankTable = ({ thresholds, category, column }: RankedColumn, binned: BinnedMatrix): Uint16Array => {
  const table = new Uint16Array(256)
  const { kind, edges } = binned.columns[column]!
  if (category !== (kind === 'category'))
    throw new GlasscoreError('model', `the trees take column ${column} for another kind than the bins do`, {
      expected: kind,
    })
  if (category) for (let code = 0; code < 256; code++) table[code] = code < 254 ? code : 0xffff
  else {
    for (const threshold of thresholds)
      if (threshold !== Number.POSITIVE_INFINITY && edges[countBelow(edges, threshold)] !== threshold)
        throw new GlasscoreError('model', `a tree splits column ${column} inside of a bin`, {
          expected: 'thresholds at edges of the bins',
          got: threshold,
          hint: 'bin the rows with the edges that the trees were grown on',
        })
    for (let bin = 1; bin < 255; bin++) {
      // Values of a bin lie above the edge before it: that many thresholds are below them.
      const edge = edges[Math.min(bin, edges.length) - 1]
      table[bin] = edge === undefined ? 0 : countBelow(thresholds, edge) + (thresholds.includes(edge) ? 1 : 0)
    }
    table[MISSING_BIN] = 0xffff
  }
  return table
}

/** Most bytes that `placeRanks` takes. */
export const tableBytes = ({ columns }: RankedTrees): number =>
  columns.reduce((sum, { thresholds }) => sum + 64 + Math.max(512, 16 * thresholds.length + 8), 0)

/** Rows as worker threads read them without a copy each. */
export const sharedRows = (source: TreeRows, threads: number): TreeRows =>
  'binned' in source || threads === 1 ? source : { ...source, values: shareFloats(source.values) }

/** Lays the thresholds out. */
export const placeRanks = (arena: Arena, ranked: RankedTrees, source: TreeRows): RankJob => {
  const columns = ranked.columns.map((column) => {
    const { category, thresholds, right, left } = column
    const steps = stepsFor(thresholds.length)
    const padded = (): Float64Array => {
      const all = new Float64Array(2 ** steps - 1).fill(Number.POSITIVE_INFINITY)
      all.set(thresholds)
      return all
    }
    const table =
      'binned' in source ? arena.copy(rankTable(column, source.binned)) : category ? 0 : arena.copy(padded())
    return { column: column.column, category, table, steps, right, left }
  })
  const job = { columns, slots: ranked.slots, rows: rowsOf(source) }
  if (!('binned' in source)) return { ...job, values: source.values }
  return { ...job, bytes: addressIn(source.binned, arena.space) }
}

/**
 * Ranks of up to BLOCK_ROWS rows.
 * @param to slots x SLOT_BYTES
 * @param staging room for 8 * BLOCK_ROWS bytes
 */
export const rankBlock = (core: Core, job: RankJob, from: number, count: number, to: number, staging: number): void => {
  const { rankValues, rankCodes, rankBytes } = core.kernels
  const { rows, values, bytes } = job
  const slot = (index: number): number => (index < 0 ? 0 : to + index * SLOT_BYTES)
  const numbers = values && new Float64Array(core.memory.buffer, staging, BLOCK_ROWS)
  for (const { column, category, table, steps, right, left } of job.columns) {
    const at = column * rows + from
    if (!numbers) {
      rankBytes!(bytes! + at, count, table, slot(right), slot(left))
      continue
    }
    numbers.set(values.subarray(at, at + count))
    if (category) rankCodes!(staging, count, slot(right))
    else rankValues!(staging, count, table, steps, slot(right), slot(left))
  }
}

/** Values that go the same way as rows from .. to - 1 of a byte matrix, for the readable kernels. */
export const decodeRows = (binned: BinnedMatrix, from = 0, to = binned.rows): NumberRows => {
  const { columns } = binned
  const bytes = binned.bytes()
  const rows = to - from
  const values = new Float64Array(rows * columns.length)
  columns.forEach(({ kind, edges }, j) => {
    const [source, target] = [j * binned.rows + from, j * rows]
    for (let i = 0; i < rows; i++) {
      const bin = bytes[source + i]!
      values[target + i] =
        bin === MISSING_BIN
          ? Number.NaN
          : kind === 'category'
            ? bin
            : bin < edges.length
              ? edges[bin]!
              : Number.POSITIVE_INFINITY
    }
  })
  return { values, rows }
}
