import * as Plot from '@observablehq/plot'
import { CHART_WIDTH, chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { wrap } from '../labels.ts'
import { count, signed } from '../numbers.ts'
import { COLORS } from '../theme.ts'
import { barChart } from './bars.ts'
import { type ChartOptions, chartText } from './options.ts'

/** A dimension of one person. */
export interface PentagonAxis {
  name: string
  points: number
  /** share of the people explained who have fewer points here, ties by half, 0..1 */
  percentile: number
}

const LABEL_WIDTH = 92
const HEIGHT = 330
const MIDDLE = HEIGHT / 2
const SHAPES: Readonly<Record<number, string>> = {
  3: 'Triangle',
  4: 'Quadrangle',
  5: 'Pentagon',
  6: 'Hexagon',
  7: 'Heptagon',
  8: 'Octagon',
}
const RINGS = [0.25, 0.5, 0.75, 1]

/**
 * The dimensions of one person as a polygon, five of them as a pentagon; the radius is the percentile among all people. With
 * fewer than three dimensions, of which no polygon can be made, as bars.
 */
export const pentagonChart = (axes: readonly PentagonAxis[], options: ChartOptions = {}): Markup => {
  const text = chartText(
    options,
    axes.length < 3 ? 'Dimensions' : `${SHAPES[axes.length] ?? 'Polygon'} of dimensions`,
    axes.length < 3
      ? 'Points that each dimension adds or takes.'
      : 'Distance from the middle: percentile (P) among the people explained, the outer ring being the best; the dashed ring is the median. Below it the points that the dimension adds or takes.',
  )
  if (axes.length < 3)
    return barChart(
      axes.map(({ name, points }) => ({ name, value: points })),
      { ...text, axis: 'points', format: signed },
    )
  const radius = axes.length > 8 ? 82 : 92
  const angle = (i: number): number => (2 * Math.PI * i) / axes.length - Math.PI / 2
  const at = (i: number, r: number): [number, number] => [
    CHART_WIDTH / 2 + radius * r * Math.cos(angle(i)),
    MIDDLE + radius * r * Math.sin(angle(i)),
  ]
  const ring = (r: number) => [...axes, axes[0]!].map((_, i) => at(i % axes.length, r))
  const corners = axes.map((axis, i) => at(i, axis.percentile))
  const labels = axes.map(({ name, points, percentile }, i) => {
    const [x, y] = at(i, 1 + 12 / radius)
    const lines = wrap(name, LABEL_WIDTH, 2)
    const side = Math.cos(angle(i))
    return {
      x,
      y,
      lines: [...lines, `P ${count(100 * percentile)} · ${signed(points)}`].join('\n'),
      textAnchor: Math.abs(side) < 0.2 ? 'middle' : side > 0 ? 'start' : 'end',
      lineAnchor: Math.sin(angle(i)) < -0.8 ? 'bottom' : Math.sin(angle(i)) > 0.8 ? 'top' : 'middle',
    } as const
  })
  return chart(text, {
    height: HEIGHT,
    margin: 0,
    axis: null,
    x: { type: 'identity' },
    y: { type: 'identity' },
    marks: [
      ...RINGS.map((r) =>
        Plot.line(ring(r), {
          stroke: r === 0.5 ? COLORS.neutral : COLORS.faint,
          strokeWidth: 1,
          ...(r === 0.5 ? { strokeDasharray: '4 3' } : {}),
        }),
      ),
      Plot.link(axes, {
        x1: CHART_WIDTH / 2,
        y1: MIDDLE,
        x2: (_: unknown, i: number) => at(i, 1)[0],
        y2: (_: unknown, i: number) => at(i, 1)[1],
        stroke: COLORS.faint,
      }),
      Plot.line([...corners, corners[0]!], {
        fill: COLORS.good,
        fillOpacity: 0.25,
        stroke: COLORS.good,
        strokeWidth: 2,
        strokeLinejoin: 'round',
      }),
      Plot.dot(corners, { x: '0', y: '1', r: 3.5, fill: COLORS.good }),
      ...labels.map(({ x, y, lines, textAnchor, lineAnchor }) =>
        Plot.text([lines], { x: [x], y: [y], text: [lines], textAnchor, lineAnchor, lineHeight: 1.15 }),
      ),
    ],
  })
}
