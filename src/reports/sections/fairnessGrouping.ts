/** One attribute by one model: tables, charts, sentences. */
import type { AuditedGroup } from '../../audits/fairness/findings.ts'
import { charts } from '../chart.ts'
import { groupIntervalChart } from '../charts/groupIntervals.ts'
import { type Child, h, type Markup } from '../html.ts'
import { named } from '../labels.ts'
import { count, type Format, figure, fixed, interval, percent, pointerOf } from '../numbers.ts'
import { type TableColumn, table } from '../table.ts'
import { seriesStyle } from '../theme.ts'
import {
  ANSWER_STYLES,
  answerCell,
  attributesOf,
  bandingWords,
  hasOutcomes,
  type PlacedGrouping,
  referenceWords,
  scoreFormat,
  sentence,
} from './fairnessWords.ts'

/** Charts show so many groups, the largest; tables show all. */
const MOST_DRAWN = 24

type Column = TableColumn<AuditedGroup>

/** Columns of a table of groups. */
const columnsOf = ({ report, path }: PlacedGrouping) => ({
  group: { head: 'group', align: 'left', cell: (g) => named(g.label) } satisfies Column,
  count: (head: string, key: keyof AuditedGroup): Column => ({
    head,
    cell: (_, i) => figure(report, [...path, 'groups', i, key], count),
  }),
  interval: (head: string, keys: readonly string[], format: Format, title?: string): Column => ({
    head,
    ...(title ? { title } : {}),
    cell: (_, i) => interval(report, [...path, 'groups', i, ...keys], format),
  }),
  /** of a group beside the reference */
  beside: (head: string, key: string, format: Format, title?: string): Column => ({
    head,
    ...(title ? { title } : {}),
    cell: (g, i) =>
      g.againstReference ? interval(report, [...path, 'groups', i, 'againstReference', key], format) : 'reference',
  }),
})

/** The second answer: whether the rate differs from that of the reference at all. */
const differsCell = ({ againstReference }: AuditedGroup): Child => {
  if (!againstReference) return 'reference'
  const answer = againstReference.selectionRateAnswer
  return answer === 'lower' ? h('strong', {}, answer) : answer
}

const rowClass = (g: AuditedGroup): string | undefined => (g.enough ? undefined : 'quiet')

/** Counts, selection rates and ratios. @param short leaves out what fairness.json says besides */
export const selectionTable = (placed: PlacedGrouping, caption: string, short = false): Markup => {
  const c = columnsOf(placed)
  const clustered = placed.grouping.groups.some((g) => g.persons !== g.rows)
  const outcomes = placed.grouping.groups.some(hasOutcomes)
  const unlabeled = outcomes && placed.grouping.groups.some((g) => g.unlabeled > 0)
  return table(
    caption,
    [
      c.group,
      c.count('rows', 'rows'),
      ...(clustered ? [c.count('persons', 'persons')] : []),
      ...(outcomes ? [c.count('good', 'goods'), c.count('bad', 'bads')] : []),
      ...(unlabeled ? [c.count('outcome not known', 'unlabeled')] : []),
      c.count('selected', 'selected'),
      c.interval('selection rate (%)', ['selectionRate'], percent(1)),
      c.beside('adverse impact ratio', 'adverseImpactRatio', fixed(2)),
      { head: 'four fifths', align: 'left', cell: (g, i) => answerCell(placed, g, i) },
      ...(short ? [] : [c.beside('difference of rates (points)', 'selectionRateDifference', percent(1))]),
      { head: 'rate differs', align: 'left', cell: (g) => differsCell(g) },
    ],
    placed.grouping.groups,
    { rowClass, stack: true },
  )
}

const errorTable = (placed: PlacedGrouping): Markup => {
  const c = columnsOf(placed)
  return table(
    'Errors: goods refused and bads selected. Differences are to the reference.',
    [
      c.group,
      c.interval('TPR (%)', ['truePositiveRate'], percent(1), 'share of goods selected'),
      c.interval('goods refused (%)', ['goodsRefused'], percent(1)),
      c.beside('difference (points)', 'goodsRefusedDifference', percent(1)),
      c.beside('goods refused beyond the reference’s share', 'extraGoodsRefused', fixed(1)),
      c.interval('FPR (%)', ['falsePositiveRate'], percent(1), 'share of bads selected'),
      c.beside('difference (points)', 'falsePositiveRateDifference', percent(1)),
      c.interval('PPV (%)', ['positivePredictiveValue'], percent(1), 'share of goods among the selected'),
      c.beside('difference (points)', 'positivePredictiveValueDifference', percent(1)),
    ],
    placed.grouping.groups,
    { rowClass, stack: true },
  )
}

const scoreTable = (placed: PlacedGrouping): Markup => {
  const c = columnsOf(placed)
  const { groups } = placed.grouping
  const calibrated = groups.some((g) => g.calibration)
  const outcomes = groups.some(hasOutcomes)
  const calibration = (head: string, key: string, format: Format, title: string): Column => ({
    head,
    title,
    cell: (g, i) =>
      g.calibration
        ? interval(placed.report, [...placed.path, 'groups', i, 'calibration', key], format)
        : figure(placed.report, [...placed.path, 'groups', i, 'calibration'], format),
  })
  return table(
    calibrated ? 'Scores, ranking and calibration within the groups.' : 'Scores within the groups.',
    [
      c.group,
      c.interval('mean score', ['meanScore'], scoreFormat(groups)),
      c.beside('standardized difference to the reference', 'standardizedDifference', fixed(2)),
      c.interval('to everybody else', ['standardizedDifferenceFromOthers'], fixed(2)),
      ...(outcomes
        ? [c.interval('AUC within', ['auc'], fixed(3)), c.interval('observed bad (%)', ['badRate'], percent(1))]
        : []),
      ...(calibrated
        ? [
            c.interval('predicted bad (%)', ['meanProbability'], percent(1)),
            calibration(
              'observed − predicted (points)',
              'difference',
              percent(1),
              'above 0: more turn bad than was said',
            ),
            calibration('observed / predicted', 'ratio', fixed(2), 'above 1: more turn bad than was said'),
            calibration('calibration slope', 'slope', fixed(2), '1 is ideal'),
          ]
        : []),
    ],
    groups,
    { rowClass, stack: true },
  )
}

const parityTable = ({ report, grouping, path }: PlacedGrouping): Markup => {
  const figures = [
    ['demographicParityDifference', 'demographic parity difference'],
    ['demographicParityRatio', 'demographic parity ratio'],
    ['equalOpportunityDifference', 'equal opportunity difference'],
    ['equalizedOddsDifference', 'equalized odds difference'],
  ] as const
  const cell = (among: 'all' | 'enough', key: (typeof figures)[number][0]): Child => {
    const { value, highest, lowest } = grouping.parity[among][key]
    if (value !== null && highest === null)
      return [figure(report, [...path, 'parity', among, key, 'value'], fixed(3)), h('small', {}, ' all alike')]
    return [
      interval(report, [...path, 'parity', among, key], fixed(3)),
      highest !== null && lowest !== null && h('small', { class: 'wrap' }, ' ', named(highest), ' – ', named(lowest)),
    ]
  }
  return table(
    'The two groups that are furthest apart, under the names of Fairlearn. Intervals are those of the pair, as if it had not been chosen.',
    [
      { head: 'figure', align: 'left', cell: ([, name]) => name },
      { head: 'all groups', align: 'left', cell: ([key]) => cell('all', key) },
      { head: 'groups of enough persons', align: 'left', cell: ([key]) => cell('enough', key) },
    ],
    figures,
  )
}

const pairwiseTable = ({ report, grouping, path }: PlacedGrouping): Markup | null =>
  grouping.pairwise &&
  table(
    'Selection rate of the row over that of the column.',
    [
      { head: 'group', align: 'left', cell: (g) => named(g.label) },
      ...grouping.groups.map(
        (column, j): Column => ({
          head: named(column.label),
          cell: (_, i) => (i === j ? '–' : interval(report, [...path, 'pairwise', i, j], fixed(2))),
        }),
      ),
    ],
    grouping.groups,
    { stack: true, rowClass },
  )

const chartsOf = ({ report, grouping, path }: PlacedGrouping): Child => {
  const drawn = [...grouping.groups.keys()]
    .sort((a, b) => grouping.groups[b]!.rows - grouping.groups[a]!.rows || a - b)
    .slice(0, MOST_DRAWN)
    .sort((a, b) => a - b)
    .map((k) => grouping.groups[k]!)
  if (drawn.length < 2) return null
  const source = pointerOf([...path, 'groups'])
  const cut = drawn.length < grouping.groups.length ? ' The largest groups; the tables show all.' : ''
  const compared = drawn.filter((g) => g.againstReference)
  const answers = Object.entries(ANSWER_STYLES).map(([name, style]) => ({ name, style }))
  const one = [{ name: '', style: seriesStyle(0) }]
  const outcomes = drawn.some(hasOutcomes)
  return charts(
    groupIntervalChart(
      drawn.map((g) => ({ name: g.label, figures: [g.selectionRate] })),
      {
        title: 'Selection rate',
        axis: 'selected (%)',
        percent: true,
        series: one,
        source,
        caption: `Share of rows on the safe side of the cutoff, with its 95 % interval.${cut}`,
      },
    ),
    groupIntervalChart(
      compared.map((g) => ({
        name: g.label,
        figures: [g.againstReference!.adverseImpactRatio],
        style: answers.findIndex((a) => a.name === g.againstReference!.fourFifths),
      })),
      {
        title: 'Adverse impact ratio',
        axis: 'selection rate over that of the reference (log scale)',
        log: true,
        lines: [report.line, 1],
        series: answers,
        source,
        caption: `The first dashed line is four fifths, the second the reference itself. A symbol says what the interval and the counts allow to say.${cut}`,
      },
    ),
    outcomes &&
      groupIntervalChart(
        drawn.map((g) => ({ name: g.label, figures: [g.truePositiveRate, g.falsePositiveRate] })),
        {
          title: 'Selected among goods and among bads',
          axis: 'selected (%)',
          percent: true,
          series: [
            { name: 'goods (TPR)', style: seriesStyle(0) },
            { name: 'bads (FPR)', style: { ...seriesStyle(1), dash: '' } },
          ],
          source,
          caption: `Equalized odds: both figures alike in all groups. What is missing from 100 % of the goods is the share of goods refused.${cut}`,
        },
      ),
    drawn.some((g) => g.calibration) &&
      groupIntervalChart(
        drawn.map((g) => ({
          name: g.label,
          figures: [g.badRate, { value: g.meanProbability.value, low: null, high: null }],
        })),
        {
          title: 'Observed and predicted bad rate',
          axis: 'bad (%)',
          percent: true,
          series: [
            { name: 'observed', style: seriesStyle(0) },
            { name: 'predicted', style: { ...seriesStyle(3), dash: '' } },
          ],
          source,
          caption: `Calibration by group: where the prediction lies outside the interval, the score says too much or too little risk of that group.${cut}`,
        },
      ),
  )
}

/** Everything on one attribute by one model. */
export const groupingPart = (placed: PlacedGrouping): Child => {
  const { grouping } = placed
  const outcomes = grouping.groups.some(hasOutcomes)
  const compared = grouping.groups.length > 1
  const sentences = grouping.groups.map((g, i) => sentence(placed, g, i)).filter((s) => s !== null)
  return [
    h('h3', {}, attributesOf(grouping.attributes)),
    h('p', { class: 'note' }, referenceWords(grouping), bandingWords(grouping)),
    sentences.length > 0 && sentences.length <= MOST_DRAWN && h('ul', {}, sentences),
    chartsOf(placed),
    selectionTable(
      placed,
      'Counts, selection and the four-fifths line. Pale rows: too few persons for an answer on ratios.',
    ),
    outcomes && errorTable(placed),
    scoreTable(placed),
    compared && parityTable(placed),
    compared && pairwiseTable(placed),
  ]
}
