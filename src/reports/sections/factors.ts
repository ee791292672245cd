/** The factors beside the outcome: filled, informative, in the expected direction, stable. */
import type { FactorFigures } from '../../comparison/factorFigures.ts'
import { charts } from '../chart.ts'
import { barChart } from '../charts/bars.ts'
import { intervalChart } from '../charts/intervals.ts'
import { type Child, h } from '../html.ts'
import { dimensionTitle, named } from '../labels.ts'
import { count, figure, fixed, interval, percent } from '../numbers.ts'
import type { Section } from '../page.ts'
import type { RunReport } from '../runReport.ts'
import { table } from '../table.ts'
import { COLORS, type SeriesStyle } from '../theme.ts'
import { at, note } from './parts.ts'

const TOP = 15

/** A factor with its position in the JSON. */
interface Placed {
  f: FactorFigures
  i: number
}

const byInformation = (factors: readonly FactorFigures[]): Placed[] =>
  factors
    .map((f, i) => ({ f, i }))
    .toSorted((a, b) => (b.f.informationValue ?? -1) - (a.f.informationValue ?? -1) || a.i - b.i)

const DIRECTION = { up: 'rises', down: 'falls', none: 'none', 'not enough evidence': 'not enough evidence' } as const

/** Symbol and color both say whether the direction is the expected one. */
const styleOf = ({ asExpected }: FactorFigures): SeriesStyle =>
  asExpected === null
    ? { color: COLORS.neutral, dash: '', symbol: 'circle' }
    : asExpected
      ? { color: COLORS.good, dash: '', symbol: 'triangle' }
      : { color: COLORS.bad, dash: '', symbol: 'square' }

const expectation = ({ asExpected }: FactorFigures): Child =>
  asExpected === null ? '–' : asExpected ? 'yes' : h('strong', { class: 'unexpected' }, 'no')

const factorTable = (report: RunReport, sorted: readonly Placed[]): Child =>
  table(
    'Every factor, the most informative first.',
    [
      { head: 'factor', cell: ({ f }) => named(f.factor) },
      { head: 'dimension', align: 'left', cell: ({ f }) => named(dimensionTitle(f.dimension)) },
      { head: 'missing, %', cell: ({ i }) => figure(report, ['factors', i, 'missingShare'], percent(1)) },
      {
        head: 'IV',
        title: 'information value',
        cell: ({ i }) => figure(report, ['factors', i, 'informationValue'], fixed(3)),
      },
      { head: 'AUC', cell: ({ f, i }) => (f.auc ? interval(report, ['factors', i, 'auc'], fixed(3)) : 'n/a') },
      { head: 'risk expected', align: 'left', cell: ({ f }) => DIRECTION[f.expectedRisk] },
      {
        head: 'risk observed',
        align: 'left',
        cell: ({ f }) => (f.observedRisk === null ? '–' : DIRECTION[f.observedRisk]),
      },
      { head: 'as expected', align: 'left', cell: ({ f }) => expectation(f) },
      {
        head: 'PSI',
        title: 'population stability index',
        cell: ({ i }) => figure(report, ['factors', i, 'psi'], fixed(3)),
      },
      { head: 'what it is', align: 'left', wide: true, cell: ({ f }) => named(f.definition) },
    ],
    sorted,
    { stack: true },
  )

export const factorsSection = (report: RunReport): Section => {
  const sorted = byInformation(report.factors)
  const top = sorted.slice(0, TOP)
  return {
    id: 'factors',
    title: 'Factors',
    body:
      sorted.length === 0 && report.unavailable.length === 0
        ? undefined
        : [
            top.length > 0 && [
              note(
                report.evaluation === 'test'
                  ? 'Each factor by itself, beside the outcome. Information value (IV) and AUC on the training rows; PSI compares the test rows with them: by custom below 0.1 is stable, above 0.25 is not.'
                  : 'Each factor by itself, beside the outcome. Information value (IV) and AUC on all labeled rows; with folds no rows are apart that PSI could compare.',
                ' An AUC above 0.5 means that risk rises with the factor, below 0.5 that it falls.',
              ),
              charts(
                barChart(
                  top.map(({ f }) => ({ name: f.factor, value: f.informationValue })),
                  {
                    title: 'Information value',
                    axis: 'information value (nats)',
                    format: fixed(3),
                    source: at('factors'),
                    caption: 'The factors that tell good from bad best, each by itself.',
                  },
                ),
                intervalChart(
                  top.map(({ f }) => ({ name: f.factor, value: null, low: null, high: null, ...f.auc })),
                  {
                    title: 'AUC of the same factors',
                    axis: 'AUC (0.5: no order)',
                    reference: 0.5,
                    style: (i) => styleOf(top[i]!.f),
                    source: at('factors'),
                    caption:
                      'Right of the dashed line risk rises with the factor, left of it it falls. Triangle: the direction that was expected. Square: the other one. Circle: nothing was expected, or there is not enough evidence. Line: 95 % interval.',
                  },
                ),
              ),
              factorTable(report, sorted),
            ],
            report.unavailable.length > 0 &&
              table(
                'Factors that this source cannot give.',
                [
                  { head: 'factor', cell: (u) => named(u.factor) },
                  { head: 'why', align: 'left', cell: (u) => named(u.reason) },
                ],
                report.unavailable,
              ),
            sorted.length > 0 &&
              note('Rows: ', figure(report, ['factors', sorted[0]!.i, 'rows'], count), ' labeled ones.'),
          ],
  }
}
