/** Paired differences: every model against the reference, then every pair. */
import type { Answer, ComparedFigure, Pair, PairedDifference } from '../../comparison/comparePairs.ts'
import { digitsBesideZero } from '../../util/digitsBesideZero.ts'
import { charts } from '../chart.ts'
import { type IntervalRow, intervalChart } from '../charts/intervals.ts'
import type { CompareReport } from '../compareReport.ts'
import { type Child, h, type Markup } from '../html.ts'
import { named, shorten } from '../labels.ts'
import { figure, fixed, interval } from '../numbers.ts'
import type { Section } from '../page.ts'
import { type TableColumn, table } from '../table.ts'
import { COLORS, type SeriesStyle } from '../theme.ts'
import { holdsForAll } from './compareSummary.ts'
import { at, note } from './parts.ts'

interface Shown {
  key: ComparedFigure
  name: string
  digits: number
  better: 'higher' | 'lower'
}

const SHOWN: readonly Shown[] = [
  { key: 'auc', name: 'AUC', digits: 4, better: 'higher' },
  { key: 'ks', name: 'KS', digits: 4, better: 'higher' },
  { key: 'brier', name: 'Brier score', digits: 4, better: 'lower' },
  { key: 'logLoss', name: 'log loss', digits: 4, better: 'lower' },
]

const STYLES: Record<Answer, SeriesStyle> = {
  'a better': { color: COLORS.accent, dash: '', symbol: 'triangle' },
  'b better': { color: COLORS.bad, dash: '', symbol: 'square' },
  tie: { color: COLORS.neutral, dash: '', symbol: 'circle' },
}

type Family = 'pairs' | 'againstReference'

/** Who is better, in the words of the row: the first model is the one that stands there. */
const answer = (
  report: CompareReport,
  path: readonly (string | number)[],
  d: PairedDifference,
  digits: number,
): Child => {
  if (d.answer === 'tie')
    return ['tie, at most ', figure(report, [...path, 'largest'], fixed(digits)), ' in either direction']
  return [d.answer === 'a better' ? 'better' : 'worse', holdsForAll(d) ? ', all at once too' : ', alone only']
}

const differenceColumns = (report: CompareReport, family: Family): TableColumn<Pair>[] =>
  SHOWN.map(({ key, name, digits, better }) => ({
    head: `${name} (${better} is better)`,
    cell: (pair, k) => {
      const path = [family, k, 'differences', key]
      return [
        interval(report, path, fixed(digitsBesideZero(pair.differences[key], digits))),
        h('small', {}, answer(report, path, pair.differences[key], digits)),
      ]
    },
  }))

const rowsOf = (pairs: readonly Pair[], key: ComparedFigure, name: (pair: Pair) => string): IntervalRow[] =>
  pairs.map((pair) => {
    const { value, low, high } = pair.differences[key]
    return { name: name(pair), value, low, high }
  })

const READING = [
  { name: 'better', style: STYLES['a better'] },
  { name: 'worse', style: STYLES['b better'] },
  { name: 'tie: the line crosses 0', style: STYLES.tie },
]

const referenceCharts = (report: CompareReport): Markup =>
  charts(
    SHOWN.map(({ key, name, better }) =>
      intervalChart(
        rowsOf(report.againstReference, key, (pair) => pair.a),
        {
          title: `${name}, less that of ${shorten(report.reference, 200, 15)}`,
          axis: `difference of ${name}`,
          caption: `${better === 'higher' ? 'To the right' : 'To the left'} of the dashed line the model is better. Line: 95 % interval, paired. Triangle: better, square: worse, circle: tie.`,
          reference: 0,
          source: at('againstReference'),
          style: (k) => STYLES[report.againstReference[k]!.differences[key].answer],
        },
      ),
    ),
  )

/** One chart a model: its AUC less that of each model after it. Every pair is drawn once. */
const pairCharts = (report: CompareReport): Markup =>
  charts(
    report.models.slice(0, -1).map((model) => {
      const pairs = report.pairs.filter((pair) => pair.a === model.name)
      return intervalChart(
        rowsOf(pairs, 'auc', (pair) => pair.b),
        {
          title: `AUC of ${shorten(model.name, 220, 15)}, less that of`,
          axis: 'difference of AUC',
          caption: null,
          reference: 0,
          source: at('pairs'),
          style: (k) => STYLES[pairs[k]!.differences.auc.answer],
        },
      )
    }),
  )

const legend = (): Markup =>
  note(
    READING.map(({ name, style }, i) => [i > 0 && '; ', style.symbol, ': ', name]),
    '. The dashed line is no difference.',
  )

export const differencesSection = (report: CompareReport): Section => ({
  id: 'differences',
  title: 'Paired differences',
  body:
    report.pairs.length === 0
      ? undefined
      : [
          note(
            'Both models are drawn with the same persons in each of the bootstrap samples, so that what they share cancels. A tie is an interval that holds 0; beside it stands the largest difference that the interval still allows, whichever model it favors. A KS is a greatest distance and lies too high, more so for scores of many values; its interval is moved against that, so its value need not lie in the middle of it, or in it. Intervals speak of these trainings, not of another one.',
          ),
          note(
            'Many differences are looked at: of twenty true ties one interval misses 0 by chance. “All at once too” says that the answer stands in the simultaneous intervals as well, which cover all differences of a figure in the list together with 95 % (max-T); “alone only” that it stands in the interval of this one difference.',
          ),
          h('h3', {}, 'Against ', named(report.reference)),
          table(
            'Model less reference: difference [95 % interval], and who is better.',
            [{ head: 'model', cell: (pair: Pair) => named(pair.a) }, ...differenceColumns(report, 'againstReference')],
            report.againstReference,
            { stack: true },
          ),
          referenceCharts(report),
          report.models.length > 2 && [
            h('h3', {}, 'Every pair'),
            legend(),
            pairCharts(report),
            table(
              'First model less second: difference [95 % interval], and whether the first is better.',
              [
                { head: 'pair', cell: (pair: Pair) => [named(pair.a), ' less ', named(pair.b)] },
                ...differenceColumns(report, 'pairs'),
              ],
              report.pairs,
              { stack: true },
            ),
          ],
        ],
})
