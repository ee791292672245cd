/** Writes the tables of a population as Parquet part files, while the simulation of later people goes on. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ColumnInput, Engine } from '../engines/engine.ts'
import { identifier } from '../engines/sql.ts'
import { Rows } from './rows.ts'
import { SIMULATED_TABLES, type SimulatedTable, TABLE_QUERIES, tableQuery } from './tableQueries.ts'

export type PopulationRows = Record<SimulatedTable, Rows>

/** A table is cut into part files of at least this many rows, after whole communities: bounds the memory. */
export const PART_ROWS = 1_000_000

const emptyRows = (table: SimulatedTable): Rows => new Rows(TABLE_QUERIES[table].columns)

/** One writer for all tables. What a part file holds depends on the rows alone, not on time or threads. */
export class PartWriter {
  readonly rows: PopulationRows
  readonly files: Record<SimulatedTable, string[]>
  readonly counts: Record<SimulatedTable, number>
  #engine: Engine
  #out: string
  #people: number
  #partRows: number
  /** tables that were written and are filled again: while one is written, the next is filled */
  #spare: Partial<Record<SimulatedTable, Rows>> = {}
  #writing: Promise<void> = Promise.resolve()
  #failure: unknown

  constructor(engine: Engine, out: string, people: number, partRows = PART_ROWS) {
    this.#engine = engine
    this.#out = out
    this.#people = people
    this.#partRows = partRows
    const perTable = <T>(make: (t: SimulatedTable) => T) =>
      Object.fromEntries(SIMULATED_TABLES.map((t) => [t, make(t)])) as Record<SimulatedTable, T>
    this.rows = perTable(emptyRows)
    this.files = perTable(() => [])
    this.counts = perTable(() => 0)
  }

  /** Called after each community: starts to write the tables that are long enough, once earlier writing has ended. */
  async flush(end = false): Promise<void> {
    if (end) await this.#writing
    const due = SIMULATED_TABLES.filter((t) =>
      end ? this.rows[t].length > 0 || this.files[t].length === 0 : this.rows[t].length >= this.#partRows,
    )
    if (due.length > 0) {
      await this.#writing
      const taken = due.map((t): [SimulatedTable, Rows] => [t, this.rows[t]])
      for (const t of due) {
        this.rows[t] = this.#spare[t] ?? emptyRows(t)
        delete this.#spare[t]
      }
      this.#writing = this.#write(taken).catch((error: unknown) => {
        this.#failure = error
      })
    }
    if (end) await this.#writing
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Waits for what is being written, whether it fails or not. */
  async settle(): Promise<void> {
    await this.#writing
  }

  async #write(parts: readonly [SimulatedTable, Rows][]): Promise<void> {
    for (const [table, rows] of parts) {
      const file = `${table}/part-${String(this.files[table].length).padStart(5, '0')}.parquet`
      await mkdir(join(this.#out, table), { recursive: true })
      const relation = `population_${table}`
      const values = rows.columns()
      const columns: Record<string, ColumnInput> = {}
      rows.names.forEach((name, j) => {
        columns[name] = { type: 'INTEGER', values: values[j]! }
      })
      await this.#engine.createTable(relation, columns)
      await this.#engine.writeParquet(tableQuery(table, relation, this.#people), join(this.#out, file))
      await this.#engine.run(`DROP TABLE ${identifier(relation)}`)
      this.files[table].push(file)
      this.counts[table] += rows.length
      rows.clear()
      this.#spare[table] = rows
    }
  }
}
