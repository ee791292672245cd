import { charts } from '../chart.ts'
import { oneScoreChart } from '../charts/oneScore.ts'
import { type Child, h } from '../html.ts'
import { named } from '../labels.ts'
import { count, figure, fixed, interval, percent } from '../numbers.ts'
import type { OpacityReport } from '../opacityReport.ts'
import type { Section } from '../page.ts'
import { type TableColumn, table } from '../table.ts'
import { cellOr, modelColumn, type PlacedModel, placed } from './opacityWords.ts'
import { at, note } from './parts.ts'

/** (f) Reasons under retraining. */
export const opacityReasons = (report: OpacityReport): Section => ({
  id: 'reasons',
  title: 'Would the reasons have been others?',
  body: [
    h(
      'p',
      {},
      'The model was trained again on other samples of the same people. A reason that comes and goes with the sample is no property of the person: who acts on it may act on chance.',
    ),
    table(
      'Principal reasons (four at most) of each person, over the trainings. Value [95 % interval over persons].',
      [
        modelColumn,
        { head: 'reasons lost (%)', cell: cellOr('n/a', 'reasons', percent(0), 'lost') },
        { head: 'first reason another (%)', cell: cellOr('n/a', 'reasons', percent(0), 'firstOther') },
        { head: 'one first reason in all (%)', cell: cellOr('n/a', 'reasons', percent(0), 'firstAlways') },
        {
          head: 'trainings',
          cell: ({ model, k }) =>
            model.reasons === null ? 'n/a' : figure(report, ['models', k, 'reasons', 'retrainings'], count),
        },
        { head: 'that failed', cell: ({ k }) => figure(report, ['models', k, 'failedRetrainings'], count) },
        {
          head: 'people with a reason',
          cell: ({ model, k }) =>
            model.reasons === null ? 'n/a' : figure(report, ['models', k, 'reasons', 'rows'], count),
        },
      ],
      placed(report),
      { stack: true },
    ),
  ],
})

const person = ({ report, model, k }: PlacedModel): Child =>
  model.person &&
  h(
    'div',
    {},
    oneScoreChart(
      { score: model.person.score, scores: model.person.scores, cutoff: report.asked.cutoff },
      { title: `One person, many scores: ${model.model}`, source: at('models', k, 'person') },
    ),
    h(
      'ul',
      { class: 'meta' },
      model.person.reasons.map(({ text }, r) =>
        h(
          'li',
          {},
          'First reason in ',
          figure(report, ['models', k, 'person', 'reasons', r, 'models'], count),
          ' of them: ',
          named(text),
        ),
      ),
    ),
  )

/** (h) Multiplicity. */
export const opacityMultiplicity = (report: OpacityReport): Section => {
  const { acrossModels } = report
  const columns = (path: (row: PlacedModel) => (string | number)[], absent: (row: PlacedModel) => boolean) => {
    const of =
      (draw: (at: (string | number)[]) => Child): TableColumn<PlacedModel>['cell'] =>
      (row) =>
        absent(row) ? 'n/a' : draw(path(row))
    return [
      {
        head: 'models',
        cell: of((p) => [figure(report, [...p, 'equal'], count), ' of ', figure(report, [...p, 'models'], count)]),
      },
      {
        head: 'their AUC',
        cell: of((p) => [
          figure(report, [...p, 'worstAuc'], fixed(3)),
          ' to ',
          figure(report, [...p, 'bestAuc'], fixed(3)),
        ]),
      },
      { head: 'decision arbitrary (%)', cell: of((p) => interval(report, [...p, 'arbitrary'], percent(1))) },
      { head: 'range of a score', cell: of((p) => interval(report, [...p, 'range'], fixed(0))) },
      { head: 'median range', cell: of((p) => figure(report, [...p, 'medianRange'], fixed(0))) },
      { head: 'range exceeded by a tenth', cell: of((p) => figure(report, [...p, 'largeRange'], fixed(0))) },
      { head: 'first reasons of a person', cell: of((p) => interval(report, [...p, 'reasons'], fixed(2))) },
      { head: 'one reason (%)', cell: of((p) => interval(report, [...p, 'oneReason'], percent(0))) },
    ]
  }
  return {
    id: 'multiplicity',
    title: 'Who is decided by chance?',
    body: [
      h(
        'p',
        {},
        'Many models rank people equally well. Where they decide differently about a person, the choice between them decided, and no quality of the model was a reason for it. These people are harmed without anybody having had a ground, and none of them can see it.',
      ),
      table(
        'Trainings on other samples whose AUC lies within the tolerance of the best. Value [95 % interval over persons].',
        [
          modelColumn,
          ...columns(
            ({ k }) => ['models', k, 'multiplicity'],
            ({ model }) => model.multiplicity === null,
          ),
        ],
        placed(report),
        { stack: true },
      ),
      note(
        'Tolerance: ',
        figure(report, ['asked', 'tolerance'], fixed(3)),
        ' of AUC; cut-off ',
        figure(report, ['asked', 'cutoff'], count),
        '. n/a: fewer than two of the trainings are that near.',
      ),
      acrossModels !== null &&
        table(
          'Among the models of the run that rank equally well.',
          [
            { head: 'models', align: 'left', cell: () => named(acrossModels.models.join(', ')) },
            ...columns(
              () => ['acrossModels', 'figures'],
              () => false,
            ),
          ],
          placed(report).slice(0, 1),
          { stack: true },
        ),
      acrossModels === null && note('No two models of the run lie within the tolerance of each other.'),
      charts(...placed(report).map(person)),
      note('Shown is, for each model, the person whose decision the equally good trainings share out most evenly.'),
    ],
  }
}
