/** What was trained for the comparison: how, on how many rows, and what is wrong with it. */
import type { ComparedBaseline, CompareReport } from '../compareReport.ts'
import { type Child, h, type Markup } from '../html.ts'
import { named } from '../labels.ts'
import { count, figure } from '../numbers.ts'
import type { Section } from '../page.ts'
import { table } from '../table.ts'
import { facts, note } from './parts.ts'

const list = (title: string, items: readonly string[]): Child =>
  items.length > 0 && [
    h('p', {}, title),
    h(
      'ul',
      {},
      items.map((text) => h('li', {}, named(text))),
    ),
  ]

const trainedOn = (report: CompareReport, k: number, { rows, capped }: ComparedBaseline): Child => {
  const path = (key: string) => ['baselines', k, 'rows', key]
  return [
    figure(report, path('least'), count),
    rows.least !== rows.most && [' to ', figure(report, path('most'), count)],
    ' of ',
    figure(report, path('of'), count),
    ' rows; trainings: ',
    figure(report, ['baselines', k, 'trainings'], count),
    capped && '; rows drawn at random from the seed, with the share of bads kept',
  ]
}

const choices = (report: CompareReport, k: number, baseline: ComparedBaseline): Child =>
  baseline.choices.length > 0 &&
  table(
    'Factors chosen, and in how many trainings.',
    [
      { head: 'factor', cell: (c) => named(c.factor) },
      { head: 'read as', align: 'left', cell: (c) => c.how },
      { head: 'trainings', cell: (_, i) => figure(report, ['baselines', k, 'choices', i, 'trainings'], count) },
    ],
    baseline.choices,
  )

const statement = (report: CompareReport, baseline: ComparedBaseline, k: number): Markup =>
  h(
    'div',
    { class: 'part' },
    h('h3', {}, named(baseline.name)),
    facts([
      baseline.package !== null && ['Package', named(baseline.package)],
      ['Trained on', trainedOn(report, k, baseline)],
    ]),
    list('How it was used:', baseline.used),
    list('Its faults, as measured:', baseline.faults),
    choices(report, k, baseline),
  )

export const baselinesSection = (report: CompareReport): Section => ({
  id: 'baselines',
  title: 'Baselines',
  body:
    report.baselines.length === 0
      ? undefined
      : [
          note(
            'Trained for this comparison, on the training rows of the first run, with its split, folds, calibration and seed, and measured on the same rows as everything else. They are here as a measure of what little effort gives; nothing of them is kept but predictions.parquet.',
          ),
          report.baselines.map((baseline, k) => statement(report, baseline, k)),
        ],
})
