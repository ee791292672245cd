/** The report of a run: report.json with every number, and report.html, one page that shows them and needs nothing else. */
import { join } from 'node:path'
import type { RunReport } from '../reports/runReport.ts'
import { DEFAULT_SAMPLE, MOST_SAMPLED } from '../schema/reportSample.ts'
import { DEFAULT_CUTOFF, SCORE_MAX, SCORE_MIN } from '../schema/score.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { usageError } from '../util/errors.ts'
import { tidyJson } from '../util/tidyJson.ts'
import { recoveryFile, reportCeiling } from './reportCeiling.ts'
import { reportContents } from './reportContents.ts'
import { readRunHead, readRunParts } from './reportParts.ts'
import { readTraining } from './reportTraining.ts'
import { runStage, type StageOptions, type StageResult } from './stage.ts'

/** What a report is asked for. */
export interface ReportOptions {
  /** who has at least this score is approved; 350..950, default 650 */
  cutoff?: number
  /** whose receipt is shown; default whoever is nearest to the cutoff */
  person?: string
  /** by which model; default the forest, or the last model that has receipts */
  model?: string
  /** as of which observation date; default the latest one of the person */
  asOf?: string
  /** persons whose points and values the charts show as dots, drawn at random; 0 to 2000, default 600, 0 for none */
  sample?: number
}

/** Options of `report`. */
export interface ReportStageOptions extends Omit<StageOptions, 'out'>, ReportOptions {
  /** folder that `run` wrote */
  run: string
  /** default: the folder `report` in the run */
  out?: string
}

/** What came of a report. */
export interface ReportSummary {
  cutoff: number
  evaluation: 'test' | 'out_of_fold'
  /** rows that the figures were measured on */
  rows: number
  bads: number
  models: string[]
  /** whose receipt is shown; null where no model has receipts */
  person: { personId: string; observationDate: string; model: string } | null
}

/** The two files of a report folder beside manifest.json and summary.json. */
export const REPORT_JSON = 'report.json'
/** The page; it shows the numbers of report.json and no others. */
export const REPORT_HTML = 'report.html'

/** @throws GlasscoreError('usage') for a cutoff that no score can have */
const checkCutoff = (cutoff: number): number => {
  if (Number.isInteger(cutoff) && cutoff >= SCORE_MIN && cutoff <= SCORE_MAX) return cutoff
  throw usageError('invalid cutoff', {
    option: 'cutoff',
    expected: `a whole number from ${SCORE_MIN} to ${SCORE_MAX}`,
    got: cutoff,
  })
}

/** @throws GlasscoreError('usage') for more persons than a chart has room for */
const checkSample = (sample: number): number => {
  if (Number.isInteger(sample) && sample >= 0 && sample <= MOST_SAMPLED) return sample
  throw usageError('invalid number of persons to draw', {
    option: 'sample',
    expected: `a whole number from 0 to ${MOST_SAMPLED}`,
    got: sample,
  })
}

/**
 * The report stage on the folders of a run, whose run.json is not looked at: what `run` does at its end.
 * @param run folder with features/, train/, scores/ and receipts/
 */
export const reportParts = async (
  run: string,
  name: string,
  { cutoff: asked = DEFAULT_CUTOFF, person, model, asOf, sample: drawn = DEFAULT_SAMPLE }: ReportOptions,
  options: StageOptions,
): Promise<StageResult<ReportSummary>> => {
  const cutoff = checkCutoff(asked)
  const sample = checkSample(drawn)
  const parts = await readRunParts(run)
  const training = await readTraining(parts.train.folder)
  const recovery = recoveryFile(run)
  const spec = {
    stage: 'report',
    options: {
      name,
      cutoff,
      person: person ?? null,
      model: model ?? null,
      asOf: asOf ?? null,
      sample,
      training: { seed: training.seed, ...training.options },
    },
    inputs: {
      ...Object.fromEntries(Object.entries(parts).map(([part, { folder }]) => [part, folder])),
      ...(recovery === undefined ? {} : { recovery }),
    },
  }
  // Persons are drawn by the seed of the run, and the manifest names it.
  return runStage(spec, { ...options, seed: training.seed }, async (context) => {
    const choice = { personId: person, model, asOf }
    const contents = await reportContents(context, name, parts, training, cutoff, choice, sample)
    const ceiling = await reportCeiling(recovery, parts.train.outputs['predictions.parquet'])
    const report: RunReport = ceiling ? { ...contents, ceiling } : contents
    const text = `${tidyJson(report)}\n`
    await writeFileAtomic(join(context.folder, REPORT_JSON), text)
    // Loaded here alone: other commands do not wait for the charts. The page is made from the JSON as it was written.
    const { renderRunReport } = await import('../reports/reportPage.ts')
    await writeFileAtomic(join(context.folder, REPORT_HTML), renderRunReport(JSON.parse(text) as RunReport))
    const shown = report.person
    return {
      cutoff,
      evaluation: report.evaluation,
      rows: report.test.rows,
      bads: report.test.bads,
      models: report.models.map((m) => m.name),
      person: shown && { personId: shown.personId, observationDate: shown.observationDate, model: shown.model },
    }
  })
}

/**
 * Writes the report of a finished run: report.json and report.html.
 * @throws GlasscoreError when the folder is no finished run, a file of it was changed, its labels were shuffled, or the person,
 *   model, date or cutoff is unknown or out of range
 */
export const report = async (options: ReportStageOptions): Promise<StageResult<ReportSummary>> => {
  const { run, out, cutoff, person, model, asOf, sample, ...stage } = options
  checkCutoff(cutoff ?? DEFAULT_CUTOFF)
  checkSample(sample ?? DEFAULT_SAMPLE)
  const { name } = await readRunHead(run)
  const asked: ReportOptions = {
    ...(cutoff !== undefined ? { cutoff } : {}),
    ...(person !== undefined ? { person } : {}),
    ...(model !== undefined ? { model } : {}),
    ...(asOf !== undefined ? { asOf } : {}),
    ...(sample !== undefined ? { sample } : {}),
  }
  return reportParts(run, name, asked, { ...stage, out: out ?? join(run, 'report') })
}
