import { dataError, GlasscoreError, interruptedError, usageError } from '../../util/errors.ts'
import { came, checkOptionNames, checkPool, checkRun, checkWhole, isArrayOf, isRecord } from '../checkInput.ts'
import { Arena } from '../memory/space.ts'
import { stretches } from '../numbers/stretches.ts'
import type { Pool } from '../pool.ts'
import { MAX_BINS } from './bin.ts'
import { binMatrix, checkColumnOptions, memoryOf, newBytes, requireBytes } from './binMatrix.ts'
import type { BinnedColumn, BinnedMatrix } from './binnedMatrix.ts'
import { type AnySketch, type BlockBins, EDGE_TABLE, type RowBlock } from './chunkParts.ts'
import { SketchOwner } from './compiledSketch.ts'
import { makeRoom, newSketch } from './quantileSketch.ts'
import type { RowChunk } from './rowChunk.ts'

/** How rows in chunks are binned. */
export interface BinChunksOptions {
  /** most bins of present values, 2..255, by default 255 */
  maxBins?: number
  /** columns that hold categories 0..253: their codes are their bins */
  categories?: readonly number[]
  /** called after each block with the rows done in this pass, 1 or 2 */
  onRows?: (rows: number, pass: 1 | 2) => void
  signal?: AbortSignal | undefined
  /** bytes of numbers up to which a source is held and read once only, by default 128 MiB */
  held?: number
}

/** Numbers that are handed to the threads at a time, in bytes. */
const BLOCK = 2 ** 26
/** Memory for one level of the sketches of all columns, in bytes; about ten of them are needed. */
const LEVEL = 2 ** 25

/**
 * Columns as bytes, from a source of rows that may be read twice, without ever holding its numbers: quantiles in the first pass
 * (quantileSketch.ts; exact up to `maxBins` distinct values), bytes in the second. A source of less than `held` bytes is read once,
 * held, and binned as binMatrix does it. The same bytes for any number of threads, any size of chunks, and both kinds of kernels.
 * @param chunks the rows, the same ones in the same order each time
 * @throws GlasscoreError('memory') when the bytes do not fit into the memory of the kernels
 * @throws GlasscoreError('data') for a chunk that does not hold its rows, and when the second pass has other rows than the first
 */
export const binChunks = async (
  chunks: () => AsyncIterable<RowChunk>,
  columns: number,
  pool: Pool,
  options: BinChunksOptions = {},
): Promise<BinnedMatrix> => {
  check(chunks, columns, pool, options)
  const { maxBins = MAX_BINS, categories = [], onRows, signal, held = 2 ** 27 } = options
  const category = new Uint8Array(columns)
  for (const j of categories) category[j] = 1
  const parts = columnParts(columns, pool.threads)
  const capacity = Math.max(256, Math.min(65_536, Math.floor(BLOCK / (8 * Math.max(1, columns)))))
  const space = memoryOf(pool)
  const quantiles = openSketch(pool, columns, maxBins, capacity)
  let rows = 0
  let edges: Float64Array[]
  try {
    let kept: RowBlock[] | undefined = []
    let keptRows = 0
    const take = async (block: RowBlock) => {
      rows += block.rows
      requireRows(pool, quantiles, rows, columns)
      const sketch = quantiles.withRoom(rows)
      await pool.run('sketchPart', { block, sketch, category }, parts, { signal, space })
      onRows?.(rows, 1)
    }
    const blocks = blocksOf(readingOf(chunks), columns, capacity, signal, () => kept !== undefined)
    await workBeside(blocks, async (block) => {
      if (kept) {
        keptRows += block.rows
        kept.push(block)
        if (8 * keptRows * columns <= held) return
        const early = kept
        kept = undefined
        for (const one of early) await take(one)
      } else await take(block)
    })
    // The compiler does not see that the function above sets it.
    const whole = kept as RowBlock[] | undefined
    if (whole) {
      quantiles.close()
      return await binHeld(whole, keptRows, columns, pool, options)
    }
    edges = (await pool.run('sketchEdgesPart', { sketch: quantiles.withRoom(rows) }, parts, { signal, space })).flat()
  } finally {
    quantiles.close()
  }

  const compiled = pool.kernels === 'wasm'
  const extra = compiled ? 8 * EDGE_TABLE * columns + pool.threads * 10 * capacity : 0
  if (compiled) requireBytes(pool.space, rows, columns, extra)
  return newBytes(pool, rows, columns, async (bytes) => {
    const arena = compiled ? new Arena(pool.space) : undefined
    try {
      const bins = arena ? compiledBins(arena, bytes as number, edges, pool.threads, capacity) : { bytes, edges }
      const highest = new Int32Array(columns)
      let first = 0
      await workBeside(
        blocksOf(readingOf(chunks), columns, capacity, signal, () => false),
        async (block) => {
          if (first + block.rows > rows) throw otherRows(rows, first + block.rows)
          const job = { block, first, rows, category, bins: bins as BlockBins }
          const found = (await pool.run('binBlockPart', job, parts, { signal, space })).flat()
          found.forEach((count, j) => {
            highest[j] = Math.max(highest[j]!, count)
          })
          first += block.rows
          onRows?.(first, 2)
        },
      )
      if (first < rows) throw otherRows(rows, first)
      return edges.map(
        (own, j): BinnedColumn =>
          category[j]
            ? { kind: 'category', bins: highest[j]!, edges: new Float64Array(0) }
            : { kind: 'number', bins: own.length + 1, edges: own },
      )
    } finally {
      arena?.close()
    }
  })
}

const CHUNK_OPTIONS = {
  maxBins: true,
  categories: true,
  onRows: true,
  signal: true,
  held: true,
} as const satisfies Record<keyof BinChunksOptions, true>

const check = (chunks: unknown, columns: number, pool: Pool, options: BinChunksOptions): void => {
  if (typeof chunks !== 'function')
    throw usageError('the rows cannot be read twice', {
      option: 'chunks',
      expected: 'a function that begins a reading, and gives the chunks one after the other',
      got: came(chunks),
    })
  checkWhole('columns', columns)
  checkPool(pool)
  checkOptionNames(options, CHUNK_OPTIONS)
  checkRun(options)
  const { held } = options
  if (held !== undefined && !(typeof held === 'number' && held >= 0))
    throw usageError('invalid number of bytes', { option: 'held', expected: 'a number of 0 or more', got: came(held) })
  checkColumnOptions(columns, options)
}

/** One reading of the rows. */
const readingOf = (chunks: () => AsyncIterable<RowChunk>): AsyncIterable<RowChunk> => {
  const reading: unknown = chunks()
  const some = reading as { [Symbol.asyncIterator]?: unknown; [Symbol.iterator]?: unknown } | null | undefined
  if (!some?.[Symbol.asyncIterator] && !some?.[Symbol.iterator])
    throw usageError('what the function of the chunks gives cannot be read', {
      option: 'chunks',
      expected: 'chunks one after the other, as from an async generator',
      got: came(reading),
    })
  return reading as AsyncIterable<RowChunk>
}

/** Else rows would be made of what the block held before, or be left out. */
const checkChunk = (chunk: RowChunk, columns: number, first: number): void => {
  const sound = isRecord(chunk) && Number.isSafeInteger(chunk.rows) && chunk.rows >= 0 && Array.isArray(chunk.columns)
  if (!sound)
    throw dataError('a chunk is no rows and columns', {
      row: first,
      expected: '{ rows, columns }: a whole number, and a list of arrays',
      got: isRecord(chunk) ? `rows ${String(chunk.rows)}, columns ${String(came(chunk.columns))}` : came(chunk),
    })
  if (chunk.columns.length !== columns)
    throw dataError('a chunk has another number of columns', { expected: String(columns), got: chunk.columns.length })
  const wrong = chunk.columns.findIndex((column) => !isArrayOf(column, 'Float64Array') || column.length < chunk.rows)
  if (wrong < 0) return
  const column = chunk.columns[wrong]!
  throw dataError('a column of a chunk does not hold its rows', {
    row: first,
    column: String(wrong),
    expected: `a Float64Array of ${chunk.rows} numbers or more`,
    got: isArrayOf(column, 'Float64Array') ? column.length : came(column),
  })
}

/** Works on each block while the next is being gathered: one at a time, in their order. */
const workBeside = async (blocks: AsyncIterable<RowBlock>, work: (block: RowBlock) => Promise<void>): Promise<void> => {
  let working = Promise.resolve()
  try {
    for await (const block of blocks) {
      await working
      working = work(block)
      // Heard of at the next block at the latest, and not before.
      working.catch(() => {})
    }
  } finally {
    // Also when the reading failed: nothing may be at work on memory that is given back. What the work says comes first.
    await working
  }
}

/** Says as soon as it is known that the bytes will not fit, and not after the whole reading; the sketch will not be there then. */
const requireRows = (
  { kernels, space }: Pool,
  quantiles: { used: number; close: () => void },
  rows: number,
  columns: number,
): void => {
  if (kernels !== 'wasm' || quantiles.used + rows * columns <= space.limit) return
  quantiles.close()
  requireBytes(space, rows, columns, 0, 'or more')
  throw new GlasscoreError('memory', 'memory of the pool was given back while rows were read', {
    expected: 'nothing else to be closed on the pool meanwhile',
    hint: 'bin once more: there is room now',
  })
}

/** The sketch of the kind that the pool's kernels take. */
const openSketch = (pool: Pool, columns: number, most: number, capacity: number) => {
  const width = sketchWidth(columns)
  if (pool.kernels === 'typescript') {
    const readable = newSketch(columns, width, most)
    return {
      used: 0,
      close: () => {},
      withRoom(rows: number): AnySketch {
        makeRoom(readable, rows)
        return { readable }
      },
    }
  }
  const { space } = pool
  const used = space.used
  let owner: SketchOwner | undefined
  let arena: Arena | undefined
  let scratch: number[] = []
  let room = 0
  return {
    used,
    close() {
      arena?.close()
      owner?.close()
      arena = owner = undefined
    },
    withRoom(rows: number): AnySketch {
      if (pool.space !== space) throw interruptedError()
      owner ??= new SketchOwner(space, pool.core, columns, width, most)
      owner.makeRoom(rows)
      const needed = owner.scratch(capacity)
      if (needed > room) {
        arena?.close()
        const own = new Arena(space)
        arena = own
        scratch = Array.from({ length: pool.threads }, () => own.take(needed))
        room = needed
      }
      return { compiled: owner.sketch, scratch }
    },
  }
}

/** Tables of the edges, and scratch, in the memory of the kernels. */
const compiledBins = (
  arena: Arena,
  bytes: number,
  edges: readonly Float64Array[],
  threads: number,
  capacity: number,
): BlockBins => {
  const { space } = arena
  const tables = arena.take(8 * EDGE_TABLE * edges.length)
  const scratch = Array.from({ length: threads }, () => arena.take(10 * capacity))
  const steps = Uint8Array.from(edges, (own) => 32 - Math.clz32(own.length))
  const rising = space.doubles(tables, EDGE_TABLE * edges.length)
  edges.forEach((own, j) => {
    rising.set(own, EDGE_TABLE * j)
    rising.fill(Number.NaN, EDGE_TABLE * j + own.length, EDGE_TABLE * (j + 1))
  })
  return { bytes, tables, steps, scratch }
}

const otherRows = (expected: number, got: number): GlasscoreError =>
  new GlasscoreError('data', 'the second reading of the rows differs from the first', {
    expected: `${expected} rows`,
    got: `${got} or more`,
    hint: 'the source must not change while it is read',
  })

/** Values a buffer of a sketch holds: 8192, fewer for very many columns. */
const sketchWidth = (columns: number): number =>
  Math.max(512, Math.min(8192, 2 ** Math.floor(Math.log2(LEVEL / (8 * Math.max(1, columns))))))

/** Some parts for each thread, so that none waits long for the last. */
const columnParts = (columns: number, threads: number): { from: number; to: number }[] => {
  const size = Math.max(1, Math.ceil(columns / (8 * threads)))
  return stretches(0, columns, size)
}

/**
 * Chunks gathered into blocks of `capacity` rows, on shared memory.
 * @param fresh whether the block that was handed over is kept by the caller, so that the next needs memory of its own; asked when
 *   the work on the block before it is done
 */
async function* blocksOf(
  chunks: AsyncIterable<RowChunk>,
  columns: number,
  capacity: number,
  signal: AbortSignal | undefined,
  fresh: () => boolean,
): AsyncGenerator<RowBlock> {
  const memory = () => new Float64Array(new SharedArrayBuffer(8 * columns * capacity))
  let block: RowBlock = { values: memory(), capacity, rows: 0 }
  // While one is worked on the other is filled.
  let other: Float64Array | undefined
  /** rows that were read before */
  let first = 0
  for await (const chunk of chunks) {
    if (signal?.aborted) throw interruptedError()
    checkChunk(chunk, columns, first)
    first += chunk.rows
    for (let from = 0; from < chunk.rows; ) {
      const count = Math.min(chunk.rows - from, capacity - block.rows)
      for (let j = 0; j < columns; j++)
        block.values.set(chunk.columns[j]!.subarray(from, from + count), j * capacity + block.rows)
      block.rows += count
      from += count
      if (block.rows < capacity) continue
      yield block
      const next = fresh() ? memory() : (other ?? memory())
      other = fresh() ? undefined : block.values
      block = { values: next, capacity, rows: 0 }
    }
  }
  if (block.rows > 0) yield block
}

const binHeld = async (
  blocks: RowBlock[],
  rows: number,
  columns: number,
  pool: Pool,
  { maxBins, categories, onRows, signal }: BinChunksOptions,
): Promise<BinnedMatrix> => {
  const values = new Float64Array(new SharedArrayBuffer(8 * rows * columns))
  let first = 0
  for (const block of blocks) {
    for (let j = 0; j < columns; j++) {
      const start = j * block.capacity
      values.set(block.values.subarray(start, start + block.rows), j * rows + first)
    }
    first += block.rows
  }
  const binned = await binMatrix({ values, rows, columns }, pool, {
    signal,
    ...(maxBins ? { maxBins } : {}),
    ...(categories ? { categories } : {}),
  })
  onRows?.(rows, 2)
  return binned
}
