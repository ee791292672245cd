/** What the report is about, the figures that matter most first. */
import { type Child, h, type Markup } from '../html.ts'
import { named, namedList } from '../labels.ts'
import { count, figure, fixed, interval, percent } from '../numbers.ts'
import type { Section } from '../page.ts'
import type { RunReport } from '../runReport.ts'
import { table } from '../table.ts'
import { CALIBRATION_WORDS, inWords, MODEL_WORDS, STEP_WORDS, wordsOf } from '../words.ts'
import { facts, warningList } from './parts.ts'

const splitText = (report: RunReport): Markup => {
  const { split } = report.settings
  const at = (key: string, format = count) => figure(report, ['settings', 'split', key], format)
  if (split.by === 'folds')
    return h(
      'span',
      {},
      at('folds'),
      ' folds by person, repeated ',
      at('repeats'),
      ' times; each row is measured by models that did not see it',
    )
  if (split.by === 'person')
    return h('span', {}, 'by person: ', at('testShare', percent(0)), ' % of the persons are held out for the test')
  return h(
    'span',
    {},
    'by time: the last ',
    at('testShare', percent(0)),
    ' % are held out for the test',
    split.testFrom ? [', from ', named(split.testFrom)] : null,
  )
}

const measuredOn = (report: RunReport): Markup =>
  report.evaluation === 'test'
    ? h(
        'span',
        {},
        figure(report, ['test', 'rows'], count),
        ' test rows, ',
        figure(report, ['test', 'bads'], count),
        ' of them bad; trained on ',
        figure(report, ['train', 'rows'], count),
        ' rows, ',
        figure(report, ['train', 'bads'], count),
        ' of them bad',
      )
    : h(
        'span',
        {},
        figure(report, ['test', 'rows'], count),
        ' labeled rows, ',
        figure(report, ['test', 'bads'], count),
        ' of them bad, each by models that were trained without it; the model that is kept is trained on all of them',
      )

/** How well each model ranks, and what the cutoff does with it. */
const keyFigures = (report: RunReport): Child => {
  if (report.models.length === 0) return null
  const atCutoff = (i: number, key: string) => ['models', i, 'curves', 'atCutoff', key]
  return [
    table(
      'AUC, and what the cutoff does, on rows that the models did not see. Value [95 % interval].',
      [
        { head: 'model', cell: (m) => named(m.name) },
        { head: 'AUC', cell: (_, i) => interval(report, ['models', i, 'figures', 'auc'], fixed(3)) },
        {
          head: ['approved at ', figure(report, ['cutoff'], count), ', %'],
          cell: (_, i) => figure(report, atCutoff(i, 'approvalRate'), percent(1)),
        },
        {
          head: 'bad among the approved, %',
          cell: (m, i) => (m.curves.atCutoff.badRate ? interval(report, atCutoff(i, 'badRate'), percent(2)) : 'n/a'),
        },
        { head: 'what it is', align: 'left', cell: (m) => MODEL_WORDS.get(m.name) },
      ],
      report.models,
      { stack: true },
    ),
    h(
      'p',
      {},
      'AUC: the chance that a bad row is ranked as riskier than a good one; 0.5 is chance, 1 is perfect. Of all rows measured ',
      figure(report, ['models', 0, 'figures', 'badRate'], percent(2)),
      ' % are bad. Whether one model is better than another is what ',
      h('code', {}, 'glasscore compare'),
      ' answers.',
    ),
  ]
}

const INDETERMINATE = {
  exclude: 'left out of training and of all figures, and counted below',
  good: 'counted as good',
  bad: 'counted as bad',
} as const

export const summarySection = (report: RunReport): Section => {
  const { dates, settings } = report
  return {
    id: 'summary',
    title: 'Summary',
    body: [
      keyFigures(report),
      facts([
        ['Measured on', measuredOn(report)],
        ['Source', named(report.source)],
        [
          'Rows',
          [
            report.waterfall.length > 0 && figure(report, ['waterfall', 0, 'rows'], count),
            ' ',
            report.waterfall.length > 0 && wordsOf(STEP_WORDS, report.waterfall[0]!.step),
            ', observed ',
            dates.first === dates.last
              ? ['on ', named(dates.first)]
              : [
                  'on ',
                  figure(report, ['dates', 'count'], count),
                  ' dates from ',
                  named(dates.first),
                  ' to ',
                  named(dates.last),
                ],
          ],
        ],
        ['Outcome', named(report.outcome.text)],
        ['Indeterminate rows', INDETERMINATE[settings.indeterminate]],
        report.models.length === 0 && ['Models', 'none'],
        report.left.length > 0 && [
          'Used on neither side',
          report.left.map((l, i) => [
            i > 0 && '; ',
            figure(report, ['left', i, 'rows'], count),
            ' rows: ',
            named(l.reason),
          ]),
        ],
        ['Split', splitText(report)],
        ['Calibration', inWords(CALIBRATION_WORDS, settings.calibration)],
        [
          'Cutoff',
          [
            figure(report, ['cutoff'], count),
            ' points: who has at least this score counts as approved; an illustration, no advice',
          ],
        ],
        [
          'Kept apart',
          report.protectedColumns.length
            ? [namedList(report.protectedColumns), ': protected attributes, no input of any model']
            : 'no protected attribute is known in this source',
        ],
      ]),
      warningList(report.warnings),
      report.notes.length > 0 && [
        h('h3', {}, 'Notes'),
        h(
          'ul',
          {},
          report.notes.map((note) => h('li', {}, named(note))),
        ),
      ],
    ],
  }
}
