/** A pipeline from its source to receipts and report: every stage in a folder of its own under the run's folder. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { FeatureTable } from '../schema/dataset.ts'
import type { OutcomeDefinition } from '../schema/outcome.ts'
import { readMapping } from '../sources/mapping.ts'
import { removeLeftovers, writeFileAtomic } from '../util/atomic.ts'
import { usageError } from '../util/errors.ts'
import { canonicalJson } from '../util/hash.ts'
import { VERSION } from '../util/version.ts'
import { type RecoverySummary, recoverParts, runHasTruth } from './auditRecovery.ts'
import { parseBackground } from './backgroundChoice.ts'
import { checkOptions, type Pipeline, type PipelineInput, pipelineSchema } from './config.ts'
import { type ExplainSummary, explainScores } from './explain.ts'
import { features } from './features.ts'
import { ingest } from './ingest.ts'
import { explainFailure } from './knownErrors.ts'
import { LOCK_FILE, withLock } from './lock.ts'
import { type PersonReceipt, readReceipts } from './readReceipts.ts'
import { type ReportSummary, reportParts } from './report.ts'
import { type ScoreSummary, score } from './score.ts'
import { simulate } from './simulate.ts'
import { followLink, type Manifest, type StageOptions, type StageResult } from './stage.ts'
import { type TrainSummary, train } from './train.ts'

/** A whole run in short; run.json in its folder. */
export interface RunSummary {
  format: 'glasscore.run'
  name: string
  glasscore: string
  seed: number
  outcome: OutcomeDefinition
  features: FeatureTable
  training: TrainSummary
  /** absent when labels were permuted: no model is kept then */
  scores?: ScoreSummary
  receipts?: ExplainSummary
  /** receipts against the backgrounds that the pipeline names, where it names others than the model's own */
  backgrounds?: ExplainSummary
  /** where people were simulated and the truth of them was sealed */
  recovery?: RecoverySummary
  report?: ReportSummary
  /** the receipt that the report shows: nearest to the cutoff by the forest, or by the last model */
  example?: PersonReceipt
  stages: { stage: string; skipped: boolean; manifest: Manifest; folder: string }[]
}

const MARK = 'run.json'
const METRICS = 'metrics.json'
const STAGE_FOLDERS = ['data', 'features', 'train', 'scores', 'receipts', 'backgrounds', 'recovery', 'report']

const prepare = async (out: string): Promise<void> => {
  if (existsSync(out)) {
    const names = await readdir(out)
    const ours = names.length === 0 || names.includes(MARK) || names.every((n) => n === LOCK_FILE)
    if (!ours)
      throw usageError('the output folder holds something else and is left alone', {
        option: 'out',
        expected: 'a new or empty folder, or an earlier run',
        got: out,
      })
  }
  await mkdir(out, { recursive: true })
  for (const name of [...STAGE_FOLDERS, MARK, METRICS]) await removeLeftovers(join(out, name))
  // Until all stages have succeeded nothing here claims to be the summary of what lies beside it.
  await rm(join(out, METRICS), { force: true })
  await writeFileAtomic(join(out, MARK), `${canonicalJson({ format: 'glasscore.run', state: 'unfinished' }, 2)}\n`)
}

/** The receipt that the report shows. */
const exampleReceipt = async (receipts: string, { person }: ReportSummary): Promise<PersonReceipt | undefined> => {
  if (!person) return undefined
  const all = await readReceipts(receipts, person.personId)
  return all.find((r) => r.model === person.model && r.observationDate === person.observationDate)
}

/**
 * Runs a pipeline: source, factors, training, scores, receipts, report. Stages that are up to date are skipped.
 * Writes run.json and metrics.json into the run's folder when all stages have succeeded.
 */
export const run = async (input: PipelineInput, options: StageOptions): Promise<RunSummary> => {
  const pipeline = checkOptions(pipelineSchema, input)
  const out = followLink(resolve(options.out))
  try {
    await prepare(out)
    return await withLock(out, () => runStages(pipeline, out, options))
  } catch (error) {
    throw explainFailure(error)
  }
}

const runStages = async (pipeline: Pipeline, out: string, options: StageOptions): Promise<RunSummary> => {
  const stages: RunSummary['stages'] = []
  const stage = (name: string): StageOptions => ({
    ...options,
    seed: options.seed ?? pipeline.seed,
    out: join(out, name),
  })
  const keep = <T>(result: StageResult<T>): StageResult<T> => {
    stages.push({
      stage: result.manifest.stage,
      skipped: result.skipped,
      manifest: result.manifest,
      folder: result.folder,
    })
    return result
  }
  const { source } = pipeline
  const { coding } = pipeline.features
  let table: StageResult<FeatureTable>
  if (source.kind === 'mapping') {
    const { mapping, input: file, strict } = source
    const ready = (await readMapping(mapping)).kind === 'features'
    if (ready && coding !== 'none')
      throw usageError('the factors of a ready table have no published bands', {
        file: mapping,
        option: 'features.coding',
        expected: 'none, or a source of events',
        got: coding,
      })
    const options = { mapping, strict, ...(file ? { input: file } : {}) }
    const result = keep(await ingest({ ...stage(ready ? 'features' : 'data'), ...options }))
    if (result.summary.features) table = { ...result, summary: result.summary.features }
    else table = keep(await features({ ...stage('features'), data: result.folder, coding }))
  } else {
    const data =
      source.kind === 'simulate'
        ? keep(
            await simulate({
              ...stage('data'),
              people: source.people,
              months: source.months,
              lastObservation: source.lastObservation,
              ...(source.asOf ? { asOf: source.asOf } : {}),
              switches: source.switches,
              outcome: source.outcome,
            }),
          )
        : keep(await ingest({ ...stage('data'), source: 'berka', input: source.input, strict: source.strict }))
    table = keep(await features({ ...stage('features'), data: data.folder, coding }))
  }
  const trained = keep(await train({ ...stage('train'), features: table.folder, train: pipeline.train }))
  const summary: RunSummary = {
    format: 'glasscore.run',
    name: pipeline.name,
    glasscore: VERSION,
    seed: options.seed ?? pipeline.seed,
    outcome: table.summary.outcome,
    features: table.summary,
    training: trained.summary,
    stages,
  }
  if (trained.summary.permutations > 0) {
    for (const name of ['scores', 'receipts', 'backgrounds', 'recovery', 'report'])
      await rm(join(out, name), { recursive: true, force: true })
  } else {
    const inputs = { models: [trained.folder], features: table.folder }
    const { cutoff } = pipeline.report
    summary.scores = keep(await score({ ...stage('scores'), ...inputs, cutoff })).summary
    // The report shows what these come to, and reads them against what the models bring.
    const explained = keep(await explainScores({ ...stage('receipts'), ...inputs, page: false }))
    summary.receipts = explained.summary
    const { backgroundRows } = pipeline.explain
    const backgrounds = pipeline.explain.backgrounds.map(parseBackground)
    if (backgrounds.some(({ kind }) => kind !== 'own')) {
      const against = { backgrounds, ...(backgroundRows === undefined ? {} : { backgroundRows }) }
      summary.backgrounds = keep(await explainScores({ ...stage('backgrounds'), ...inputs, ...against })).summary
    } else await rm(join(out, 'backgrounds'), { recursive: true, force: true })
    if (source.kind === 'simulate' && (await runHasTruth(out)))
      summary.recovery = keep(await recoverParts(out, pipeline.name, {}, stage('recovery'))).summary
    else await rm(join(out, 'recovery'), { recursive: true, force: true })
    summary.report = keep(await reportParts(out, pipeline.name, pipeline.report, stage('report'))).summary
    const example = await exampleReceipt(explained.folder, summary.report)
    if (example) summary.example = example
  }
  await writeFileAtomic(join(out, METRICS), await readFile(join(trained.folder, METRICS)))
  await writeFileAtomic(join(out, MARK), `${canonicalJson(summary, 2)}\n`)
  return summary
}
