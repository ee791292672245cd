import * as Plot from '@observablehq/plot'
import { chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { COLORS } from '../theme.ts'
import { type ChartOptions, chartText, type Estimate } from './options.ts'

/** Rows of about equal predicted probability, and what became of them; shares 0..1. */
export interface CalibrationChartBin {
  meanProbability: number
  badRate: Estimate
}

/** Observed bad rate against predicted probability; on the diagonal they agree. */
export const calibrationChart = (bins: readonly CalibrationChartBin[], options: ChartOptions = {}): Markup => {
  const top = Math.max(0.01, ...bins.flatMap((b) => [b.meanProbability, b.badRate.high ?? b.badRate.value ?? 0]))
  const limit = Math.min(1, top * 1.05)
  const shown = bins.filter((b) => b.badRate.value !== null)
  return chart(
    chartText(
      options,
      'Calibration',
      'Each dot: a part of the rows, by predicted probability; its height is the share that turned out bad, with a 95 % interval (Wilson, over persons). On the dashed line prediction and outcome agree; below it the model expects too much risk, above it too little. Both axes are square-root scales: small rates have more room.',
    ),
    {
      height: 340,
      marginBottom: 40,
      x: {
        type: 'sqrt',
        domain: [0, 100 * limit],
        percent: true,
        label: 'predicted probability of bad (%)',
        grid: true,
        ticks: 5,
      },
      y: {
        type: 'sqrt',
        domain: [0, 100 * limit],
        percent: true,
        label: 'observed bad rate (%)',
        grid: true,
        ticks: 5,
      },
      marks: [
        Plot.line(
          [
            [0, 0],
            [limit, limit],
          ],
          { stroke: COLORS.neutral, strokeDasharray: '3 3' },
        ),
        Plot.ruleX(shown, {
          x: 'meanProbability',
          y1: (b: CalibrationChartBin) => b.badRate.low,
          y2: (b: CalibrationChartBin) => b.badRate.high,
          stroke: COLORS.good,
          strokeWidth: 1.5,
        }),
        Plot.dot(shown, {
          x: 'meanProbability',
          y: (b: CalibrationChartBin) => b.badRate.value,
          r: 3.5,
          fill: 'white',
          stroke: COLORS.good,
          strokeWidth: 2,
        }),
        Plot.frame({ stroke: COLORS.faint }),
      ],
    },
  )
}
