import { join, resolve } from 'node:path'
import { registerDataset } from '../engines/dataset.ts'
import { writeDataset } from '../engines/folders.ts'
import { literal } from '../engines/sql.ts'
import { dayNumber } from '../population/clock.ts'
import { simulate as simulatePopulation } from '../population/simulate.ts'
import { LabelBias } from '../population/switches/labelBias.ts'
import type { Switches } from '../population/switches.ts'
import {
  checkTruthFolder,
  outcomesHash,
  removeTruth,
  type TruthKind,
  truthIsWhole,
  writeTruth,
} from '../population/truthFolder.ts'
import type { PopulationReport } from '../reports/populationReport.ts'
import type { Dataset } from '../schema/dataset.ts'
import { DEFAULT_OUTCOME } from '../schema/outcome.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { CausalSeal } from './causalSeal.ts'
import { checkOptions, simulateSource } from './config.ts'
import { redrawOutcomes } from './declaredOutcomes.ts'
import { deriveInRanges } from './deriveInRanges.ts'
import { describePopulation } from './describePopulation.ts'
import { followLink, runStage, type StageOptions, type StageResult, SUMMARY_HTML } from './stage.ts'

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
  /** causal: payments decide (default); declared: drawn from the declared function of the factors */
  outcome?: 'causal' | 'declared'
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
export const simulate = async (options: SimulateOptions): Promise<StageResult<PopulationReport>> => {
  const { people, months, lastObservation, asOf, switches, outcome } = options
  const checked = checkOptions(simulateSource, {
    kind: 'simulate',
    people,
    months,
    lastObservation,
    asOf,
    switches,
    outcome,
  })
  const declared = checked.outcome === 'declared'
  const out = followLink(resolve(options.out))
  await checkTruthFolder(out)
  // What was sealed lies beside the folder: the stage cannot see that it is gone.
  const biased = checked.switches.labelBias > 0
  const lost = async (kind: TruthKind) => !(await truthIsWhole(out, kind))
  const force =
    options.force === true || (await lost(declared ? 'declared' : 'causal')) || (biased && (await lost('labels')))
  return runStage({ stage: 'simulate', options: checked, inputs: {} }, { ...options, force }, async (context) => {
    const { engine, folder, seed, threads, progress, signal } = context
    const seal = await CausalSeal.open(engine, out)
    try {
      const dataset = await simulatePopulation(engine, {
        ...(declared ? {} : { truth: seal }),
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
      const { labelBias: strength, group } = checked.switches
      const from = (files: readonly string[]) =>
        `read_parquet([${files.map((file) => literal(join(folder, file))).join(', ')}])`
      const bias = await LabelBias.open(engine, from(dataset.tables.people!.files), {
        people: checked.people,
        seed,
        strength,
        group,
      })
      const { table } = await deriveInRanges(engine, {
        folder,
        dataset,
        months: checked.months,
        outcomes: { dates, definition: DEFAULT_OUTCOME, coveredTo },
        // drawn outcomes are written up when they are drawn
        bias: declared ? undefined : bias,
        progress,
        ...(signal ? { signal } : {}),
      })
      const causal: Dataset = { ...dataset, tables: { ...dataset.tables, outcomes: table } }
      await writeDataset(folder, causal)
      if (declared) await removeTruth(out, 'causal')
      else {
        await removeTruth(out, 'declared')
        progress('effects of causes', 0, 1)
        const { people, months, switches } = checked
        await seal.close(seed, await outcomesHash(folder, table.files), checked)
        await seal.closeEffects(
          { people, months, switches, seed, lastDay: dayNumber(dates.at(-1)!, 'lastObservation') },
          dates.at(-1)!,
        )
      }
      const labeled = declared ? await redrawOutcomes(context, folder, out, causal, bias) : causal
      if (bias)
        await writeTruth(engine, out, 'labels', bias.truth, {
          seed,
          outcomesSha256: await outcomesHash(folder, labeled.tables.outcomes!.files),
          text: 'status: the outcome as it was before some of the group were written up as bad.',
          details: { strength, group },
        })
      else await removeTruth(out, 'labels')
      progress('summary', 0, 1)
      await registerDataset(engine, folder, labeled, 'described_')
      const report = await describePopulation(engine, {
        folder,
        dataset: labeled,
        people: checked.people,
        months: checked.months,
        seed,
        switches: checked.switches,
        prefix: 'described_',
      })
      const { renderPopulation } = await import('../reports/populationPage.ts')
      await writeFileAtomic(join(folder, SUMMARY_HTML), renderPopulation(report))
      return report
    } finally {
      await seal.discard()
    }
  })
}
