/** Models side by side: every figure with its interval, and what is drawn of each. */
import { charts } from '../chart.ts'
import { calibrationChart } from '../charts/calibration.ts'
import { intervalChart } from '../charts/intervals.ts'
import { ksChart } from '../charts/ks.ts'
import { rocChart } from '../charts/roc.ts'
import { scoreDistributionChart } from '../charts/scoreDistribution.ts'
import { type Child, h, type Markup } from '../html.ts'
import { named, shorten } from '../labels.ts'
import { count, figure, fixed, interval, percent } from '../numbers.ts'
import type { Section } from '../page.ts'
import type { ReportedModel, RunReport } from '../runReport.ts'
import { type TableColumn, table } from '../table.ts'
import { seriesStyle } from '../theme.ts'
import { boostingPart } from './fits.ts'
import { at, note } from './parts.ts'

/** A figure that is drawn for all models beside each other. */
interface Drawn {
  key: 'auc' | 'ks' | 'brier' | 'logLoss' | 'calibrationSlope' | 'calibrationIntercept'
  title: string
  axis: string
  reference?: number
  caption: string
}

const DRAWN: readonly Drawn[] = [
  { key: 'auc', title: 'AUC', axis: 'AUC', caption: 'Higher is better; 0.5 is chance. Line: 95 % interval.' },
  { key: 'ks', title: 'KS', axis: 'KS', caption: 'Higher is better; 0 is chance. Line: 95 % interval.' },
  { key: 'brier', title: 'Brier score', axis: 'Brier score', caption: 'Lower is better. Line: 95 % interval.' },
  { key: 'logLoss', title: 'Log loss', axis: 'log loss (nats)', caption: 'Lower is better. Line: 95 % interval.' },
  {
    key: 'calibrationSlope',
    title: 'Calibration slope',
    axis: 'slope',
    reference: 1,
    caption: 'Best at 1 (dashed); below 1 the probabilities are too extreme, above 1 too timid. Line: 95 % interval.',
  },
  {
    key: 'calibrationIntercept',
    title: 'Calibration intercept',
    axis: 'intercept (log-odds)',
    reference: 0,
    caption: 'Best at 0 (dashed), where the slope is 1. Line: 95 % interval.',
  },
]

/** How to read the charts of one model, said once for all of them. */
const reading = ({ evaluation }: RunReport): readonly string[] => [
  'KS: shares of good and of bad rows with at most this score; they rise in steps, at scores that somebody has. The upright line is where the two are farthest apart.',
  evaluation === 'out_of_fold'
    ? 'The KS of the table is that of the models’ outputs, averaged over the repeats. The curve is that of scores, made of probabilities that were calibrated in each repeat and then averaged: its widest distance can differ from the figure.'
    : 'The KS of the table is that of the models’ outputs; the curve is that of whole scores within the limits of the scale: its widest distance can differ a little from the figure.',
  'Calibration: each dot is a part of the rows, by predicted probability; its height is the share that turned out bad, with a 95 % interval (Wilson, over persons). On the dashed line prediction and outcome agree; below it the model expects too much risk, above it too little. Both axes are square-root scales: small rates have more room.',
  'Scores: each class is drawn as shares of its own rows, filled the good ones, outlined the bad ones. The ends of the scale hold everybody beyond them.',
]

const figureTable = (report: RunReport): Markup => {
  const path = (i: number, ...keys: string[]) => ['models', i, 'figures', ...keys]
  const columns: TableColumn<ReportedModel>[] = [
    { head: 'model', cell: (m) => named(m.name) },
    { head: 'AUC', cell: (_, i) => interval(report, path(i, 'auc'), fixed(3)) },
    { head: 'Gini', cell: (_, i) => interval(report, path(i, 'gini'), fixed(3)) },
    { head: 'KS', cell: (_, i) => interval(report, path(i, 'ks'), fixed(3)) },
    { head: 'Brier score', cell: (_, i) => interval(report, path(i, 'brier'), fixed(4)) },
    { head: 'log loss', cell: (_, i) => interval(report, path(i, 'logLoss'), fixed(4)) },
    { head: 'calibration slope', cell: (_, i) => interval(report, path(i, 'calibrationSlope'), fixed(2)) },
    { head: 'calibration intercept', cell: (_, i) => interval(report, path(i, 'calibrationIntercept'), fixed(2)) },
    { head: 'predicted bad rate, %', cell: (_, i) => figure(report, path(i, 'meanProbability'), percent(2)) },
    { head: 'observed bad rate, %', cell: (_, i) => figure(report, path(i, 'badRate'), percent(2)) },
  ]
  return table('Value [95 % interval] on rows that the model did not see.', columns, report.models, { stack: true })
}

/** On simulated people: what the best model could have reached, beside what each has. */
const ceilingPart = (report: RunReport): Child => {
  const { ceiling, models } = report
  if (!ceiling) return undefined
  const known =
    ceiling.truth === 'causal'
      ? 'the probability of default of the latent state that made these people'
      : 'the declared function that these outcomes were drawn from'
  const columns: TableColumn<ReportedModel>[] = [
    { head: 'model', cell: (m) => named(m.name) },
    { head: 'AUC', cell: (_, i) => interval(report, ['models', i, 'figures', 'auc'], fixed(3)) },
    { head: 'latent ceiling', cell: () => interval(report, ['ceiling', 'auc'], fixed(3)) },
    {
      head: 'below the ceiling',
      cell: (m) => Object.hasOwn(ceiling.gaps, m.name) && interval(report, ['ceiling', 'gaps', m.name], fixed(3)),
    },
  ]
  return [
    h('h3', {}, 'Beside the truth'),
    note(
      `These people were simulated, so the truth is known: the latent ceiling is the AUC of ${known}, on the same rows.`,
    ),
    table('Value [95 % interval]; the last column is a paired difference.', columns, models, { stack: true }),
  ]
}

const oneModel = (report: RunReport, model: ReportedModel, i: number): Child => {
  const { curves } = model
  const title = (what: string) => `${what}: ${shorten(model.name, 220, 15)}`
  return h(
    'div',
    { class: 'part' },
    h('h4', {}, named(model.name)),
    charts(
      ksChart(curves.ksCurve, {
        title: title('KS'),
        source: at('models', i, 'curves', 'ksCurve'),
        caption: ['KS of the table: ', figure(report, ['models', i, 'figures', 'ks', 'value'], fixed(3)), '.'],
      }),
      calibrationChart(curves.calibration, {
        title: title('Calibration'),
        source: at('models', i, 'curves', 'calibration'),
        caption: [
          'Mean prediction ',
          figure(report, ['models', i, 'figures', 'meanProbability'], percent(2)),
          ' %, bad rate ',
          figure(report, ['models', i, 'figures', 'badRate'], percent(2)),
          ' %.',
        ],
      }),
      scoreDistributionChart(curves.scores, {
        title: title('Scores'),
        source: at('models', i, 'curves', 'scores'),
        cutoff: report.cutoff,
        caption: ['Dashed: the cutoff of ', figure(report, ['cutoff'], count), '.'],
      }),
    ),
  )
}

export const modelsSection = (report: RunReport): Section => {
  const { models } = report
  const left = models.flatMap((m, i) => (m.figures.calibrationSlope.undefined > 0 ? [{ m, i }] : []))
  return {
    id: 'models',
    title: 'Models side by side',
    body:
      models.length === 0
        ? undefined
        : [
            note(
              'All models are measured on the same rows, ',
              figure(report, ['models', 0, 'figures', 'rows'], count),
              ' of them, ',
              figure(report, ['models', 0, 'figures', 'bads'], count),
              ' bad. Intervals that overlap do not make a tie, nor do those that are apart by a hair make a winner: paired differences are what ',
              h('code', {}, 'glasscore compare'),
              ' is for.',
            ),
            figureTable(report),
            ceilingPart(report),
            left.map(({ m, i }) =>
              note(
                named(m.name),
                ': ',
                figure(report, ['models', i, 'figures', 'calibrationSlope', 'undefined'], count),
                ' bootstrap samples had no calibration slope and are left out of its interval.',
              ),
            ),
            charts(
              h(
                'div',
                { class: 'tall' },
                rocChart(
                  models.map((m) => ({ model: m.name, points: m.curves.roc })),
                  at('models'),
                ),
              ),
              DRAWN.map(({ key, ...text }) =>
                intervalChart(
                  models.map((m) => ({ name: m.name, ...m.figures[key] })),
                  { ...text, source: at('models'), style: seriesStyle },
                ),
              ),
            ),
            boostingPart(report),
            h('h3', {}, 'Each model by itself'),
            reading(report).map((text) => note(text)),
            models.map((m, i) => oneModel(report, m, i)),
          ],
  }
}
