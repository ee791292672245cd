/** The audit of fairness of a run or of a file: fairness.json with every number, and fairness.html that shows them. */
import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { MOST_PAIRWISE } from '../audits/fairness/auditGrouping.ts'
import { fairnessOf, MIN_CELL } from '../audits/fairness/fairnessOf.ts'
import type { AuditedGroup, AuditedGrouping, ModelFairness } from '../audits/fairness/findings.ts'
import { MOST_CROSSED } from '../audits/fairness/groupings.ts'
import type { FairnessReport } from '../reports/fairnessReport.ts'
import { DEFAULT_CUTOFF, SCORE_MAX, SCORE_MIN } from '../schema/score.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { dataError, interruptedError, usageError } from '../util/errors.ts'
import { canonicalJson, sha256File } from '../util/hash.ts'
import { VERSION } from '../util/version.ts'
import { checkFileOptions, type FairnessFileColumns, fairnessOfFile } from './fairnessOfFile.ts'
import { type AuditedRowsOfRun, fairnessOfRun } from './fairnessOfRun.ts'
import { readRunHead, readRunParts } from './reportParts.ts'
import { runStage, type StageContext, type StageOptions, type StageResult } from './stage.ts'

/** Options of `auditFairness`. */
export interface AuditFairnessOptions extends Omit<StageOptions, 'out'> {
  /** folder that `run` wrote, or a CSV, Parquet, JSON or DuckDB file */
  source: string
  /** default: the folder `fairness` in the run, or the name of the file with `.fairness` */
  out?: string
  /** the last score that is still selected; 650 for a run, to be given for a file */
  cutoff?: number
  /** of a run: default all */
  models?: readonly string[]
  /** of a run: rows that no model had seen (default), or everybody scored */
  rows?: AuditedRowsOfRun
  /** of a file: which column is what */
  columns?: FairnessFileColumns
  /** attribute -> group that the others are compared with */
  references?: ReadonlyMap<string, string>
  /** attribute of numbers -> where its bands begin */
  bands?: ReadonlyMap<string, readonly number[]>
  /** fewest persons in a cell for an answer on a ratio; default 10 */
  minCell?: number
}

/** One group of one attribute by one model: a line of the table on the terminal. */
export interface FairnessLine {
  model: string
  attribute: string
  group: string
  rows: number
  /** null where no outcome is known */
  bads: number | null
  selectionRate: number | null
  adverseImpactRatio: AuditedGroup['selectionRate'] | null
  fourFifths: string
  /** whether the selection rate differs from that of the reference; null for the reference */
  differs: string | null
  goodsRefused: AuditedGroup['goodsRefused']
}

/** What came of an audit. */
export interface FairnessSummary {
  cutoff: number
  rows: FairnessReport['rows']
  lines: FairnessLine[]
  answers: FairnessReport['answers']
  notes: string[]
}

/** The files of an audit beside manifest.json and summary.json. */
export const FAIRNESS_JSON = 'fairness.json'
/** The page; it shows the numbers of fairness.json and no others. */
export const FAIRNESS_HTML = 'fairness.html'

/** Where an audit goes unless said otherwise. */
export const fairnessFolder = (source: string, isFolder: boolean): string =>
  isFolder ? join(source, 'fairness') : `${source}.fairness`

const answersOf = (models: readonly ModelFairness[]): FairnessReport['answers'] => {
  const answers = { compared: 0, below: 0, atOrAbove: 0, notEnough: 0, lowerAllTheSame: 0 }
  for (const { attributes, intersections } of models)
    for (const { againstReference } of [...attributes, ...intersections].flatMap((g) => g.groups)) {
      if (!againstReference) continue
      answers.compared++
      if (againstReference.fourFifths === 'below four fifths') answers.below++
      else if (againstReference.fourFifths === 'at or above four fifths') answers.atOrAbove++
      else {
        answers.notEnough++
        if (againstReference.selectionRateAnswer === 'lower') answers.lowerAllTheSame++
      }
    }
  return answers
}

const linesOf = ({ model, attributes }: ModelFairness): FairnessLine[] =>
  attributes.flatMap(({ attributes: names, groups, reference }) =>
    groups.map((g) => ({
      model,
      attribute: names.join(' and '),
      group: g.label,
      rows: g.rows,
      bads: g.bads,
      selectionRate: g.selectionRate.value,
      adverseImpactRatio: g.againstReference?.adverseImpactRatio ?? null,
      fourFifths: g.againstReference?.fourFifths ?? (reference ? 'reference' : 'the only group'),
      differs: g.againstReference?.selectionRateAnswer ?? null,
      goodsRefused: g.goodsRefused,
    })),
  )

const large = ({ attributes, groups }: AuditedGrouping): string[] => [
  ...(groups.length > MOST_PAIRWISE
    ? [
        `${attributes[0]} has more than ${MOST_PAIRWISE} groups: each is compared with the reference, not with each other`,
      ]
    : []),
  ...(groups.length > MOST_CROSSED
    ? [
        `${attributes[0]} is crossed with other attributes by its ${MOST_CROSSED} largest groups; the others are put together`,
      ]
    : []),
]

/** A cutoff on one side of everybody leaves nothing to compare. */
const oneSided = ({ model, overall: { selected, rows } }: ModelFairness): string[] =>
  selected > 0 && selected < rows
    ? []
    : [`${model}: ${selected === 0 ? 'nobody' : 'everybody'} is selected at this cutoff; try another (--cutoff)`]

/** What the work found, before it is written. */
type Found = Pick<
  FairnessReport,
  'name' | 'rows' | 'evaluation' | 'columns' | 'outcome' | 'otherOutcomes' | 'notes'
> & {
  audited: { model: string; rows: Parameters<typeof fairnessOf>[1] }[]
  higherIs: 'safety' | 'risk'
}

const foundInRun = async (
  { engine }: StageContext,
  options: AuditFairnessOptions,
  name: string,
  rows: AuditedRowsOfRun,
): Promise<Found> => {
  const { table, models, evaluation } = await fairnessOfRun(engine, options.source, rows, options.models)
  const scored =
    'These are all people whom the models scored, those that they were trained on among them; outcomes are not looked at.'
  return {
    name,
    rows,
    evaluation,
    columns: null,
    outcome: rows === 'held-out' ? table.outcome.text : null,
    otherOutcomes: 0,
    notes: [...(rows === 'scored' ? [scored] : []), ...table.notes],
    audited: models,
    higherIs: 'safety',
  }
}

const foundInFile = async ({ engine }: StageContext, path: string, columns: FairnessFileColumns): Promise<Found> => {
  const file = await fairnessOfFile(engine, path, columns)
  const { score = null, probability = null, outcome = null, bad = null, person = null } = columns
  return {
    name: basename(path),
    rows: 'file',
    evaluation: null,
    columns: { score, probability, outcome, bad, good: file.good, person },
    outcome: outcome === null ? null : `Bad: ${outcome} is ${bad}. Good: ${outcome} is ${file.good.join(' or ')}.`,
    otherOutcomes: file.otherOutcomes,
    notes: file.warnings.map((w) => w.replace(path, basename(path))),
    audited: [{ model: score ?? probability!, rows: file.rows }],
    higherIs: file.higherIs,
  }
}

const checkFinite = (cutoff: number | undefined): number => {
  if (cutoff !== undefined && Number.isFinite(cutoff)) return cutoff
  throw usageError('from which score a person is selected is not said', {
    option: 'cutoff',
    expected: 'a number on the scale of the score',
  })
}

/** Options that fit a run, or a file, alone. */
const checkFor = (isRun: boolean, options: AuditFairnessOptions): void => {
  const { columns, models, rows, minCell, cutoff } = options
  if (isRun && columns) {
    const given = Object.entries(columns).find(([, value]) =>
      Array.isArray(value) ? value.length > 0 : value !== undefined,
    )
    const option = given?.[0] === 'higherIs' ? 'higher-is' : given?.[0]
    throw usageError('a run says itself which column is what', {
      ...(option ? { option } : {}),
      expected: 'a file, or no columns',
    })
  }
  const twice = models?.find((name, k) => models.indexOf(name) < k)
  if (twice !== undefined) throw usageError('a model is named twice', { option: 'model', got: twice })
  if (isRun && cutoff !== undefined && !(cutoff >= SCORE_MIN && cutoff <= SCORE_MAX))
    throw usageError('no score of a run can have this cutoff', {
      option: 'cutoff',
      expected: `a number from ${SCORE_MIN} to ${SCORE_MAX}`,
      got: cutoff,
    })
  if (!isRun && (models?.length || rows))
    throw usageError('this is an option for a run', { option: models?.length ? 'model' : 'rows', got: options.source })
  if (minCell !== undefined && !(Number.isInteger(minCell) && minCell >= 1))
    throw usageError('not a number of persons', {
      option: 'min-cell',
      expected: 'a whole number of 1 or more',
      got: minCell,
    })
}

/**
 * Audits the models of a run, or the scores of a file: by every protected attribute and by every pair of them.
 * @throws GlasscoreError when there are no groups, the run is unfinished or was changed, or the file cannot be audited
 */
export const auditFairness = async (options: AuditFairnessOptions): Promise<StageResult<FairnessSummary>> => {
  const { source, minCell = MIN_CELL, references, bands } = options
  const info = await stat(source).catch(() => undefined)
  if (!info) throw dataError('no such run or file', { file: source, expected: 'a run folder, or a file with scores' })
  const isRun = info.isDirectory()
  checkFor(isRun, options)
  const cutoff = checkFinite(options.cutoff ?? (isRun ? DEFAULT_CUTOFF : undefined))
  const columns: FairnessFileColumns = options.columns ?? { groups: [] }
  if (!isRun) checkFileOptions(columns)
  const head = isRun ? await readRunHead(source) : { name: basename(source), seed: 1 }
  if (isRun) await readRunParts(source)
  const which = options.rows ?? 'held-out'
  const inputs: Record<string, string> = isRun
    ? { features: join(source, 'features'), train: join(source, 'train'), scores: join(source, 'scores') }
    : { file: source }
  const said = {
    cutoff,
    minCell,
    references: [...(references ?? [])],
    bands: [...(bands ?? [])],
    ...(isRun ? { models: options.models ?? [], rows: which } : { columns: { ...columns } }),
  }
  const out = options.out ?? fairnessFolder(source, isRun)
  return runStage({ stage: 'audit fairness', options: said, inputs }, { ...options, out }, async (context) => {
    context.progress('read', 0, 1)
    const found = isRun
      ? await foundInRun(context, options, head.name, which)
      : await foundInFile(context, source, columns)
    const { audited, ...about } = found
    const models: ModelFairness[] = []
    for (const [k, { model, rows }] of audited.entries()) {
      if (context.signal?.aborted) throw interruptedError()
      context.progress('audit', k, audited.length)
      models.push(fairnessOf(model, rows, { cutoff, minCell, references, bands }))
    }
    const report: FairnessReport = {
      format: 'glasscore.fairness',
      version: 1,
      glasscore: VERSION,
      ...about,
      cutoff,
      minCell,
      level: 0.95,
      line: 0.8,
      models,
      answers: answersOf(models),
      notes: [
        ...new Set([...models.flatMap(oneSided), ...about.notes, ...(models[0]?.attributes ?? []).flatMap(large)]),
      ],
      inputs: await hashesOf(source, isRun ? which : null),
    }
    await writeFileAtomic(join(context.folder, FAIRNESS_JSON), `${canonicalJson(report, 2)}\n`)
    const { renderFairness } = await import('../reports/fairnessPage.ts')
    await writeFileAtomic(join(context.folder, FAIRNESS_HTML), renderFairness(report))
    const lines = models.flatMap(linesOf)
    return { cutoff, rows: report.rows, lines, answers: report.answers, notes: report.notes }
  })
}

/** What the numbers come from, by the path in the run or the name of the file. */
const hashesOf = async (source: string, rows: AuditedRowsOfRun | null): Promise<Record<string, string>> => {
  if (rows === null) return { [basename(source)]: await sha256File(source) }
  const read = [
    rows === 'held-out' ? 'train/predictions.parquet' : 'scores/scores.parquet',
    'features/groups.parquet',
    'features/features.json',
  ]
  const entries = await Promise.all(read.map(async (file) => [file, await sha256File(join(source, file))] as const))
  return Object.fromEntries(entries)
}
