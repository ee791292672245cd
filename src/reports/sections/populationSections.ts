/** The parts of the page of a simulated population. */
import { charts } from '../chart.ts'
import { amountChart } from '../charts/amounts.ts'
import { columnChart } from '../charts/columns.ts'
import { groupIntervalChart } from '../charts/groupIntervals.ts'
import { peopleWaterfallChart } from '../charts/peopleWaterfall.ts'
import { h } from '../html.ts'
import { named, namedList } from '../labels.ts'
import { count, figure, fixed, interval, percent } from '../numbers.ts'
import type { Section } from '../page.ts'
import type { PopulationReport } from '../populationReport.ts'
import { table } from '../table.ts'
import { seriesStyle } from '../theme.ts'
import { at, facts, note } from './parts.ts'

const GROUPS = new Map([
  ['migrant', 'migrants (household registration elsewhere)'],
  ['female', 'women'],
])
const GROUPINGS = new Map([
  ['sex', 'sex'],
  ['household_registration', 'household registration'],
  ['age', 'age'],
])

export const populationSummary = (report: PopulationReport): Section => ({
  id: 'summary',
  title: 'Who is in it',
  body: [
    h(
      'p',
      { class: 'warning' },
      'Nobody in it exists. Every row was drawn from a random stream; nothing found here is a finding about people. It is an instrument: what an audit finds in it can be held against what was put in.',
    ),
    facts([
      ['People', figure(report, ['people'], count)],
      ['Dense history', [figure(report, ['months'], count), ' months before the last observation date']],
      ['Observation dates', namedList(report.dates.map((d) => d.date))],
      [
        'Events',
        [
          figure(report, ['events'], count),
          ' rows, ',
          figure(report, ['eventsPerPerson'], fixed(1)),
          ' a person: everything but people and outcomes',
        ],
      ],
      [
        'Bad on the last date',
        [interval(report, ['dates', report.dates.length - 1, 'badRate'], percent(1)), ' % of good and bad'],
      ],
      [
        'Thin files',
        [interval(report, ['withoutBank'], percent(1)), ' % of people have no loan or card of a bank on record'],
      ],
      ['Seed', figure(report, ['seed'], String)],
    ]),
  ],
})

export const switchesSection = (report: PopulationReport): Section => ({
  id: 'switches',
  title: 'What is turned on',
  body: [
    report.switches.length === 0
      ? h('p', {}, 'Nothing: no switch is on.')
      : table(
          'Switches that are on, and who could be harmed where this happens.',
          [
            { head: 'switch', cell: (s) => h('code', {}, s.name) },
            { head: 'strength', cell: (_, i) => figure(report, ['switches', i, 'strength'], String) },
            { head: 'at most', cell: (_, i) => figure(report, ['switches', i, 'most'], String) },
            { head: 'what the strength is', align: 'left', wide: true, cell: (s) => named(s.about) },
            { head: 'harm', align: 'left', wide: true, cell: (s) => named(s.harm) },
          ],
          report.switches,
        ),
    facts([
      ['Group', GROUPS.get(report.group) ?? named(report.group)],
      ['Interaction', [named(report.interactionForm), ' form']],
    ]),
    note('All other switches are off. ', h('code', {}, 'docs/switches.md'), ' says what each does and how it shows.'),
  ],
})

export const rhythmSection = (report: PopulationReport): Section => ({
  id: 'rhythm',
  title: 'When, and how much',
  body: [
    charts(
      columnChart(
        report.monthly.map((m) => ({ name: m.month, value: m.perDay })),
        {
          title: 'Payments a day, by month',
          axis: 'payments a day',
          caption:
            'Of all people together. People whose account is younger than the history have payments from its first full month on.',
          source: at('monthly'),
        },
      ),
      columnChart(
        report.weekdays.map((w) => ({ name: w.day.slice(0, 3), value: w.perDay })),
        { title: 'Payments a day, by day of the week', axis: 'payments a day', source: at('weekdays') },
      ),
      amountChart(report.amounts, report.currency, { source: at('amounts') }),
    ),
    table(
      'Tables, rows, and the days that they cover; the last day is not covered.',
      [
        { head: 'table', cell: (t) => h('code', {}, t.table) },
        { head: 'rows', cell: (_, i) => figure(report, ['tables', i, 'rows'], count) },
        { head: 'a person', cell: (_, i) => figure(report, ['tables', i, 'perPerson'], fixed(2)) },
        { head: 'from', align: 'left', cell: (t) => named(t.coveredFrom) },
        { head: 'to', align: 'left', cell: (t) => named(t.coveredTo) },
      ],
      report.tables,
    ),
  ],
})

export const outcomesSection = (report: PopulationReport): Section => ({
  id: 'outcomes',
  title: 'What became of them',
  body: [
    h('p', {}, named(report.outcome.text)),
    charts(
      peopleWaterfallChart(report.waterfall, { title: 'On the last observation date', source: at('waterfall') }),
      h(
        'div',
        { class: 'rest' },
        table(
          'By observation date. Bad: % of good and bad, with the 95 % interval after Wilson.',
          [
            { head: 'date', cell: (d) => named(d.date) },
            { head: 'good', cell: (_, i) => figure(report, ['dates', i, 'good'], count) },
            { head: 'bad', cell: (_, i) => figure(report, ['dates', i, 'bad'], count) },
            { head: 'indeterminate', cell: (_, i) => figure(report, ['dates', i, 'indeterminate'], count) },
            { head: 'excluded', cell: (_, i) => figure(report, ['dates', i, 'excluded'], count) },
            { head: 'bad (%)', cell: (_, i) => interval(report, ['dates', i, 'badRate'], percent(1)) },
          ],
          report.dates,
        ),
      ),
    ),
    note(
      'These are outcomes as recorded: where labels are biased, so are they. What is true of each person is sealed, outside of this folder, and is read by tests and by the audit of recovery alone.',
    ),
  ],
})

export const groupsSection = (report: PopulationReport): Section => {
  const series = [{ name: '', style: seriesStyle(0) }]
  const rows = (of: 'badRate' | 'withoutBank' | 'misconduct') =>
    report.groups.map((g) => ({ name: g.group, figures: [g[of]] }))
  const one = (of: 'badRate' | 'withoutBank' | 'misconduct', title: string, axis: string) =>
    groupIntervalChart(rows(of), { title, axis, series, percent: true, source: at('groups') })
  return {
    id: 'groups',
    title: 'Groups',
    body: [
      h(
        'p',
        {},
        'Protected attributes: audits read them, no score does. Differences between groups come from what was put in, and from chance.',
      ),
      charts(
        one('badRate', 'Bad outcomes', 'bad (% of good and bad)'),
        one('withoutBank', 'Thin files', 'without a bank record (%)'),
        one('misconduct', 'Misconduct on record', 'with an administrative or judicial record (%)'),
      ),
      table(
        'Groups on the last observation date, % with 95 % intervals after Wilson.',
        [
          { head: 'group', cell: (g) => [GROUPINGS.get(g.grouping) ?? named(g.grouping), ': ', named(g.group)] },
          { head: 'people', cell: (_, i) => figure(report, ['groups', i, 'people'], count) },
          { head: 'good and bad', cell: (_, i) => figure(report, ['groups', i, 'labeled'], count) },
          { head: 'bad', cell: (_, i) => figure(report, ['groups', i, 'bads'], count) },
          { head: 'bad (%)', cell: (_, i) => interval(report, ['groups', i, 'badRate'], percent(1)) },
          { head: 'no bank record (%)', cell: (_, i) => interval(report, ['groups', i, 'withoutBank'], percent(1)) },
          { head: 'misconduct (%)', cell: (_, i) => interval(report, ['groups', i, 'misconduct'], percent(1)) },
        ],
        report.groups,
        { stack: true },
      ),
    ],
  }
}

export const populationProvenance = (report: PopulationReport): Section => ({
  id: 'provenance',
  title: 'Where it comes from',
  body: [
    facts([
      ['Version', ['glasscore ', named(report.glasscore)]],
      ['Definition of the outcome', h('code', {}, named(report.outcome.name))],
      [
        'Numbers',
        [
          'every one on this page carries its place in ',
          h('code', {}, 'summary.json'),
          ' beside it (attribute ',
          h('code', {}, 'data-path'),
          ')',
        ],
      ],
    ]),
    report.notes.map((text) => note(named(text))),
  ],
})
