import * as Plot from '@observablehq/plot'
import { chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { marginFor, shortenAll, textWidth } from '../labels.ts'
import { count } from '../numbers.ts'
import { COLORS } from '../theme.ts'
import { type ChartOptions, chartText } from './options.ts'

/** A step: it keeps so many rows, takes so many out of what was kept, or is one of the ends that the kept ones fall into. */
export interface WaterfallStep {
  step: string
  rows: number
  kind: 'keeps' | 'leaves' | 'end'
}

const FILL = { keeps: COLORS.neutral, leaves: '#bdbdbd', end: COLORS.good } as const
const LABEL_WIDTH = 130

/** From everybody to those whose outcome is known, step by step. */
export const peopleWaterfallChart = (steps: readonly WaterfallStep[], options: ChartOptions = {}): Markup => {
  const labels = shortenAll(
    steps.map((s) => s.step),
    LABEL_WIDTH,
  )
  let level = 0
  let ends = 0
  const bars = steps.map(({ rows, kind, step }, i) => {
    let from = 0
    if (kind === 'leaves') {
      level -= rows
      from = level
    } else if (kind === 'end') {
      from = ends
      ends += rows
    } else level = rows
    return { i, from, to: from + rows, rows, fill: kind === 'end' && step === 'bad' ? COLORS.bad : FILL[kind] }
  })
  const numbers = bars.map((b) => count(b.rows))
  const widest = Math.max(0, ...numbers.map((n) => textWidth(n)))
  return chart(
    chartText(
      options,
      'Who is counted',
      'Dark bars: rows that remain. Light bars: rows that leave. Colored bars: the ends that the remaining ones fall into, one beginning where the last one stops.',
    ),
    {
      height: 54 + 24 * Math.max(1, steps.length),
      marginLeft: marginFor(labels, LABEL_WIDTH),
      marginRight: Math.ceil(widest) + 10,
      marginBottom: 40,
      x: { label: 'rows (person and date)', grid: true, ticks: 4, zero: true },
      y: {
        type: 'band',
        domain: bars.map((b) => b.i),
        label: null,
        tickSize: 0,
        tickFormat: (i: number) => labels[i]!,
      },
      marks: [
        Plot.barX(bars, { x1: 'from', x2: 'to', y: 'i', fill: 'fill', insetTop: 2, insetBottom: 2 }),
        Plot.text(bars, { x: 'to', y: 'i', text: (b: { i: number }) => numbers[b.i]!, textAnchor: 'start', dx: 4 }),
        Plot.ruleX([0], { stroke: COLORS.neutral }),
      ],
    },
  )
}
