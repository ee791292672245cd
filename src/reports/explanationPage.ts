import type { ExplanationOfAll, ExplanationOfPerson, ExplanationReport } from './explanationReport.ts'
import { type Child, h } from './html.ts'
import { named, namedList } from './labels.ts'
import { count, figure, tiny } from './numbers.ts'
import { page, type Section } from './page.ts'
import { explainedModelSection } from './sections/explainedModel.ts'
import { explainedPersonSection } from './sections/explainedPerson.ts'
import { BACKGROUND_NOTE, backgroundCode, explanationProvenance } from './sections/explanationParts.ts'
import { facts, note } from './sections/parts.ts'
import { table } from './table.ts'

/** A model against one background, with its place in the JSON. */
interface Placed {
  model: ExplanationReport['models'][number]
  k: number
  b: number
}

const placedOf = (report: ExplanationReport): Placed[] =>
  (report.models as readonly ExplanationReport['models'][number][]).flatMap((model, k) =>
    model.backgrounds.map((_, b) => ({ model, k, b })),
  )

const path = ({ k, b }: Placed, key: string) => ['models', k, 'backgrounds', b, key]

const backgroundColumns = (report: ExplanationReport) =>
  [
    { head: 'model', cell: (p: Placed): Child => named(p.model.name) },
    { head: 'background', align: 'left', cell: (p: Placed): Child => backgroundCode(p.model.backgrounds[p.b]!) },
    {
      head: 'what it is',
      align: 'left',
      wide: true,
      cell: (p: Placed): Child => named(p.model.backgrounds[p.b]!.sentence),
    },
    { head: 'base', cell: (p: Placed): Child => figure(report, path(p, 'base'), count) },
  ] as const

const summaryOfAll = (report: ExplanationOfAll): Section => {
  const { dates, protectedColumns } = report
  return {
    id: 'summary',
    title: 'Summary',
    body: [
      facts([
        ['Explained', [figure(report, ['rows'], count), ' rows']],
        dates !== null && [
          'Observed',
          dates.first === dates.last
            ? ['on ', named(dates.first)]
            : ['from ', named(dates.first), ' to ', named(dates.last)],
        ],
        protectedColumns.length > 0 && [
          'Kept apart',
          [namedList(protectedColumns), ': no input of any model; a reference group may be chosen by them'],
        ],
      ]),
      table(
        'Every receipt is added up again: base + points + limit of the scale = score. The gap is the largest difference before rounding, in points.',
        [
          ...backgroundColumns(report),
          { head: 'rows added up', cell: (p) => figure(report, path(p, 'rowsChecked'), count) },
          { head: 'persons', cell: (p) => figure(report, path(p, 'persons'), count) },
          { head: 'failing', cell: (p) => figure(report, path(p, 'rowsFailing'), count) },
          { head: 'largest gap', cell: (p) => figure(report, path(p, 'additivityGap'), tiny) },
        ],
        placedOf(report),
      ),
      note(BACKGROUND_NOTE),
    ],
  }
}

const summaryOfPerson = (report: ExplanationOfPerson): Section => ({
  id: 'summary',
  title: 'Summary',
  body: [
    facts([
      ['Person', [named(report.personId), ' on ', named(report.observationDate)]],
      report.earlierDates.length > 0 && [
        'Earlier',
        [namedList(report.earlierDates), '; those receipts are in ', h('code', {}, 'receipts.parquet')],
      ],
      ['Among', [figure(report, ['rows'], count), ' rows explained']],
    ]),
    table(
      'Scores, and what their points are measured from.',
      [...backgroundColumns(report), { head: 'score', cell: (p) => figure(report, ['models', p.k, 'score'], count) }],
      placedOf(report),
    ),
    note(BACKGROUND_NOTE),
  ],
})

/**
 * An explanation as one HTML file: no script, nothing loaded, every number with its place in the JSON of the same explanation.
 * @param report as it is written to explanation.json beside the page
 */
export const renderExplanation = (report: ExplanationReport): string =>
  page(
    {
      title: report.kind === 'all' ? `Explanation: ${report.source}` : `Explanation: ${report.personId}`,
      lead: [
        report.kind === 'all'
          ? 'What moves the scores of the people explained: points by factor and by dimension, by background.'
          : 'How the score of one person comes about, to the last point, by background.',
      ],
      foot: [
        'Made by glasscore ',
        named(report.glasscore),
        '. Numbers: ',
        h('code', {}, 'explanation.json'),
        ' beside this page.',
      ],
    },
    report.kind === 'all'
      ? [
          summaryOfAll(report),
          ...report.models.map((_, k) => explainedModelSection(report, k)),
          explanationProvenance(report),
        ]
      : [
          summaryOfPerson(report),
          ...report.models.map((_, k) => explainedPersonSection(report, k)),
          explanationProvenance(report),
        ],
  )
