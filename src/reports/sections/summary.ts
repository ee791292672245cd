/** What the report is about, on one screen. */
import { h, type Markup } from '../html.ts'
import { named, namedList } from '../labels.ts'
import { count, figure, percent } from '../numbers.ts'
import type { Section } from '../page.ts'
import type { RunReport } from '../runReport.ts'
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
      facts([
        ['Source', named(report.source)],
        [
          'Rows',
          [
            report.waterfall.length > 0 && figure(report, ['waterfall', 0, 'rows'], count),
            ' ',
            report.waterfall.length > 0 && named(report.waterfall[0]!.step),
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
        ['Outcome', [named(report.outcome.text), ' (', named(report.outcome.name), ')']],
        ['Indeterminate rows', INDETERMINATE[settings.indeterminate]],
        ['Models', report.models.length ? namedList(report.models.map((m) => m.name)) : 'none'],
        ['Measured on', measuredOn(report)],
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
        ['Calibration', settings.calibration],
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
