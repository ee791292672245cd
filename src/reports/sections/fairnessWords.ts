/** Sentences and cells that several sections of the fairness page share. */
import type { AuditedGroup, AuditedGrouping, FourFifths, GroupFigures } from '../../audits/fairness/findings.ts'
import type { FairnessReport } from '../fairnessReport.ts'
import { type Child, h, type Markup } from '../html.ts'
import { named } from '../labels.ts'
import { count, type Format, figure, fixed, interval, percent } from '../numbers.ts'
import type { SeriesStyle } from '../theme.ts'
import { COLORS } from '../theme.ts'

/** Where a value stands in fairness.json. */
export type Path = readonly (string | number)[]

/** One grouping of one model and where it stands. */
export interface PlacedGrouping {
  report: FairnessReport
  grouping: AuditedGrouping
  path: Path
}

/** "age and sex", with the names marked as data. */
export const attributesOf = (names: readonly string[]): Child => names.map((name, k) => [k > 0 && ' and ', named(name)])

/** Whether the outcome of any row is known. */
export const hasOutcomes = ({ goods }: GroupFigures): boolean => goods !== null

/** Digits of mean scores by their size: 651.8 points, 0.0784 of a probability. */
export const scoreFormat = (groups: readonly GroupFigures[]): Format => {
  const largest = Math.max(0, ...groups.map((g) => Math.abs(g.meanScore.value ?? 0)))
  return fixed(largest >= 100 ? 1 : largest >= 10 ? 2 : largest > 1 ? 3 : 4)
}

/** How each answer is drawn. */
export const ANSWER_STYLES: Record<FourFifths, SeriesStyle> = {
  'below four fifths': { color: COLORS.bad, dash: '', symbol: 'square' },
  'at or above four fifths': { color: COLORS.good, dash: '', symbol: 'circle' },
  'not enough evidence': { color: COLORS.neutral, dash: '', symbol: 'diamond' },
}

/** The answer on the four-fifths line as a cell, and why there is none. */
export const answerCell = ({ report, path }: PlacedGrouping, group: AuditedGroup, position: number): Child => {
  const beside = group.againstReference
  if (!beside) return 'reference'
  const strong = beside.fourFifths === 'below four fifths'
  // One line each, so that tables on small screens stay low; paper breaks it.
  const words = h(strong ? 'strong' : 'span', { class: strong ? 'n unexpected' : 'n' }, beside.fourFifths)
  return [words, whyNot(report, [...path, 'groups', position, 'againstReference'], group)]
}

const whyNot = (report: FairnessReport, path: Path, { againstReference }: AuditedGroup): Child => {
  const reason = againstReference?.noAnswer
  if (!reason) return null
  if (reason.because === 'interval') return h('small', {}, ' (the interval lies on both sides)')
  const where = reason.of === 'group' ? 'here' : 'in the reference'
  return h('small', {}, ' (', figure(report, [...path, 'noAnswer', 'persons'], count), ` ${reason.cell} ${where})`)
}

/** What is said of a group beside the reference, in words. */
export const sentence = (placed: PlacedGrouping, group: AuditedGroup, position: number): Markup | null => {
  const { report, grouping, path } = placed
  const beside = group.againstReference
  const { reference } = grouping
  if (!beside || !reference) return null
  const at = [...path, 'groups', position]
  const other = grouping.groups.findIndex((g) => g.label === reference.label)
  const hasOutcome = (group.goods ?? 0) > 0 && (grouping.groups[other]!.goods ?? 0) > 0
  return h(
    'li',
    {},
    h('strong', {}, named(group.label)),
    ': selected at ',
    interval(report, [...at, 'againstReference', 'adverseImpactRatio'], fixed(2)),
    ' times the rate of ',
    named(reference.label),
    ', ',
    answerCell(placed, group, position),
    '; the rate ',
    differenceWords(beside.selectionRateAnswer),
    '. ',
    hasOutcome && [
      'Of every 100 who would repay ',
      figure(report, [...at, 'goodsRefused', 'value'], percent(1)),
      ' are refused, against ',
      figure(report, [...path, 'groups', other, 'goodsRefused', 'value'], percent(1)),
      ' of ',
      named(reference.label),
      ', a difference of ',
      interval(report, [...at, 'againstReference', 'goodsRefusedDifference'], percent(1)),
      ': ',
      harmWords(beside.truePositiveRateAnswer),
      '.',
    ],
  )
}

const differenceWords = (answer: string): string =>
  answer === 'higher' || answer === 'lower'
    ? `is ${answer} than that of the reference`
    : answer === 'no difference shown'
      ? 'is not shown to differ'
      : 'cannot be compared: too few persons'

/** The share selected turned into the harm of refusal. */
const harmWords = (answer: string): Child =>
  answer === 'lower'
    ? h('strong', { class: 'unexpected' }, 'more of them are refused credit that they would repay')
    : answer === 'higher'
      ? 'fewer of them are refused credit that they would repay'
      : answer === 'no difference shown'
        ? 'no difference shown'
        : 'too few persons to tell'

/** The base of the comparison, in words. */
export const referenceWords = ({ reference }: AuditedGrouping): Child => {
  if (!reference) return 'There is one group only, so nothing to compare it with.'
  const why = {
    given: 'as asked for',
    'highest rate':
      'the highest selection rate among groups of at least two percent of the people with enough persons selected and not selected',
    'highest rate of small groups':
      'the highest selection rate; no group of at least two percent of the people has enough persons selected and not selected',
  }[reference.because]
  return ['Reference: ', h('strong', {}, named(reference.label)), ` (${why}).`]
}

/** How a number was cut into groups, in words. */
export const bandingWords = ({ banding }: AuditedGrouping): Child => {
  if (!banding) return null
  return {
    given: ' Bands as asked for.',
    ages: ' Bands of years completed.',
    quartiles: ' A number of many values, cut at its quartiles.',
  }[banding.because]
}
