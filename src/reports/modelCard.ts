/**
 * A model card: what a model is for, what it is not for, how well it does and for whom, in the order of Mitchell et al. 2019
 * (doi:10.1145/3287560.3287596). Words come from its author, numbers from the JSON of the run's report and of its audit of fairness.
 */
import type { AuditedGroup, AuditedGrouping, ModelFairness } from '../audits/fairness/findings.ts'
import type { FairnessReport } from './fairnessReport.ts'
import { code, type Markdown, markdownList, markdownTable, text } from './markdown.ts'
import { ABSENT, count, type Format, fixed, percent, pointerOf, type ReportJson, valueAt } from './numbers.ts'
import type { ReportedModel, RunReport } from './runReport.ts'
import { BACKGROUND_WORDS, SEMANTICS_WORDS } from './words.ts'

/** A code of the program in words, the code itself where there are none. */
const said = (words: ReadonlyMap<string, string>, name: string): Markdown => text(words.get(name) ?? name)

/** What only the author of a model can say. Markdown, taken as it is: not a place for values of data. */
export interface ModelCardText {
  /** heading */
  title: string
  /** one paragraph below the heading */
  summary: Markdown
  /** facts on the model: kind, size, license, contact ...; name and value */
  details: readonly (readonly [name: string, value: Markdown])[]
  intendedUse: readonly Markdown[]
  outOfScope: readonly Markdown[]
  /** how the people of the data came into them */
  data: Markdown
  ethics: readonly Markdown[]
  caveats: readonly Markdown[]
  /** how to make the model again */
  again: Markdown
}

type Path = readonly (string | number)[]

const LARGEST = 15

/** The number at a path of the JSON as text; a path that leads nowhere, or not to a number, is an error. */
const number = (json: ReportJson, path: Path, format: Format): string => {
  const value = valueAt(json, path)
  if (value === null) return ABSENT
  if (typeof value !== 'number') throw new Error(`${pointerOf(path)} is not a number`)
  return format(value)
}

/** value [low, high] */
const interval = (json: ReportJson, path: Path, format: Format): string => {
  const part = (name: string): string => number(json, [...path, name], format)
  return valueAt(json, [...path, 'value']) === null ? ABSENT : `${part('value')} [${part('low')}, ${part('high')}]`
}

const source = (file: string, path: Path): Markdown => `Numbers: \`${file}\`, \`${pointerOf(path)}\`.`

const FIGURES = [
  { key: 'auc', title: 'AUC', format: fixed(3) },
  { key: 'gini', title: 'Gini', format: fixed(3) },
  { key: 'ks', title: 'KS', format: fixed(3) },
  { key: 'brier', title: 'Brier score', format: fixed(4) },
  { key: 'logLoss', title: 'log loss', format: fixed(4) },
  { key: 'calibrationSlope', title: 'calibration slope', format: fixed(2) },
] as const

const figuresTable = (report: RunReport, shown: number): Markdown =>
  markdownTable(
    [{ title: 'model', numeric: false }, ...FIGURES.map(({ title }) => ({ title }))],
    report.models.map((m, i) => {
      const name = i === shown ? `**${code(m.name)}**` : code(m.name)
      return [name, ...FIGURES.map(({ key, format }) => interval(report, ['models', i, 'figures', key], format))]
    }),
  )

const bandsTable = (report: RunReport, shown: number): Markdown => {
  const path = ['models', shown, 'curves', 'bands']
  return markdownTable(
    [
      { title: 'band', numeric: false },
      { title: 'scores' },
      { title: 'rows' },
      { title: 'bad' },
      { title: 'bad rate, %' },
      { title: 'predicted, %' },
    ],
    report.models[shown]!.curves.bands.map((band, i) => {
      const at = (key: string, format: Format): string => number(report, [...path, i, key], format)
      const rate = band.badRate === null ? ABSENT : interval(report, [...path, i, 'badRate'], percent(1))
      const scores = `${at('from', count)}–${at('to', count)}`
      return [text(band.label), scores, at('rows', count), at('bads', count), rate, at('predicted', percent(1))]
    }),
  )
}

const importanceTables = (report: RunReport, shown: number): Markdown => {
  const { importance, noImportance } = report.models[shown]!
  if (importance === null) return `Not stated: ${text(noImportance ?? 'this model has no receipts')}.`
  const path: Path = ['models', shown, 'importance']
  const at = (list: 'dimensions' | 'factors', i: number, key: string, format: Format): string =>
    number(report, [...path, list, i, key], format)
  const points = [{ title: 'mean absolute points' }, { title: 'share, %' }]
  const dimensions = markdownTable(
    [{ title: 'dimension', numeric: false }, ...points, { title: 'as advertised, %' }],
    importance.dimensions.map((d, i) => [
      code(d.dimension),
      at('dimensions', i, 'meanAbsolutePoints', fixed(2)),
      at('dimensions', i, 'share', percent(1)),
      at('dimensions', i, 'declaredShare', percent(0)),
    ]),
  )
  const factors = markdownTable(
    [{ title: 'factor', numeric: false }, { title: 'dimension', numeric: false }, ...points],
    importance.factors
      .slice(0, LARGEST)
      .map((f, i) => [
        code(f.factor),
        code(f.dimension),
        at('factors', i, 'meanAbsolutePoints', fixed(2)),
        at('factors', i, 'share', percent(1)),
      ]),
  )
  return `${dimensions}\n\nThe ${Math.min(LARGEST, importance.factors.length)} largest of ${number(report, [...path, 'factors', 'length'], count)} factors:\n\n${factors}\n\nPoints are Shapley values of the margin (${said(SEMANTICS_WORDS, importance.semantics)}; background: ${said(BACKGROUND_WORDS, importance.backgroundId)}): they say what the model uses, not what causes default. ${source('report.json', path)}`
}

const groupTable = (fairness: FairnessReport, path: Path, grouping: AuditedGrouping): Markdown =>
  markdownTable(
    [
      { title: grouping.attributes.map(code).join(' × '), numeric: false },
      { title: 'rows' },
      { title: 'bad' },
      { title: 'selected, %' },
      { title: 'ratio to reference' },
      { title: 'four-fifths line', numeric: false },
      { title: 'goods refused, %' },
      { title: 'predicted bad, %' },
      { title: 'observed bad, %' },
      { title: 'AUC' },
    ],
    grouping.groups.map((group, i) => {
      const at = (key: string, format: Format): string => number(fairness, [...path, 'groups', i, key], format)
      const within = (key: string, format: Format): string => interval(fairness, [...path, 'groups', i, key], format)
      const against: Path = [...path, 'groups', i, 'againstReference', 'adverseImpactRatio']
      return [
        text(group.label),
        at('rows', count),
        at('bads', count),
        within('selectionRate', percent(1)),
        group.againstReference ? interval(fairness, against, fixed(2)) : '',
        group.againstReference?.fourFifths ?? (grouping.reference ? 'reference' : 'the only group'),
        within('goodsRefused', percent(1)),
        within('meanProbability', percent(1)),
        within('badRate', percent(1)),
        within('auc', fixed(2)),
      ]
    }),
  )

/** Groups of two attributes at once that lie below the line; the others are in the JSON. */
const belowInPairs = ({
  intersections,
}: ModelFairness): { grouping: AuditedGrouping; at: number; group: AuditedGroup; i: number }[] =>
  intersections.flatMap((grouping, at) =>
    grouping.groups.flatMap((group, i) =>
      group.againstReference?.fourFifths === 'below four fifths' ? [{ grouping, at, group, i }] : [],
    ),
  )

const pairsPart = (fairness: FairnessReport, m: number): Markdown => {
  const found = fairness.models[m]!
  if (found.intersections.length === 0) return 'There is one attribute, and no pair.'
  const below = belowInPairs(found)
  const where = source('fairness.json', ['models', m, 'intersections'])
  if (below.length === 0)
    return `No pair of attributes has a group whose interval lies below the four-fifths line. ${where}`
  const table = markdownTable(
    [{ title: 'group', numeric: false }, { title: 'rows' }, { title: 'bad' }, { title: 'ratio to reference' }],
    below.map(({ grouping, at, group, i }) => {
      const path: Path = ['models', m, 'intersections', at, 'groups', i]
      const ratio = interval(fairness, [...path, 'againstReference', 'adverseImpactRatio'], fixed(2))
      const name = `${grouping.attributes.map(code).join(' × ')}: ${text(group.label)}`
      return [name, number(fairness, [...path, 'rows'], count), number(fairness, [...path, 'bads'], count), ratio]
    }),
  )
  return `Groups of two attributes whose interval lies below the four-fifths line; the others are in the JSON.\n\n${table}\n\n${where}`
}

const fairnessPart = (fairness: FairnessReport, m: number): Markdown => {
  const { attributes } = fairness.models[m]!
  const tables = attributes.map((grouping, a) => {
    const path: Path = ['models', m, 'attributes', a]
    return `${groupTable(fairness, path, grouping)}\n\n${source('fairness.json', path)}`
  })
  return `Selected are rows with a score of at least ${number(fairness, ['cutoff'], count)}. The ratio is that of selection rates (adverse impact ratio); "not enough evidence" means that its interval leaves both answers open or that fewer than ${number(fairness, ['minCell'], count)} people are in a cell. Goods refused: of those who repaid, the share below the cutoff.\n\n${tables.join('\n\n')}\n\n### By pairs of attributes\n\n${pairsPart(fairness, m)}`
}

const peopleOf = (report: RunReport): Markdown => {
  const rows = report.waterfall.map((w, i) => [text(w.step), number(report, ['waterfall', i, 'rows'], count)])
  return markdownTable([{ title: 'people', numeric: false }, { title: 'rows' }], rows)
}

const evaluated = (report: RunReport): Markdown => {
  const how = {
    test: 'rows of people that took no part in training',
    out_of_fold: 'rows that were left out of the fold they were predicted in',
  }[report.evaluation]
  const of = (side: 'train' | 'test'): string =>
    `${number(report, [side, 'rows'], count)} rows, ${number(report, [side, 'bads'], count)} of them bad`
  return `Trained on ${of('train')}. Measured on ${how}: ${of('test')}.`
}

const heading = (title: string, ...paragraphs: readonly Markdown[]): Markdown =>
  `## ${title}\n\n${paragraphs.join('\n\n')}`

/**
 * The card of one model as Markdown. Every number in it is one of `report` or `fairness`, and tables name its place.
 * @param name of the model, as in the report
 * @throws an error when the model is in neither, or the JSON lacks a number that a card has
 */
export const renderModelCard = (
  report: RunReport,
  fairness: FairnessReport,
  name: string,
  words: ModelCardText,
): Markdown => {
  const shown = report.models.findIndex((m: ReportedModel) => m.name === name)
  const audited = fairness.models.findIndex((m) => m.model === name)
  if (shown < 0 || audited < 0) throw new Error(`the ${shown < 0 ? 'report' : 'audit'} has no model ${name}`)
  const facts = words.details.map(([key, value]) => `**${key}**: ${value}`)
  const hash = report.models[shown]!.modelHash
  const warnings = report.warnings.map(text)
  return `${[
    `# ${words.title}`,
    words.summary,
    heading(
      'Model details',
      markdownList([
        ...facts,
        ...(hash === null ? [] : [`**Hash** (SHA-256 of \`model.json\`): ${code(hash)}`]),
        `**Made by** glasscore ${text(report.glasscore)}, seed ${number(report, ['seed'], String)}`,
      ]),
    ),
    heading('Intended use', markdownList(words.intendedUse)),
    heading('Out of scope', markdownList(words.outOfScope)),
    heading('Outcome', text(report.outcome.text)),
    heading('Data', words.data, peopleOf(report), evaluated(report), source('report.json', ['waterfall'])),
    heading(
      'Figures',
      `Value [95 % interval], bootstrap over persons on fixed predictions: says nothing about another training. The other models were trained on the same rows.`,
      figuresTable(report, shown),
      source('report.json', ['models', shown, 'figures']),
      bandsTable(report, shown),
      source('report.json', ['models', shown, 'curves', 'bands']),
    ),
    heading('By group', fairnessPart(fairness, audited)),
    heading('What the score is made of', importanceTables(report, shown)),
    heading('Ethical considerations', markdownList(words.ethics)),
    heading('Limits', markdownList([...words.caveats, ...warnings])),
    heading('How to make it again', words.again),
  ].join('\n\n')}\n`
}
