import * as Plot from '@observablehq/plot'
import { chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { COLORS } from '../theme.ts'
import { type ChartOptions, chartText } from './options.ts'

/** Log loss of rows kept out of training after so many rounds, in nats. */
export interface LearningPoint {
  round: number
  logLoss: number
}

/** Log loss of rows kept out of training by round; the dashed line marks the rounds that are kept. */
export const learningCurveChart = (
  points: readonly LearningPoint[],
  kept: number,
  options: ChartOptions = {},
): Markup =>
  chart(
    chartText(
      options,
      'Log loss by round',
      'Log loss of training rows that were kept out to find the number of rounds. Lower is better. Dashed: the rounds that are kept.',
    ),
    {
      marginLeft: 52,
      marginBottom: 40,
      x: { label: 'rounds (trees)', ...(points.length > 1 ? {} : { domain: [0, Math.max(1, kept)] }) },
      y: { label: 'log loss (nats)', grid: true },
      marks: [
        Plot.ruleX([kept], { stroke: COLORS.ink, strokeDasharray: '4 3' }),
        Plot.line(points, { x: 'round', y: 'logLoss', stroke: COLORS.good, strokeWidth: 2 }),
        Plot.frame({ stroke: COLORS.faint }),
      ],
    },
  )
