/** Runs feature plans on an engine in which the raw tables and the observations are registered. */
import type { Engine } from '../engines/engine.ts'
import { identifier } from '../engines/sql.ts'
import type { Dataset } from '../schema/dataset.ts'
import { TABLE_NAMES, TABLES } from '../schema/tables.ts'
import { interruptedError } from '../util/errors.ts'
import { noProgress, type WorkOptions } from '../util/progress.ts'
import { type Contracts, RAW_PREFIX } from './asOf.ts'
import { type Fills, firstFilled, sourceCases } from './missingCases.ts'
import type { FactorPlan, FeaturePlan, MissingCase } from './plan.ts'
import { type PresentColumns, reasonColumn, renderStep, renderValues, STEP_PREFIX } from './renderPlan.ts'

export interface RunPlansOptions extends WorkOptions {
  dataset: Dataset
  plans: readonly FeaturePlan[]
  /** default our own; tests break them */
  contracts?: Contracts
  /** seconds of each step, as it ends; once a piece of the observations */
  onStep?: (name: string, seconds: number) => void
  /** when columns were first filled, where the rows at hand are not all of the source; default: looked up in them */
  fills?: Fills
  /** observations that are worked on at a time, default `PIECE`; bounds the memory and changes no value */
  piece?: number
}

/** A row group of the feature table, and about 2 GiB of intermediate tables for people with two years of payments. */
export const PIECE = 122_880

/** Columns of the raw tables of a dataset that is registered under the raw prefix. */
export const presentColumns = async (engine: Engine, dataset: Dataset): Promise<PresentColumns> => {
  const present = {} as Record<string, readonly string[] | null>
  for (const name of TABLE_NAMES) {
    present[name] = dataset.tables[name]
      ? (await engine.rows<{ column_name: string }>(`DESCRIBE ${identifier(RAW_PREFIX + name)}`)).map(
          (c) => c.column_name,
        )
      : null
  }
  return present as PresentColumns
}

/** A table to make: a step, or the values of a dimension. */
interface Job {
  name: string
  sql: string
  views: ReadonlyMap<string, string>
  reads: ReadonlySet<string>
}

const VALUES_PREFIX = 'factors_'

/** All tables in order of making; a step that several plans share is made once. */
const listJobs = (
  plans: readonly FeaturePlan[],
  contracts: Contracts,
  present: PresentColumns,
  before: (factor: FactorPlan) => readonly MissingCase[],
): Job[] => {
  const jobs = new Map<string, Job>()
  for (const plan of plans) {
    for (const step of plan.steps) {
      const job = renderStep(step, contracts, present)
      if (!jobs.has(job.name)) jobs.set(job.name, job)
    }
    const name = VALUES_PREFIX + plan.dimension
    const reads = new Set(plan.joins.map((j) => STEP_PREFIX + j))
    jobs.set(name, { name, sql: renderValues(plan, before), views: new Map(), reads })
  }
  return [...jobs.values()]
}

/** All observations, while `observations` holds a piece of them. */
const ALL_OBSERVATIONS = 'all_observations'

/**
 * Runs the plans and leaves the table `factors`: `o`, one column a factor, and its reason code in `missing <factor>`.
 * Needs the raw tables (`registerDataset` with the raw prefix) and `observations`, `o` counting from 0. Steps run in order, each on
 * all threads, and are dropped after their last reader; every sum is of integers or decimals, so the result does not depend on
 * the number of threads. No factor looks at other observations, so they are worked on in pieces: what grows
 * with their number is the finished `factors` alone. Where files are cut by person, only those of the piece are read.
 */
export const runPlans = async (engine: Engine, options: RunPlansOptions): Promise<void> => {
  const { dataset, plans, contracts = TABLES, piece = PIECE, progress = noProgress } = options
  const present = await presentColumns(engine, dataset)
  const fills = options.fills ?? (await firstFilled(engine, plans, contracts, present))
  const jobs = listJobs(plans, contracts, present, (f) => sourceCases(f, dataset, fills))
  const [found] = await engine.rows<{ n: number }>('SELECT count(*) AS n FROM observations')
  const pieces = Math.max(1, Math.ceil(found!.n / piece))
  const columns = plans.flatMap((p) => p.factors.flatMap((f) => [f.factor, reasonColumn(f.factor)]))
  const [first, ...others] = plans.map((p) => identifier(VALUES_PREFIX + p.dimension))
  const values = (from: number): string =>
    `SELECT (o + ${from})::BIGINT AS o, ${columns.map(identifier).join(', ')}
     FROM ${first} ${others.map((t) => `JOIN ${t} USING (o)`).join(' ')}`
  if (pieces > 1) await engine.run(`ALTER TABLE observations RENAME TO ${ALL_OBSERVATIONS}`)
  try {
    for (let k = 0; k < pieces; k++) {
      const from = k * piece
      if (pieces > 1)
        await engine.run(`CREATE OR REPLACE TABLE observations AS SELECT o - ${from} AS o, person_id, t
          FROM ${ALL_OBSERVATIONS} WHERE o >= ${from} AND o < ${from + piece} ORDER BY o`)
      const keep = k === 0 ? 'CREATE OR REPLACE TABLE factors AS' : 'INSERT INTO factors'
      await runJobs(engine, jobs, options, { done: k * jobs.length, of: pieces * jobs.length }, () =>
        engine.run(`${keep} ${values(from)} ORDER BY o`),
      )
    }
  } finally {
    if (pieces > 1)
      await engine.run(`DROP TABLE IF EXISTS observations; ALTER TABLE ${ALL_OBSERVATIONS} RENAME TO observations`)
  }
  progress('factors', pieces * jobs.length, pieces * jobs.length)
}

/** Makes the tables of the jobs, hands over to `take`, and drops them. */
const runJobs = async (
  engine: Engine,
  jobs: readonly Job[],
  { progress = noProgress, signal, onStep }: RunPlansOptions,
  { done, of }: { done: number; of: number },
  take: () => Promise<void>,
): Promise<void> => {
  const lastReader = new Map<string, number>()
  for (const [i, job] of jobs.entries()) for (const name of job.reads) lastReader.set(name, i)
  const views = new Set<string>()
  const drop = (kind: 'TABLE' | 'VIEW', name: string): Promise<void> =>
    engine.run(`DROP ${kind} IF EXISTS ${identifier(name)}`)
  try {
    for (const [i, { name, sql, views: needed, reads }] of jobs.entries()) {
      if (signal?.aborted) throw interruptedError()
      const title = name.slice(name.startsWith(STEP_PREFIX) ? STEP_PREFIX.length : VALUES_PREFIX.length)
      progress(`factors: ${title}`, done + i, of)
      for (const [view, viewSql] of needed) {
        if (views.has(view)) continue
        await engine.run(`CREATE OR REPLACE VIEW ${identifier(view)} AS ${viewSql}`)
        views.add(view)
      }
      const started = performance.now()
      await engine.run(`CREATE OR REPLACE TABLE ${identifier(name)} AS ${sql}`)
      onStep?.(title, (performance.now() - started) / 1000)
      for (const read of reads) if (lastReader.get(read) === i) await drop('TABLE', read)
    }
    await take()
  } finally {
    for (const job of jobs) await drop('TABLE', job.name)
    for (const view of views) await drop('VIEW', view)
  }
}
