/**
 * A user's file as a relation of text columns, whatever its format, so that a bad value is seen as it stands in the file.
 * Whatever is wrong with the file as a whole is found here and stops the work: it has no rows to accept.
 */
import { basename } from 'node:path'
import type { Engine } from '../engines/engine.ts'
import { identifier, literal } from '../engines/sql.ts'
import { dataError, GlasscoreError, usageError } from '../util/errors.ts'
import { nameHint } from '../util/nearestName.ts'
import { type CsvHeader, type CsvOptions, readCsvHeader } from './csvHeader.ts'
import { fileEnds } from './fileEnds.ts'

export interface RawOptions extends CsvOptions {
  /** table of a DuckDB file */
  table?: string
}

export interface RawFile {
  path: string
  format: 'csv' | 'parquet' | 'json' | 'duckdb'
  columns: string[]
  /** SELECT of all columns as VARCHAR, in file order; `json` and typed sources are cast */
  sql: string
  /** number of the first row of data: 2 below a header line, else 1 */
  firstRow: number
  warnings: string[]
  /** to be called after the relation was read: refuses a file that turned out to be broken */
  finish(): Promise<void>
  /** lets go of the file without looking at it again; `finish` does it too */
  release(): Promise<void>
}

const EXTENSIONS: Record<string, RawFile['format']> = {
  csv: 'csv',
  tsv: 'csv',
  txt: 'csv',
  asc: 'csv',
  parquet: 'parquet',
  json: 'json',
  jsonl: 'json',
  ndjson: 'json',
  duckdb: 'duckdb',
  ddb: 'duckdb',
  db: 'duckdb',
}

/** The format by the name's ending, .gz aside. */
export const formatOf = (path: string): RawFile['format'] => {
  const name = basename(path).toLowerCase().replace(/\.gz$/, '')
  const format = EXTENSIONS[name.slice(name.lastIndexOf('.') + 1)]
  if (!format)
    throw dataError('unknown kind of file', {
      file: path,
      expected: `a name that ends in ${Object.keys(EXTENSIONS).join(', ')}`,
    })
  return format
}

/** A path as literal for DuckDB's readers, which take * ? [ as patterns. */
const pathLiteral = (path: string): string => literal(path.replace(/[*?[]/g, '[$&]'))

let counter = 0

const firstLine = (error: unknown): string => String((error as Error).message).split('\n')[0]!

/** DuckDB's words on a broken text file, in ours. */
const csvFault = (type: string, message: string): { what: string; hint?: string; expected?: string } => {
  const found = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message)
  if (type === 'MISSING COLUMNS' && found)
    return { what: `the line has ${found[2]} columns`, expected: `${found[1]}, as in the header` }
  if (type === 'TOO MANY COLUMNS' && found)
    return {
      what: `the line has ${found[2]} columns`,
      expected: `${found[1]}, as in the header`,
      hint: 'is there a delimiter inside a value without quotes?',
    }
  if (type === 'UNQUOTED VALUE') return { what: 'a quote is opened and not closed, or text follows a closing quote' }
  if (type === 'INVALID ENCODING')
    return { what: 'the file is not in UTF-8', hint: 'state its encoding in the mapping (encoding: latin-1)' }
  if (type === 'LINE SIZE OVER MAXIMUM') return { what: 'the line is longer than 2 MB', hint: 'is a line end missing?' }
  return { what: message.split('\n')[0]! }
}

interface CsvReject {
  line: number
  column_name: string | null
  error_type: string
  csv_line: string | null
  error_message: string
}

const openCsv = async (engine: Engine, path: string, options: RawOptions): Promise<RawFile> => {
  const { head, tail } = await fileEnds(path)
  const header: CsvHeader = readCsvHeader(path, head, options)
  const ended = tail.at(-1) === 10 || tail.at(-1) === 13 || (header.encoding === 'utf-16' && tail.at(-2) === 10)
  const id = counter++
  const errors = identifier(`glasscore_csv_errors_${id}`)
  const scans = identifier(`glasscore_csv_scans_${id}`)
  const types = header.columns.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')
  // No new_line here: with strict_mode it makes DuckDB 1.5 return no rows at all for CR LF files.
  const sql =
    `SELECT * FROM read_csv(${pathLiteral(path)}, auto_detect=false, header=true, columns={${types}}, ` +
    `delim=${literal(header.delimiter)}, quote='"', escape='"', encoding=${literal(header.encoding)}, ` +
    'strict_mode=true, null_padding=false, store_rejects=true, ' +
    `rejects_table=${literal(`glasscore_csv_errors_${id}`)}, rejects_scan=${literal(`glasscore_csv_scans_${id}`)}, rejects_limit=100)`
  const warnings = ended
    ? []
    : [`file ${path}: the last line has no line end; if the file was cut, its last value is not whole`]
  const release = (): Promise<void> => engine.run(`DROP TABLE IF EXISTS ${errors}; DROP TABLE IF EXISTS ${scans}`)
  const finish = async (): Promise<void> => {
    const [reject] = await engine.rows<CsvReject>(
      `SELECT line::BIGINT AS line, column_name, error_type::VARCHAR AS error_type, csv_line, error_message FROM ${errors} ORDER BY line, CASE error_type::VARCHAR WHEN 'TOO MANY COLUMNS' THEN -column_idx ELSE column_idx END LIMIT 1`,
    )
    const [last] = await engine.rows<{ line: number | null }>(`SELECT max(line)::BIGINT AS line FROM ${errors}`)
    await release()
    if (!reject) return
    const place = { file: path, row: Number(reject.line) }
    const line = (reject.csv_line ?? '').trim()
    const cutLine = !ended && new TextDecoder('latin1').decode(tail).endsWith(line.slice(-30))
    if (cutLine && last?.line === reject.line && reject.error_type !== 'INVALID ENCODING')
      throw dataError('the file is cut in the middle of this line', {
        ...place,
        expected: `${header.columns.length} columns and a line end`,
        got: line,
        hint: 'copy or download the file again',
      })
    const fault = csvFault(reject.error_type, reject.error_message)
    throw dataError(fault.what, {
      ...place,
      ...(reject.column_name && reject.error_type === 'UNQUOTED VALUE' ? { column: reject.column_name } : {}),
      ...(fault.expected ? { expected: fault.expected } : {}),
      got: line,
      ...(fault.hint ? { hint: fault.hint } : {}),
    })
  }
  return { path, format: 'csv', columns: header.columns, sql, firstRow: 2, warnings, finish, release }
}

/** Columns of a relation; a failure is the file's. */
const describe = async (engine: Engine, from: string, path: string, what: string): Promise<string[]> => {
  try {
    const rows = await engine.rows<{ column_name: string }>(`DESCRIBE SELECT * FROM ${from}`)
    return rows.map((r) => r.column_name)
  } catch (cause) {
    throw dataError(`this is not ${what}, or it is cut or damaged`, { file: path, hint: firstLine(cause), cause })
  }
}

const nothing = async (): Promise<void> => {}

const openDuckDBTable = async (engine: Engine, path: string, options: RawOptions): Promise<RawFile> => {
  const alias = `glasscore_source_${counter++}`
  try {
    await engine.run(`ATTACH ${literal(path)} AS ${identifier(alias)} (READ_ONLY)`)
  } catch (cause) {
    throw dataError('this is not a DuckDB file', { file: path, hint: firstLine(cause), cause })
  }
  const found = await engine.rows<{ table_schema: string; table_name: string }>(
    `SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = ${literal(alias)} ORDER BY 1, 2`,
  )
  const names = found.map((t) => t.table_name)
  const wanted = options.table ?? (names.length === 1 ? names[0]! : undefined)
  const table = found.find((t) => t.table_name === wanted)
  if (!table) {
    await engine.run(`DETACH ${identifier(alias)}`)
    if (wanted === undefined)
      throw dataError('the file has more than one table', {
        file: path,
        expected: 'the name of one (table: in the mapping)',
        hint: `there are: ${names.join(', ')}`,
      })
    throw dataError('there is no such table in the file', { file: path, table: wanted, hint: nameHint(wanted, names) })
  }
  const from = [alias, table.table_schema, table.table_name].map(identifier).join('.')
  const columns = await describe(engine, from, path, 'a DuckDB file')
  const sql = `SELECT ${columns.map((c) => `${identifier(c)}::VARCHAR AS ${identifier(c)}`).join(', ')} FROM ${from}`
  const finish = (): Promise<void> => engine.run(`DETACH DATABASE IF EXISTS ${identifier(alias)}`)
  return { path, format: 'duckdb', columns, sql, firstRow: 1, warnings: [], finish, release: finish }
}

/**
 * Opens a CSV (also .tsv, .txt, .asc), Parquet or JSON file (also .gz where it is text), or a table of a DuckDB file.
 * @throws GlasscoreError when the file is missing, a folder, empty, not what its name says, or in an unreadable encoding
 */
export const openRawFile = async (engine: Engine, path: string, options: RawOptions = {}): Promise<RawFile> => {
  const format = formatOf(path)
  if (options.table !== undefined && format !== 'duckdb')
    throw usageError('only a DuckDB file has tables', { file: path, option: 'table', got: options.table })
  if (format === 'csv') return openCsv(engine, path, options)
  await fileEnds(path)
  if (format === 'duckdb') return openDuckDBTable(engine, path, options)
  if (format === 'parquet') {
    const from = `read_parquet(${pathLiteral(path)})`
    const columns = await describe(engine, from, path, 'a Parquet file')
    const sql = `SELECT ${columns.map((c) => `${identifier(c)}::VARCHAR AS ${identifier(c)}`).join(', ')} FROM ${from}`
    return { path, format, columns, sql, firstRow: 1, warnings: [], finish: nothing, release: nothing }
  }
  const columns = await describe(engine, `read_json(${pathLiteral(path)}, sample_size=-1)`, path, 'JSON')
  const types = columns.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')
  const sql = `SELECT * FROM read_json(${pathLiteral(path)}, columns={${types}})`
  return { path, format, columns, sql, firstRow: 1, warnings: [], finish: nothing, release: nothing }
}

/** Runs a statement that reads a raw file; errors of the reader become errors of the file. */
export const readingFile = async <T>(raw: RawFile, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof GlasscoreError) throw cause
    const message = String((cause as Error).message)
    if (/state machine reached an invalid state/.test(message))
      throw dataError('the lines do not all end alike (some with CR LF, some with LF)', { file: raw.path, cause })
    if (/not utf-8|unicode|byte sequence/i.test(message))
      throw dataError('the file is not in UTF-8', {
        file: raw.path,
        hint: 'state its encoding in the mapping (encoding: latin-1)',
        cause,
      })
    if (/^(Invalid Input|IO|Conversion|Serialization) Error/.test(message))
      throw dataError('the file cannot be read', { file: raw.path, hint: firstLine(cause), cause })
    throw cause
  }
}
