/** Scores in bands and deciles: how many rows, how many bad, what was predicted. */
import type { ScoreTableRow } from '../../comparison/curves.ts'
import { charts } from '../chart.ts'
import { badRateChart } from '../charts/badRates.ts'
import { type Child, h, type Markup } from '../html.ts'
import { named, shorten } from '../labels.ts'
import { count, figure, fixed, interval, percent } from '../numbers.ts'
import type { Section } from '../page.ts'
import type { ReportedModel, RunReport } from '../runReport.ts'
import { type TableColumn, table } from '../table.ts'
import { at, note } from './parts.ts'

/** A line with its place in the JSON. */
interface Line {
  row: ScoreTableRow
  path: readonly (string | number)[]
  total: boolean
}

const COLUMNS = (report: RunReport, first: string): TableColumn<Line>[] => {
  const cell =
    (key: keyof ScoreTableRow, format: (x: number) => string) =>
    ({ path }: Line): Child =>
      figure(report, [...path, key], format)
  return [
    { head: first, cell: ({ row }) => named(row.label) },
    {
      head: 'scores',
      cell: ({ row, path }) =>
        row.from === null
          ? '–'
          : [figure(report, [...path, 'from'], count), '–', figure(report, [...path, 'to'], count)],
    },
    { head: 'rows', cell: cell('rows', count) },
    { head: 'bad', cell: cell('bads', count) },
    {
      head: 'bad rate, %',
      cell: ({ row, path }) => (row.badRate ? interval(report, [...path, 'badRate'], percent(1)) : 'n/a'),
    },
    { head: 'predicted, %', cell: cell('predicted', percent(1)) },
    { head: 'odds good : bad', cell: cell('odds', fixed(1)) },
    { head: 'rows up to here', cell: cell('cumulativeRows', count) },
    { head: 'of all rows, %', cell: cell('cumulativeShare', percent(1)) },
    { head: 'of all good, %', cell: cell('cumulativeGoodShare', percent(1)) },
    { head: 'of all bad, %', cell: cell('cumulativeBadShare', percent(1)) },
    { head: 'KS, %', cell: cell('ks', percent(1)) },
  ]
}

const scoreTable = (report: RunReport, model: number, key: 'bands' | 'deciles'): Markup => {
  const { curves } = report.models[model]!
  const lines: Line[] = [
    ...curves[key].map((row, i) => ({ row, path: ['models', model, 'curves', key, i], total: false })),
    { row: curves.total, path: ['models', model, 'curves', 'total'], total: true },
  ]
  return table(
    key === 'bands'
      ? 'By band, worst first. The last five columns count from the worst score up to the end of the line.'
      : 'By decile (tenth of the rows), worst first. Rows of equal score stay together in the tenth where the middle one of them falls. So tenths differ in size, and where a model gives few different scores, as a single tree does, some are empty.',
    COLUMNS(report, key === 'bands' ? 'band' : 'decile'),
    lines,
    { rowClass: (line) => (line.total ? 'total' : undefined) },
  )
}

const oneModel = (report: RunReport, model: ReportedModel, i: number): Child => {
  const name = shorten(model.name, 200, 15)
  return h(
    'div',
    { class: 'part' },
    h('h3', {}, named(model.name)),
    charts(
      badRateChart(model.curves.bands, {
        title: `Bad rate by band: ${name}`,
        axis: 'band, worst first',
        caption: null,
        source: at('models', i, 'curves', 'bands'),
      }),
      badRateChart(model.curves.deciles, {
        title: `Bad rate by decile: ${name}`,
        axis: 'decile, worst first',
        caption: null,
        source: at('models', i, 'curves', 'deciles'),
      }),
    ),
    scoreTable(report, i, 'bands'),
    scoreTable(report, i, 'deciles'),
  )
}

/** Everybody scored, labeled or not. */
const scoredTable = (report: RunReport): Child => {
  const scored = report.models.flatMap((m, i) => (m.scored ? [{ m, i, scored: m.scored }] : []))
  if (scored.length === 0) return null
  const bands = [...new Set(scored.flatMap((s) => Object.keys(s.scored.bands)))]
  // Worst first, like every table of bands.
  const order = (report.models[0]?.curves.bands ?? []).map((b) => b.label)
  bands.sort((a, b) => order.indexOf(a) - order.indexOf(b))
  const path = (i: number, ...keys: string[]) => ['models', i, 'scored', ...keys]
  return table(
    'Everybody scored, whether the outcome is known or not; rows that models were trained on are among them.',
    [
      { head: 'model', cell: ({ m }) => named(m.name) },
      { head: 'rows', cell: ({ i }) => figure(report, path(i, 'rows'), count) },
      { head: 'mean score', cell: ({ i }) => figure(report, path(i, 'meanScore'), fixed(1)) },
      ...bands.map((band) => ({
        head: named(band),
        cell: ({ i, scored: s }: (typeof scored)[number]) =>
          Object.hasOwn(s.bands, band) ? figure(report, path(i, 'bands', band), count) : 'n/a',
      })),
      { head: 'at or above the cutoff', cell: ({ i }) => figure(report, path(i, 'aboveCutoff'), count) },
      { head: 'limited by the scale', cell: ({ i }) => figure(report, path(i, 'clamped'), count) },
    ],
    scored,
  )
}

export const scoreTablesSection = (report: RunReport): Section => ({
  id: 'scores',
  title: 'Score bands and deciles',
  body:
    report.models.length === 0
      ? undefined
      : [
          scoredTable(report),
          note(
            'Charts: circle, the observed bad rate with its 95 % interval (Wilson, over persons); diamond, the predicted one. Tables: the rows that the models did not see.',
          ),
          report.models.map((m, i) => oneModel(report, m, i)),
        ],
})
