/** What was compared, on whom, and the answers in words. */
import type { Answer, PairedDifference } from '../../comparison/comparePairs.ts'
import { digitsBesideZero } from '../../util/digitsBesideZero.ts'
import type { CompareReport } from '../compareReport.ts'
import { type Child, h, type Markup } from '../html.ts'
import { named, namedList } from '../labels.ts'
import { count, figure, fixed, interval } from '../numbers.ts'
import type { Section } from '../page.ts'
import { table } from '../table.ts'
import { facts, note } from './parts.ts'

const EVALUATION = {
  test: 'test rows, held out of training',
  out_of_fold: 'out of fold, averaged over repeats',
} as const

/** One sentence on a model against the reference: better, worse, or a tie and how large the difference may still be. */
const finding = (report: CompareReport, k: number): Markup => {
  const { a, b, differences } = report.againstReference[k]!
  const { auc } = differences
  const path = ['againstReference', k, 'differences', 'auc']
  const words: Record<Answer, Child> = {
    'a better': [' ranks better than ', named(b), ': AUC higher by '],
    'b better': [' ranks worse than ', named(b), ': AUC difference '],
    tie: [' and ', named(b), ' tie: AUC difference '],
  }
  return h(
    'li',
    {},
    h('strong', {}, named(a)),
    words[auc.answer],
    interval(report, path, fixed(digitsBesideZero(auc, 4))),
    auc.answer === 'tie'
      ? ['; the interval allows at most ', figure(report, [...path, 'largest'], fixed(4)), ' in either direction']
      : holdsForAll(auc) && report.againstReference.length > 1 && '; also when all of these are judged at once',
    '.',
  )
}

/** Whether the answer stands when the whole family is judged at once. */
export const holdsForAll = ({ answer, simultaneous }: PairedDifference): boolean => answer === simultaneous.answer

const runTable = (report: CompareReport): Markup =>
  table(
    'Runs, and the held-out rows that they have in common.',
    [
      { head: 'run', cell: (r) => named(r.label) },
      { head: 'measured on', align: 'left', cell: (r) => EVALUATION[r.evaluation] },
      { head: 'models', cell: (_, i) => figure(report, ['runs', i, 'models'], count) },
      { head: 'held-out rows', cell: (_, i) => figure(report, ['runs', i, 'rows'], count) },
      { head: 'compared', cell: (_, i) => figure(report, ['runs', i, 'used'], count) },
      { head: 'left out', cell: (_, i) => figure(report, ['runs', i, 'leftOut'], count) },
    ],
    report.runs,
  )

export const summarySection = (report: CompareReport): Section => ({
  id: 'summary',
  title: 'What was compared',
  body: [
    facts([
      ['Outcome', named(report.outcome.text)],
      [
        'Rows',
        [
          figure(report, ['rows'], count),
          ' rows whose predictions come from models that did not see their person, ',
          figure(report, ['bads'], count),
          ' bad, of ',
          figure(report, ['persons'], count),
          ' persons; every model is measured on all of them',
        ],
      ],
      ['Models', namedList(report.models.map((m) => m.name))],
      ['Set against', named(report.reference)],
      ['Cutoff', [figure(report, ['cutoff'], count), ' points: who has at least this score is approved']],
    ]),
    report.againstReference.length > 0 && [
      h('h3', {}, 'Answers'),
      h(
        'ul',
        {},
        report.againstReference.map((_, k) => finding(report, k)),
      ),
      note(
        'A tie means that the 95 % interval of the paired difference holds 0: these rows cannot tell the two apart. It is not a proof that they are equal.',
      ),
    ],
    runTable(report),
    report.notes.map((text) => note(named(text))),
    report.unavailable.map(({ name, reason }) =>
      h('p', { class: 'warning' }, 'Left out: ', named(name), ': ', named(reason)),
    ),
  ],
})
