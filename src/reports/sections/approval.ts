/** What a cutoff does: how many are approved, and how many of them turn out bad. */
import { charts } from '../chart.ts'
import { approvalByCutoffChart, approvalChart } from '../charts/approval.ts'
import { type Child, h, type Markup } from '../html.ts'
import { named } from '../labels.ts'
import { count, figure, interval, percent } from '../numbers.ts'
import type { Section } from '../page.ts'
import type { ReportedModel, RunReport } from '../runReport.ts'
import { table } from '../table.ts'
import { at, note } from './parts.ts'

/** Cutoffs that the small table lists; the JSON has every tenth point. */
const LISTED_EVERY = 50

const atCutoffTable = (report: RunReport): Markup => {
  const path = (i: number, key: string) => ['models', i, 'curves', 'atCutoff', key]
  return table(
    'At the cutoff of the report.',
    [
      { head: 'model', cell: (m) => named(m.name) },
      { head: 'cutoff', cell: (_, i) => figure(report, path(i, 'cutoff'), count) },
      { head: 'approved', cell: (_, i) => figure(report, path(i, 'approved'), count) },
      { head: 'approved, %', cell: (_, i) => figure(report, path(i, 'approvalRate'), percent(1)) },
      { head: 'bad among them', cell: (_, i) => figure(report, path(i, 'approvedBads'), count) },
      {
        head: 'bad rate among them, %',
        cell: (m, i) => (m.curves.atCutoff.badRate ? interval(report, path(i, 'badRate'), percent(2)) : 'n/a'),
      },
      { head: 'refused of all bad, %', cell: (_, i) => figure(report, path(i, 'refusedBadShare'), percent(1)) },
      { head: 'refused of all good, %', cell: (_, i) => figure(report, path(i, 'refusedGoodShare'), percent(1)) },
    ],
    report.models,
  )
}

const byCutoffTable = (report: RunReport): Markup => {
  const listed = report.models[0]!.curves.approval.flatMap(({ cutoff }, i) =>
    cutoff % LISTED_EVERY === 0 ? [{ cutoff, i }] : [],
  )
  const cell =
    (cutoff: number) =>
    ({ curves }: ReportedModel, model: number): Child => {
      const i = curves.approval.findIndex((p) => p.cutoff === cutoff)
      if (i < 0) return 'n/a'
      const path = ['models', model, 'curves', 'approval', i]
      const bad = curves.approval[i]!.badRate
      return h(
        'span',
        { class: 'interval' },
        figure(report, [...path, 'approvalRate'], percent(1)),
        h('small', {}, bad ? figure(report, [...path, 'badRate', 'value'], percent(2)) : 'n/a'),
      )
    }
  return table(
    'At other cutoffs: above, % of the rows that are approved; below, % of these that are bad.',
    [
      { head: 'model', cell: (m) => named(m.name) },
      ...listed.map(({ cutoff, i }) => ({
        head: figure(report, ['models', 0, 'curves', 'approval', i, 'cutoff'], count),
        cell: cell(cutoff),
      })),
    ],
    report.models,
    { stack: true },
  )
}

export const approvalSection = (report: RunReport): Section => {
  const series = report.models.map((m) => ({
    model: m.name,
    points: m.curves.approval,
    atCutoff: m.curves.atCutoff,
  }))
  return {
    id: 'approval',
    title: 'Approval rate against bad rate',
    body:
      series.length === 0
        ? undefined
        : [
            h(
              'p',
              {},
              'Who has at least the cutoff is approved. Counted on the labeled rows that the models did not see.',
            ),
            charts(
              approvalChart(series, { source: at('models') }),
              approvalByCutoffChart(series, { source: at('models'), cutoff: report.cutoff }),
            ),
            atCutoffTable(report),
            byCutoffTable(report),
            note(
              'The rows are people whose outcome is known. How those would have done who never had credit cannot be seen here. The JSON has a line every ten points.',
            ),
          ],
  }
}
