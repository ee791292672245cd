/** Runs the steps of the cells, some people at a time, over the world as of t. */
import type { Engine } from '../../engines/engine.ts'
import { identifier } from '../../engines/sql.ts'
import type { Dataset } from '../../schema/dataset.ts'
import { TABLES } from '../../schema/tables.ts'
import { interruptedError } from '../../util/errors.ts'
import { noProgress, type WorkOptions } from '../../util/progress.ts'
import type { Contracts } from '../asOf.ts'
import type { PlanStep } from '../plan.ts'
import { renderStep } from '../renderPlan.ts'
import { presentColumns } from '../runPlans.ts'
import { CELL_COLUMNS } from './cellSql.ts'
import { CREDIT_CELLS } from './creditCells.ts'
import { PERSON_CELLS } from './personCells.ts'
import { TRANSACTION_CELLS } from './transactionCells.ts'

/** Observations whose events are grouped together: what the engine holds at a time grows with it; no cell depends on it. */
const TOGETHER = 32_768

/** The table that the cells are put into, those of an observation after those of the one before. */
export const CELLS = 'wide_cells'
const EVERYBODY = 'wide_observations'

const PARTS = [TRANSACTION_CELLS, CREDIT_CELLS, PERSON_CELLS]
export const CELL_STEPS: readonly PlanStep[] = PARTS.flatMap((part) => [...part.steps])

export interface MakeCellsOptions extends WorkOptions {
  dataset: Dataset
  /** default our own; tests break them */
  contracts?: Contracts
  /** observations whose events are grouped together, default 32,768 */
  together?: number
  /** seconds of each step of each block, as it ends */
  onStep?: (name: string, seconds: number) => void
}

/**
 * Makes the table `wide_cells` (see CELL_COLUMNS; `o` is the row of `observations`) from the raw tables, which are registered with
 * the raw prefix, and from `observations`, which it leaves as it was. Sums are of whole numbers, so nothing depends on threads or
 * blocks; cells of one observation are in no order of their own.
 * @returns the number of cells
 */
export const makeCells = async (engine: Engine, options: MakeCellsOptions): Promise<number> => {
  const { dataset, contracts = TABLES, together = TOGETHER, progress = noProgress, signal, onStep } = options
  const present = await presentColumns(engine, dataset)
  const rendered = CELL_STEPS.map((step) => renderStep(step, contracts, present))
  const views = new Set(rendered.flatMap((step) => [...step.views.keys()]))
  const wanted = PARTS.flatMap((part) => part.cells.map((name) => identifier(`step_${name}`)))
  const [size] = await engine.rows<{ n: number }>('SELECT count(*) AS n FROM observations')
  const observations = size!.n
  await engine.run(
    `CREATE OR REPLACE TABLE ${CELLS} (o INTEGER, key SMALLINT, slice UTINYINT, n INTEGER, total BIGINT, largest BIGINT, last INTEGER, first INTEGER);
     CREATE OR REPLACE TABLE ${EVERYBODY} AS SELECT * FROM observations ORDER BY o`,
  )
  try {
    for (let from = 0; from < observations; from += together) {
      const people = `SELECT (o - ${from})::BIGINT AS o, person_id, t FROM ${EVERYBODY} WHERE o >= ${from} AND o < ${from + together} ORDER BY o`
      await engine.run(`CREATE OR REPLACE TABLE observations AS ${people}`)
      for (const { name, sql, views: needed } of rendered) {
        if (signal?.aborted) throw interruptedError()
        // A view may read an earlier step, so it is made when that is there.
        if (from === 0)
          for (const [view, text] of needed) await engine.run(`CREATE OR REPLACE VIEW ${identifier(view)} AS ${text}`)
        const started = performance.now()
        await engine.run(`CREATE OR REPLACE TABLE ${identifier(name)} AS ${sql}`)
        onStep?.(name, (performance.now() - started) / 1000)
      }
      const cells = wanted.map((name) => `SELECT ${CELL_COLUMNS.join(', ')} FROM ${name}`).join(' UNION ALL ')
      const started = performance.now()
      await engine.run(`INSERT INTO ${CELLS} SELECT o + ${from}, * EXCLUDE (o) FROM (${cells}) AS cells ORDER BY o`)
      onStep?.('sorted', (performance.now() - started) / 1000)
      for (const { name } of rendered) await engine.run(`DROP TABLE IF EXISTS ${identifier(name)}`)
      progress('cells', Math.min(from + together, observations), observations)
    }
  } finally {
    await engine.run(`CREATE OR REPLACE TABLE observations AS SELECT * FROM ${EVERYBODY} ORDER BY o`)
    await engine.run(`DROP TABLE IF EXISTS ${EVERYBODY}`)
    for (const name of views) await engine.run(`DROP VIEW IF EXISTS ${identifier(name)}`)
    for (const { name } of rendered) await engine.run(`DROP TABLE IF EXISTS ${identifier(name)}`)
  }
  const [made] = await engine.rows<{ n: number }>(`SELECT count(*) AS n FROM ${CELLS}`)
  return made!.n
}
