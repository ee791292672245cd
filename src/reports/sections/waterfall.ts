/** Who is counted: from everybody to those whose outcome is known. */
import { charts } from '../chart.ts'
import { peopleWaterfallChart } from '../charts/peopleWaterfall.ts'
import { h } from '../html.ts'
import { named } from '../labels.ts'
import { count, figure } from '../numbers.ts'
import type { Section } from '../page.ts'
import type { RunReport } from '../runReport.ts'
import { table } from '../table.ts'
import { STEP_WORDS } from '../words.ts'
import { at } from './parts.ts'

const WHAT = { keeps: 'remain', leaves: 'leave', end: 'end here' } as const

export const waterfallSection = (report: RunReport): Section => ({
  id: 'waterfall',
  title: 'Who is counted',
  body: [
    h('p', {}, named(report.outcome.text)),
    charts(
      peopleWaterfallChart(report.waterfall, { source: at('waterfall') }),
      h(
        'div',
        { class: 'rest' },
        table(
          'Rows by step. Everybody is scored; only rows that end as good or bad train and measure models.',
          [
            { head: 'step', cell: (w) => named(w.step) },
            { head: 'rows', cell: (_, i) => figure(report, ['waterfall', i, 'rows'], count) },
            { head: 'kind', align: 'left', cell: (w) => WHAT[w.kind] },
            { head: 'what it is', align: 'left', cell: (w) => STEP_WORDS.get(w.step) },
          ],
          report.waterfall,
        ),
      ),
    ),
  ],
})
