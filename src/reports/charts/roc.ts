import * as Plot from '@observablehq/plot'
import { chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { shorten } from '../labels.ts'
import { COLORS, seriesStyle } from '../theme.ts'

/** A curve of one model: share of bads found against share of goods refused, from (0, 0) to (1, 1). */
export interface RocSeries {
  model: string
  points: readonly { falsePositiveRate: number; truePositiveRate: number }[]
}

/** Receiver operating characteristic of several models. */
export const rocChart = (series: readonly RocSeries[], source?: string): Markup =>
  chart(
    {
      title: 'ROC',
      caption:
        'Share of bad rows found against share of good rows refused on the way; the diagonal is chance. The area below a line is the AUC: rows of equal score count by half, which makes the stretch across them straight. Of a long curve the corners that matter are drawn.',
      legend: series.map((s, k) => ({ name: shorten(s.model, 300, 13), style: seriesStyle(k) })),
      ...(source ? { source } : {}),
    },
    {
      height: 400,
      aspectRatio: 1,
      marginBottom: 40,
      x: { domain: [0, 1], label: 'share of good rows refused', ticks: 5, grid: true },
      y: { domain: [0, 1], label: 'share of bad rows found', ticks: 5, grid: true },
      marks: [
        Plot.line(
          [
            [0, 0],
            [1, 1],
          ],
          { stroke: COLORS.neutral, strokeDasharray: '3 3' },
        ),
        ...series.map((s, k) =>
          Plot.line(s.points, {
            x: 'falsePositiveRate',
            y: 'truePositiveRate',
            stroke: seriesStyle(k).color,
            strokeDasharray: seriesStyle(k).dash,
            strokeWidth: 2,
          }),
        ),
        Plot.frame({ stroke: COLORS.faint }),
      ],
    },
  )
