import { writeDataset } from '../engines/folders.ts'
import { simulate as simulatePopulation } from '../population/simulate.ts'
import type { Switches } from '../population/switches.ts'
import type { Dataset } from '../schema/dataset.ts'
import { DEFAULT_OUTCOME } from '../schema/outcome.ts'
import { checkOptions, simulateSource } from './config.ts'
import { deriveInRanges } from './deriveInRanges.ts'
import { runStage, type StageOptions, type StageResult } from './stage.ts'

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
export const simulate = (options: SimulateOptions): Promise<StageResult<DatasetSummary>> => {
  const { people, months, lastObservation, asOf, switches } = options
  const checked = checkOptions(simulateSource, { kind: 'simulate', people, months, lastObservation, asOf, switches })
  return runStage({ stage: 'simulate', options: checked, inputs: {} }, options, async (context) => {
    const { engine, folder, seed, threads, progress, signal } = context
    const dataset = await simulatePopulation(engine, {
      people: checked.people,
      months: checked.months,
      lastObservation: checked.lastObservation,
      ...(checked.asOf ? { asOf: checked.asOf } : {}),
      switches: checked.switches,
      seed,
      threads,
      out: folder,
      progress,
      ...(signal ? { signal } : {}),
    })
    const dates = dataset.observationDates!
    const coveredTo = dataset.tables.repayments!.coveredTo
    const { table, counts } = await deriveInRanges(engine, {
      folder,
      dataset,
      months: checked.months,
      outcomes: { dates, definition: DEFAULT_OUTCOME, coveredTo },
      progress,
      ...(signal ? { signal } : {}),
    })
    const labeled: Dataset = { ...dataset, tables: { ...dataset.tables, outcomes: table } }
    await writeDataset(folder, labeled)
    return describeDataset(labeled, counts)
  })
}
