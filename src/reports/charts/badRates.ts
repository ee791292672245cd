import * as Plot from '@observablehq/plot'
import { chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { shorten } from '../labels.ts'
import { COLORS, type SeriesStyle } from '../theme.ts'
import { type ChartOptions, chartText, type Estimate } from './options.ts'

/** A band or a decile: what was observed in it and what was predicted, shares 0..1; null for an empty one. */
export interface BadRateRow {
  label: string
  badRate: Estimate | null
  predicted: number | null
}

export interface BadRateOptions extends ChartOptions {
  /** what the lines are: "band, worst first" */
  axis: string
}

const OBSERVED: SeriesStyle = { color: COLORS.good, dash: '', symbol: 'circle' }
const PREDICTED: SeriesStyle = { color: COLORS.bad, dash: '2 2', symbol: 'diamond' }

/** Observed bad rate by band or decile of the scores, the predicted one beside it. */
export const badRateChart = (rows: readonly BadRateRow[], options: BadRateOptions): Markup => {
  const labels = rows.map((row) => shorten(row.label, 320 / Math.max(1, rows.length)))
  const observed = rows.flatMap(({ badRate }, i) => (badRate && badRate.value !== null ? [{ i, ...badRate }] : []))
  const predicted = rows.flatMap(({ predicted: p }, i) => (p === null ? [] : [{ i, p }]))
  return chart(
    {
      ...chartText(
        options,
        'Bad rate',
        'Circle: observed, with its 95 % interval (Wilson, over persons). Diamond: predicted by the model.',
      ),
      legend: [
        { name: 'observed', style: OBSERVED },
        { name: 'predicted', style: PREDICTED, line: false },
      ],
    },
    {
      marginBottom: 40,
      x: { type: 'point', domain: rows.map((_, i) => i), label: options.axis, tickFormat: (i: number) => labels[i]! },
      y: {
        percent: true,
        label: 'bad rate (%)',
        grid: true,
        zero: true,
        ...(observed.length ? {} : { domain: [0, 1] }),
      },
      marks: [
        Plot.ruleX(observed, { x: 'i', y1: 'low', y2: 'high', stroke: OBSERVED.color, strokeWidth: 2, dx: -4 }),
        Plot.dot(observed, {
          x: 'i',
          y: 'value',
          symbol: OBSERVED.symbol,
          r: 4,
          fill: 'white',
          stroke: OBSERVED.color,
          strokeWidth: 2,
          dx: -4,
        }),
        Plot.dot(predicted, {
          x: 'i',
          y: 'p',
          symbol: PREDICTED.symbol,
          r: 4.5,
          fill: 'white',
          stroke: PREDICTED.color,
          strokeWidth: 2,
          dx: 6,
        }),
        Plot.ruleY([0], { stroke: COLORS.neutral }),
      ],
    },
  )
}
