import * as Plot from '@observablehq/plot'
import { chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { shorten } from '../labels.ts'
import { COLORS, seriesStyle } from '../theme.ts'
import { type ChartOptions, chartText } from './options.ts'

/** What a cutoff would do; shares 0..1. */
export interface ApprovalChartPoint {
  cutoff: number
  approvalRate: number
  /** of the approved; null when nobody is approved */
  badRate: { value: number } | null
}

/** A model: its points by cutoff, and the one at the cutoff of the report. */
export interface ApprovalSeries {
  model: string
  points: readonly ApprovalChartPoint[]
  atCutoff?: ApprovalChartPoint | null
}

const legendOf = (series: readonly ApprovalSeries[]) =>
  series.map((s, k) => ({ name: shorten(s.model, 300, 13), style: seriesStyle(k) }))

/** Bad rate among the approved against the share approved: lower is better at the same share. */
export const approvalChart = (series: readonly ApprovalSeries[], options: ChartOptions = {}): Markup =>
  chart(
    {
      ...chartText(
        options,
        'Approval rate against bad rate',
        'Each line goes through all cutoffs of a model, the strictest at the left. Drawn every ten points and joined by straight lines. At the same approval rate the lower line lets fewer bad ones through. The symbol marks the cutoff of the report.',
      ),
      legend: legendOf(series),
    },
    {
      height: 320,
      marginBottom: 40,
      x: { domain: [0, 100], percent: true, label: 'approved (%)', grid: true },
      y: { percent: true, label: 'bad among the approved (%)', grid: true, zero: true },
      marks: series.flatMap((s, k) => {
        const { color, dash, symbol } = seriesStyle(k)
        const at = (p: ApprovalChartPoint) => p.badRate?.value ?? null
        const shown = s.points.filter((p) => p.badRate !== null)
        return [
          Plot.line(shown, { x: 'approvalRate', y: at, stroke: color, strokeDasharray: dash, strokeWidth: 2 }),
          s.atCutoff?.badRate
            ? Plot.dot([s.atCutoff], {
                x: 'approvalRate',
                y: at,
                symbol,
                r: 5,
                fill: 'white',
                stroke: color,
                strokeWidth: 2,
              })
            : null,
        ]
      }),
    },
  )

/** Share approved by cutoff. */
export const approvalByCutoffChart = (
  series: readonly ApprovalSeries[],
  options: ChartOptions & { cutoff?: number } = {},
): Markup =>
  chart(
    {
      ...chartText(
        options,
        'Approval rate by cutoff',
        'Share of rows with at least this score, every ten points. The dashed upright line is the cutoff of the report.',
      ),
      legend: legendOf(series),
    },
    {
      height: 320,
      marginBottom: 40,
      x: { label: 'cutoff (points)', grid: true },
      y: { domain: [0, 100], percent: true, label: 'approved (%)', grid: true },
      marks: [
        options.cutoff === undefined
          ? null
          : Plot.ruleX([options.cutoff], { stroke: COLORS.ink, strokeDasharray: '4 3' }),
        ...series.map((s, k) => {
          const { color, dash } = seriesStyle(k)
          return Plot.line(s.points, {
            x: 'cutoff',
            y: 'approvalRate',
            stroke: color,
            strokeDasharray: dash,
            strokeWidth: 2,
          })
        }),
      ],
    },
  )
