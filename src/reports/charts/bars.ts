import * as Plot from '@observablehq/plot'
import { chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { marginFor, shortenAll } from '../labels.ts'
import type { Format } from '../numbers.ts'
import { COLORS } from '../theme.ts'
import { type ChartOptions, chartText } from './options.ts'

/** A bar: its name and its length, null where there is none; with the limits of an interval, a line across its end. */
export interface Bar {
  name: string
  value: number | null
  low?: number | null
  high?: number | null
}

export interface BarOptions extends ChartOptions {
  /** title of the axis, with its unit */
  axis: string
  /** how the number beside each bar is written; none is written when absent */
  format?: Format
  color?: string
}

const LABEL_WIDTH = 160

/** Bars below each other, in the order given. */
export const barChart = (bars: readonly Bar[], options: BarOptions): Markup => {
  const { format, color = COLORS.good } = options
  const labels = shortenAll(
    bars.map((bar) => bar.name),
    LABEL_WIDTH,
  )
  const negative = bars.some((bar) => bar.value !== null && bar.value < 0)
  const ahead = (bar: Bar): boolean => bar.value === null || bar.value >= 0
  const numbers = (side: 1 | -1) =>
    format &&
    Plot.text(
      bars.map((bar, i) => ({ bar, i })).filter(({ bar }) => (side > 0 ? ahead(bar) : !ahead(bar))),
      {
        x: ({ bar }: { bar: Bar }) =>
          side > 0 ? Math.max(bar.value ?? 0, bar.high ?? 0) : Math.min(bar.value ?? 0, bar.low ?? 0),
        y: 'i',
        text: ({ bar }: { bar: Bar }) => (bar.value === null ? 'n/a' : format(bar.value)),
        textAnchor: side > 0 ? 'start' : 'end',
        dx: 4 * side,
      },
    )
  return chart(chartText(options, options.axis, undefined), {
    height: 54 + 19 * Math.max(1, bars.length),
    marginLeft: marginFor(labels, LABEL_WIDTH) + (negative ? 34 : 0),
    marginRight: 48,
    marginBottom: 40,
    x: {
      label: options.axis,
      grid: true,
      ticks: 4,
      zero: true,
      ...(bars.some((b) => b.value) ? {} : { domain: [0, 1] }),
    },
    y: {
      type: 'band',
      domain: bars.map((_, i) => i),
      label: null,
      tickSize: 0,
      tickPadding: negative ? 38 : 3,
      tickFormat: (i: number) => labels[i]!,
    },
    marks: [
      Plot.barX(
        bars.map((bar, i) => ({ i, value: bar.value ?? 0 })),
        { x1: 0, x2: 'value', y: 'i', fill: color, insetTop: 1, insetBottom: 1 },
      ),
      ...bars.map(({ low = null, high = null }, i) =>
        low === null || high === null
          ? null
          : Plot.link([i], { x1: [low], x2: [high], y1: [i], y2: [i], stroke: COLORS.ink, strokeWidth: 1.5 }),
      ),
      numbers(1) || null,
      negative ? numbers(-1) || null : null,
      Plot.ruleX([0], { stroke: COLORS.neutral }),
    ],
  })
}
