/** Every model with its figures on the compared rows. */
import { charts } from '../chart.ts'
import { intervalChart } from '../charts/intervals.ts'
import { rocChart } from '../charts/roc.ts'
import type { ComparedModel, CompareReport } from '../compareReport.ts'
import { h } from '../html.ts'
import { named } from '../labels.ts'
import { figure, fixed, interval, percent } from '../numbers.ts'
import type { Section } from '../page.ts'
import { type TableColumn, table } from '../table.ts'
import { seriesStyle } from '../theme.ts'
import { at, note } from './parts.ts'

const KINDS = { model: 'of a run', baseline: 'baseline', network: 'challenger' } as const

/** Curves in one drawing, at most: more cannot be told apart. */
const MOST_CURVES = 8

export const modelsSection = (report: CompareReport): Section => {
  const { models } = report
  const path = (i: number, ...keys: string[]) => ['models', i, 'figures', ...keys]
  const columns: TableColumn<ComparedModel>[] = [
    { head: 'model', cell: (m) => named(m.name) },
    { head: 'kind', align: 'left', cell: (m) => KINDS[m.kind] },
    { head: 'AUC', cell: (_, i) => interval(report, path(i, 'auc'), fixed(3)) },
    { head: 'Gini', cell: (_, i) => interval(report, path(i, 'gini'), fixed(3)) },
    { head: 'KS', cell: (_, i) => interval(report, path(i, 'ks'), fixed(3)) },
    { head: 'Brier score', cell: (_, i) => interval(report, path(i, 'brier'), fixed(4)) },
    { head: 'log loss', cell: (_, i) => interval(report, path(i, 'logLoss'), fixed(4)) },
    { head: 'calibration slope', cell: (_, i) => interval(report, path(i, 'calibrationSlope'), fixed(2)) },
    { head: 'approved, %', cell: (_, i) => figure(report, ['models', i, 'atCutoff', 'approvalRate'], percent(1)) },
    {
      head: 'bad of approved, %',
      cell: (_, i) =>
        models[i]!.atCutoff.badRate === null
          ? 'n/a'
          : interval(report, ['models', i, 'atCutoff', 'badRate'], percent(2)),
    },
  ]
  const drawn = models.slice(0, MOST_CURVES)
  return {
    id: 'models',
    title: 'Models side by side',
    body: [
      note(
        'Value [95 % interval]. Intervals of single models are wide, for they hold the chance of which rows there are; two models share those rows, so whether they differ is answered by their difference below, not by whether intervals overlap.',
      ),
      table('Figures on the compared rows, and what the cutoff does.', columns, models, { stack: true }),
      charts(
        intervalChart(
          models.map((m) => ({ name: m.name, ...m.figures.auc })),
          {
            axis: 'AUC',
            caption: 'Higher is better; 0.5 is chance. Line: 95 % interval.',
            source: at('models'),
            style: seriesStyle,
          },
        ),
        rocChart(
          drawn.map((m) => ({ model: m.name, points: m.roc })),
          at('models'),
        ),
      ),
      models.length > drawn.length &&
        note('The ROC shows the first ', h('span', {}, String(MOST_CURVES)), ' models; the JSON has all of them.'),
    ],
  }
}
