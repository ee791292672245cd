/** Writes the tables of a population as Parquet part files, while the simulation of later people goes on. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ColumnInput, Engine, ParquetOptions } from '../engines/engine.ts'
import { identifier } from '../engines/sql.ts'
import { interruptedError } from '../util/errors.ts'
import type { Block } from './block.ts'
import { fileCommunities, partFile } from './fileRanges.ts'
import type { Rows } from './rows.ts'
import { SIMULATED_TABLES, type SimulatedTable, TABLE_QUERIES, tableQuery } from './tableQueries.ts'

export type PopulationRows = Record<SimulatedTable, Rows>

/** Rows of one table that wait until the range of their file is complete: pieces of columns, in order. */
interface Waiting {
  pieces: Int32Array[][]
  rows: number
}

const PARQUET: ParquetOptions = {
  // More rows than any file has: a file is one row group, so that these too are cut where the files are.
  rowGroupSize: 2 ** 24,
  // Columns with more different values than this are written as they are: to look for repetitions in ids takes a fifth of the time.
  dictionaryValues: 2 ** 13,
  // Ids that differ little from row to row are stored by their differences.
  version: 2,
  // A sixth less time than the default for transactions, and files 2 % larger.
  compressionLevel: 1,
}

const nothing = (): Waiting => ({ pieces: [], rows: 0 })

export interface PartWriterOptions {
  out: string
  people: number
  months: number
  /** how many there are in all: the last file of a table ends with the last of them */
  communities: number
  /** files that are written side by side */
  writers: number
}

/**
 * One writer for all tables: takes blocks in order and writes each file as soon as its range of communities is complete. What a
 * file holds depends on the rows alone, not on time, on threads or on how the blocks were cut.
 */
export class PartWriter {
  readonly files: Record<SimulatedTable, string[]>
  readonly counts: Record<SimulatedTable, number>
  readonly #options: PartWriterOptions
  readonly #range: Record<SimulatedTable, number>
  readonly #waiting: Record<SimulatedTable, Waiting>
  readonly #connections: readonly Engine[]
  /** those without a file to write */
  readonly #idle: Engine[]
  readonly #running = new Set<Promise<void>>()
  #failure: { error: unknown } | undefined
  #stopped = false

  private constructor(connections: readonly Engine[], options: PartWriterOptions) {
    const perTable = <T>(make: (t: SimulatedTable) => T) =>
      Object.fromEntries(SIMULATED_TABLES.map((t) => [t, make(t)])) as Record<SimulatedTable, T>
    this.files = perTable(() => [])
    this.counts = perTable(() => 0)
    this.#options = options
    this.#range = fileCommunities(options.months)
    this.#waiting = perTable(nothing)
    this.#connections = connections
    this.#idle = [...connections]
  }

  /** Makes the folders of the tables below `out`. `close` must be called in the end. */
  static async open(engine: Engine, options: PartWriterOptions): Promise<PartWriter> {
    for (const table of SIMULATED_TABLES) await mkdir(join(options.out, table), { recursive: true })
    const connections: Engine[] = []
    for (let k = 0; k < options.writers; k++) connections.push(await engine.connect())
    return new PartWriter(connections, options)
  }

  /** The next block; comes back when the files that it completes are being written. @throws what an earlier file failed with */
  async add(block: Block): Promise<void> {
    for (const table of SIMULATED_TABLES) {
      const { columns, ends } = block.tables[table]
      let from = 0
      for (let k = 0; k < block.count; k++) {
        const community = block.first + k
        const last = community + 1 === this.#options.communities
        const complete = last || (community + 1) % this.#range[table] === 0
        if (!complete && k + 1 < block.count) continue
        const waiting = this.#waiting[table]
        waiting.pieces.push(columns.map((c) => c.subarray(from, ends[k])))
        waiting.rows += ends[k]! - from
        from = ends[k]!
        if (!complete) continue
        this.#waiting[table] = nothing()
        await this.#start(table, Math.floor(community / this.#range[table]), waiting)
      }
    }
  }

  /** Waits for the files that are being written. @throws what one of them failed with */
  async end(): Promise<void> {
    await Promise.all(this.#running)
    if (this.#failure) throw this.#failure.error
  }

  /** Ends what is being written. */
  interrupt(): void {
    this.#stopped = true
    for (const connection of this.#connections) connection.interrupt()
  }

  /** Comes back when nothing is being written any more. */
  async close(): Promise<void> {
    if (this.#running.size > 0) this.interrupt()
    await Promise.all(this.#running)
    for (const connection of this.#connections) connection.close()
  }

  async #start(table: SimulatedTable, part: number, rows: Waiting): Promise<void> {
    while (this.#idle.length === 0 && !this.#failure) await Promise.race(this.#running)
    if (this.#failure) throw this.#failure.error
    const connection = this.#idle.pop()!
    const file = partFile(table, part)
    this.files[table].push(file)
    this.counts[table] += rows.rows
    const running = this.#write(connection, table, file, rows)
      .catch((error: unknown) => {
        this.#failure ??= { error }
      })
      .finally(() => {
        this.#idle.push(connection)
        this.#running.delete(running)
      })
    this.#running.add(running)
  }

  async #write(connection: Engine, table: SimulatedTable, file: string, rows: Waiting): Promise<void> {
    const relation = `population_${file}`
    const columns: Record<string, ColumnInput> = {}
    TABLE_QUERIES[table].columns.forEach((name, j) => {
      columns[name] = { type: 'INTEGER', values: joined(rows, j) }
    })
    try {
      await connection.createTable(relation, columns)
      // A statement that has not begun hears nothing of an interruption.
      if (this.#stopped) throw interruptedError()
      await connection.writeParquet(
        tableQuery(table, identifier(relation), this.#options.people),
        join(this.#options.out, file),
        PARQUET,
      )
    } finally {
      await connection.run(`DROP TABLE IF EXISTS ${identifier(relation)}`)
    }
  }
}

/** Column j of all pieces; the pieces give it up, so that it is not in memory twice for long. */
const joined = ({ pieces, rows }: Waiting, j: number): Int32Array => {
  if (pieces.length === 1) return pieces[0]![j]!
  const whole = new Int32Array(rows)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece[j]!, at)
    at += piece[j]!.length
    piece[j] = EMPTY
  }
  return whole
}
const EMPTY = new Int32Array(0)
