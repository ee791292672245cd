/** Canonical tables to a feature table: the 70 factors of every observed person, as of each observation date. */
import { join } from 'node:path'
import { registerDataset } from '../engines/dataset.ts'
import type { Engine } from '../engines/engine.ts'
import { writeFeatureTable } from '../engines/folders.ts'
import { identifier } from '../engines/sql.ts'
import type { Dataset, FeatureTable } from '../schema/dataset.ts'
import { FACTOR_CATALOGUE } from '../schema/factorCatalogue.ts'
import { TABLE_NAMES } from '../schema/tables.ts'
import { writeFolderAtomic } from '../util/atomic.ts'
import { dataError } from '../util/errors.ts'
import { noProgress, type WorkOptions } from '../util/progress.ts'
import { RAW_PREFIX } from './asOf.ts'
import { type Coding, codedSpecs, codeFactors, codesSql, codingNote } from './codeFactors.ts'
import { factorPlans } from './factorPlans.ts'
import { catalogueSpecs } from './factorSpecs.ts'
import { groupsSql } from './groups.ts'
import { unusedCodes } from './missingCases.ts'
import { makeObservations, type ObservationDates } from './observations.ts'
import { reasonColumn } from './renderPlan.ts'
import { presentColumns, runPlans } from './runPlans.ts'
import { countMissing, countWaterfall, listConstant, listUnavailable } from './summary.ts'

export interface BuildFactorsOptions extends WorkOptions {
  /** the dataset folder */
  folder: string
  dataset: Dataset
  dates: ObservationDates
  /** the feature folder; an earlier one is replaced when all is done */
  out: string
  /** how factors are stored; default none, as measured */
  coding?: Coding | undefined
  /** seconds of each step, as it ends; once a piece of the observations */
  onStep?: (name: string, seconds: number) => void
  /** observations that are worked on at a time (see `runPlans`); changes no byte: for tests */
  piece?: number
}

const names = FACTOR_CATALOGUE.map((f) => f.name)
const KEYS = 'obs.person_id, obs.t AS observation_date'

/** Queries of the Parquet files of a feature folder, each ordered by person_id and observation_date. */
const parquetQueries = (withOutcomes: boolean): Record<string, string> => ({
  'features.parquet': `SELECT ${KEYS}, ${names.map((n) => `f.${identifier(n)}`).join(', ')}
FROM observations AS obs JOIN factors AS f USING (o) ORDER BY obs.o`,
  'missing.parquet': `SELECT ${KEYS}, ${names.map((n) => `f.${identifier(reasonColumn(n))} AS ${identifier(n)}`).join(', ')}
FROM observations AS obs JOIN factors AS f USING (o) ORDER BY obs.o`,
  'outcomes.parquet': withOutcomes
    ? `SELECT ${KEYS}, x.status::VARCHAR AS status FROM observations AS obs
LEFT JOIN ${identifier(`${RAW_PREFIX}outcomes`)} AS x ON x.person_id = obs.person_id AND x.observation_date = obs.t ORDER BY obs.o`
    : `SELECT ${KEYS}, NULL::VARCHAR AS status FROM observations AS obs ORDER BY obs.o`,
})

/**
 * Builds the feature folder of a dataset folder: features.parquet (doubles; category factors as text), missing.parquet
 * (positions in MISSING_REASONS), outcomes.parquet (status NULL where there is none), groups.parquet (protected columns, if
 * any) and features.json; with DAS coding also codes.parquet (text: 01, 02, ..., # for missing). Rows are ordered by person_id and observation_date; the bytes do not depend on threads.
 *
 * All 70 factors have a column; what a source cannot give is listed in `unavailable` with the reason.
 * The engine must not hold relations named `observations`, `all_observations`, `factors`, `raw_*`, `asof_*` or `step_*`.
 *
 * @throws GlasscoreError for a bad date, a data set without the table that the dates come from, or tables that break
 * their contract
 */
export const buildFactors = async (engine: Engine, options: BuildFactorsOptions): Promise<FeatureTable> => {
  const { folder, dataset, dates, out, coding = 'none', progress = noProgress } = options
  await registerDataset(engine, folder, dataset, RAW_PREFIX)
  try {
    const rows = await makeObservations(engine, dataset, dates)
    if (rows === 0) throw dataError('nobody is known before the observation dates', { table: 'people', got: dates })
    await runPlans(engine, { ...options, plans: factorPlans() })
    const withOutcomes = dataset.tables.outcomes !== undefined
    if (coding === 'das') await codeFactors(engine)
    const missing = await countMissing(engine)
    const constant = await listConstant(engine)
    const unused = await unusedCodes(engine, factorPlans(), await presentColumns(engine, dataset))
    const groups = await groupsSql(engine, dataset)
    const table: FeatureTable = {
      format: 'glasscore.features',
      version: 1,
      name: dataset.name,
      rows,
      factors: coding === 'das' ? codedSpecs(catalogueSpecs(dataset.currency)) : catalogueSpecs(dataset.currency),
      unavailable: listUnavailable(dataset, rows, missing, unused),
      missing,
      protectedColumns: groups?.columns ?? [],
      outcome: dataset.outcome,
      waterfall: await countWaterfall(engine, dataset, withOutcomes),
      notes: [...dataset.notes, ...(coding === 'das' ? [codingNote(dataset.currency)] : [])],
      warnings: constant.length ? [`the same value wherever there is one: ${constant.join(', ')}`] : [],
    }
    const files = Object.entries({
      ...parquetQueries(withOutcomes),
      ...(coding === 'das'
        ? { 'codes.parquet': codesSql(KEYS, 'FROM observations AS obs JOIN factors AS f USING (o) ORDER BY obs.o') }
        : {}),
      ...(groups ? { 'groups.parquet': groups.sql } : {}),
    })
    await writeFolderAtomic(out, async (into) => {
      for (const [i, [name, sql]] of files.entries()) {
        progress('writing', i, files.length)
        await engine.writeParquet(sql, join(into, name))
      }
      await writeFeatureTable(into, table)
    })
    progress('writing', files.length, files.length)
    return table
  } finally {
    for (const name of ['factors', 'observations']) await engine.run(`DROP TABLE IF EXISTS ${name}`)
    for (const name of TABLE_NAMES) await engine.run(`DROP VIEW IF EXISTS ${identifier(RAW_PREFIX + name)}`)
  }
}
