import * as Plot from '@observablehq/plot'
import { chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { marginFor, shortenAll } from '../labels.ts'
import { COLORS, type SeriesStyle } from '../theme.ts'
import { type ChartOptions, chartText, type Estimate } from './options.ts'

/** A dimension as a player of its own, and the sum of its factors: mean absolute points with their intervals. */
export interface DimensionGameRow {
  name: string
  exact: Estimate
  members: Estimate
}

const EXACT: SeriesStyle = { color: COLORS.good, dash: '', symbol: 'circle' }
const MEMBERS: SeriesStyle = { color: COLORS.bad, dash: '', symbol: 'square' }
const LABEL_WIDTH = 150
const LANE = 6

/** Two ways to count the points of a dimension, one below the other: the exact game of the dimensions, and its factors added up. */
export const dimensionGameChart = (rows: readonly DimensionGameRow[], options: ChartOptions = {}): Markup => {
  const labels = shortenAll(
    rows.map((row) => row.name),
    LABEL_WIDTH,
  )
  const marksOf = (key: 'exact' | 'members', { color, symbol }: SeriesStyle, dy: number) =>
    rows.flatMap((row, i) => {
      const { value, low, high } = row[key]
      if (value === null) return []
      return [
        low === null || high === null
          ? null
          : Plot.link([i], { x1: [low], x2: [high], y1: [i], y2: [i], dy, stroke: color, strokeWidth: 2 }),
        Plot.dot([i], { x: [value], y: [i], dy, symbol, r: 4, fill: 'white', stroke: color, strokeWidth: 2 }),
      ]
    })
  const values = rows.flatMap(({ exact, members }) => [exact.value, members.value]).filter((v) => v !== null)
  return chart(
    {
      ...chartText(
        options,
        'Dimensions, counted in two ways',
        'Mean absolute points with their 95 % interval over persons. Exact: the dimension comes and goes as a whole. Sum: its factors come and go one by one, and their points are added up.',
      ),
      legend: [
        { name: 'exact', style: EXACT },
        { name: 'sum of its factors', style: MEMBERS },
      ],
    },
    {
      height: 54 + 34 * Math.max(1, rows.length),
      marginLeft: marginFor(labels, LABEL_WIDTH),
      marginRight: 18,
      marginBottom: 40,
      x: {
        label: 'mean absolute points',
        grid: true,
        ticks: 5,
        zero: true,
        ...(values.length ? {} : { domain: [0, 1] }),
      },
      y: {
        type: 'band',
        domain: rows.map((_, i) => i),
        label: null,
        tickSize: 0,
        tickFormat: (i: number) => labels[i]!,
      },
      marks: [
        Plot.ruleX([0], { stroke: COLORS.neutral }),
        marksOf('exact', EXACT, -LANE),
        marksOf('members', MEMBERS, LANE),
      ],
    },
  )
}
