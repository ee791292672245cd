import { GlasscoreError, usageError } from '../../util/errors.ts'
import { came, checkArray, checkOptionNames, checkPool, checkRecord, checkRun, checkWhole } from '../checkInput.ts'
import { Arena, type Space } from '../memory/space.ts'
import { stretches } from '../numbers/stretches.ts'
import type { Pool, PoolRun } from '../pool.ts'
import { MAX_BINS } from './bin.ts'
import { SORTABLE } from './binColumn.ts'
import { type BinnedColumn, type BinnedMatrix, checkOpen } from './binnedMatrix.ts'
import { columnScratch } from './compiledColumn.ts'
import { samplePositions, weightedPositions } from './splitters.ts'

/** Numbers to be binned: rows x columns doubles, column-major, NaN = missing; on shared memory they are read without a copy. */
export interface NumberColumns {
  readonly values: Float64Array
  readonly rows: number
  readonly columns: number
}

export interface BinOptions extends PoolRun {
  /** most bins of present values, 2..255, by default 255 */
  maxBins?: number
  /** one a row, 0 or more: what a row counts where quantiles are sought; absent: 1 */
  weights?: Float64Array | undefined
  /** columns that hold categories 0..253: their codes are their bins */
  categories?: readonly number[]
}

/** Plain values are handed to worker threads in stretches of about this many bytes. */
const STAGE = 2 ** 26
/** Values of one part of the job, at least. */
const PART = 2 ** 17

/** Where a job of binning has its addresses: it does not go on in another memory. */
export const memoryOf = (pool: Pool): Space | undefined => (pool.kernels === 'wasm' ? pool.space : undefined)

/** Takes memory for the bytes of a matrix; `work` fills them. They are given back when it fails. */
export const newBytes = async (
  pool: Pool,
  rows: number,
  columns: number,
  work: (bins: Uint8Array | number) => Promise<readonly BinnedColumn[]>,
): Promise<BinnedMatrix> => {
  const bytes = rows * columns
  if (pool.kernels === 'typescript') {
    const bins = new Uint8Array(pool.threads > 1 ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes))
    let closed = false
    const isClosed = () => closed
    return {
      rows,
      columns: await work(bins),
      bytes() {
        checkOpen({ isClosed })
        return bins
      },
      close() {
        closed = true
      },
      isClosed,
    }
  }
  const { space } = pool
  const address = space.take(bytes)
  let open = true
  const isClosed = () => !open
  const close = () => {
    if (open) space.give(address)
    open = false
  }
  try {
    const bins = await work(address)
    return {
      rows,
      columns: bins,
      address,
      space,
      bytes() {
        checkOpen({ space, isClosed })
        return space.bytes(address, bytes)
      },
      close,
      isClosed,
    }
  } catch (error) {
    close()
    throw error
  }
}

/** Says before binning begins that its bytes and scratch fit. */
export const requireBytes = (space: Space, rows: number, columns: number, scratch: number, more = ''): void =>
  space.require(
    rows * columns + scratch,
    `binning ${rows.toLocaleString('en-US')} ${more && `${more} `}rows of ${columns.toLocaleString('en-US')} columns`,
    'a matrix takes a byte for each row and column: take fewer rows, leave columns out, or take a sample of the rows',
  )

/**
 * Columns as bytes: quantile bins, exact up to `maxBins` distinct values and on up to 131,072 present values (see binColumn.ts). The
 * same bytes for any number of threads and for both kinds of kernels.
 * @throws GlasscoreError('usage') for lengths and options that do not fit, ('data') for weights below 0 and codes that are no category,
 * ('memory') when the bytes do not fit into the memory of the kernels
 */
export const binMatrix = async (source: NumberColumns, pool: Pool, options: BinOptions = {}): Promise<BinnedMatrix> => {
  check(source, pool, options)
  const { values, rows, columns } = source
  const { maxBins = MAX_BINS, weights, categories = [], onPart, signal } = options
  const category = new Uint8Array(columns)
  for (const j of categories) category[j] = 1
  const needsSample = rows > SORTABLE
  const positions = needsSample ? (weights ? weightedPositions(weights) : samplePositions(rows)) : undefined
  const compiled = pool.kernels === 'wasm'
  const scratch = compiled ? columnScratch(rows, Math.min(rows, SORTABLE)) : 0
  if (compiled) requireBytes(pool.space, rows, columns, pool.threads * scratch)

  return newBytes(pool, rows, columns, async (bins) => {
    const arena = compiled ? new Arena(pool.space) : undefined
    const space = memoryOf(pool)
    const binned: BinnedColumn[] = []
    try {
      const job = {
        rows,
        maxBins,
        category,
        bins,
        scratch: arena ? Array.from({ length: pool.threads }, () => arena.take(scratch)) : [],
        weights,
        positions,
      }
      const together = Math.max(1, Math.floor(PART / Math.max(1, rows)))
      const stage = stageOf(source, pool)
      for (let first = 0; first < columns; first += stage.columns) {
        const end = Math.min(columns, first + stage.columns)
        const parts = stretches(first, end, together)
        const staged = stage.hold(values.subarray(first * rows, end * rows))
        const told = {
          signal,
          space,
          onPart: (done: number) => onPart?.(Math.min(end, first + done * together), columns),
        }
        const results = await pool.run('binPart', { ...job, values: staged, first }, parts, told)
        for (const result of results) binned.push(...result)
      }
    } finally {
      arena?.close()
    }
    return binned
  })
}

/** What threads are given at a time: everything where they can read it, else stretches of columns on shared memory. */
const stageOf = ({ values, rows, columns }: NumberColumns, pool: Pool) => {
  if (pool.threads === 1 || values.buffer instanceof SharedArrayBuffer)
    return { columns: Math.max(1, columns), hold: (some: Float64Array) => some }
  const held = Math.min(Math.max(1, columns), Math.max(pool.threads, Math.floor(STAGE / (8 * Math.max(1, rows)))))
  const shared = new Float64Array(new SharedArrayBuffer(8 * rows * held))
  return {
    columns: held,
    hold: (some: Float64Array) => {
      shared.set(some)
      return shared.subarray(0, some.length)
    },
  }
}

/** @throws GlasscoreError('usage') for a number of bins out of range, or a column that is not there */
export const checkColumnOptions = (
  columns: number,
  { maxBins = MAX_BINS, categories }: Pick<BinOptions, 'maxBins' | 'categories'>,
): void => {
  if (!Number.isInteger(maxBins) || maxBins < 2 || maxBins > MAX_BINS)
    throw new GlasscoreError('usage', 'invalid number of bins', {
      option: 'maxBins',
      expected: `a whole number from 2 to ${MAX_BINS}`,
      got: maxBins,
    })
  if (categories !== undefined && !Array.isArray(categories))
    throw usageError('columns of categories are no list', {
      option: 'categories',
      expected: 'a list of columns, by their numbers',
      got: came(categories),
    })
  if (categories?.some((j) => !Number.isInteger(j) || j < 0 || j >= columns))
    throw new GlasscoreError('usage', 'no such column', {
      option: 'categories',
      expected: `0 to ${columns - 1}`,
      got: categories.join(', '),
    })
}

const BIN_OPTIONS = {
  maxBins: true,
  weights: true,
  categories: true,
  onPart: true,
  signal: true,
  space: true,
} as const satisfies Record<keyof BinOptions, true>

const check = (source: NumberColumns, pool: Pool, options: BinOptions) => {
  checkRecord('source', source, 'numbers with their rows and columns')
  const { values, rows, columns } = source
  checkArray('values', values, 'Float64Array')
  checkWhole('rows', rows)
  checkWhole('columns', columns)
  checkPool(pool)
  checkOptionNames(options, BIN_OPTIONS)
  checkRun(options)
  if (values.length !== rows * columns)
    throw new GlasscoreError('usage', 'the values are not a matrix of rows and columns', {
      expected: `${rows} x ${columns} values`,
      got: values.length,
    })
  checkColumnOptions(columns, options)
  const { weights } = options
  if (weights === undefined) return
  checkArray('weights', weights, 'Float64Array')
  if (weights.length !== rows)
    throw new GlasscoreError('usage', 'weights and rows differ in number', {
      option: 'weights',
      expected: `${rows}, one for each row`,
      got: weights.length,
    })
  const wrong = weights.findIndex((w) => !(w >= 0 && w < Number.POSITIVE_INFINITY))
  if (wrong >= 0)
    throw new GlasscoreError('data', 'a weight is not a number of 0 or more', {
      row: String(wrong),
      expected: '0 or more, finite',
      got: weights[wrong],
    })
  if (rows > 0 && !weights.some((w) => w > 0))
    throw new GlasscoreError('data', 'all weights are 0', { expected: 'at least one above 0' })
}
