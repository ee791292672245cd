/** Cells, read from the engine in the order of the observations, spread into chunks of rows of all variables. */
import type { Engine } from '../../engines/engine.ts'
import { CELL_COLUMNS } from '../../features/wide/cellSql.ts'
import { CELLS } from '../../features/wide/makeCells.ts'
import type { RowChunk } from '../../kernels/binning/rowChunk.ts'
import type { CellBlock, CellProgram } from '../../kernels/cells/cellProgram.ts'
import { stretches } from '../../kernels/numbers/stretches.ts'
import type { Pool } from '../../kernels/pool.ts'

export interface WideSource {
  program: CellProgram
  /** observations */
  rows: number
  /** position of the date of each row */
  dateOfRow: Int32Array
  /** groups of cover, and dates x groups: see wideCover.ts */
  groups: number
  cover: Int16Array
}

/** Bytes of numbers of a chunk, and its most rows. */
const CHUNK_BYTES = 2 ** 25
const MOST_ROWS = 4096
/** Rows of one part of a chunk: some tiles. */
const PART = 32

const shared = <T>(make: new (buffer: SharedArrayBuffer) => T, bytes: number): T =>
  new make(new SharedArrayBuffer(bytes))

/** Cells of some rows, gathered on shared memory that grows where it must. */
class Gathering {
  #room = 0
  cells = 0
  readonly start: Int32Array
  key = shared(Int32Array, 0)
  slice = shared(Int32Array, 0)
  count = shared(Int32Array, 0)
  sum = shared(Float64Array, 0)
  largest = shared(Float64Array, 0)
  last = shared(Int32Array, 0)
  first = shared(Int32Array, 0)

  constructor(rows: number) {
    this.start = shared(Int32Array, 4 * (rows + 1))
  }

  makeRoom(more: number): void {
    const needed = this.cells + more
    if (needed <= this.#room) return
    this.#room = Math.max(needed, 2 * this.#room, 2 ** 16)
    const grown = <T extends Int32Array | Float64Array>(old: T, bytes: number): T => {
      const make = old.constructor as new (buffer: SharedArrayBuffer) => T
      const fresh = shared(make, bytes * this.#room)
      fresh.set(old)
      return fresh
    }
    for (const name of ['key', 'slice', 'count', 'last', 'first'] as const) this[name] = grown(this[name], 4)
    for (const name of ['sum', 'largest'] as const) this[name] = grown(this[name], 8)
  }

  /** Takes a cell: the columns of CELL_COLUMNS but the first, at position i. */
  take(columns: readonly Float64Array[], i: number): void {
    const at = this.cells++
    this.key[at] = columns[1]![i]!
    this.slice[at] = columns[2]![i]!
    this.count[at] = columns[3]![i]!
    this.sum[at] = columns[4]![i]!
    this.largest[at] = columns[5]![i]!
    this.last[at] = columns[6]![i]!
    this.first[at] = columns[7]![i]!
  }
}

/**
 * Rows of all variables, chunk by chunk, as binChunks reads them: the numbers of all rows are never there. May be called again, and gives
 * the same numbers.
 */
export async function* wideChunks(engine: Engine, source: WideSource, pool: Pool): AsyncGenerator<RowChunk> {
  const { program, rows, groups } = source
  const variables = program.divisors.length
  const capacity = Math.max(PART, Math.min(MOST_ROWS, PART * Math.floor(CHUNK_BYTES / (8 * variables) / PART)))
  const values = shared(Float64Array, 8 * variables * capacity)
  const columns = Array.from({ length: variables }, (_, j) => values.subarray(j * capacity, (j + 1) * capacity))
  const gathered = new Gathering(capacity)
  const cover = shared(Int16Array, 2 * groups * capacity)
  let first = 0
  /** rows of the chunk whose cells have begun, the one that is open included */
  let open = 0

  const finish = async (count: number): Promise<RowChunk> => {
    gathered.start.fill(gathered.cells, open)
    for (let g = 0; g < groups; g++)
      for (let i = 0; i < count; i++) cover[g * count + i] = source.cover[source.dateOfRow[first + i]! * groups + g]!
    const { start, key, slice, count: counts, sum, largest, last, first: firsts } = gathered
    const block: CellBlock = { rows: count, start, key, slice, count: counts, sum, largest, last, first: firsts, cover }
    await pool.run('spreadCells', { program, block, values, capacity }, stretches(0, count, PART))
    first += count
    open = 0
    gathered.cells = 0
    return { rows: count, columns }
  }

  for await (const cells of engine.chunks(`SELECT * FROM ${CELLS}`, CELL_COLUMNS)) {
    gathered.makeRoom(cells.rows)
    for (let i = 0; i < cells.rows; i++) {
      const row = cells.columns[0]![i]!
      while (row >= first + capacity) {
        yield await finish(capacity)
        gathered.makeRoom(cells.rows)
      }
      while (open <= row - first) gathered.start[open++] = gathered.cells
      gathered.take(cells.columns, i)
    }
  }
  while (first < rows) yield await finish(Math.min(capacity, rows - first))
}
