/** One person: the score split to the last point, the dimensions, and the largest reasons. */

import { receiptName } from '../../util/receiptName.ts'
import { charts } from '../chart.ts'
import { pentagonChart } from '../charts/pentagon.ts'
import { receiptChart } from '../charts/receipt.ts'
import { type Child, h, type Markup } from '../html.ts'
import { dimensionTitle, named } from '../labels.ts'
import { count, figure, percent, signed } from '../numbers.ts'
import type { Section } from '../page.ts'
import type { PersonFactor, ReportedPerson, RunReport } from '../runReport.ts'
import { table } from '../table.ts'
import { BACKGROUND_WORDS, inWords, LINK_WORDS, OUTCOME_WORDS, SEMANTICS_WORDS, wordsOf } from '../words.ts'
import { ownValue } from './ownValue.ts'
import { at, facts, note } from './parts.ts'

const trained = ({ trainedOn }: ReportedPerson): string =>
  trainedOn === null
    ? 'cannot be told'
    : trainedOn
      ? 'yes: the score is surer of itself than that of somebody new'
      : 'no'

const about = (report: RunReport, person: ReportedPerson): Markup =>
  facts([
    ['Person', [named(person.personId), ' on ', named(person.observationDate)]],
    ['Why this one', named(report.personChoice)],
    ['Model', named(person.model)],
    ['Score', [figure(report, ['person', 'score'], count), ' points, band ', named(person.band)]],
    ['Probability of bad', [figure(report, ['person', 'probability'], percent(2)), ' %']],
    ['Outcome', person.outcome === null ? 'not known' : wordsOf(OUTCOME_WORDS, person.outcome)],
    ['Trained on this row', trained(person)],
  ])

const reasonList = (report: RunReport, { reasons }: ReportedPerson): Child => [
  h('h3', {}, 'Largest reasons'),
  reasons.length === 0
    ? h('p', {}, 'No factor took points away.')
    : h(
        'ol',
        { class: 'reasons' },
        reasons.map((r, i) =>
          h(
            'li',
            {},
            h('strong', {}, named(r.text)),
            ': ',
            figure(report, ['person', 'reasons', i, 'points'], signed),
            ' points. ',
            h(
              'span',
              { class: 'meta' },
              named(r.factor),
              ', own value: ',
              ownValue(report, ['person', 'reasons', i], r),
            ),
          ),
        ),
      ),
  note(
    'What took most points away, one reason a group of factors. Not advice on what to change: that is another question.',
  ),
]

interface Line {
  kind: 'base' | 'factor' | 'limit' | 'score'
  i: number
}

const receiptTable = (report: RunReport, person: ReportedPerson): Markup => {
  const lines: Line[] = [
    { kind: 'base', i: -1 },
    ...person.factors.map((_, i) => ({ kind: 'factor' as const, i })),
    { kind: 'limit', i: -1 },
    { kind: 'score', i: -1 },
  ]
  const points = ({ kind, i }: Line): Child => {
    if (kind === 'factor') return figure(report, ['person', 'factors', i, 'points'], signed)
    if (kind === 'limit') return figure(report, ['person', 'scaleLimit'], signed)
    return figure(report, ['person', kind], count)
  }
  const words = { base: 'base: score of the background', limit: 'limit of the scale', score: '= score' } as const
  const ofFactor = (line: Line, show: (f: PersonFactor, i: number) => Child): Child =>
    line.kind === 'factor' ? show(person.factors[line.i]!, line.i) : ''
  return table(
    'The whole receipt. The column of points adds up from the base to the score, to the last point. Own values in full: money to the cent, other fractions to six digits.',
    [
      {
        head: 'factor',
        cell: (l) =>
          l.kind === 'factor' ? named(receiptName(person.factors[l.i]!.factor)) : h('em', {}, words[l.kind]),
      },
      { head: 'points', cell: points },
      {
        head: 'own value',
        align: 'left',
        cell: (l) => ofFactor(l, (f, i) => ownValue(report, ['person', 'factors', i], f)),
      },
      { head: 'dimension', align: 'left', cell: (l) => ofFactor(l, (f) => named(dimensionTitle(f.dimension))) },
      { head: 'what it is', align: 'left', wide: true, cell: (l) => ofFactor(l, (f) => named(f.definition)) },
    ],
    lines,
    {
      rowClass: (l) =>
        l.kind === 'score'
          ? 'total'
          : l.kind === 'base'
            ? 'start'
            : l.kind === 'factor' && person.factors[l.i]!.points === 0
              ? 'quiet'
              : undefined,
    },
  )
}

const dimensionTable = (report: RunReport, person: ReportedPerson): Markup =>
  table(
    'Points by dimension, and the percentile among the people explained. A dimension comes and goes as a whole here, and its points are rounded for themselves; beside them stand the points of its factors added up. Either column, with base and limit of the scale, adds up to the same score.',
    [
      { head: 'dimension', cell: (d) => named(dimensionTitle(d.dimension)) },
      { head: 'points', cell: (_, i) => figure(report, ['person', 'dimensions', i, 'points'], signed) },
      { head: 'sum of its factors', cell: (_, i) => figure(report, ['person', 'dimensions', i, 'members'], signed) },
      {
        head: 'percentile',
        cell: (_, i) => figure(report, ['person', 'dimensions', i, 'percentile'], percent(1)),
      },
    ],
    person.dimensions,
  )

export const personSection = (report: RunReport): Section => {
  const { person } = report
  return {
    id: 'person',
    title: 'One person',
    body: person
      ? [
          about(report, person),
          charts(
            receiptChart(person, { source: at('person') }),
            pentagonChart(
              person.dimensions.map((d) => ({ ...d, name: dimensionTitle(d.dimension) })),
              { source: at('person', 'dimensions') },
            ),
            h('div', {}, reasonList(report, person)),
          ),
          dimensionTable(report, person),
          receiptTable(report, person),
          facts([
            ['Base', ['score of the background: ', inWords(BACKGROUND_WORDS, person.backgroundId)]],
            ['A factor not known', inWords(SEMANTICS_WORDS, person.semantics)],
            ['Points', inWords(LINK_WORDS, person.link)],
          ]),
        ]
      : report.models.length > 0
        ? [note('No receipt is shown: ', named(report.personChoice))]
        : undefined,
  }
}
