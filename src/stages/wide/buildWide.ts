/** Canonical tables to a wide table: about 10,000 variables of every observed person, as bytes. */
import { join } from 'node:path'
import { registerDataset } from '../../engines/dataset.ts'
import type { Engine } from '../../engines/engine.ts'
import { identifier } from '../../engines/sql.ts'
import { type Contracts, RAW_PREFIX } from '../../features/asOf.ts'
import { groupsSql } from '../../features/groups.ts'
import { makeObservations, type ObservationDates } from '../../features/observations.ts'
import { countWaterfall } from '../../features/summary.ts'
import { CELLS, makeCells } from '../../features/wide/makeCells.ts'
import { WIDE_SERIES, type WideVariable, wideCatalogue } from '../../features/wide/wideCatalogue.ts'
import { coverGroups, coverOfDates } from '../../features/wide/wideCover.ts'
import { writeWideTable } from '../../formats/wideTable.ts'
import { binChunks } from '../../kernels/binning/binChunks.ts'
import { requireBytes } from '../../kernels/binning/binMatrix.ts'
import type { Pool } from '../../kernels/pool.ts'
import type { Dataset } from '../../schema/dataset.ts'
import { TABLE_NAMES, TABLES } from '../../schema/tables.ts'
import type { WideTable } from '../../schema/wideTable.ts'
import { writeFolderAtomic } from '../../util/atomic.ts'
import { dataError } from '../../util/errors.ts'
import { noProgress, type WorkOptions } from '../../util/progress.ts'
import { type WideSource, wideChunks } from './wideChunks.ts'
import { wideProgram } from './wideProgram.ts'

export interface BuildWideOptions extends WorkOptions {
  /** the dataset folder */
  folder: string
  dataset: Dataset
  dates: ObservationDates
  /** the folder of the wide table; an earlier one is replaced when all is done */
  out: string
  /** default: all of wideCatalogue() */
  variables?: readonly WideVariable[]
  /** default our own; tests break them */
  contracts?: Contracts
  /** observations whose events the engine groups together, default 32,768; no byte depends on it */
  together?: number
  /** seconds of each step, as it ends */
  onStep?: (name: string, seconds: number) => void
}

/** Constant columns are named in a warning up to so many. */
const MOST_NAMED = 5

/**
 * Calls back with what the kernel needs to spread the cells of all observations; relations of its own are dropped afterwards. The engine must
 * not hold relations named `observations`, `raw_*`, `asof_*`, `step_*` or `wide_*`.
 */
export const withWideSource = async <T>(
  engine: Engine,
  options: Omit<BuildWideOptions, 'out'>,
  use: (source: WideSource) => Promise<T>,
): Promise<T> => {
  const { folder, dataset, dates, contracts = TABLES, variables = wideCatalogue() } = options
  await registerDataset(engine, folder, dataset, RAW_PREFIX)
  try {
    const rows = await makeObservations(engine, dataset, dates)
    if (rows === 0) throw dataError('nobody is known before the observation dates', { table: 'people', got: dates })
    await makeCells(engine, { ...options, contracts })
    const days = await engine.rows<{ t: string }>('SELECT DISTINCT t::VARCHAR AS t FROM observations ORDER BY t')
    const groups = coverGroups(WIDE_SERIES)
    const dateOf = await engine.columns(
      'SELECT (dense_rank() OVER (ORDER BY t) - 1) AS date FROM observations ORDER BY o',
      ['date'],
    )
    return await use({
      program: wideProgram(WIDE_SERIES, variables),
      rows,
      dateOfRow: Int32Array.from(dateOf.numbers['date']!),
      groups: groups.groups.length,
      cover: await coverOfDates(
        engine,
        dataset,
        contracts,
        days.map((d) => d.t),
        groups,
      ),
    })
  } finally {
    for (const name of [CELLS, 'observations']) await engine.run(`DROP TABLE IF EXISTS ${name}`)
    for (const name of TABLE_NAMES) await engine.run(`DROP VIEW IF EXISTS ${identifier(RAW_PREFIX + name)}`)
  }
}

/**
 * Builds the folder of a wide table (schema/wideTable.ts) from a dataset folder. Numbers of all rows are never there: the engine adds events
 * up to cells of a person, a key and a month; a kernel spreads the cells of some rows at a time into all variables, which binChunks turns
 * into bytes, in two readings where they are many. The same bytes for any number of threads and any size of blocks.
 * @throws GlasscoreError for a bad date, a data set without the table that the dates come from, or tables that break their contract;
 *   ('memory') when the bytes do not fit into the memory of the kernels
 */
export const buildWide = (engine: Engine, pool: Pool, options: BuildWideOptions): Promise<WideTable> => {
  const { dataset, out, progress = noProgress, signal, variables = wideCatalogue(), onStep } = options
  let since = performance.now()
  const step = (name: string): void => {
    onStep?.(name, (performance.now() - since) / 1000)
    since = performance.now()
  }
  return withWideSource(engine, options, async (source) => {
    const { rows } = source
    step('cells')
    if (pool.kernels === 'wasm') requireBytes(pool.space, rows, variables.length, 0)
    const matrix = await binChunks(() => wideChunks(engine, source, pool), variables.length, pool, {
      signal,
      onRows: (done, pass) => progress(pass === 1 ? 'edges' : 'bins', done, rows),
    })
    try {
      step('binned')
      const withOutcomes = dataset.tables.outcomes !== undefined
      const groups = await groupsSql(engine, dataset)
      const constant = variables.filter((_, j) => matrix.columns[j]!.bins <= 1)
      const description = {
        name: dataset.name,
        rows,
        variables: variables.map((v, j) => ({
          name: v.name,
          factor: v.factor,
          dimension: v.dimension,
          unit: v.unit.replace('CNY', dataset.currency),
          noRows: v.noRows,
          definition: v.definition,
          bins: matrix.columns[j]!.bins,
        })),
        protectedColumns: groups?.columns ?? [],
        outcome: dataset.outcome,
        waterfall: await countWaterfall(engine, dataset, withOutcomes),
        notes: [...dataset.notes],
        warnings: constant.length ? [constantWarning(constant)] : [],
      }
      return await writeFolderAtomic(out, async (into) => {
        await engine.writeParquet(outcomesSql(withOutcomes), join(into, 'outcomes.parquet'))
        if (groups) await engine.writeParquet(groups.sql, join(into, 'groups.parquet'))
        const written = await writeWideTable(into, description, matrix, signal)
        step('written')
        return written
      })
    } finally {
      matrix.close()
    }
  })
}

const constantWarning = (constant: readonly WideVariable[]): string => {
  const named = constant.slice(0, MOST_NAMED).map((v) => v.name)
  const more = constant.length > named.length ? `, … (${constant.length} variables)` : ''
  return `the same value wherever there is one, or none at all: ${named.join(', ')}${more}`
}

const outcomesSql = (withOutcomes: boolean): string =>
  withOutcomes
    ? `SELECT obs.person_id, obs.t AS observation_date, x.status::VARCHAR AS status FROM observations AS obs
LEFT JOIN ${identifier(`${RAW_PREFIX}outcomes`)} AS x ON x.person_id = obs.person_id AND x.observation_date = obs.t ORDER BY obs.o`
    : 'SELECT obs.person_id, obs.t AS observation_date, NULL::VARCHAR AS status FROM observations AS obs ORDER BY obs.o'
