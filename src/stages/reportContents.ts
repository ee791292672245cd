/** Puts the report of a run together: reads its folders once, and has each part of the report computed. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { factorFigures } from '../comparison/factorFigures.ts'
import { loadModel } from '../formats/modelFile.ts'
import type { RunReport } from '../reports/runReport.ts'
import type { FeatureTable } from '../schema/dataset.ts'
import type { Scorer } from '../scores/scorer.ts'
import { interruptedError, modelError } from '../util/errors.ts'
import { random } from '../util/random.ts'
import { VERSION } from '../util/version.ts'
import type { ExplainSummary } from './explain.ts'
import { loadFeatures } from './loadFeatures.ts'
import { readLayout } from './readReceipts.ts'
import { reportFactorPoints } from './reportFactorPoints.ts'
import { reportModels } from './reportModels.ts'
import type { RunParts } from './reportParts.ts'
import { type PersonChoice, reportPerson, shownModel } from './reportPerson.ts'
import type { ReportSources } from './reportSources.ts'
import { type FinishedTraining, trainingRows } from './reportTraining.ts'
import type { ScoreSummary } from './score.ts'
import type { StageContext } from './stage.ts'

/** Files of a run whose content is in the report. */
const READ: Record<keyof RunParts, (file: string) => boolean> = {
  features: (file) => ['features.json', 'features.parquet', 'outcomes.parquet', 'missing.parquet'].includes(file),
  train: (file) => file !== 'summary.json',
  scores: () => true,
  receipts: () => true,
}

const readFiles = (parts: RunParts): Record<string, string> => {
  const files: Record<string, string> = {}
  for (const part of ['features', 'train', 'scores', 'receipts'] as const)
    for (const [file, hash] of Object.entries(parts[part].outputs))
      if (READ[part](file)) files[`${part}/${file}`] = hash
  return files
}

const KINDS: Record<string, RunReport['waterfall'][number]['kind']> = {
  excluded: 'leaves',
  indeterminate: 'leaves',
  good: 'end',
  bad: 'end',
}
const ORDER = ['keeps', 'leaves', 'end']

/** Steps that keep rows, then those that take some out, then the ends; within each as the feature table counts them. */
const waterfallOf = (table: FeatureTable): RunReport['waterfall'] =>
  table.waterfall
    .map(({ step, rows }) => ({ step, rows, kind: KINDS[step] ?? ('keeps' as const) }))
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))

const datesOf = (dates: readonly string[]): RunReport['dates'] => {
  const all = [...new Set(dates)].sort()
  return { first: all[0]!, last: all.at(-1)!, count: all.length }
}

const loadScorers = async (train: string, training: FinishedTraining): Promise<Map<string, Scorer>> => {
  const scorers = new Map<string, Scorer>()
  for (const { name, modelHash } of training.models) {
    const folder = join(train, 'models', name)
    const { scorer, hash } = await loadModel(folder)
    if (hash !== modelHash)
      throw modelError('the model is not the one whose figures the run holds', {
        file: folder,
        expected: `SHA-256 ${modelHash?.slice(0, 12)}...`,
        got: `${hash.slice(0, 12)}...`,
      })
    scorers.set(name, scorer)
  }
  return scorers
}

const json = async <T>(folder: string, name: string): Promise<T> =>
  JSON.parse(await readFile(join(folder, name), 'utf8')) as T

/**
 * Everything that report.json holds.
 * @param sample persons whose dots the charts show
 * @throws GlasscoreError when the parts do not fit each other, or the person, model or date is unknown
 */
export const reportContents = async (
  context: StageContext,
  name: string,
  parts: RunParts,
  training: FinishedTraining,
  cutoff: number,
  choice: PersonChoice,
  sample: number,
): Promise<RunReport> => {
  const { engine, progress, signal } = context
  const step = (done: number): void => {
    if (signal?.aborted) throw interruptedError()
    progress('report', done, 4)
  }
  step(0)
  const loaded = await loadFeatures(engine, parts.features.folder)
  const { table, frame } = loaded
  const rows = trainingRows(loaded, training, parts.train.folder)
  const scored = await json<ScoreSummary>(parts.scores.folder, 'summary.json')
  const explained = await json<ExplainSummary>(parts.receipts.folder, 'summary.json')
  const receipts = join(parts.receipts.folder, 'receipts.parquet')
  const sources: ReportSources = {
    engine,
    predictions: join(parts.train.folder, 'predictions.parquet'),
    scores: join(parts.scores.folder, 'scores.parquet'),
    receipts: existsSync(receipts) ? receipts : undefined,
    layout: existsSync(receipts) ? await readLayout(parts.receipts.folder) : { factors: [], dimensions: [] },
    scored,
    explained,
    training,
    rows,
    scorers: await loadScorers(parts.train.folder, training),
    factors: table.factors,
    frame,
    cutoff,
  }
  step(1)
  const { models, drawn } = await reportFactorPoints(
    sources,
    await reportModels(sources),
    shownModel(sources, choice),
    sample,
    random(training.seed).fork('report'),
  )
  step(2)
  const factors = factorFigures(rows.labeled.frame, rows.labeled.target, {
    ...(rows.train ? { train: rows.train } : {}),
    ...(rows.test ? { test: rows.test } : {}),
  })
  step(3)
  const { split, calibration, indeterminate, replicates } = training.options
  return {
    format: 'glasscore.report',
    version: 1,
    name,
    source: table.name,
    glasscore: VERSION,
    seed: training.seed,
    cutoff,
    settings: { split, calibration, indeterminate, replicates },
    dates: datesOf(frame.observationDate),
    protectedColumns: table.protectedColumns,
    outcome: table.outcome,
    waterfall: waterfallOf(table),
    evaluation: training.evaluation,
    train: training.train,
    test: training.test,
    left: training.left,
    models,
    drawn,
    factors,
    unavailable: table.unavailable,
    ...(await reportPerson(sources, loaded, parts.features.folder, choice)),
    notes: table.notes,
    warnings: [...new Set([...table.warnings, ...training.warnings, ...scored.warnings, ...explained.notes])],
    inputs: readFiles(parts),
  }
}
