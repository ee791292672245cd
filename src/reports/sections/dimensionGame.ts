/** Dimensions counted in two ways: as players of their own, and as the sums of their factors; and where the two part. */
import { charts } from '../chart.ts'
import { dimensionGameChart } from '../charts/dimensionGame.ts'
import { dimensionShareChart } from '../charts/dimensionShares.ts'
import { type Child, h, type Markup } from '../html.ts'
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

const pathOf = ({ i, j }: { i: number; j: number }): Path => ['models', i, 'importance', 'dimensions', j]

/** Both counts of one model, and where they part most. */
const gameChart = (report: RunReport, e: Explained): Markup => {
  const { name, i, importance } = e
  const j = mostApart(e)
  const furthest = importance.dimensions[j]
  return dimensionGameChart(
    importance.dimensions.map((d) => ({
      name: dimensionTitle(d.dimension),
      exact: estimate(d),
      members: estimate(d.members),
    })),
    {
      title: `Dimensions in two ways: ${shorten(name, 170, 15)}`,
      caption: furthest && [
        'Mean absolute points with 95 % intervals over persons. Furthest apart row by row: ',
        named(dimensionTitle(furthest.dimension)),
        ', by ',
        figure(report, [...pathOf({ i, j }), 'difference', 'meanAbsolutePoints'], fixed(2)),
        ' points on average, at most ',
        figure(report, [...pathOf({ i, j }), 'largestDifference'], count),
        '.',
      ],
      source: at('models', i, 'importance', 'dimensions'),
    },
  )
}

/** How far the two counts are apart, every model and dimension. */
const apart = (explained: readonly Explained[]): Markup => {
  const names = [...new Set(explained.flatMap(({ importance }) => importance.dimensions.map((d) => d.dimension)))]
  return dimensionShareChart(
    names.map((dimension) => ({
      name: dimensionTitle(dimension),
      declaredShare: null,
      shares: explained.map(
        ({ importance }) =>
          importance.dimensions.find((d) => d.dimension === dimension)?.difference.meanAbsolutePoints ?? null,
      ),
    })),
    explained.map(({ name }) => name),
    {
      title: 'How far the two ways are apart',
      caption: 'Mean absolute difference of the two counts in a row, in points; rounding of both is in it.',
      axis: 'points',
      source: at('models'),
    },
  )
}

export const dimensionGamePart = (report: RunReport, explained: readonly Explained[]): Child => {
  const lines = explained.flatMap((e) => e.importance.dimensions.map((dimension, j) => ({ ...e, dimension, j })))
  if (lines.length === 0) return undefined
  return [
    h('h3', {}, 'Dimensions counted in two ways'),
    note(
      'The points of a dimension are those of a game in which it comes and goes as a whole: exact. Its factors can also be added up, after a game in which each comes and goes by itself. The two are equal for what one or two factors do; they differ where three or more act together, and more of them are of one dimension than of another. Both are whole numbers that were rounded apart: a model that adds factors up, such as a regression, differs by rounding alone.',
    ),
    charts(
      gameChart(report, explained.find(({ name }) => name === report.person?.model) ?? explained[0]!),
      apart(explained),
    ),
    table(
      'Mean absolute points of the dimensions, exact and as sums of their factors, and mean absolute difference of the two in a row [95 % interval over persons].',
      [
        {
          head: 'model: dimension',
          cell: (l) => [named(l.name), ': ', named(dimensionTitle(l.dimension.dimension))],
        },
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
