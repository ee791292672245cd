import { join } from 'node:path'
import { registerDataset } from '../engines/dataset.ts'
import { writeDataset } from '../engines/folders.ts'
import { deriveOutcomes, OUTCOMES_TABLE } from '../features/outcomes.ts'
import { simulate as simulatePopulation } from '../population/simulate.ts'
import { biasLabels } from '../population/switches/labelBias.ts'
import type { Switches } from '../population/switches.ts'
import type { PopulationReport } from '../reports/populationReport.ts'
import type { Dataset } from '../schema/dataset.ts'
import { DEFAULT_OUTCOME } from '../schema/outcome.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { checkOptions, simulateSource } from './config.ts'
import { describePopulation } from './describePopulation.ts'
import { runStage, type StageOptions, type StageResult, SUMMARY_HTML } from './stage.ts'

export interface SimulateOptions extends StageOptions {
  /** default 30,000 */
  people?: number
  /** dense months before the last observation date, default 24 */
  months?: number
  /** default 2025-01-01 */
  lastObservation?: string
  /** one observation date instead of five quarterly ones */
  asOf?: string
  /** what is turned on in the population; what is left out stands as in `SWITCHES` */
  switches?: Partial<Switches>
}

/** Tables of a data set with their coverage, and rows by outcome. */
export interface DatasetSummary {
  name: string
  tables: { table: string; rows: number; coveredFrom: string; coveredTo: string }[]
  outcomes: Record<string, number>
}

export const describeDataset = (dataset: Dataset, outcomes: { status: string; n: number }[]): DatasetSummary => ({
  name: dataset.name,
  tables: Object.entries(dataset.tables).map(([table, t]) => ({
    table,
    rows: t.rows,
    coveredFrom: t.coveredFrom,
    coveredTo: t.coveredTo,
  })),
  outcomes: Object.fromEntries(outcomes.map((o) => [o.status, Number(o.n)])),
})

/**
 * A synthetic population as a dataset folder, labels included. Labels follow from the instalments and repayments by the
 * outcome definition, not from the state that made them.
 */
export const simulate = (options: SimulateOptions): Promise<StageResult<PopulationReport>> => {
  const { people, months, lastObservation, asOf, switches } = options
  const checked = checkOptions(simulateSource, { kind: 'simulate', people, months, lastObservation, asOf, switches })
  return runStage({ stage: 'simulate', options: checked, inputs: {} }, options, async (context) => {
    const { engine, folder, seed, progress, signal } = context
    const dataset = await simulatePopulation(engine, {
      people: checked.people,
      months: checked.months,
      lastObservation: checked.lastObservation,
      ...(checked.asOf ? { asOf: checked.asOf } : {}),
      switches: checked.switches,
      seed,
      out: folder,
      progress,
      ...(signal ? { signal } : {}),
    })
    progress('outcomes', 0, 1)
    const dates = dataset.observationDates!
    const coveredTo = dataset.tables.repayments!.coveredTo
    await registerDataset(engine, folder, dataset, 'raw_')
    const sql = await deriveOutcomes(engine, { dates, definition: DEFAULT_OUTCOME, coveredTo }, 'raw_')
    const { labelBias: strength, group } = checked.switches
    await biasLabels(engine, OUTCOMES_TABLE, 'raw_people', { people: checked.people, seed, strength, group })
    const rows = await engine.writeParquet(sql, join(folder, 'outcomes.parquet'))
    const labeled: Dataset = {
      ...dataset,
      tables: {
        ...dataset.tables,
        outcomes: { files: ['outcomes.parquet'], rows, coveredFrom: dates[0]!, coveredTo },
      },
    }
    await writeDataset(folder, labeled)
    progress('summary', 0, 1)
    const report = await describePopulation(engine, {
      dataset: labeled,
      people: checked.people,
      months: checked.months,
      seed,
      switches: checked.switches,
      prefix: 'raw_',
      outcomes: OUTCOMES_TABLE,
    })
    const { renderPopulation } = await import('../reports/populationPage.ts')
    await writeFileAtomic(join(folder, SUMMARY_HTML), renderPopulation(report))
    return report
  })
}
