/** Runs feature plans on an engine in which the raw tables and the observations are registered. */
import type { Engine } from '../engines/engine.ts'
import { identifier } from '../engines/sql.ts'
import type { Dataset } from '../schema/dataset.ts'
import { TABLE_NAMES, TABLES } from '../schema/tables.ts'
import { interruptedError } from '../util/errors.ts'
import { noProgress, type WorkOptions } from '../util/progress.ts'
import { type Contracts, RAW_PREFIX } from './asOf.ts'
import { firstFilled, sourceCases } from './missingCases.ts'
import type { FeaturePlan } from './plan.ts'
import { type PresentColumns, reasonColumn, renderStep, renderValues, STEP_PREFIX } from './renderPlan.ts'

export interface RunPlansOptions extends WorkOptions {
  dataset: Dataset
  plans: readonly FeaturePlan[]
  /** default our own; tests break them */
  contracts?: Contracts
  /** seconds of each step, as it ends */
  onStep?: (name: string, seconds: number) => void
}

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

const valuesTable = (plan: FeaturePlan): string => `factors_${plan.dimension}`

/**
 * Runs the plans and leaves the table `factors`: `o`, one column a factor, and its reason code in `missing <factor>`.
 * Needs the raw tables (`registerDataset` with the raw prefix) and `observations`. Steps run in order, each on all threads;
 * every sum is of integers or decimals, so the result does not depend on the number of threads.
 */
export const runPlans = async (engine: Engine, options: RunPlansOptions): Promise<void> => {
  const { dataset, plans, contracts = TABLES, progress = noProgress, signal, onStep } = options
  const present = await presentColumns(engine, dataset)
  const fills = await firstFilled(engine, plans, contracts, present)
  const steps = plans.flatMap((p) => p.steps.map((s) => s.name))
  const total = new Set(steps).size + plans.length
  const done = new Set<string>()
  const views = new Set<string>()
  const tables: string[] = []
  let at = 0

  const timed = async (name: string, sql: string): Promise<void> => {
    if (signal?.aborted) throw interruptedError()
    progress(`factors: ${name}`, at++, total)
    const started = performance.now()
    await engine.run(sql)
    onStep?.(name, (performance.now() - started) / 1000)
  }

  const stepSql = `CREATE OR REPLACE TABLE`
  const cleanUp = async (names: Iterable<string>, kind: 'TABLE' | 'VIEW'): Promise<void> => {
    for (const name of names) await engine.run(`DROP ${kind} IF EXISTS ${identifier(name)}`)
  }
  try {
    for (const [i, plan] of plans.entries()) {
      for (const step of plan.steps) {
        if (done.has(step.name)) continue
        const { name, sql, views: needed } = renderStep(step, contracts, present)
        for (const [view, viewSql] of needed) {
          if (views.has(view)) continue
          await engine.run(`CREATE OR REPLACE VIEW ${identifier(view)} AS ${viewSql}`)
          views.add(view)
        }
        await timed(step.name, `${stepSql} ${identifier(name)} AS ${sql}`)
        done.add(step.name)
      }
      const values = renderValues(plan, (f) => sourceCases(f, dataset, fills))
      await timed(plan.dimension, `${stepSql} ${identifier(valuesTable(plan))} AS ${values}`)
      tables.push(valuesTable(plan))
      const later = new Set(plans.slice(i + 1).flatMap((p) => p.steps.map((s) => s.name)))
      const over = plan.steps.filter((s) => !later.has(s.name)).map((s) => STEP_PREFIX + s.name)
      await cleanUp(over, 'TABLE')
    }
    const columns = plans.flatMap((p) => p.factors.flatMap((f) => [f.factor, reasonColumn(f.factor)]))
    await engine.run(
      `CREATE OR REPLACE TABLE factors AS SELECT o, ${columns.map(identifier).join(', ')} FROM ${tables
        .map((t, i) => (i === 0 ? identifier(t) : `JOIN ${identifier(t)} USING (o)`))
        .join(' ')}`,
    )
  } finally {
    await cleanUp(tables, 'TABLE')
    await cleanUp(
      [...done].map((s) => STEP_PREFIX + s),
      'TABLE',
    )
    await cleanUp(views, 'VIEW')
  }
  progress('factors', total, total)
}
