import * as Plot from '@observablehq/plot'
import { chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { COLORS, type SeriesStyle } from '../theme.ts'
import { type ChartOptions, chartText } from './options.ts'

/** Rows with a score in [from, to], whole scores, both ends included. */
export interface ScoreDistributionBin {
  from: number
  to: number
  goods: number
  bads: number
}

export interface ScoreDistributionOptions extends ChartOptions {
  /** drawn as an upright line */
  cutoff?: number
}

const GOOD: SeriesStyle = { color: COLORS.good, dash: '', symbol: 'square' }
const BAD: SeriesStyle = { color: COLORS.bad, dash: '4 2', symbol: 'square' }

/** How the scores of goods and of bads are spread, each class as shares of its own rows, so that the rare one can be seen. */
export const scoreDistributionChart = (
  bins: readonly ScoreDistributionBin[],
  options: ScoreDistributionOptions = {},
): Markup => {
  const { cutoff } = options
  const goods = bins.reduce((sum, b) => sum + b.goods, 0)
  const bads = bins.reduce((sum, b) => sum + b.bads, 0)
  const sides = { x1: 'from', x2: (b: ScoreDistributionBin) => b.to + 1, inset: 0 } as const
  return chart(
    {
      ...chartText(
        options,
        'Scores of goods and bads',
        'Each class is drawn as shares of its own rows: filled the good ones, outlined the bad ones. The ends of the scale hold everybody beyond them. The dashed upright line is the cutoff.',
      ),
      legend: [
        { name: 'bad (outline)', style: BAD },
        { name: 'good (filled)', style: GOOD },
      ],
    },
    {
      marginBottom: 40,
      x: { label: 'score (points)', ...(bins.length ? {} : { domain: [0, 1] }) },
      y: { percent: true, label: 'share of the class (%)', grid: true, ...(bins.length ? {} : { domain: [0, 1] }) },
      marks: [
        Plot.rectY(bins, {
          ...sides,
          y1: 0,
          y2: (b: ScoreDistributionBin) => b.goods / Math.max(1, goods),
          fill: GOOD.color,
          fillOpacity: 0.45,
        }),
        Plot.rectY(bins, {
          ...sides,
          y1: 0,
          y2: (b: ScoreDistributionBin) => b.bads / Math.max(1, bads),
          fill: 'none',
          stroke: BAD.color,
          strokeWidth: 1.5,
        }),
        cutoff === undefined ? null : Plot.ruleX([cutoff], { stroke: COLORS.ink, strokeDasharray: '4 3' }),
        Plot.ruleY([0], { stroke: COLORS.neutral }),
      ],
    },
  )
}
