/** The audit of recovery of a run on simulated people: recovery.json, and a page that shows it, what its models found of the truth and what they imagined. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Background } from '../attributions/background.ts'
import { canExplain, explain } from '../attributions/explain.ts'
import { againstTruth } from '../audits/recovery/againstTruth.ts'
import { attributionAgreement, importanceAgreement } from '../audits/recovery/attributionAgreement.ts'
import { type ClosedForm, closedForm, rowsByKey } from '../audits/recovery/closedForm.ts'
import type { AttributionRecovery, DeclaredRecovery, RecoveryReport } from '../audits/recovery/findings.ts'
import { simpleImportances } from '../audits/recovery/importances.ts'
import { hasTruth, openTruth, type RowsWithTruth, rowsWithTruth } from '../audits/recovery/openTruth.ts'
import { loadModel } from '../formats/modelFile.ts'
import { type FactorFrame, takeRows } from '../matrix/frame.ts'
import { isTreeModel } from '../models/model.ts'
import { encodeFor, type Scorer } from '../scores/scorer.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { dataError, GlasscoreError, interruptedError, usageError } from '../util/errors.ts'
import { canonicalJson, sha256File } from '../util/hash.ts'
import { type Random, random } from '../util/random.ts'
import { VERSION } from '../util/version.ts'
import { loadFeatures } from './loadFeatures.ts'
import { type RunParts, readRunHead, readRunParts } from './reportParts.ts'
import { type FinishedTraining, readTraining, trainingRows } from './reportTraining.ts'
import { readManifest, runStage, type StageContext, type StageOptions, type StageResult } from './stage.ts'

/** Options of `auditRecovery`. */
export interface AuditRecoveryOptions extends Omit<StageOptions, 'out'> {
  /** folder that `run` wrote */
  run: string
  /** default: the folder `recovery` in the run, where its report looks for it */
  out?: string
  /** the dataset folder that the run was made from, beside which the truth lies; default the folder `data` in the run */
  data?: string
  /** rows whose attributions are compared with the closed form, drawn from those that no model had seen; default 4,000 */
  rows?: number
}

/** What came of an audit: recovery.json has all of it. */
export interface RecoverySummary {
  truth: RecoveryReport['truth']
  rows: number
  bads: number
  ceiling: RecoveryReport['ceiling']
  models: RecoveryReport['models']
  /** by model and semantics; empty where outcomes were not drawn from the declared function */
  attributions: {
    model: string
    semantics: AttributionRecovery['semantics']
    misplaced: AttributionRecovery['misplaced']
    withinRows: AttributionRecovery['withinRows']
    sameFirstReason: AttributionRecovery['sameFirstReason']
    importances: Omit<AttributionRecovery['importances'][number], 'values'>[]
  }[]
  notes: string[]
}

/** The files of an audit beside manifest.json and summary.json. */
export const RECOVERY_JSON = 'recovery.json'
/** The page; it shows the numbers of recovery.json and no others. */
export const RECOVERY_HTML = 'recovery.html'
export const MOST_ROWS = 4000
/** Of the intervals of attributions; those of AUCs have as many as the training had. */
const ATTRIBUTION_REPLICATES = 400

/** Where an audit goes unless said otherwise. */
export const recoveryFolder = (run: string): string => join(run, 'recovery')

/** @throws when the run was made from other data than those that lie there now */
export const checkDataOfRun = async (parts: RunParts, data: string): Promise<void> => {
  const file = join(data, 'dataset.json')
  if (!existsSync(file))
    throw usageError('the data of the run are not there', {
      file: data,
      option: 'data',
      expected: 'the dataset folder that glasscore simulate wrote and the run was made from',
    })
  const manifest = await readManifest(parts.features.folder)
  if (manifest?.inputs['data']?.['dataset.json'] !== (await sha256File(file)))
    throw dataError('the factors of the run were made from other data', {
      file: parts.features.folder,
      expected: `those of ${data}`,
      hint: 'run the pipeline again into this folder, or name its data (--data)',
    })
}

/** Rows to look at, in their order. */
const drawRows = (rows: number, most: number, stream: Random): Int32Array =>
  stream
    .shuffle(Int32Array.from({ length: rows }, (_, i) => i))
    .subarray(0, Math.min(rows, most))
    .sort()

interface Looked {
  frame: FactorFrame
  /** training rows, the background of the closed form */
  training: Background
  truth: ClosedForm
  dimensions: readonly string[]
  personId: readonly string[]
  target: Uint8Array
}

/** @param background of its points; absent: that of the training, and with it the simpler importances */
const recoveryOf = async (
  { pool, signal }: StageContext,
  scorer: Scorer,
  looked: Looked,
  stream: Random,
  background?: Background,
): Promise<AttributionRecovery> => {
  const { frame, truth, personId, target } = looked
  const explained = await explain(scorer, frame, {
    pool,
    ...(signal ? { signal } : {}),
    ...(background ? { background } : {}),
  })
  const { points, dimensionPoints, dimensions } = explained
  const drawn = { personId, target, replicates: ATTRIBUTION_REPLICATES, random: stream.fork('bootstrap') }
  const factors = { players: explained.factors.length, rows: frame.rows, points }
  const simple = background
    ? []
    : await simpleImportances(scorer, encodeFor(scorer, frame), target, stream.fork('permutation'), pool, signal)
  const own = { kind: 'attributions' as const, text: 'mean absolute points', values: factors }
  return {
    model: scorer.name,
    semantics: explained.semantics,
    backgroundId: explained.backgroundId,
    link: explained.link,
    ...attributionAgreement(
      truth,
      { factors, dimensions: { players: dimensions.length, rows: frame.rows, points: dimensionPoints } },
      drawn,
    ),
    importances: importanceAgreement(truth.factors, [own, ...simple], truth.spoken, drawn),
  }
}

/** A model's points as receipts have them; those of trees also against the background of the closed form, which linear models have by themselves. */
const recoveriesOf = async (
  context: StageContext,
  scorer: Scorer,
  looked: Looked,
  stream: Random,
): Promise<Pick<DeclaredRecovery, 'models' | 'without'>> => {
  const model = scorer.name
  if (!canExplain(scorer))
    return {
      models: [],
      without: [{ model, reason: 'isotonic calibration makes steps, which no sum of points follows' }],
    }
  const models = [await recoveryOf(context, scorer, looked, stream)]
  if (!isTreeModel(scorer.model)) return { models, without: [] }
  try {
    models.push(await recoveryOf(context, scorer, looked, stream, looked.training))
  } catch (error) {
    // Paths of a tree may have more factors than are worked out exactly.
    if (!(error instanceof GlasscoreError && error.kind === 'model')) throw error
    return { models, without: [{ model, reason: `against training rows: ${error.message}` }] }
  }
  return { models, without: [] }
}

/** Attributions beside the closed form, on rows drawn from those that no model had seen. */
const declaredRecovery = async (
  context: StageContext,
  parts: RunParts,
  training: FinishedTraining,
  truth: Awaited<ReturnType<typeof openTruth>>,
  held: RowsWithTruth,
  most: number,
  stream: Random,
): Promise<DeclaredRecovery> => {
  const { engine, progress, signal } = context
  const loaded = await loadFeatures(engine, parts.features.folder)
  const { labeled, train } = trainingRows(loaded, training, parts.train.folder)
  const at = drawRows(held.personId.length, most, stream.fork('rows'))
  const keys = Array.from(at, (i) => ({ personId: held.personId[i]!, observationDate: held.observationDate[i]! }))
  const frame = rowsByKey(loaded.frame, keys)
  const dimensions = [...new Set(frame.factors.map((f) => f.dimension))]
  const background = train ? takeRows(labeled.frame, train) : labeled.frame
  const closed = await closedForm(engine, truth, frame, dimensions, background)
  const personId = keys.map((k) => k.personId)
  const target = Uint8Array.from(at, (i) => held.target[i]!)
  const looked = {
    frame,
    training: { id: 'training_rows', frame: background },
    truth: closed,
    dimensions,
    personId,
    target,
  }
  const models: AttributionRecovery[] = []
  const without: DeclaredRecovery['without'] = []
  for (const [k, { name }] of training.models.entries()) {
    if (signal?.aborted) throw interruptedError()
    progress('attributions', k, training.models.length)
    const { scorer } = await loadModel(join(parts.train.folder, 'models', name))
    const found = await recoveriesOf(context, scorer, looked, stream)
    models.push(...found.models)
    without.push(...found.without)
  }
  const spoken = new Set(closed.spoken)
  return {
    rows: at.length,
    persons: new Set(personId).size,
    background: closed.background,
    factors: frame.factors.map(({ name, dimension }, j) => ({ name, dimension, spoken: spoken.has(j) })),
    dimensions,
    models,
    without,
  }
}

const notesOf = (
  report: Pick<RecoveryReport, 'truth' | 'evaluation' | 'declared' | 'withoutProbability'>,
): string[] => [
  'The ceiling is that of these rows: a model can lie above it by chance, and the intervals say how far chance reaches.',
  ...(report.withoutProbability > 0
    ? [
        `${report.withoutProbability} labeled rows are left out: in truth these people are excluded or owe nothing, and a switch changed what is on file of them. AUCs are therefore not those of the training.`,
      ]
    : []),
  ...(report.truth.kind === 'causal'
    ? [
        'The truth knows the latent state, which no factor shows whole: what is between a model and the ceiling is in part beyond any factor.',
      ]
    : []),
  ...(report.evaluation === 'out_of_fold' && report.declared
    ? ['The models whose points are compared were trained on all rows, those that are looked at among them.']
    : []),
  ...(report.declared
    ? [
        'Points of trees stand twice: path-dependent, against their training cover, as in receipts, and interventional, against the training rows, as the closed form. What is between the two is the other question that path-dependent points answer, and no fault of the model.',
      ]
    : []),
]

/**
 * The audit on the folders of a run, whose run.json is not looked at: what `run` does before its report.
 * @param run folder with data/, features/, train/, scores/ and receipts/
 */
export const recoverParts = async (
  run: string,
  name: string,
  asked: { data?: string; rows?: number },
  options: StageOptions,
): Promise<StageResult<RecoverySummary>> => {
  const { data = join(run, 'data'), rows: most = MOST_ROWS } = asked
  if (!(Number.isInteger(most) && most >= 100))
    throw usageError('not a number of rows', {
      option: 'rows',
      expected: 'a whole number of 100 or more',
      got: most,
    })
  const parts = await readRunParts(run)
  await checkDataOfRun(parts, data)
  const truth = await openTruth(data)
  const training = await readTraining(parts.train.folder)
  const { kind, text, seed, sha256 } = truth.head
  const spec = {
    stage: 'audit recovery',
    options: { name, rows: most, truth: kind },
    inputs: { features: parts.features.folder, train: parts.train.folder, truth: truth.file },
  }
  return runStage(spec, { ...options, seed: training.seed }, async (context) => {
    const { progress } = context
    progress('read', 0, 1)
    const { replicates, indeterminate } = training.options
    const root = random(training.seed)
    const held = await rowsWithTruth(context.engine, truth, {
      file: join(parts.train.folder, 'predictions.parquet'),
      models: training.models.map((m) => m.name),
      indeterminate,
    })
    progress('against truth', 0, 1)
    const compared = againstTruth(held, held.models, {
      replicates,
      // That of the training: the same draws, so that the AUCs are those of its figures.
      random: root.fork('train').fork('bootstrap'),
    })
    const declared =
      kind === 'declared'
        ? await declaredRecovery(context, parts, training, truth, held, most, root.fork('recovery'))
        : null
    const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length
    const report: RecoveryReport = {
      format: 'glasscore.recovery',
      version: 1,
      glasscore: VERSION,
      name,
      truth: { kind, text, seed, sha256, meanStandardError: held.meanStandardError },
      target: held.text,
      evaluation: held.part,
      rows: held.target.length,
      bads: held.target.reduce((a, b) => a + b, 0),
      persons: new Set(held.personId).size,
      withoutProbability: held.withoutProbability,
      level: 0.95,
      replicates,
      ...compared,
      meanTruth: mean(held.truth),
      badRate: mean(held.target),
      declared,
      notes: [],
      inputs: {
        'train/predictions.parquet': parts.train.outputs['predictions.parquet']!,
        'features/features.parquet': parts.features.outputs['features.parquet']!,
      },
    }
    report.notes = notesOf(report)
    const json = `${canonicalJson(report, 2)}\n`
    await writeFileAtomic(join(context.folder, RECOVERY_JSON), json)
    // Made from the JSON as it was written; loaded here alone, so that other commands do not wait for the charts.
    const { renderRecovery } = await import('../reports/recoveryPage.ts')
    await writeFileAtomic(join(context.folder, RECOVERY_HTML), renderRecovery(JSON.parse(json) as RecoveryReport))
    return {
      truth: report.truth,
      rows: report.rows,
      bads: report.bads,
      ceiling: report.ceiling,
      models: report.models,
      attributions: (declared?.models ?? []).map(
        ({ model, semantics, misplaced, withinRows, sameFirstReason, importances }) => ({
          model,
          semantics,
          misplaced,
          withinRows,
          sameFirstReason,
          importances: importances.map(({ values: _, ...rest }) => rest),
        }),
      ),
      notes: report.notes,
    }
  })
}

/** Whether a run folder has a truth that its outcomes were made with. */
export const runHasTruth = (run: string): Promise<boolean> => hasTruth(join(run, 'data'))

/**
 * Compares a finished run on simulated people with what was sealed when they were made.
 * @throws GlasscoreError when the run is unfinished or was changed, its data are not there, or no truth of theirs is
 */
export const auditRecovery = async (options: AuditRecoveryOptions): Promise<StageResult<RecoverySummary>> => {
  const { run, out = recoveryFolder(run), data, rows, ...stage } = options
  const { name } = await readRunHead(run)
  const asked = { ...(data !== undefined ? { data } : {}), ...(rows !== undefined ? { rows } : {}) }
  return recoverParts(run, name, asked, { ...stage, out })
}
