/** Canonical tables from any files DuckDB can read, by a mapping of kind `tables`. */
import { join } from 'node:path'
import type { Engine } from '../engines/engine.ts'
import { writeDataset } from '../engines/folders.ts'
import { identifier, literal } from '../engines/sql.ts'
import type { Dataset } from '../schema/dataset.ts'
import { DEFAULT_OUTCOME } from '../schema/outcome.ts'
import { type ColumnContract, TABLE_NAMES, TABLES, type TableName } from '../schema/tables.ts'
import { dataError } from '../util/errors.ts'
import { nameHint } from '../util/nearestName.ts'
import { noProgress, type WorkOptions } from '../util/progress.ts'
import type { CheckedContract } from './checks.ts'
import { cleanCell } from './columnProfile.ts'
import { ingestInto, reportOf, stopIfAsked, writeRejects } from './ingestFolder.ts'
import { openKnownFile } from './knownFile.ts'
import { mappedOutcome } from './mappedOutcome.ts'
import type { MappedSource, TablesMapping } from './mapping.ts'
import { resolveInput } from './readyTable.ts'
import type { IngestReport } from './rejects.ts'
import { type ColumnSource, keysOf, type Validated, validate } from './validate.ts'

/** What `ingestTables` reads and where it writes. */
export interface MappedTablesOptions extends WorkOptions {
  mapping: TablesMapping
  /** folder before each `file`, or the one file of a mapping with one; default: beside the mapping */
  input?: string
  mappingFile?: string
  out: string
  strict?: boolean
}

/** The contract of a table; `people` also takes the protected columns that the mapping names, as text. */
const contractOf = (name: TableName, mapping: TablesMapping): CheckedContract => {
  if (name !== 'people') return TABLES[name]
  const extra = (mapping.protected ?? []).filter((c) => !Object.hasOwn(TABLES.people.columns, c))
  const columns = Object.assign(Object.create(null) as Record<string, ColumnContract>, TABLES.people.columns)
  for (const c of extra) columns[c] = { type: 'text', nullable: true, about: 'protected' }
  return { ...TABLES.people, columns }
}

const columnSource = (source: MappedSource, missing: readonly string[]): ColumnSource => {
  if ('constant' in source) return { from: null, sql: literal(source.constant) }
  const { column } = source
  const own = 'missing' in source ? (source.missing ?? []) : []
  const cell = cleanCell(column, [...missing, ...own])
  const values = 'values' in source ? Object.entries(source.values ?? {}) : []
  const otherwise = 'otherwise' in source ? source.otherwise : undefined
  const whens = values.map(([from, to]) => `WHEN ${cell} = ${literal(from)} THEN ${literal(to)}`)
  if (otherwise !== undefined) whens.push(`WHEN ${cell} IS NOT NULL THEN ${literal(otherwise)}`)
  return {
    from: column,
    sql: whens.length ? `CASE ${whens.join(' ')} ELSE ${cell} END` : cell,
    ...('format' in source && source.format ? { format: source.format } : {}),
  }
}

/** Rows in an order of their own: person, time, key. */
const orderOf = (name: TableName): string => {
  const { person, knownAt, key } = TABLES[name]
  const first = [...('table' in person ? [] : [person.column]), ...('table' in knownAt ? [] : [knownAt.column]), ...key]
  return [...new Set(first)].map(identifier).join(', ')
}

const checkMapping = (mapping: TablesMapping, mappingFile: string | undefined): TableName[] => {
  const place = mappingFile ? { file: mappingFile } : {}
  const names = TABLE_NAMES.filter((n) => mapping.tables[n])
  if (names.length === 0) throw dataError('the mapping has no table', { ...place, option: 'tables' })
  for (const name of names) {
    const table = mapping.tables[name]!
    const contract = contractOf(name, mapping)
    const known = Object.keys(contract.columns)
    for (const column of Object.keys(table.columns))
      if (!known.includes(column))
        throw dataError('the table has no such column', {
          ...place,
          table: name,
          column,
          hint: nameHint(column, known),
        })
    for (const [column, c] of Object.entries(contract.columns))
      if (!c.nullable && !Object.hasOwn(table.columns, column))
        throw dataError('a required column is not mapped', { ...place, table: name, column, expected: c.about })
    const to = table.coveredTo ?? mapping.extractDate
    if (to > mapping.extractDate)
      throw dataError('coveredTo is after the extract date', {
        ...place,
        table: name,
        expected: `at most ${mapping.extractDate}`,
        got: to,
      })
    if (table.coveredFrom >= to)
      throw dataError('coveredFrom is not before coveredTo', {
        ...place,
        table: name,
        expected: `before ${to}`,
        got: table.coveredFrom,
      })
  }
  return names
}

/**
 * Reads each table's file, checks it against the contract and writes a dataset folder.
 * @throws GlasscoreError for a broken file or mapping, or (strict) at the first rejected row
 */
export const ingestTables = async (
  engine: Engine,
  options: MappedTablesOptions,
): Promise<{ dataset: Dataset; report: IngestReport }> => {
  const { mapping, strict = false, progress = noProgress } = options
  const names = checkMapping(mapping, options.mappingFile)
  return ingestInto(options.out, async (folder, scratch) => {
    const known: Record<string, string> = {}
    const done: Validated[] = []
    const warnings: string[] = []
    const tables: Dataset['tables'] = {}
    for (const [i, name] of names.entries()) {
      stopIfAsked(options.signal)
      progress('read', i, names.length)
      const mapped = mapping.tables[name]!
      const contract = contractOf(name, mapping)
      const path = resolveInput(mapped.file, options.input, options.mappingFile)
      const opened = await openKnownFile(engine, path, mapped)
      warnings.push(...opened.warnings)
      for (const to of new Set(Object.values(contract.references)))
        if (to && to !== name && !known[to])
          warnings.push(`table ${name}: no table ${to}, so its references are not checked`)
      const checked = await validate(engine, opened.raw, contract, {
        table: name,
        sources: Object.fromEntries(
          Object.entries(mapped.columns).map(([c, source]) => [c, columnSource(source, mapping.missing ?? [])]),
        ),
        extractDate: mapping.extractDate,
        strict,
        known,
        scratch,
      })
      done.push(checked)
      if (contract.key.length === 1) known[name] = keysOf(checked, contract.key[0]!)
      const rows = await engine.writeParquet(
        `SELECT * EXCLUDE (file_row) FROM (${checked.accepted}) ORDER BY ${orderOf(name)}`,
        join(folder, `${name}.parquet`),
      )
      tables[name] = {
        files: [`${name}.parquet`],
        rows,
        coveredFrom: mapped.coveredFrom,
        coveredTo: mapped.coveredTo ?? mapping.extractDate,
      }
    }
    progress('read', names.length, names.length)
    const people = mapping.tables.people?.columns ?? {}
    const own = ['born_on', 'sex', 'household_registration'].filter((c) => c in people)
    const dataset: Dataset = {
      format: 'glasscore.dataset',
      version: 1,
      name: mapping.name,
      currency: mapping.currency,
      extractDate: mapping.extractDate,
      tables,
      protectedColumns: [...new Set([...own, ...(mapping.protected ?? [])])],
      outcome: mapping.outcome ? mappedOutcome(mapping.name, mapping.outcome) : DEFAULT_OUTCOME,
      notes: mapping.notes ?? [],
    }
    const rejectsFile = await writeRejects(engine, folder, done)
    await writeDataset(folder, dataset)
    return { dataset, report: reportOf(done, warnings, rejectsFile) }
  })
}
