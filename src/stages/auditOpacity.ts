/** The audit of opacity of a run: opacity.json, a page that shows it, and a table with the figures of every person looked at. */
import { join } from 'node:path'
import { declaredWeights } from '../audits/opacity/declaredWeights.ts'
import type { ModelOpacity } from '../audits/opacity/findings.ts'
import { multiplicity } from '../audits/opacity/multiplicity.ts'
import { COMPONENT_NAMES, weightedMean } from '../audits/opacity/opacityIndex.ts'
import type { OpacityResult } from '../audits/opacity/opacityInput.ts'
import { opacityOf } from '../audits/opacity/opacityOf.ts'
import type { LabeledRows } from '../audits/opacity/refit.ts'
import { checkMadeElsewhere } from '../audits/opacity/stackedOpacity.ts'
import { hasTruth, openTruth } from '../audits/recovery/openTruth.ts'
import type { FactorFrame } from '../matrix/frame.ts'
import type { OpacityAsked, OpacityReport } from '../reports/opacityReport.ts'
import { DEFAULT_CUTOFF, SCORE_MAX, SCORE_MIN } from '../schema/score.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { dataError, interruptedError, usageError } from '../util/errors.ts'
import { canonicalJson } from '../util/hash.ts'
import { random } from '../util/random.ts'
import { VERSION } from '../util/version.ts'
import { constantText, keyColumns, writeTogether } from './modelTables.ts'
import { opacityClaims } from './opacityClaims.ts'
import { backgroundsOf, opacityOfRun, someOf, someRows } from './opacityOfRun.ts'
import { opacityTruth } from './opacityTruth.ts'
import { readRunHead, readRunParts } from './reportParts.ts'
import { readTraining } from './reportTraining.ts'
import { runStage, type StageContext, type StageOptions, type StageResult } from './stage.ts'

/** Options of `auditOpacity`. */
export interface AuditOpacityOptions extends Omit<StageOptions, 'out'> {
  /** folder that `run` wrote */
  run: string
  /** default: the folder `opacity` in the run */
  out?: string
  /** default all */
  models?: readonly string[]
  /** the lowest score that is selected; default 650 */
  cutoff?: number
  /** held-out rows that are explained; default 1,000 */
  rows?: number
  /** rows that models are trained on again, at most; default 20,000 */
  fitRows?: number
  /** trainings with a dimension permuted, for each dimension; default 3 */
  permutations?: number
  /** shuffles of a masked dimension; default 5 */
  repeats?: number
  /** trainings on bootstrap samples; default 20 */
  retrainings?: number
  /** AUC below the best that counts as equal; default 0.01 */
  tolerance?: number
  /** rows of a background; default 50 */
  backgroundRows?: number
  /** of the intervals; default 400 */
  replicates?: number
  /** declared weights by dimension, in place of the advertised ones */
  declared?: Readonly<Record<string, number>>
  /** factors that are outputs of other models, beside those of the catalogue */
  madeElsewhere?: readonly string[]
  /** pairs of factors of which it is claimed that they act together; default: that of the population, where its sealed truth lies beside the data */
  claims?: readonly (readonly [string, string])[]
  /** dataset folder that the run was made from, beside which a truth may lie; default the folder `data` in the run */
  data?: string
}

/** What came of an audit: opacity.json has all of it. */
export interface OpacitySummary {
  rows: OpacityReport['rows']
  declared: OpacityReport['declared']
  dimensions: string[]
  models: {
    model: string
    auc: number | null
    /** made of the parts that every model of the run has */
    index: number | null
    people: ModelOpacity['index']['people']
    /** share of mean |points| by dimension */
    shares: (number | null)[]
    distance: ModelOpacity['index']['people'] | null
    interactions: ModelOpacity['interactions']['share']
    needed: ModelOpacity['needed']['people']
    arbitrary: ModelOpacity['index']['people'] | null
  }[]
  notes: string[]
}

/** The files of an audit beside manifest.json and summary.json. */
export const OPACITY_JSON = 'opacity.json'
/** The page; it shows the numbers of opacity.json and no others. */
export const OPACITY_HTML = 'opacity.html'
/** One row a person, date and model: the figures of each person looked at. */
export const OPACITY_PARQUET = 'opacity.parquet'

/** Where an audit goes unless said otherwise. */
export const opacityFolder = (run: string): string => join(run, 'opacity')

const whole = (option: string, value: number, least: number, most: number): number => {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw usageError('not a number that this option can have', {
    option,
    expected: `a whole number from ${least} to ${most}`,
    got: value,
  })
}

const askedOf = (options: AuditOpacityOptions): OpacityAsked => {
  const { cutoff = DEFAULT_CUTOFF, tolerance = 0.01 } = options
  if (!(cutoff >= SCORE_MIN && cutoff <= SCORE_MAX))
    throw usageError('no score of a run can have this cutoff', {
      option: 'cutoff',
      expected: `a number from ${SCORE_MIN} to ${SCORE_MAX}`,
      got: cutoff,
    })
  if (!(tolerance >= 0 && tolerance <= 0.5))
    throw usageError('not a tolerance of AUC', {
      option: 'tolerance',
      expected: 'a number from 0 to 0.5',
      got: tolerance,
    })
  const twice = options.models?.find((name, k) => options.models!.indexOf(name) < k)
  if (twice !== undefined) throw usageError('a model is named twice', { option: 'model', got: twice })
  return {
    cutoff,
    tolerance,
    rows: whole('rows', options.rows ?? 1000, 50, 1_000_000),
    fitRows: whole('fit-rows', options.fitRows ?? 20_000, 100, 10_000_000),
    permutations: whole('permutations', options.permutations ?? 3, 0, 1000),
    repeats: whole('repeats', options.repeats ?? 5, 1, 1000),
    retrainings: whole('retrainings', options.retrainings ?? 20, 2, 1000),
    backgroundRows: whole('background-rows', options.backgroundRows ?? 50, 1, 100_000),
    replicates: whole('replicates', options.replicates ?? 400, 20, 100_000),
  }
}

const number = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** The rows looked at by one model: what the audit found of each. */
const storeRows = (
  { engine }: StageContext,
  table: string,
  frame: FactorFrame,
  { rows, findings }: OpacityResult,
): Promise<void> => {
  const none = new Float64Array(frame.rows).fill(Number.NaN)
  const many = rows.multiplicity
  const double = (values: Float64Array) => ({ type: 'DOUBLE' as const, values })
  return engine.createTable(table, {
    ...keyColumns(frame),
    model: constantText(findings.model, frame.rows),
    score: { type: 'INTEGER', values: rows.score },
    opacity_index: double(rows.index),
    interaction_share: double(rows.interactions),
    factors_needed: { type: 'INTEGER', values: rows.needed },
    reasons_lost: double(rows.instability),
    reason_depends_on_method: double(rows.disagreement),
    made_elsewhere_share: double(rows.stacked ?? none),
    lowest_score: double(many ? Float64Array.from(many.low) : none),
    highest_score: double(many ? Float64Array.from(many.high) : none),
    selected_share: double(many?.selected ?? none),
    first_reasons: double(many ? Float64Array.from(many.reasons) : none),
  })
}

/** Multiplicity among the models of the run. */
const across = (
  results: readonly OpacityResult[],
  looked: LabeledRows,
  { tolerance, cutoff, replicates }: OpacityAsked,
  stream: ReturnType<typeof random>,
): OpacityReport['acrossModels'] => {
  if (results.length < 2) return null
  const persons = { personId: looked.frame.personId, target: looked.target, replicates, random: stream }
  const found = multiplicity(
    results.map((r) => r.equal),
    { tolerance, cutoff },
    persons,
  )
  if (!found) return null
  const best = found.figures.bestAuc
  return {
    models: results.filter((r) => r.equal.auc >= best - tolerance).map((r) => r.findings.model),
    figures: found.figures,
  }
}

/** The index made of the parts that every model has: only those can be compared. */
const comparableOf = (results: readonly OpacityResult[]): OpacityReport['comparable'] => {
  const parts = results.map((r) => r.findings.index.parts)
  const components = COMPONENT_NAMES.filter((name) =>
    parts.every((all) => all.some((p) => p.component === name && p.value !== null)),
  )
  return {
    components,
    values: parts.map((all) =>
      number(
        weightedMean(
          Object.fromEntries(all.filter((p) => components.includes(p.component)).map((p) => [p.component, p.value])),
        ),
      ),
    ),
  }
}

const notesOf = (report: OpacityReport, declared: string | null): string[] => [
  ...(declared === null ? [] : [declared]),
  'Intervals are over persons with the models as they are; what another training would have given is said beside, where models were trained again.',
  'Points are path-dependent for trees and against the training mean for linear models, unless said otherwise. Another method gives other points: that is part of what is measured.',
  'The null of a weight is the same measure of models trained with the dimension dealt anew among the people: what a dimension that says nothing would weigh.',
  ...(report.evaluation === 'trained_again'
    ? [
        'The models of the run were trained on all labeled rows. Audited are models of the same options, trained again on three quarters of the persons, so that the others have not been seen.',
      ]
    : []),
  ...(report.rows.fitted < report.rows.train
    ? [
        `Models were trained again on ${report.rows.fitted} of ${report.rows.train} training rows (--fit-rows): with fewer rows, models differ more among each other than with all of them.`,
      ]
    : []),
  ...(report.groups.length === 0 ? ['The table names no protected column, so there are no weights by group.'] : []),
  'Bootstrap samples hold some 63 % of the persons once or more. What trainings on them differ in is an estimate of what chance in the choice of people does, not of every way to train a model.',
]

/**
 * Audits the models of a finished run.
 * @throws GlasscoreError when the run is unfinished or was changed, for options out of range, and when no model of it can be audited
 */
export const auditOpacity = async (options: AuditOpacityOptions): Promise<StageResult<OpacitySummary>> => {
  const { run, out = opacityFolder(run), models, declared, madeElsewhere = [], data, claims: named } = options
  const asked = askedOf(options)
  const { name } = await readRunHead(run)
  const parts = await readRunParts(run)
  const training = await readTraining(parts.train.folder)
  const seed = options.seed ?? training.seed
  const truthOf = data ?? join(run, 'data')
  const truthFile = (await hasTruth(truthOf)) ? (await openTruth(truthOf)).file : undefined
  const spec = {
    stage: 'audit opacity',
    options: { ...asked, models: models ?? [], declared: declared ?? null, madeElsewhere, claims: named ?? null },
    inputs: {
      features: parts.features.folder,
      train: parts.train.folder,
      ...(truthFile === undefined ? {} : { truth: truthFile }),
    },
  }
  return runStage(spec, { ...options, out, seed }, async (context) => {
    const { engine, pool, signal, progress, folder } = context
    progress('read', 0, 1)
    const root = random(seed).fork('opacity')
    const places = { features: parts.features.folder, train: parts.train.folder }
    const found = await opacityOfRun(context, places, training, models, root)
    if (found.models.length === 0)
      throw dataError('no model of the run can be audited', {
        file: run,
        expected: 'a model with Platt or beta calibration',
        got: found.without.map((w) => `${w.model}: ${w.reason}`).join('; '),
      })
    const fitted = someOf(found.train, someRows(found.train.frame.personId, asked.fitRows, root.fork('fit rows')))
    const looked = someRows(found.held.frame.personId, asked.rows, root.fork('rows'))
    const lookedRows = someOf(found.held, looked)
    const claims = await opacityClaims(
      named,
      truthOf,
      found.train.frame.factors.map((f) => f.name),
    )
    checkMadeElsewhere(madeElsewhere, found.train.frame.factors)
    const { note, ...weights } = declaredWeights(found.dimensions, declared)
    const results: OpacityResult[] = []
    const tables: string[] = []
    let backgrounds: OpacityReport['backgrounds'] = []
    for (const [k, { scorer, recipe }] of found.models.entries()) {
      if (signal?.aborted) throw interruptedError()
      const stream = root.fork(scorer.name)
      const chosen = await backgroundsOf(context, scorer, found.train.frame, {
        cutoff: asked.cutoff,
        rows: asked.backgroundRows,
        random: stream.fork('background'),
      })
      backgrounds = backgrounds.length ? backgrounds : chosen.map(({ id, text }) => ({ id, text }))
      const result = await opacityOf(
        {
          scorer,
          recipe,
          calibration: training.options.calibration,
          dimensions: found.dimensions,
          declared: weights.shares,
          train: fitted,
          held: found.held,
          groups: found.groups,
          looked,
          backgrounds: chosen,
          settings: { ...asked, madeElsewhere, claims: claims?.pairs ?? [] },
          random: stream,
        },
        { pool, signal },
        (part, done, all) => progress(`${scorer.name}: ${part}`, done, all),
      )
      results.push(result)
      tables.push(`opacity_${k}`)
      await storeRows(context, tables[k]!, lookedRows.frame, result)
    }
    progress('truth', 0, 1)
    const truth = await opacityTruth(context, parts, truthOf, found, lookedRows, {
      replicates: asked.replicates,
      random: root.fork('truth'),
    })
    const report: OpacityReport = {
      format: 'glasscore.opacity',
      version: 1,
      glasscore: VERSION,
      name,
      seed,
      level: 0.95,
      asked,
      evaluation: found.evaluation,
      rows: {
        train: found.train.frame.rows,
        fitted: fitted.frame.rows,
        held: found.held.frame.rows,
        heldBads: found.held.target.reduce((a, b) => a + b, 0),
        looked: looked.length,
        persons: new Set(lookedRows.frame.personId).size,
      },
      dimensions: found.dimensions,
      declared: weights,
      backgrounds,
      groups: found.groups.map((g) => g.name),
      models: results.map((r) => r.findings),
      without: found.without,
      claims,
      comparable: comparableOf(results),
      acrossModels: across(results, lookedRows, asked, root.fork('across')),
      truth,
      notes: [],
      inputs: {
        'features/features.parquet': parts.features.outputs['features.parquet']!,
        'train/metrics.json': parts.train.outputs['metrics.json']!,
      },
    }
    report.notes = notesOf(report, note)
    progress('write', 0, 1)
    await writeTogether(engine, tables, 'model, person_id, observation_date', join(folder, OPACITY_PARQUET))
    const json = `${canonicalJson(report, 2)}\n`
    await writeFileAtomic(join(folder, OPACITY_JSON), json)
    // Made from the JSON as it was written; loaded here alone, so that other commands do not wait for the charts.
    const { renderOpacity } = await import('../reports/opacityPage.ts')
    await writeFileAtomic(join(folder, OPACITY_HTML), renderOpacity(JSON.parse(json) as OpacityReport))
    return summaryOf(report, results)
  })
}

const summaryOf = (report: OpacityReport, results: readonly OpacityResult[]): OpacitySummary => ({
  rows: report.rows,
  declared: report.declared,
  dimensions: report.dimensions,
  models: report.models.map((m, k) => ({
    model: m.model,
    auc: number(results[k]!.equal.auc),
    index: report.comparable.values[k]!,
    people: m.index.people,
    shares: m.weights ? m.weights.dimensions.map((d) => d.share.value) : [],
    distance: m.weights?.distance ?? null,
    interactions: m.interactions.share,
    needed: m.needed.people,
    arbitrary: m.multiplicity?.arbitrary ?? null,
  })),
  notes: report.notes,
})
