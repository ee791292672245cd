import type { ImportanceAgreement, PlayerAgreement, RecoveryReport } from '../audits/recovery/findings.ts'
import { charts } from './chart.ts'
import { intervalChart } from './charts/intervals.ts'
import { type Child, h } from './html.ts'
import { dimensionTitle, named } from './labels.ts'
import { count, figure, fixed, interval, percent } from './numbers.ts'
import { page, type Section } from './page.ts'
import { at, note } from './sections/parts.ts'
import { type TableColumn, table } from './table.ts'
import { seriesStyle } from './theme.ts'
import { wordsOf } from './words.ts'

const TRUTHS = {
  causal: 'the probability of default given the latent state that made these people, with future shocks integrated out',
  declared: 'the probability that the declared function gives, from which these outcomes were drawn',
}

const ORDERS: Record<ImportanceAgreement['kind'], string> = {
  attributions: 'points',
  split: 'splits',
  permutation: 'permutation',
  coefficients: 'coefficients',
}

const SEMANTICS = new Map([
  ['path_dependent', 'path-dependent'],
  ['interventional', 'interventional'],
])

const kindOf = (semantics: string): Child => wordsOf(SEMANTICS, semantics)

const orderOf = ({ kind }: ImportanceAgreement, semantics: string): Child =>
  kind === 'attributions' ? [ORDERS[kind], ', ', kindOf(semantics)] : ORDERS[kind]

const ranking = (report: RecoveryReport): Section => {
  const path = (i: number, key: string) => ['models', i, key]
  const columns: TableColumn<RecoveryReport['models'][number]>[] = [
    { head: 'model', align: 'left', cell: (m) => named(m.model) },
    { head: 'AUC', cell: (_, i) => interval(report, path(i, 'auc'), fixed(3)) },
    { head: 'below the ceiling', cell: (_, i) => interval(report, path(i, 'gap'), fixed(3)) },
    { head: 'correlation of log-odds', cell: (_, i) => interval(report, path(i, 'logOddsCorrelation'), fixed(3)) },
    { head: 'slope of truth', cell: (_, i) => interval(report, path(i, 'slope'), fixed(2)) },
    { head: 'error of P(bad)', cell: (_, i) => interval(report, path(i, 'probabilityError'), fixed(4)) },
  ]
  return {
    id: 'ranking',
    title: 'Models beside the truth',
    body: [
      h(
        'p',
        {},
        'The truth is ',
        TRUTHS[report.truth.kind],
        '. On ',
        figure(report, ['rows'], count),
        ' rows that no model had seen, ',
        figure(report, ['bads'], count),
        ' of them bad, its AUC is ',
        interval(report, ['ceiling'], fixed(3)),
        ': the latent ceiling. Its mean is ',
        figure(report, ['meanTruth'], percent(2)),
        ' %, the share of bads ',
        figure(report, ['badRate'], percent(2)),
        ' %.',
      ),
      report.truth.meanStandardError !== null &&
        note(
          'The truth was found by simulating futures: its mean standard error is ',
          figure(report, ['truth', 'meanStandardError'], fixed(4)),
          ', which lowers the ceiling a little.',
        ),
      table(
        'Value [95 % interval over persons]. Below the ceiling: paired. Slope: of the true probability on the log-odds of the model, best at 1.',
        columns,
        report.models,
        { stack: true },
      ),
      report.models.length > 0 &&
        charts(
          intervalChart(
            report.models.map((m) => ({ name: m.model, ...m.gap })),
            {
              title: 'Below the ceiling',
              axis: 'AUC of the truth less that of the model',
              reference: 0,
              caption: 'At 0 (dashed) a model ranks as the truth does. Line: 95 % interval.',
              source: at('models'),
              style: seriesStyle,
            },
          ),
        ),
    ],
  }
}

const orders = (report: RecoveryReport): Section => {
  const { declared } = report
  if (!declared) return { id: 'orders', title: 'Importances beside the closed form', body: undefined }
  const rows = declared.models.flatMap(({ model, semantics, importances }, m) =>
    importances.map((order, k) => ({ model, semantics, order, path: ['declared', 'models', m, 'importances', k] })),
  )
  const cell =
    (key: string, digits: number): TableColumn<(typeof rows)[number]>['cell'] =>
    ({ path }) =>
      interval(report, [...path, key], fixed(digits))
  return {
    id: 'orders',
    title: 'Importances beside the closed form',
    body: [
      note(
        'Each orders the factors; the true order is that of mean absolute points by the closed form. Imagined: the share of an importance that goes to factors which the function does not look at.',
      ),
      table(
        'Value [95 % interval over persons].',
        [
          { head: 'model', align: 'left', cell: ({ model }) => named(model) },
          { head: 'order by', align: 'left', cell: ({ order, semantics }) => orderOf(order, semantics) },
          { head: 'rank correlation', cell: cell('rankCorrelation', 2) },
          { head: 'among those that matter', cell: cell('rankCorrelationOfSpoken', 2) },
          { head: 'imagined', cell: cell('imagined', 3) },
        ],
        rows,
        { stack: true },
      ),
    ],
  }
}

const players = (
  report: RecoveryReport,
  m: number,
  key: 'factors' | 'dimensions',
  nameOf: (j: number) => Child,
): Child => {
  const all = report.declared!.models[m]![key]
  const rows = [...all.keys()].sort((a, b) => all[b]!.truth - all[a]!.truth || all[b]!.model - all[a]!.model || a - b)
  const cell = (part: keyof PlayerAgreement) => (j: number) =>
    figure(report, ['declared', 'models', m, key, j, part], fixed(2))
  return table(
    key === 'factors'
      ? 'Mean absolute points, those of the truth first. Correlation over rows [95 %].'
      : 'The same with dimensions as players.',
    [
      { head: key === 'factors' ? 'factor' : 'dimension', align: 'left', cell: nameOf },
      { head: 'truth', cell: cell('truth') },
      { head: 'model', cell: cell('model') },
      { head: 'difference', cell: cell('gap') },
      {
        head: 'correlation',
        cell: (j) => interval(report, ['declared', 'models', m, key, j, 'correlation'], fixed(2)),
      },
    ],
    rows,
    { stack: true },
  )
}

const attributions = (report: RecoveryReport): Section[] => {
  const { declared } = report
  if (!declared) return []
  return declared.models.map(({ model, semantics }, m) => {
    const share = (key: string) => interval(report, ['declared', 'models', m, key], fixed(2))
    return {
      id: `points-${m}`,
      title: `Points of ${model}, ${SEMANTICS.get(semantics) ?? semantics}`,
      body: [
        h(
          'p',
          {},
          'On ',
          figure(report, ['declared', 'rows'], count),
          ' rows, ',
          kindOf(semantics),
          ' points beside the closed form against ',
          named(declared.background),
          ': misplaced ',
          share('misplaced'),
          ' of all points by factor and ',
          share('misplacedOfDimensions'),
          ' by dimension; correlation within rows ',
          share('withinRows'),
          '; the first reason is the true one in a share of ',
          share('sameFirstReason'),
          ' of the rows.',
        ),
        players(report, m, 'dimensions', (j) => dimensionTitle(declared.dimensions[j]!)),
        players(report, m, 'factors', (j) => [
          named(declared.factors[j]!.name),
          !declared.factors[j]!.spoken && ' (silent)',
        ]),
      ],
    }
  })
}

const provenance = ({ notes, declared, inputs }: RecoveryReport): Section => ({
  id: 'provenance',
  title: 'How to read this, and where it comes from',
  body: [
    h(
      'ul',
      {},
      [...notes, ...(declared?.without ?? []).map((w) => `${w.model} has no points: ${w.reason}`)].map((text) =>
        h('li', {}, named(text)),
      ),
    ),
    table(
      'What was read, with its SHA-256.',
      [
        { head: 'file', align: 'left', cell: ([file]) => named(file) },
        { head: 'hash', align: 'left', cell: ([, hash]) => h('code', {}, hash) },
      ],
      Object.entries(inputs),
    ),
  ],
})

/**
 * The audit of recovery as one HTML file: no script, nothing loaded, every number with its place in the JSON of the same audit.
 * @param report as it is written to recovery.json beside the page
 */
export const renderRecovery = (report: RecoveryReport): string =>
  page(
    {
      title: `Recovery: ${report.name}`,
      lead: ['What the models found of the truth that these people were made with, and what they imagined.'],
      foot: [
        'Made by glasscore ',
        named(report.glasscore),
        '. Numbers: ',
        h('code', {}, 'recovery.json'),
        ' beside this page.',
      ],
    },
    [ranking(report), orders(report), ...attributions(report), provenance(report)],
  )
