import * as Plot from '@observablehq/plot'
import { chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { marginFor, shortenAll } from '../labels.ts'
import { COLORS, type SeriesStyle } from '../theme.ts'
import { type ChartOptions, chartText, type Estimate } from './options.ts'

/** One line of the chart: a name, a figure and its interval. */
export interface IntervalRow extends Estimate {
  name: string
}

export interface IntervalChartOptions extends ChartOptions {
  /** title of the axis, with its unit */
  axis: string
  /** a value to compare with: chance, no difference, a limit */
  reference?: number
  /** style of each line; one style for all when absent */
  style?: (position: number) => SeriesStyle
  /** shares are drawn as percentages */
  percent?: boolean
}

const ONE_STYLE: SeriesStyle = { color: COLORS.good, dash: '', symbol: 'circle' }
const LABEL_WIDTH = 150

/** Figures with their intervals, one below the other: a dot and a line. Lines without a figure keep their place and say n/a. */
export const intervalChart = (rows: readonly IntervalRow[], options: IntervalChartOptions): Markup => {
  const { reference, style = () => ONE_STYLE } = options
  const labels = shortenAll(
    rows.map((row) => row.name),
    LABEL_WIDTH,
  )
  const values = rows.flatMap((r) => [r.value, r.low, r.high]).filter((v) => v !== null)
  const position = (_: unknown, i: number): number => i
  return chart(
    chartText(options, options.axis, 'Dot: value on rows that the model did not see. Line: 95 % interval.'),
    {
      height: 54 + (rows.length > 8 ? 19 : 24) * Math.max(1, rows.length),
      marginLeft: marginFor(labels, LABEL_WIDTH),
      marginRight: 18,
      marginBottom: 40,
      x: {
        label: options.axis,
        grid: true,
        ticks: 5,
        inset: 8,
        percent: options.percent ?? false,
        ...(values.length ? {} : { domain: [0, 1] }),
      },
      y: {
        type: 'band',
        domain: rows.map(position),
        label: null,
        tickSize: 0,
        tickFormat: (i: number) => labels[i]!,
      },
      marks: [
        reference === undefined ? null : Plot.ruleX([reference], { stroke: COLORS.neutral, strokeDasharray: '3 3' }),
        ...rows.map(({ value, low, high }, i) => {
          const { color, symbol } = style(i)
          if (value === null) return Plot.text([i], { y: [i], text: ['n/a'], frameAnchor: 'left', dx: 8 })
          return [
            low !== null && high !== null
              ? Plot.link([i], { x1: [low], x2: [high], y1: [i], y2: [i], stroke: color, strokeWidth: 2 })
              : null,
            Plot.dot([i], { x: [value], y: [i], symbol, r: 4.5, fill: 'white', stroke: color, strokeWidth: 2 }),
          ]
        }),
      ],
    },
  )
}
