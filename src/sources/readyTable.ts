/** A ready feature table (Taiwan, German, any file with one row a person) by its mapping. */
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Engine } from '../engines/engine.ts'
import { writeFeatureTable } from '../engines/folders.ts'
import { identifier, literal } from '../engines/sql.ts'
import type { FeatureTable } from '../schema/dataset.ts'
import { dataError } from '../util/errors.ts'
import { noProgress, type WorkOptions } from '../util/progress.ts'
import { ingestInto, reportOf, stopIfAsked, writeRejects } from './ingestFolder.ts'
import { openKnownFile } from './knownFile.ts'
import { COLUMNS_AT_ONCE } from './longForm.ts'
import type { FeaturesMapping } from './mapping.ts'
import { type RawFile, readingFile } from './rawFile.ts'
import { countValues } from './readyCounts.ts'
import { planReadyTable, type ReadyColumn } from './readyPlan.ts'
import { readyWarnings } from './readyWarnings.ts'
import type { IngestReport } from './rejects.ts'
import { validate } from './validate.ts'

/** What `ingestReadyTable` reads and where it writes. */
export interface ReadyTableOptions extends WorkOptions {
  mapping: FeaturesMapping
  /** the file, or the folder that holds the mapping's `file`; without it `file` is looked for beside the mapping */
  input?: string
  /** where the mapping was read from */
  mappingFile?: string
  out: string
  strict?: boolean
  /** read people whose outcome is not known: the target's column may be absent and is not looked at; `status` is NULL */
  withoutTarget?: boolean
}

/** A wide file as Parquet, so that statistics of some of its columns do not read all of it again. */
const held = async (engine: Engine, raw: RawFile, scratch: string): Promise<RawFile> => {
  if (raw.columns.length <= COLUMNS_AT_ONCE) return raw
  const copy = literal(join(scratch, 'raw.parquet'))
  await readingFile(raw, () => engine.run(`COPY (${raw.sql}) TO ${copy} (FORMAT parquet, COMPRESSION snappy)`))
  return { ...raw, sql: `SELECT * FROM read_parquet(${copy})` }
}

/** The file that a mapping (or one of its tables) means. */
export const resolveInput = (
  file: string | undefined,
  input: string | undefined,
  mappingFile: string | undefined,
): string => {
  if (input !== undefined && !existsSync(input)) throw dataError('there is no such file or folder', { file: input })
  if (input !== undefined && !statSync(input).isDirectory()) return input
  if (file === undefined)
    throw dataError('no file is named', {
      ...(mappingFile ? { file: mappingFile } : {}),
      option: 'file',
      expected: 'the name of a data file in the mapping, or as input',
    })
  return join(input ?? (mappingFile ? dirname(mappingFile) : '.'), file)
}

const storedValue = (c: ReadyColumn): string => {
  const cell = identifier(c.name)
  if (c.factor.kind === 'category') return cell
  if (c.levels)
    return `CASE ${cell} ${c.levels.map((l, i) => `WHEN ${literal(l)} THEN ${i + 1}`).join(' ')} END::DOUBLE AS ${cell}`
  return `${cell}::DOUBLE AS ${cell}`
}

/**
 * Reads the file, checks every row and writes a feature-table folder.
 * @throws GlasscoreError when the file is broken, a mapped column is absent, or (strict) at the first rejected row
 */
export const ingestReadyTable = async (
  engine: Engine,
  options: ReadyTableOptions,
): Promise<{ table: FeatureTable; report: IngestReport }> => {
  const { mapping, strict = false, withoutTarget = false, progress = noProgress } = options
  const path = resolveInput(mapping.file, options.input, options.mappingFile)
  const { raw, warnings } = await openKnownFile(engine, path, mapping)

  return ingestInto(options.out, async (folder, scratch) => {
    progress('read', 0, 3)
    const plan = await planReadyTable(engine, await held(engine, raw, scratch), mapping, { withoutTarget })
    stopIfAsked(options.signal)
    progress('read', 1, 3)
    const done = await validate(engine, raw, plan.contract, {
      table: mapping.name,
      sources: plan.sources,
      strict,
      scratch,
    })
    stopIfAsked(options.signal)
    progress('read', 2, 3)
    const rows = `SELECT * FROM (${done.accepted})`
    const keys = plan.rowKey
      ? `('row-' || lpad(file_row::VARCHAR, ${String(done.report.read + raw.firstRow).length}, '0')) AS person_id, observation_date`
      : 'person_id, observation_date'
    const order = 'ORDER BY person_id, observation_date'
    const write = (name: string, columns: string) =>
      engine.writeParquet(`SELECT ${keys}, ${columns} FROM (${rows}) ${order}`, join(folder, `${name}.parquet`))
    const count = await write('features', plan.factors.map(storedValue).join(', '))
    await write('outcomes', 'status')
    if (plan.protectedNames.length) await write('groups', plan.protectedNames.map(identifier).join(', '))

    const counts = await countValues(engine, rows, plan.factors)
    const statuses = await engine.rows<{ status: string; n: number }>(
      `SELECT status, count(*)::DOUBLE AS n FROM (${rows}) GROUP BY 1`,
    )
    const of = (status: string) => statuses.find((s) => s.status === status)?.n ?? 0
    warnings.push(...(await readyWarnings(engine, rows, plan, counts)))
    const table: FeatureTable = {
      format: 'glasscore.features',
      version: 1,
      name: mapping.name,
      rows: count,
      factors: plan.factors.map((c) => c.factor),
      unavailable: [],
      missing: Object.fromEntries(
        plan.factors.flatMap((c, j) => {
          const { rows: all, present } = counts[j]!
          return present < all ? [[c.name, { missing_in_source: all - present }]] : []
        }),
      ),
      protectedColumns: plan.protectedNames,
      outcome: plan.outcome,
      waterfall: [
        { step: 'rows of the file', rows: done.report.read },
        { step: 'accepted', rows: done.report.accepted },
        { step: 'good', rows: of('good') },
        { step: 'bad', rows: of('bad') },
        { step: 'indeterminate', rows: of('indeterminate') },
      ],
      notes: [...(mapping.notes ?? []), ...plan.notes],
      warnings,
    }
    const rejectsFile = await writeRejects(engine, folder, [done])
    await writeFeatureTable(folder, table)
    progress('read', 3, 3)
    return { table, report: reportOf([done], warnings, rejectsFile) }
  })
}
