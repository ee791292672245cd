/** Dimensions counted in two ways: as players of their own, and as the sums of their factors; and where the two part. */
import { charts } from '../chart.ts'
import { dimensionGameChart } from '../charts/dimensionGame.ts'
import { type Child, h } from '../html.ts'
import { dimensionTitle, named, shorten } from '../labels.ts'
import { count, figure, fixed } from '../numbers.ts'
import type { MeanPoints, RunReport } from '../runReport.ts'
import { table } from '../table.ts'
import type { Explained } from './explained.ts'
import { at, note } from './parts.ts'

type Path = readonly (string | number)[]

const estimate = ({ meanAbsolutePoints, low, high }: MeanPoints) => ({ value: meanAbsolutePoints, low, high })

/** 12.3 [12.1, 12.5] */
const withLimits = (report: RunReport, path: Path, digits: number, known: boolean): Child =>
  h(
    'span',
    { class: 'interval' },
    figure(report, [...path, 'meanAbsolutePoints'], fixed(digits)),
    known &&
      h(
        'small',
        {},
        ' [',
        figure(report, [...path, 'low'], fixed(digits)),
        ', ',
        figure(report, [...path, 'high'], fixed(digits)),
        ']',
      ),
  )

/** Position of the dimension whose two counts are furthest apart on average. */
const mostApart = ({ importance: { dimensions } }: Explained): number =>
  dimensions.reduce(
    (most, { difference }, j) =>
      difference.meanAbsolutePoints > dimensions[most]!.difference.meanAbsolutePoints ? j : most,
    0,
  )

export const dimensionGamePart = (report: RunReport, explained: readonly Explained[]): Child => {
  const lines = explained.flatMap((e) => e.importance.dimensions.map((dimension, j) => ({ ...e, dimension, j })))
  if (lines.length === 0) return undefined
  const pathOf = ({ i, j }: { i: number; j: number }): Path => ['models', i, 'importance', 'dimensions', j]
  return [
    h('h3', {}, 'Dimensions counted in two ways'),
    note(
      'The points of a dimension are those of a game in which it comes and goes as a whole: exact. Its factors can also be added up, after a game in which each comes and goes by itself. Where the model lets factors of different dimensions act on each other the two differ. Both are whole numbers that were rounded apart: a model that adds factors up, such as a regression, differs by rounding alone.',
    ),
    charts(
      explained.map((e) => {
        const { name, i, importance } = e
        const j = mostApart(e)
        const furthest = importance.dimensions[j]
        const path = [...pathOf({ i, j })]
        return dimensionGameChart(
          importance.dimensions.map((d) => ({
            name: dimensionTitle(d.dimension),
            exact: estimate(d),
            members: estimate(d.members),
          })),
          {
            title: `Dimensions: ${shorten(name, 240, 15)}`,
            caption: furthest && [
              'Furthest apart: ',
              named(dimensionTitle(furthest.dimension)),
              ', by ',
              figure(report, [...path, 'difference', 'meanAbsolutePoints'], fixed(2)),
              ' points a row on average, at most ',
              figure(report, [...path, 'largestDifference'], count),
              '.',
            ],
            source: at('models', i, 'importance', 'dimensions'),
          },
        )
      }),
    ),
    table(
      'Mean absolute points of the dimensions, exact and as sums of their factors, and mean absolute difference of the two in a row [95 % interval over persons].',
      [
        { head: 'model', cell: (l) => named(l.name) },
        { head: 'dimension', align: 'left', cell: (l) => named(dimensionTitle(l.dimension.dimension)) },
        { head: 'factors', cell: (l) => figure(report, [...pathOf(l), 'factors'], count) },
        { head: 'exact', cell: (l) => withLimits(report, pathOf(l), 1, l.dimension.low !== null) },
        {
          head: 'sum of factors',
          cell: (l) => withLimits(report, [...pathOf(l), 'members'], 1, l.dimension.members.low !== null),
        },
        {
          head: 'difference',
          cell: (l) => withLimits(report, [...pathOf(l), 'difference'], 2, l.dimension.difference.low !== null),
        },
        { head: 'largest', cell: (l) => figure(report, [...pathOf(l), 'largestDifference'], count) },
      ],
      lines,
    ),
  ]
}
