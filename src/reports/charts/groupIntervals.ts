import * as Plot from '@observablehq/plot'
import { chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { marginFor, shortenAll } from '../labels.ts'
import { COLORS, type SeriesStyle } from '../theme.ts'
import { type ChartOptions, chartText, type Estimate } from './options.ts'

/** One group: its name and a figure of each series; null where the series has none for it. */
export interface GroupIntervalRow {
  name: string
  figures: readonly (Estimate | null)[]
  /** position in `series` of the style of its figure, where each group has one figure and its own style */
  style?: number
}

export interface GroupIntervalOptions extends ChartOptions {
  /** title of the axis, with its unit */
  axis: string
  /** one for each figure of a row, or the styles that rows choose from */
  series: readonly { name: string; style: SeriesStyle }[]
  /** values to compare with */
  lines?: readonly number[]
  /** ratios: equal distances are equal factors */
  log?: boolean
  /** shares are drawn as percentages */
  percent?: boolean
}

const LABEL_WIDTH = 140

/** Figures of groups with their intervals, one group below the other, several figures of a group side by side. */
export const groupIntervalChart = (rows: readonly GroupIntervalRow[], options: GroupIntervalOptions): Markup => {
  const { series, lines = [], log = false } = options
  const labels = shortenAll(
    rows.map((row) => row.name),
    LABEL_WIDTH,
  )
  const figures = rows.flatMap((r) => r.figures).filter((f) => f !== null)
  const values = [...figures.flatMap((f) => [f.value, f.low, f.high]), ...lines].filter(
    (v) => v !== null && (!log || v > 0),
  ) as number[]
  const wide = Math.max(1, ...rows.map((r) => r.figures.length))
  const position = (_: unknown, i: number): number => i
  const shift = (k: number): number => (k - (wide - 1) / 2) * 9
  // Logarithms on a linear axis: a log axis of Plot leaves out labels as it sees fit.
  const at = (x: number): number => (log ? Math.log(x) : x)
  const domain = values.length ? [Math.min(...values), Math.max(...values)] : [0.5, 1]
  return chart(
    {
      ...chartText(options, options.axis, 'Symbol: value. Line: 95 % interval.'),
      ...(series.length > 1 ? { legend: series } : {}),
    },
    {
      height: 54 + (wide > 1 ? 12 + 12 * wide : 24) * Math.max(1, rows.length),
      marginLeft: marginFor(labels, LABEL_WIDTH),
      marginRight: 18,
      marginBottom: 40,
      x: {
        label: options.axis,
        grid: true,
        inset: 8,
        percent: options.percent ?? false,
        ...(log
          ? {
              domain: [at(domain[0]!), at(domain[1]!)],
              ticks: ticksOf(domain as [number, number]).map(at),
              tickFormat: (x: number) => String(Number(Math.exp(x).toPrecision(3))),
            }
          : { ticks: 5, ...(values.length ? {} : { domain: [0, 1] }) }),
      },
      y: {
        type: 'band',
        domain: rows.map(position),
        label: null,
        tickSize: 0,
        tickFormat: (i: number) => labels[i]!,
      },
      marks: [
        ...lines.map((x, k) =>
          Plot.ruleX([at(x)], {
            stroke: k === 0 ? COLORS.ink : COLORS.neutral,
            strokeDasharray: k === 0 ? '5 3' : '2 3',
          }),
        ),
        ...rows.flatMap((row, i) =>
          row.figures.map((figure, k) => {
            const { color, symbol } = series[row.style ?? k]!.style
            const dy = shift(k)
            if (figure === null) return null
            if (figure.value === null || (log && figure.value <= 0)) {
              // A ratio of 0 has no place on a log axis: its interval is drawn from the edge.
              const zero = figure.value === 0 && figure.high !== null && figure.high > 0
              return [
                zero
                  ? Plot.link([i], {
                      x1: [at(domain[0]!)],
                      x2: [at(figure.high!)],
                      y1: [i],
                      y2: [i],
                      stroke: color,
                      strokeWidth: 2,
                      dy,
                    })
                  : null,
                Plot.text([i], {
                  y: [i],
                  text: [figure.value === 0 ? '0' : 'n/a'],
                  frameAnchor: 'left',
                  dx: 8,
                  dy: zero ? dy - 8 : dy,
                }),
              ]
            }
            return [
              figure.low !== null && figure.high !== null
                ? Plot.link([i], {
                    x1: [at(figure.low)],
                    x2: [at(figure.high)],
                    y1: [i],
                    y2: [i],
                    stroke: color,
                    strokeWidth: 2,
                    dy,
                  })
                : null,
              Plot.dot([i], {
                x: [at(figure.value)],
                y: [i],
                symbol,
                r: 4.5,
                fill: 'white',
                stroke: color,
                strokeWidth: 2,
                dy,
              }),
            ]
          }),
        ),
      ],
    },
  )
}

/** Ratios that people read, those first that matter most. */
const TICKS = [
  1, 0.8, 0.5, 2, 0.2, 5, 0.1, 10, 1.25, 0.05, 20, 0.9, 1.5, 0.7, 0.6, 3, 0.3, 0.02, 50, 0.01, 100, 1.1, 0.95, 1.05,
]

/** As many of them as have room beside each other. */
const ticksOf = ([low, high]: readonly [number, number]): number[] => {
  const room = Math.log(high / low) / 7
  const kept: number[] = []
  for (const tick of TICKS)
    if (tick >= low && tick <= high && kept.every((other) => Math.abs(Math.log(tick / other)) >= room)) kept.push(tick)
  return kept.sort((a, b) => a - b)
}
