/** Models against models on rows that none of them saw: compare.json with every number, compare.html, and the baselines' predictions. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { approvalAt } from '../comparison/approval.ts'
import { comparePairs, type PairedRows } from '../comparison/comparePairs.ts'
import { type Swap, swapOf } from '../comparison/compareSwaps.ts'
import { evaluate } from '../comparison/evaluate.ts'
import { rocCurve } from '../metrics/rocCurve.ts'
import type { BaselineName, RivalName } from '../models/baseline/statements.ts'
import { loadTensorFlow } from '../models/network/tensorflow.ts'
import type { ComparedModel, CompareReport } from '../reports/compareReport.ts'
import { DEFAULT_CUTOFF, SCORE_MAX, SCORE_MIN } from '../schema/score.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { interruptedError, usageError } from '../util/errors.ts'
import { canonicalJson, sha256File } from '../util/hash.ts'
import { random as randomFrom } from '../util/random.ts'
import { VERSION } from '../util/version.ts'
import { type Contender, featuresOf, type Rivals, rivalNames, TRAINED_ON, take, trainRivals } from './compareRivals.ts'
import { alignRuns, isWholeRun, labelsOf, type RunPredictions, readPredictions, trainingFolder } from './compareRuns.ts'
import { runStage, type StageContext, type StageOptions, type StageResult } from './stage.ts'

/** What a comparison is asked for. */
export interface CompareOptions {
  /** who has at least this score is approved; 350..950, default 650 */
  cutoff?: number
  /** trained beside the models of the first run; true: all of them */
  baselines?: readonly BaselineName[] | boolean
  /** a network by TensorFlow.js, which must be installed */
  network?: boolean
  /** the model that the others are set against; default the first */
  reference?: string
  /** feature-table folder of the first run, where it does not lie in the run */
  features?: string
  /** bootstrap replicates; default the most that one of the runs took */
  replicates?: number
  /** training rows of a baseline at most, in place of what takes some 20 seconds each */
  baselineRows?: number
}

/** Options of `compare`. */
export interface CompareStageOptions extends Omit<StageOptions, 'out'>, CompareOptions {
  /** folders that `run` or `train` wrote */
  runs: readonly string[]
  /** default: compare in the run, or runs/compare for several */
  out?: string
}

/** A comparison without its curves and without the pairs that do not hold the reference. */
export type CompareSummary = Omit<CompareReport, 'models' | 'pairs' | 'swaps'> & {
  models: Omit<ComparedModel, 'roc'>[]
}

/** The files of a comparison beside manifest.json and summary.json; predictions.parquet is there when something was trained. */
export const COMPARE_JSON = 'compare.json'
/** The page; it shows the numbers of compare.json and no others. */
export const COMPARE_HTML = 'compare.html'

/** JSON has no NaN: what is not defined is null. */
const plain = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value, (_, v: unknown) => (typeof v === 'number' && !Number.isFinite(v) ? null : v))) as T

const contendersOf = (runs: readonly RunPredictions[], rows: readonly Int32Array[]): Contender[] =>
  runs.flatMap((run, r) =>
    run.models.map(({ name, modelHash, margin, probability, score }) => ({
      name: runs.length > 1 ? `${run.label}/${name}` : name,
      kind: 'model' as const,
      modelHash,
      margin: take(margin, rows[r]!),
      probability: take(probability, rows[r]!),
      score: Int32Array.from(rows[r]!, (i) => score[i]!),
    })),
  )

/** One seed for the draws whatever the order of the runs: theirs if they share one, so that a run alone has its own intervals. */
const seedOf = (runs: readonly RunPredictions[], given: number | undefined): number => {
  const seeds = new Set(runs.map((run) => run.training.seed))
  return given ?? (seeds.size === 1 ? runs[0]!.training.seed : 1)
}

const notesOf = (runs: readonly RunPredictions[], rows: PairedRows): string[] => {
  const notes: string[] = []
  const kinds = new Set(runs.map((run) => run.training.evaluation))
  if (kinds.size > 1)
    notes.push(
      'Some runs are measured on test rows by one model, others out of fold by several models that are averaged: the latter are a little surer for it.',
    )
  const outcomes = new Set(runs.map((run) => run.outcome.name))
  if (outcomes.size > 1)
    notes.push(
      `The runs name their outcome differently (${[...outcomes].join(', ')}) and define it alike; on the compared rows their outcomes agree.`,
    )
  if (new Set(runs.map((run) => run.training.options.indeterminate)).size > 1)
    notes.push('The runs count indeterminate rows differently in training; on the compared rows their outcomes agree.')
  const persons = new Set(rows.personId).size
  if (persons < rows.target.length)
    notes.push('Some persons have several rows: intervals draw persons with all of their rows.')
  return notes
}

const referenceAt = (names: readonly string[], wanted: string | undefined): number => {
  const at = wanted === undefined ? 0 : names.indexOf(wanted)
  if (at < 0)
    throw usageError('there is no such model to compare with', {
      option: 'reference',
      expected: `one of ${names.join(', ')}`,
      got: wanted,
    })
  return at
}

interface Inputs {
  labels: readonly string[]
  rivals: readonly RivalName[]
  cutoff: number
  seed: number | undefined
}

const assemble = async (
  context: StageContext,
  { runs: paths, ...options }: CompareStageOptions,
  { labels, rivals, cutoff, seed }: Inputs,
): Promise<CompareReport> => {
  const { engine, progress, signal } = context
  const runs: RunPredictions[] = []
  for (const [k, path] of paths.entries()) {
    progress('read runs', k, paths.length)
    runs.push(await readPredictions(engine, path, labels[k]!))
  }
  const positions = alignRuns(runs)
  const first = runs[0]!
  const rows: PairedRows = {
    personId: Array.from(positions[0]!, (i) => first.personId[i]!),
    target: Uint8Array.from(positions[0]!, (i) => first.target[i]!),
  }
  const prefix = runs.length > 1 ? `${first.label}/` : ''
  const own = contendersOf(runs, positions)
  // Before minutes of training.
  referenceAt([...own.map(({ name }) => name), ...rivals.map((name) => `${prefix}${name}`)], options.reference)
  const made: Rivals =
    rivals.length > 0
      ? await trainRivals(
          context,
          rivals,
          first,
          await featuresOf(first, options.features),
          positions[0]!,
          prefix,
          options.baselineRows,
        )
      : { contenders: [], baselines: [], unavailable: [] }
  const contenders = [...own, ...made.contenders]
  const reference = referenceAt(
    contenders.map(({ name }) => name),
    options.reference,
  )
  const used = seedOf(runs, seed)
  const replicates = options.replicates ?? Math.max(...runs.map((run) => run.training.options.replicates))
  // The stream of the figures in a run's own metrics.json: on the same rows the intervals are the same.
  const draws = { replicates, random: randomFrom(used).fork('train').fork('bootstrap') }
  const models: ComparedModel[] = []
  for (const [k, { name, kind, modelHash, ...measured }] of contenders.entries()) {
    if (signal?.aborted) throw interruptedError()
    progress('compare', k, contenders.length + 1)
    models.push({
      name,
      kind,
      modelHash,
      figures: evaluate({ ...rows, ...measured }, draws),
      roc: rocCurve(measured.margin, rows.target, ROC_POINTS),
      atCutoff: approvalAt({ ...rows, score: measured.score }, cutoff),
    })
  }
  progress('compare', contenders.length, contenders.length + 1)
  const swaps: Swap[] = contenders.flatMap((a, i) => contenders.slice(i + 1).map((b) => swapOf(rows, a, b, cutoff)))
  const others = contenders.filter((_, i) => i !== reference)
  return {
    format: 'glasscore.compare',
    version: 1,
    glasscore: VERSION,
    seed: used,
    replicates,
    cutoff,
    outcome: first.outcome,
    runs: runs.map((run, r) => ({
      label: run.label,
      evaluation: run.training.evaluation,
      seed: run.training.seed,
      rows: run.target.length,
      used: positions[r]!.length,
      leftOut: run.target.length - positions[r]!.length,
      models: run.models.length,
    })),
    rows: rows.target.length,
    bads: rows.target.reduce((a, b) => a + b, 0),
    persons: new Set(rows.personId).size,
    models,
    reference: contenders[reference]!.name,
    ...comparePairs(rows, contenders, reference, draws),
    swaps,
    swapsAgainstReference: others.map((a) => swapOf(rows, a, contenders[reference]!, cutoff)),
    baselines: made.baselines,
    unavailable: made.unavailable,
    notes: notesOf(runs, rows),
    inputs: Object.fromEntries([
      ...(await Promise.all(
        runs.map(async (run) => [
          `${run.label}: predictions.parquet`,
          await sha256File(join(run.train, 'predictions.parquet')),
        ]),
      )),
      // What baselines were trained on; its hashes were compared with these.
      ...(rivals.length > 0 ? TRAINED_ON.map((name) => [`${first.label}: ${name}`, first.featureHashes[name]!]) : []),
    ]),
  }
}

/** Points of a drawn ROC, at most. */
const ROC_POINTS = 200

/** Where a comparison is written by default: in the run; beside a training by itself, whose folder is complete without it. */
export const compareFolder = (runs: readonly string[]): string => {
  if (runs.length !== 1) return join('runs', 'compare')
  const [run] = runs as [string]
  return isWholeRun(run) ? join(run, 'compare') : `${run.replace(/[\\/]+$/, '')}.compare`
}

/**
 * Compares the models of runs on the rows that every run holds out: figures with intervals, paired differences, swap sets at a
 * cutoff; on request beside npm baselines, the best single factor and a network, trained on the same rows.
 * @throws GlasscoreError when a folder is no run, runs share no held-out row or disagree on an outcome, or a package is absent
 */
export const compare = async (options: CompareStageOptions): Promise<StageResult<CompareSummary>> => {
  const { runs, cutoff = DEFAULT_CUTOFF } = options
  if (runs.length === 0) throw usageError('no run to compare', { expected: 'one run folder or more' })
  if (!Number.isInteger(cutoff) || cutoff < SCORE_MIN || cutoff > SCORE_MAX)
    throw usageError('invalid cutoff', {
      option: 'cutoff',
      expected: `a whole number from ${SCORE_MIN} to ${SCORE_MAX}`,
      got: cutoff,
    })
  const { replicates, baselineRows } = options
  if (replicates !== undefined && (!Number.isInteger(replicates) || replicates < 200))
    throw usageError('too few replicates for an interval', {
      option: 'replicates',
      expected: 'a whole number of 200 or more',
      got: replicates,
    })
  if (baselineRows !== undefined && (!Number.isInteger(baselineRows) || baselineRows < 50))
    throw usageError('too few rows to train a baseline on', {
      option: 'baseline-rows',
      expected: 'a whole number of 50 or more',
      got: baselineRows,
    })
  const labels = labelsOf(runs)
  const rivals = rivalNames(options.baselines, options.network)
  // Before minutes of other work: is there a network to be had?
  if (rivals.includes('network')) await loadTensorFlow()
  const trains = runs.map(trainingFolder)
  const features = rivals.length > 0 ? (options.features ?? join(runs[0]!, 'features')) : undefined
  const spec = {
    stage: 'compare',
    options: {
      labels,
      cutoff,
      rivals,
      seed: options.seed ?? null,
      reference: options.reference ?? null,
      replicates: replicates ?? null,
      baselineRows: baselineRows ?? null,
    },
    inputs: {
      ...Object.fromEntries(trains.map((train, k) => [`run_${k + 1}`, train])),
      ...(features !== undefined && existsSync(features) ? { features } : {}),
    },
  }
  const out = options.out ?? compareFolder(runs)
  return runStage(spec, { ...options, out }, async (context) => {
    const report = plain(await assemble(context, options, { labels, rivals, cutoff, seed: options.seed }))
    await writeFileAtomic(join(context.folder, COMPARE_JSON), `${canonicalJson(report, 2)}\n`)
    const { renderComparison } = await import('../reports/comparePage.ts')
    await writeFileAtomic(join(context.folder, COMPARE_HTML), renderComparison(report))
    const { pairs: _pairs, swaps: _swaps, models, ...rest } = report
    return { ...rest, models: models.map(({ roc: _roc, ...model }) => model) }
  })
}
