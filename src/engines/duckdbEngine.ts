import { rename, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import {
  DATE,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  DuckDBTypeId,
  INTEGER,
  type JS,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api'
import { releaseTemporary, temporaryName } from '../util/atomic.ts'
import type { DuckDBOptions } from './duckdbOptions.ts'
import type { ColumnInput, Columns, Engine, NumberChunk, ParquetOptions } from './engine.ts'
import { identifier, literal } from './sql.ts'

const CHUNK = 2048
const TYPES: Record<ColumnInput['type'], DuckDBType> = {
  DOUBLE,
  INTEGER,
  DATE,
  UTINYINT,
  VARCHAR,
}

/** Engine values as plain JavaScript: integers and decimals as number, dates as ISO days, timestamps as ISO text. */
const plain = (value: JS, type: DuckDBTypeId): unknown => {
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Date) return type === DuckDBTypeId.DATE ? value.toISOString().slice(0, 10) : value.toISOString()
  return value
}

const asNumber = (name: string): string => `coalesce(${identifier(name)}::DOUBLE, 'nan'::DOUBLE)`

class DuckDBEngine implements Engine {
  readonly name = 'duckdb'
  readonly threads: number
  #instance: DuckDBInstance
  #connection: DuckDBConnection
  /** whether the instance ends with this connection */
  #owner: boolean
  #closed = false

  constructor(instance: DuckDBInstance, connection: DuckDBConnection, threads: number, owner: boolean) {
    this.#instance = instance
    this.#connection = connection
    this.threads = threads
    this.#owner = owner
  }

  async connect(): Promise<Engine> {
    return new DuckDBEngine(this.#instance, await openConnection(this.#instance), this.threads, false)
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql)
  }

  async rows<T>(sql: string): Promise<T[]> {
    const reader = await this.#connection.runAndReadAll(sql)
    const names = reader.deduplicatedColumnNames()
    const types = names.map((_, j) => reader.columnTypeId(j))
    return reader
      .getRowsJS()
      .map((row) => Object.fromEntries(row.map((v, j) => [names[j], plain(v, types[j]!)]))) as T[]
  }

  async columns(sql: string, numbers: readonly string[], texts: readonly string[] = []): Promise<Columns> {
    const select = [...numbers.map(asNumber), ...texts.map((n) => `${identifier(n)}::VARCHAR`)].join(', ')
    const result = await this.#connection.stream(`SELECT ${select} FROM (${sql})`)
    const parts: Float64Array[][] = numbers.map(() => [])
    const out: Columns = { rows: 0, numbers: {}, texts: {} }
    const textColumns: (string | null)[][] = texts.map(() => [])
    for (;;) {
      const chunk = await result.fetchChunk()
      if (!chunk || chunk.rowCount === 0) break
      for (let j = 0; j < numbers.length; j++) {
        const vector = chunk.getColumnVector(j) as unknown as { items: Float64Array }
        parts[j]!.push(Float64Array.from(vector.items.subarray(0, chunk.rowCount)))
      }
      for (let j = 0; j < texts.length; j++) {
        const column = textColumns[j]!
        for (const value of chunk.getColumnVector(numbers.length + j).toArray()) column.push(value as string | null)
      }
      out.rows += chunk.rowCount
    }
    numbers.forEach((name, j) => {
      const whole = new Float64Array(out.rows)
      let at = 0
      for (const part of parts[j]!) {
        whole.set(part, at)
        at += part.length
      }
      out.numbers[name] = whole
      // Or the whole result would be in memory twice.
      parts[j] = []
    })
    texts.forEach((name, j) => {
      out.texts[name] = textColumns[j]!
    })
    return out
  }

  async *chunks(sql: string, numbers: readonly string[]): AsyncGenerator<NumberChunk> {
    const select = numbers.map(asNumber).join(', ')
    const result = await this.#connection.stream(`SELECT ${select} FROM (${sql})`)
    const columns = numbers.map(() => new Float64Array(CHUNK))
    for (;;) {
      const chunk = await result.fetchChunk()
      const rows = chunk?.rowCount ?? 0
      if (!chunk || rows === 0) return
      for (let j = 0; j < numbers.length; j++) {
        const { items } = chunk.getColumnVector(j) as unknown as { items: Float64Array }
        if (rows > columns[j]!.length) columns[j] = new Float64Array(rows)
        columns[j]!.set(items.subarray(0, rows))
      }
      yield { rows, columns }
    }
  }

  async createTable(name: string, columns: Record<string, ColumnInput>): Promise<void> {
    const names = Object.keys(columns)
    const inputs = Object.values(columns)
    const rows = inputs[0]?.values.length ?? 0
    const definition = names.map((n, j) => `${identifier(n)} ${inputs[j]!.type}`).join(', ')
    await this.run(`CREATE OR REPLACE TABLE ${identifier(name)} (${definition})`)
    const appender = await this.#connection.createAppender(name)
    const types = inputs.map((c) => TYPES[c.type])
    // One chunk is filled again and again: making it, and the memory of its columns, takes as long as appending it.
    const whole = DuckDBDataChunk.create(types, CHUNK)
    for (let from = 0; from < rows; from += CHUNK) {
      const count = Math.min(CHUNK, rows - from)
      const chunk = count === CHUNK ? whole : DuckDBDataChunk.create(types, count)
      inputs.forEach((input, j) => {
        if (input.type === 'VARCHAR') {
          chunk.setColumnValues(j, input.values.slice(from, from + count))
          return
        }
        const vector = chunk.getColumnVector(j) as unknown as {
          items: Float64Array | Int32Array | Uint8Array
          validity: { setItemValid(i: number, valid: boolean): void }
          flush(): void
        }
        vector.items.set(input.values.subarray(from, from + count))
        if (input.type === 'DOUBLE')
          for (let i = 0; i < count; i++) vector.validity.setItemValid(i, !Number.isNaN(input.values[from + i]!))
        vector.flush()
      })
      appender.appendDataChunk(chunk)
    }
    appender.closeSync()
  }

  async writeParquet(sql: string, path: string, options: ParquetOptions = {}): Promise<number> {
    const temporary = temporaryName(path)
    try {
      const { rowGroupSize = 122_880, dictionaryValues, compressionLevel, version = 1 } = options
      const more = [
        `ROW_GROUP_SIZE ${rowGroupSize}`,
        `PARQUET_VERSION V${version}`,
        ...(dictionaryValues === undefined ? [] : [`DICTIONARY_SIZE_LIMIT ${dictionaryValues}`]),
        ...(compressionLevel === undefined ? [] : [`COMPRESSION_LEVEL ${compressionLevel}`]),
      ].join(', ')
      const [row] = await this.rows<{ Count: number }>(
        `COPY (${sql}) TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd, ${more})`,
      )
      await rename(temporary, path)
      return Number(row?.Count ?? 0)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    } finally {
      releaseTemporary(temporary)
    }
  }

  interrupt(): void {
    if (!this.#closed) this.#connection.interrupt()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#connection.closeSync()
    if (this.#owner) this.#instance.closeSync()
  }
}

const openConnection = async (instance: DuckDBInstance): Promise<DuckDBConnection> => {
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  return connection
}

/** See `openDuckDB`, which loads this file and with it the database. */
export const startDuckDB = async (options: DuckDBOptions): Promise<Engine> => {
  const threads = options.threads ?? availableParallelism()
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'true',
    ...(options.memoryLimit ? { memory_limit: options.memoryLimit } : {}),
    ...(options.temporaryFolder ? { temp_directory: options.temporaryFolder } : {}),
  })
  return new DuckDBEngine(instance, await openConnection(instance), threads, true)
}
