import { charts } from '../chart.ts'
import { opacityProfileChart } from '../charts/opacityProfile.ts'
import { h } from '../html.ts'
import { dimensionTitle, named } from '../labels.ts'
import { count, figure, fixed, interval, percent } from '../numbers.ts'
import type { OpacityReport } from '../opacityReport.ts'
import type { Section } from '../page.ts'
import { table } from '../table.ts'
import { declaredPicture } from './opacityWeights.ts'
import { COMPONENT_TITLES, cell, modelColumn, modelTitle, placed } from './opacityWords.ts'
import { at, note } from './parts.ts'

/** What stands first: the picture and the profile. */
export const opacitySummary = (report: OpacityReport): Section => ({
  id: 'summary',
  title: 'Summary',
  body: [
    h(
      'p',
      {},
      'Audited: ',
      figure(report, ['rows', 'looked'], count),
      ' rows of ',
      figure(report, ['rows', 'persons'], count),
      ' persons, drawn from ',
      figure(report, ['rows', 'held'], count),
      ' that no model had seen, ',
      figure(report, ['rows', 'heldBads'], count),
      ' of them bad. Selected is who has at least ',
      figure(report, ['asked', 'cutoff'], count),
      '.',
    ),
    charts(
      declaredPicture(report),
      opacityProfileChart(
        (report.models[0]?.index.parts ?? []).map(({ component }, p) => ({
          name: COMPONENT_TITLES[component],
          values: report.models.map((m) => m.index.parts[p]!.value),
        })),
        report.models.map((m) => modelTitle(m.model)),
        { source: at('models') },
      ),
    ),
    table(
      'The opacity index: the mean of the parts of the profile, each on 0 to 1, more is more opaque.',
      [
        modelColumn,
        {
          head: 'index of parts that all models have',
          cell: ({ k }) => figure(report, ['comparable', 'values', k], fixed(2)),
        },
        { head: 'of all its own parts', cell: ({ k }) => figure(report, ['models', k, 'index', 'value'], fixed(2)) },
        { head: 'mean over persons', cell: cell(fixed(2), 'index', 'people') },
      ],
      placed(report),
      { stack: true },
    ),
  ],
})

/** (i) Outputs of other models. */
export const opacityStacked = (report: OpacityReport): Section => ({
  id: 'stacked',
  title: 'What was made elsewhere?',
  body: [
    h(
      'p',
      {},
      "A factor that is itself the output of a model, or an index over other people, cannot be checked by the person: an error in it is passed on with points attached, and to contest it one must contest somebody else's secret.",
    ),
    ...placed(report).map(({ model, k }) =>
      model.stacked.share === null
        ? note(named(model.model), ': ', named(model.stacked.text))
        : [
            h(
              'p',
              {},
              named(model.model),
              ': ',
              interval(report, ['models', k, 'stacked', 'share'], percent(1)),
              ' % of the points.',
            ),
            model.stacked.factors.length > 0 &&
              table(
                'Share of the points (%) [95 % interval].',
                [
                  { head: 'factor', align: 'left', cell: (f) => named(f.factor) },
                  {
                    head: 'share',
                    cell: (_, f) => interval(report, ['models', k, 'stacked', 'factors', f, 'share'], percent(1)),
                  },
                  { head: 'why', align: 'left', cell: (f) => named(f.source) },
                ],
                model.stacked.factors,
              ),
          ],
    ),
    note(named(report.models[0]?.stacked.text ?? '')),
  ],
})

/** (j) The index, open. */
export const opacityIndexSection = (report: OpacityReport): Section => ({
  id: 'index',
  title: 'The index, and what it is made of',
  body: [
    h(
      'p',
      {},
      'The index is the weighted mean of the parts below. It orders models by how much of them cannot be seen; it is no measure of harm, and two models can have the same index for different reasons. Read the parts.',
    ),
    table(
      'Parts of the index by model, each on 0 to 1.',
      [
        {
          head: 'part',
          align: 'left',
          cell: (part) => COMPONENT_TITLES[part.component],
        },
        { head: 'weight', cell: (_, p) => figure(report, ['models', 0, 'index', 'parts', p, 'weight'], fixed(0)) },
        ...report.models.map((m, k) => ({
          head: named(modelTitle(m.model)),
          cell: (_: unknown, p: number) => figure(report, ['models', k, 'index', 'parts', p, 'value'], fixed(2)),
        })),
        { head: 'of each person', align: 'left' as const, cell: (part) => (part.ofPersons ? 'yes' : 'no') },
        { head: 'what it is', align: 'left' as const, wide: true, cell: (part) => named(part.text) },
      ],
      report.models[0]?.index.parts ?? [],
      { stack: true },
    ),
    note(
      'The index of a person is the mean of the parts that each person has; it is in opacity.parquet, one row a person and model.',
    ),
  ],
})

/** (k) Beside the truth. */
export const opacityTruthSection = (report: OpacityReport): Section => {
  const { truth } = report
  return {
    id: 'truth',
    title: 'Beside the truth',
    body: truth
      ? [
          h(
            'p',
            {},
            'These people are simulated, and what decided their outcomes is known: ',
            named(truth.text),
            '. The weights that the truth has are what an honest declaration would have said.',
          ),
          table(
            'Weights of the true function. Value [95 % interval over persons].',
            [
              { head: 'dimension', align: 'left', cell: (name: string) => dimensionTitle(name) },
              { head: 'declared (%)', cell: (_, d) => figure(report, ['declared', 'shares', d], percent(0)) },
              {
                head: 'share of the true points (%)',
                cell: (_, d) => interval(report, ['truth', 'share', d], percent(1)),
              },
              {
                head: 'part of the variance (%)',
                cell: (_, d) => interval(report, ['truth', 'covariance', d], percent(1)),
              },
            ],
            report.dimensions,
            { stack: true },
          ),
          h(
            'p',
            {},
            'The truth needs ',
            interval(report, ['truth', 'neededByPeople'], fixed(1)),
            " factors for 95 % of a person's points, and ",
            interval(report, ['truth', 'neededByAll'], fixed(0)),
            ' for everybody.',
          ),
          table(
            'Models beside it.',
            [
              { head: 'model', align: 'left', cell: (m) => named(modelTitle(m.model)) },
              {
                head: 'weight that lies elsewhere (%)',
                cell: (_, k) => interval(report, ['truth', 'models', k, 'distance'], percent(1)),
              },
              {
                head: 'rank correlation of the shares',
                cell: (_, k) => figure(report, ['truth', 'models', k, 'rankCorrelation'], fixed(2)),
              },
              {
                head: 'factors more than the truth',
                cell: (_, k) => interval(report, ['truth', 'models', k, 'moreFactors'], fixed(1)),
              },
            ],
            truth.models,
            { stack: true },
          ),
        ]
      : undefined,
  }
}

/** How to read it, and what was read. */
export const opacityProvenance = (report: OpacityReport): Section => ({
  id: 'provenance',
  title: 'How to read this, and where it comes from',
  body: [
    h(
      'ul',
      {},
      [
        ...report.notes,
        ...report.without.map((w) => `${w.model} was not audited: ${w.reason}`),
        ...new Set(report.models.flatMap((m) => m.leftOut.map((l) => `${m.model}, ${l.part}: ${l.reason}`))),
        ...report.backgrounds.map((b) => `Background ${b.id}: ${b.text}`),
      ].map((text) => h('li', {}, named(text))),
    ),
    table(
      'What was asked of the audit.',
      [
        { head: 'option', align: 'left', cell: ([name]) => named(name) },
        { head: 'value', cell: ([name]) => figure(report, ['asked', name], (x) => String(x)) },
      ],
      Object.entries(report.asked),
    ),
    table(
      'What was read, with its SHA-256.',
      [
        { head: 'file', align: 'left', cell: ([file]) => named(file) },
        { head: 'hash', align: 'left', cell: ([, hash]) => h('code', {}, hash) },
      ],
      Object.entries(report.inputs),
    ),
  ],
})
