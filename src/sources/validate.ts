/**
 * Checks a raw file against a contract: typed, accepted rows on one side, rejected rows by reason on the other.
 *
 * One pass over the file types every cell and finds the first fault of each row; it is staged as Parquet, in file order,
 * so memory does not grow with the file. References and duplicate keys are then found on the staged keys.
 *
 * Duplicate keys: of rows that are identical in every column the first is kept. Rows that share a key and differ are all
 * rejected: nothing in the file says which of them is true.
 */
import { basename, join } from 'node:path'
import type { Engine } from '../engines/engine.ts'
import { identifier, literal } from '../engines/sql.ts'
import { dataError } from '../util/errors.ts'
import { nameHint, nearestName } from '../util/nearestName.ts'
import { type Check, type CheckedContract, rowChecks, typed } from './checks.ts'
import { type RawFile, readingFile } from './rawFile.ts'
import type { Rejection, RejectReason, ValidationReport } from './rejects.ts'

/** Where a column of the contract comes from. */
export interface ColumnSource {
  /** column of the file, for messages; null for a constant */
  from: string | null
  /** VARCHAR expression over the file's columns; default: the column as it is */
  sql?: string
  /** strptime pattern of dates and times that are not ISO */
  format?: string
  /** what a value must be, in the words of the one who wrote the mapping; for messages on type and closed list */
  expected?: string
}

export interface ValidateOptions {
  /** name in reports; also the name under which later tables refer to this one */
  table: string
  /** column of the contract -> source; a column that is absent is NULL and must be nullable */
  sources: Record<string, ColumnSource>
  /** the day of extraction, ISO; no event may be at or after it */
  extractDate?: string
  /** stop at the first reject */
  strict?: boolean
  /** relations of accepted rows, by table, for references */
  known?: Record<string, string>
  /** folder for staged rows; they are read by `accepted` until the caller removes it */
  scratch: string
}

export interface Validated {
  /** SELECT of the accepted rows: the columns of the contract and `file_row`, in file order */
  accepted: string
  /** SELECT of the rejects: table, file, row, column, reason, value */
  rejects: string
  report: ValidationReport
  /** drops the table of rejects; `rejects` and `accepted` are not to be used after it */
  release(): Promise<void>
}

const REFERENCE = 10_000
const SAME_ROW = 20_000
const SAME_KEY = 20_001

let counter = 0

/** Names may be those of a file: `constructor` is no source that somebody stated. */
const sourceOf = (options: ValidateOptions, name: string): ColumnSource | undefined =>
  Object.hasOwn(options.sources, name) ? options.sources[name] : undefined

const selectSources = (raw: RawFile, contract: CheckedContract, options: ValidateOptions): string => {
  const names = Object.keys(contract.columns)
  const have = new Set(raw.columns)
  return names
    .map((name, j) => {
      const source = sourceOf(options, name)
      if (!source) {
        if (!contract.columns[name]!.nullable)
          throw dataError('a required column is missing', {
            file: raw.path,
            table: options.table,
            column: name,
            hint: nameHint(name, raw.columns),
          })
        return `NULL::VARCHAR AS s${j}, NULL::VARCHAR AS r${j}`
      }
      if (source.from !== null && !have.has(source.from))
        throw dataError('the column is missing', {
          file: raw.path,
          table: options.table,
          column: source.from,
          hint: nameHint(source.from, raw.columns),
        })
      const original = source.from === null ? 'NULL::VARCHAR' : identifier(source.from)
      return `nullif(trim(${source.sql ?? original}), '') AS s${j}, ${original} AS r${j}`
    })
    .join(', ')
}

const stageSql = (raw: RawFile, contract: CheckedContract, checks: readonly Check[], options: ValidateOptions) => {
  const names = Object.keys(contract.columns)
  const cells = names.map((n, j) => `${typed(contract.columns[n]!, `s${j}`, sourceOf(options, n)?.format)} AS t${j}`)
  const problem = checks.length
    ? `CASE ${checks.map((c, i) => `WHEN ${c.when} THEN ${i + 1}`).join(' ')} ELSE 0 END`
    : '0'
  const value = names
    .map((_, j) => {
      const codes = checks.flatMap((c, i) => (c.column === j ? [i + 1] : []))
      return codes.length ? `WHEN problem IN (${codes.join(', ')}) THEN r${j}` : ''
    })
    .join(' ')
  const kept = names.map((_, j) => `t${j}`).join(', ')
  return (
    `SELECT ${kept}, problem, ${value.trim() ? `CASE ${value} END` : 'NULL::VARCHAR'} AS value FROM (` +
    `SELECT *, (${problem})::USMALLINT AS problem FROM (` +
    `SELECT *, ${cells.join(', ')} FROM (SELECT ${selectSources(raw, contract, options)} FROM (${raw.sql}))))`
  )
}

/** Rows whose key occurs more than once, as file_row and code. Keys are grouped by hash first: eight bytes a key. */
const duplicateSql = (good: string, contract: CheckedContract): string => {
  const names = Object.keys(contract.columns)
  const keys = contract.key.map((k) => `t${names.indexOf(k)}`)
  const all = names.map((_, j) => `t${j}`)
  const key = keys.join(', ')
  return (
    `WITH good AS (${good}), suspects AS (SELECT * FROM good WHERE hash(${key}) IN ` +
    `(SELECT hash(${key}) FROM good GROUP BY 1 HAVING count(*) > 1)), numbered AS (SELECT file_row, ` +
    `count(*) OVER (PARTITION BY ${key}) AS same_key, ` +
    `count(*) OVER (PARTITION BY ${all.join(', ')}) AS same_row, ` +
    `row_number() OVER (PARTITION BY ${all.join(', ')} ORDER BY file_row) AS copy FROM suspects) ` +
    `SELECT file_row, CASE WHEN same_key > same_row THEN ${SAME_KEY} ELSE ${SAME_ROW} END AS problem FROM numbered ` +
    'WHERE same_key > same_row OR copy > 1'
  )
}

/**
 * @throws GlasscoreError for a file that is broken as a whole, lacks a column, has no rows or no usable row; under
 * `strict` for the first rejected row
 */
export const validate = async (
  engine: Engine,
  raw: RawFile,
  contract: CheckedContract,
  options: ValidateOptions,
): Promise<Validated> => {
  const id = counter++
  const names = Object.keys(contract.columns)
  const checks = rowChecks(contract, options.extractDate)
  const staged = join(options.scratch, `stage-${id}.parquet`)
  const read = await readingFile(raw, async () => {
    try {
      const [row] = await engine.rows<{ Count: number }>(
        `COPY (${stageSql(raw, contract, checks, options)}) TO ${literal(staged)} (FORMAT parquet, COMPRESSION snappy)`,
      )
      await raw.finish()
      return Number(row?.Count ?? 0)
    } catch (error) {
      await raw.release()
      throw error
    }
  })
  if (read === 0) throw dataError('the file has no rows', { file: raw.path, table: options.table })

  const rows = `(SELECT *, file_row_number + ${raw.firstRow} AS file_row FROM read_parquet(${literal(staged)}, file_row_number=true))`
  const rejected = identifier(`glasscore_rejects_${id}`)
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE ${rejected} AS SELECT file_row, problem::INTEGER AS problem, value FROM ${rows} WHERE problem > 0`,
  )
  const good = () =>
    `SELECT * EXCLUDE (problem, value, file_row_number) FROM ${rows} WHERE problem = 0 AND file_row NOT IN (SELECT file_row FROM ${rejected})`

  const references = Object.entries(contract.references)
  for (const [i, [column, table]] of references.entries()) {
    const relation = table === options.table ? undefined : options.known?.[table ?? '']
    if (!relation) continue
    const j = names.indexOf(column)
    await engine.run(
      `INSERT INTO ${rejected} SELECT file_row, ${REFERENCE + i}, t${j} FROM (${good()}) AS g ` +
        `WHERE t${j} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM (${relation}) AS k WHERE k.key = g.t${j})`,
    )
  }
  if (contract.key.length) {
    const key = contract.key.map((k) => `t${names.indexOf(k)}`)
    await engine.run(
      `INSERT INTO ${rejected} SELECT d.file_row, d.problem, concat_ws(', ', ${key.map((k) => `g.${k}`).join(', ')}) ` +
        `FROM (${duplicateSql(good(), contract)}) AS d JOIN (${good()}) AS g ON g.file_row = d.file_row`,
    )
  }

  const describe = (
    code: number,
  ): { reason: RejectReason; column: string; expected: string; values?: readonly string[] } => {
    if (code === SAME_ROW || code === SAME_KEY)
      return {
        reason: code === SAME_ROW ? 'duplicate row' : 'duplicate key',
        column: contract.key.map((k) => sourceOf(options, k)?.from ?? k).join(', '),
        expected: 'each key once',
      }
    if (code >= REFERENCE) {
      const [column, table] = references[code - REFERENCE]!
      const reason = table === 'people' ? 'unknown person' : 'unknown reference'
      return { reason, column: sourceOf(options, column)?.from ?? column, expected: `a key of ${table}` }
    }
    const check = checks[code - 1]!
    const column = names[check.column]!
    const source = sourceOf(options, column)
    const own = check.reason === 'wrong type' || check.reason === 'not in closed list' ? source?.expected : undefined
    return { ...check, column: source?.from ?? column, ...(own ? { expected: own, values: [] } : {}) }
  }

  const examples = await engine.rows<{ problem: number; file_row: number; value: string | null; count: number }>(
    `SELECT problem, file_row, value, count(*) OVER (PARTITION BY problem) AS count FROM ${rejected} ` +
      'QUALIFY row_number() OVER (PARTITION BY problem ORDER BY file_row) <= 3 ORDER BY problem, file_row',
  )
  const byCode = new Map<number, Rejection>()
  for (const e of examples) {
    const { reason, column } = describe(e.problem)
    const rejection = byCode.get(e.problem) ?? { reason, column, count: Number(e.count), examples: [] }
    rejection.examples.push({ row: Number(e.file_row), value: e.value })
    byCode.set(e.problem, rejection)
  }
  const rejections = [...byCode.values()].sort((a, b) => b.count - a.count)
  const accepted = read - rejections.reduce((sum, r) => sum + r.count, 0)

  const first = examples.reduce<(typeof examples)[number] | null>(
    (a, b) => (a && a.file_row <= b.file_row ? a : b),
    null,
  )
  if (first && (options.strict || accepted === 0)) {
    const { reason, column, expected, values } = describe(first.problem)
    const near = values && first.value !== null ? nearestName(first.value, values) : null
    const what = options.strict ? reason : `no row can be used; the first: ${reason}`
    throw dataError(what, {
      file: raw.path,
      table: options.table,
      row: first.file_row,
      column,
      expected,
      ...(first.value === null ? {} : { got: first.value }),
      ...(near ? { hint: `did you mean ${near}?` } : {}),
    })
  }
  if (options.strict && raw.warnings[0]) throw dataError(raw.warnings[0])

  const codes = [...byCode.keys()].map((code) => {
    const { reason, column } = describe(code)
    return `(${code}, ${literal(column)}, ${literal(reason)})`
  })
  const rejects = codes.length
    ? `SELECT ${literal(options.table)} AS "table", ${literal(basename(raw.path))} AS file, r.file_row AS "row", c."column", c.reason, r.value ` +
      `FROM ${rejected} AS r JOIN (VALUES ${codes.join(', ')}) AS c(problem, "column", reason) USING (problem)`
    : `SELECT ''::VARCHAR AS "table", ''::VARCHAR AS file, 0::BIGINT AS "row", ''::VARCHAR AS "column", ''::VARCHAR AS reason, ''::VARCHAR AS value WHERE false`
  const select = names.map((n, j) => `t${j} AS ${identifier(n)}`).join(', ')
  return {
    accepted: `SELECT ${select}, file_row FROM (${good()})`,
    rejects,
    report: { table: options.table, file: raw.path, read, accepted, rejected: rejections, warnings: raw.warnings },
    release: () => engine.run(`DROP TABLE IF EXISTS ${rejected}`),
  }
}

/** The keys of accepted rows as a relation with the column `key`, for references from other tables. */
export const keysOf = (validated: Validated, column: string): string =>
  `SELECT ${identifier(column)} AS key FROM (${validated.accepted})`
