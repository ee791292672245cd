/** Swap sets: whom a change of model approves and refuses, and how good these people turned out. */
import type { Swap, SwapCell } from '../../comparison/compareSwaps.ts'
import { SCORE_MAX } from '../../schema/score.ts'
import { charts } from '../chart.ts'
import { intervalChart } from '../charts/intervals.ts'
import type { CompareReport } from '../compareReport.ts'
import { type Child, h, type Markup } from '../html.ts'
import { named, shorten } from '../labels.ts'
import { count, figure, fixed, interval, percent } from '../numbers.ts'
import type { Section } from '../page.ts'
import { type TableColumn, table } from '../table.ts'
import { COLORS, type SeriesStyle } from '../theme.ts'
import { at, note } from './parts.ts'

type Way = 'sameCutoff' | 'sameApproval'
type Cell = 'both' | 'onlyA' | 'onlyB' | 'neither'

const CELLS: readonly { key: Cell; head: string; style: SeriesStyle }[] = [
  { key: 'both', head: 'approved by both', style: { color: COLORS.good, dash: '', symbol: 'circle' } },
  { key: 'onlyA', head: 'only by the model', style: { color: COLORS.accent, dash: '', symbol: 'triangle' } },
  { key: 'onlyB', head: 'only by the reference', style: { color: COLORS.bad, dash: '', symbol: 'square' } },
  { key: 'neither', head: 'by neither', style: { color: COLORS.neutral, dash: '', symbol: 'times' } },
]

const cell = (report: CompareReport, path: readonly (string | number)[], { badRate }: SwapCell): Child => [
  figure(report, [...path, 'rows'], count),
  ' rows, ',
  figure(report, [...path, 'bads'], count),
  ' bad',
  h('br'),
  badRate === null ? 'n/a' : interval(report, [...path, 'badRate'], percent(1)),
]

const swapTable = (report: CompareReport, way: Way, caption: string): Markup => {
  const path = (k: number, ...keys: string[]) => ['swapsAgainstReference', k, way, ...keys]
  const columns: TableColumn<Swap>[] = [
    { head: 'model', cell: (s) => named(s.a) },
    {
      head: 'cutoff of the model',
      cell: (s, k) => (s[way].cutoffA > SCORE_MAX ? 'nobody' : figure(report, path(k, 'cutoffA'), count)),
    },
    { head: 'approved by it', cell: (_, k) => figure(report, path(k, 'approvedA'), count) },
    { head: 'approved by the reference', cell: (_, k) => figure(report, path(k, 'approvedB'), count) },
    {
      head: 'bad rate, only model less only reference, points',
      cell: (s, k) =>
        s[way].badRateDifference === null ? 'n/a' : interval(report, path(k, 'badRateDifference'), percent(1)),
    },
    ...CELLS.map(({ key, head }) => ({
      head,
      cell: (s: Swap, k: number) => cell(report, path(k, key), s[way][key]),
    })),
  ]
  return table(caption, columns, report.swapsAgainstReference, { stack: true })
}

const swapCharts = (report: CompareReport): Markup =>
  charts(
    report.swapsAgainstReference.map((swap, k) =>
      intervalChart(
        CELLS.map(({ key, head }) => {
          const { badRate } = swap.sameApproval[key]
          return { name: head, value: badRate?.value ?? null, low: badRate?.low ?? null, high: badRate?.high ?? null }
        }),
        {
          title: `Bad rates: ${shorten(swap.a, 240, 15)}`,
          axis: 'share of bad rows, %',
          percent: true,
          caption: null,
          source: at('swapsAgainstReference', k, 'sameApproval'),
          style: (i) => CELLS[i]!.style,
        },
      ),
    ),
  )

const scoreTable = (report: CompareReport): Markup => {
  const path = (k: number, key: string) => ['swapsAgainstReference', k, 'scores', key]
  return table(
    'Score by the model less score by the reference, in points, over all compared rows; 5 % of them lie below the low end and 5 % above the high end.',
    [
      { head: 'model', cell: (s: Swap) => named(s.a) },
      { head: 'mean', cell: (_, k) => figure(report, path(k, 'mean'), fixed(1)) },
      { head: 'low end', cell: (_, k) => figure(report, path(k, 'low'), fixed(0)) },
      { head: 'median', cell: (_, k) => figure(report, path(k, 'median'), fixed(0)) },
      { head: 'high end', cell: (_, k) => figure(report, path(k, 'high'), fixed(0)) },
      { head: 'same side of the cutoff, %', cell: (_, k) => figure(report, path(k, 'agreement'), percent(1)) },
    ],
    report.swapsAgainstReference,
  )
}

export const swapsSection = (report: CompareReport): Section => ({
  id: 'swaps',
  title: 'Swap sets',
  body:
    report.swapsAgainstReference.length === 0
      ? undefined
      : [
          note(
            'Who would be approved if the model took the place of ',
            named(report.reference),
            '. In each cell: rows, bad ones among them, and the share of bad ones in percent with its 95 % interval (Wilson; by persons where they have several rows). These are people whose outcome is known: those whom an earlier lender refused are not among them.',
          ),
          h('h3', {}, 'Both at the cutoff of ', figure(report, ['cutoff'], count)),
          swapTable(report, 'sameCutoff', 'Swap sets at one cutoff.'),
          h('h3', {}, 'At equal approval'),
          note(
            'One score need not mean the same risk in two models. Here the reference keeps the cutoff, and the model has the whole score that approves about as many: the nearest there is. A model of few distinct scores may have none that is near; where to approve nobody is nearest, “nobody” stands in place of its cutoff.',
          ),
          swapTable(report, 'sameApproval', 'Swap sets at about equal numbers of approvals.'),
          note(
            'The model gains where those whom it alone approves (triangle) are less often bad than those whom the reference alone approves (square); the difference of the two and its interval stand in the table. Lines: 95 % intervals.',
          ),
          swapCharts(report),
          h('h3', {}, 'Scores'),
          scoreTable(report),
        ],
})
