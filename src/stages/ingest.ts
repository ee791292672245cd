import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openDuckDB } from '../engines/duckdb.ts'
import type { Engine } from '../engines/engine.ts'
import { literal } from '../engines/sql.ts'
import type { Dataset, FeatureTable } from '../schema/dataset.ts'
import { ingestBerka } from '../sources/berka.ts'
import { proposeMapping } from '../sources/initMapping.ts'
import { ingestTables } from '../sources/mappedTables.ts'
import { type Mapping, readMapping } from '../sources/mapping.ts'
import { ingestReadyTable, resolveInput } from '../sources/readyTable.ts'
import type { IngestReport } from '../sources/rejects.ts'
import { dataError, usageError } from '../util/errors.ts'
import { type DatasetSummary, describeDataset } from './simulate.ts'
import { runStage, type StageContext, type StageOptions, type StageResult } from './stage.ts'

export interface IngestOptions extends StageOptions {
  /** a built-in adapter; or else `mapping` */
  source?: 'berka'
  /** mapping file (YAML) */
  mapping?: string
  /** folder of the adapter, or data file of the mapping */
  input?: string
  /** stop at the first rejected row */
  strict?: boolean
  /** read a ready feature table of people who have no outcome yet: its target is not looked for */
  withoutTarget?: boolean
}

/** What was read: canonical tables, or a ready feature table. */
export interface IngestSummary {
  dataset?: DatasetSummary
  features?: FeatureTable
  report: IngestReport
}

const countOutcomes = async (engine: Engine, folder: string, dataset: Dataset) => {
  const files = dataset.tables.outcomes?.files.map((f) => literal(join(folder, f)))
  if (!files) return []
  return engine.rows<{ status: string; n: number }>(
    `SELECT status, count(*) AS n FROM read_parquet([${files.join(', ')}]) GROUP BY status ORDER BY status`,
  )
}

const ingestBerkaSource = async (context: StageContext, input: string, strict: boolean): Promise<IngestSummary> => {
  const { engine, folder: out, progress, signal } = context
  const { dataset, report } = await ingestBerka(engine, { input, out, strict, progress, ...(signal ? { signal } : {}) })
  return { dataset: describeDataset(dataset, await countOutcomes(engine, out, dataset)), report }
}

const ingestMapping = async (
  { engine, folder: out, progress, signal }: StageContext,
  mapping: Mapping,
  options: { mappingFile: string; input?: string; strict: boolean; withoutTarget: boolean },
): Promise<IngestSummary> => {
  const shared = { ...options, out, progress, ...(signal ? { signal } : {}) }
  if (mapping.kind === 'features') {
    const { table, report } = await ingestReadyTable(engine, { ...shared, mapping })
    return { features: table, report }
  }
  const { dataset, report } = await ingestTables(engine, { ...shared, mapping })
  return { dataset: describeDataset(dataset, await countOutcomes(engine, out, dataset)), report }
}

/**
 * Reads a source into a dataset folder (berka, mapping of kind tables) or a feature-table folder (mapping of kind features).
 * Rejected rows are counted by reason and written to rejects.csv.
 */
export const ingest = async (options: IngestOptions): Promise<StageResult<IngestSummary>> => {
  const { source, mapping: mappingFile, input, strict = false, withoutTarget = false } = options
  if ((source === undefined) === (mappingFile === undefined))
    throw usageError('what to ingest is not clear', { expected: 'either the source berka, or --mapping FILE' })
  if (source === 'berka') {
    if (!input) throw usageError('the folder of the files is not said', { option: 'input', expected: 'a folder' })
    const info = await stat(input).catch(() => undefined)
    if (!info?.isDirectory())
      throw dataError('there is no such folder', { file: input, expected: 'the raw Berka files' })
    return runStage({ stage: 'ingest', options: { source, strict }, inputs: { input } }, options, (context) =>
      ingestBerkaSource(context, input, strict),
    )
  }
  const file = mappingFile!
  const mapping = await readMapping(file)
  const named = mapping.kind === 'features' ? [mapping.file] : Object.values(mapping.tables).map((t) => t.file)
  const files = named.map((name) => resolveInput(name, input, file))
  const inputs: Record<string, string> = { mapping: file }
  files.forEach((path, i) => {
    inputs[`input ${i}`] = path
  })
  return runStage(
    { stage: 'ingest', options: { source: 'mapping', strict, withoutTarget }, inputs },
    options,
    (context) =>
      ingestMapping(context, mapping, { mappingFile: file, strict, withoutTarget, ...(input ? { input } : {}) }),
  )
}

/** A mapping proposed from a file's own columns, as commented YAML, with what is doubtful about them. */
export const initMapping = async (file: string): Promise<{ yaml: string; warnings: string[] }> => {
  const engine = await openDuckDB()
  try {
    return await proposeMapping(engine, file)
  } finally {
    engine.close()
  }
}
