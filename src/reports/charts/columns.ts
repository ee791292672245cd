import * as Plot from '@observablehq/plot'
import { chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { textWidth } from '../labels.ts'
import { COLORS } from '../theme.ts'
import { type ChartOptions, chartText } from './options.ts'

/** A column: its name and its height. */
export interface Column {
  name: string
  value: number
}

export interface ColumnOptions extends ChartOptions {
  /** title of the axis, with its unit */
  axis: string
}

/** Pixels for names below the columns; where they do not fit side by side only every so many are written. */
const ROOM = 310

/** Columns beside each other, in the order given, from zero up. */
export const columnChart = (columns: readonly Column[], options: ColumnOptions): Markup => {
  const widest = Math.max(1, ...columns.map(({ name }) => textWidth(name) + 8))
  const step = Math.max(1, Math.ceil((columns.length * widest) / ROOM))
  return chart(chartText(options, options.axis, undefined), {
    marginLeft: 52,
    marginBottom: 36,
    x: {
      type: 'band',
      domain: columns.map((_, i) => i),
      label: null,
      tickSize: 0,
      ticks: columns.map((_, i) => i).filter((i) => i % step === 0),
      tickFormat: (i: number) => columns[i]!.name,
    },
    y: { label: options.axis, grid: true, zero: true, ...(columns.length ? {} : { domain: [0, 1] }) },
    marks: [
      Plot.barY(
        columns.map(({ value }, i) => ({ i, value })),
        { x: 'i', y: 'value', fill: COLORS.good, insetLeft: 1, insetRight: 1 },
      ),
      Plot.ruleY([0], { stroke: COLORS.neutral }),
    ],
  })
}
