/** How boosting was trained, and how much worse models rank when a factor is shuffled: where a run has measured it. */
import { charts } from '../chart.ts'
import { barChart } from '../charts/bars.ts'
import { learningCurveChart } from '../charts/learningCurve.ts'
import { type Child, h } from '../html.ts'
import { named, shorten } from '../labels.ts'
import { count, figure, fixed, interval, percent } from '../numbers.ts'
import type { RunReport } from '../runReport.ts'
import { table } from '../table.ts'
import { at, facts, note } from './parts.ts'

const TOP = 15

/** Rounds, the rows that stopped them, and which columns the splits are of; nothing where no model was boosted. */
export const boostingPart = (report: RunReport): Child =>
  report.models.flatMap(({ name, boosting }, i): Child[] => {
    if (!boosting) return []
    const { validation } = boosting
    const path = (...keys: (string | number)[]) => ['models', i, 'boosting', ...keys]
    return [
      h('h3', {}, 'How ', named(name), ' was trained'),
      facts([
        [
          'Rounds',
          [
            figure(report, path('rounds'), count),
            ' trees are kept, of at most ',
            figure(report, path('mostRounds'), count),
            ', with ',
            figure(report, path('leavesPerTree'), fixed(1)),
            ' leaves on average',
          ],
        ],
        validation
          ? [
              'Validation',
              [
                figure(report, path('validation', 'rows'), count),
                ' training rows were kept out to find that number: their log loss was least there, ',
                figure(report, path('validation', 'logLoss'), fixed(4)),
                validation.stoppedEarly
                  ? ', and training ended when it fell no more'
                  : ', and training went on to the last round',
              ],
            ]
          : ['Validation', 'none: every round is kept'],
      ]),
      charts(
        validation &&
          learningCurveChart(validation.rounds, boosting.rounds, {
            title: `Log loss by round: ${shorten(name, 220, 15)}`,
            source: at(...path('validation', 'rounds')),
          }),
        barChart(
          boosting.gains.slice(0, TOP).map(({ column, gain }) => ({ name: column, value: 100 * gain })),
          {
            title: `Gain by column: ${shorten(name, 220, 15)}`,
            axis: 'share of the gain of all splits (%)',
            format: fixed(1),
            source: at(...path('gains')),
          },
        ),
      ),
      boosting.gains.length > 0 &&
        table(
          'Columns that are split on. Gain: share of what all splits take off the loss on the training rows; it favors columns with many values.',
          [
            { head: 'column', cell: ({ column }) => named(column) },
            { head: 'splits', cell: (_, j) => figure(report, path('gains', j, 'splits'), count) },
            { head: 'gain, %', cell: (_, j) => figure(report, path('gains', j, 'gain'), percent(1)) },
          ],
          boosting.gains,
        ),
    ]
  })

/** Falls of AUC by factor and model; nothing where none were measured. */
export const permutationPart = (report: RunReport): Child => {
  const measured = report.models.flatMap(({ name, permutation }, i) =>
    permutation ? [{ name, i, permutation, position: new Map(permutation.factors.map((f, j) => [f.factor, j])) }] : [],
  )
  if (measured.length === 0) return undefined
  const largest = new Map<string, number>()
  for (const { permutation } of measured)
    for (const { factor, drop } of permutation.factors)
      largest.set(factor, Math.max(largest.get(factor) ?? Number.NEGATIVE_INFINITY, drop.value ?? 0))
  const factors = [...largest].toSorted((a, b) => b[1] - a[1]).map(([factor]) => factor)
  return [
    h('h3', {}, 'Factors shuffled'),
    note(
      'How much the AUC on rows that the model did not see falls when the values of a factor are dealt anew among them, ',
      figure(report, ['models', measured[0]!.i, 'permutation', 'repeats'], count),
      ' times. Factors that say the same thing stand in for each other, so each may fall little.',
    ),
    table(
      'Fall of AUC [95 % interval over persons and shuffles].',
      [
        { head: 'factor', cell: (factor) => named(factor) },
        ...measured.map(({ name, i, position }) => ({
          head: named(name),
          cell: (factor: string): Child => {
            const j = position.get(factor)
            return j === undefined
              ? '–'
              : interval(report, ['models', i, 'permutation', 'factors', j, 'drop'], fixed(4))
          },
        })),
      ],
      factors,
      { broad: measured.length > 2 },
    ),
  ]
}
