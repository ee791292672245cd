import * as Plot from '@observablehq/plot'
import { chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { COLORS, type SeriesStyle } from '../theme.ts'
import { type ChartOptions, chartText } from './options.ts'

/** Shares of goods and of bads with at most this score, 0..1. */
export interface KsChartPoint {
  score: number
  cumulativeGood: number
  cumulativeBad: number
}

const GOOD: SeriesStyle = { color: COLORS.good, dash: '', symbol: 'circle' }
const BAD: SeriesStyle = { color: COLORS.bad, dash: '6 3', symbol: 'square' }

/** Cumulative shares of goods and bads by score, as steps; the line between them marks the score where they are farthest apart. */
export const ksChart = (points: readonly KsChartPoint[], options: ChartOptions = {}): Markup => {
  const gap = (p: KsChartPoint): number => Math.abs(p.cumulativeBad - p.cumulativeGood)
  const widest = points.reduce<KsChartPoint | undefined>(
    (best, p) => (best && gap(best) >= gap(p) ? best : p),
    undefined,
  )
  // Nobody is below the lowest score, everybody at or below the highest: both are drawn, also where there is one score alone.
  const [first, last] = [points[0], points.at(-1)]
  const steps =
    first && last
      ? [{ score: first.score - 1, cumulativeGood: 0, cumulativeBad: 0 }, ...points, { ...last, score: last.score + 1 }]
      : []
  return chart(
    {
      ...chartText(
        options,
        'KS: goods and bads up to each score',
        'Shares of good and of bad rows with at most this score; they rise in steps, at scores that somebody has. KS is the widest distance between the two, marked by the upright line.',
      ),
      legend: [
        { name: 'bad', style: BAD },
        { name: 'good', style: GOOD },
      ],
    },
    {
      marginBottom: 40,
      x: { label: 'score (points)', ...(points.length ? {} : { domain: [0, 1] }) },
      y: { domain: [0, 100], percent: true, label: 'share up to this score (%)', grid: true },
      marks: [
        ...(
          [
            ['cumulativeBad', BAD],
            ['cumulativeGood', GOOD],
          ] as const
        ).map(([y, style]) =>
          Plot.line(steps, {
            x: 'score',
            y,
            curve: 'step-after',
            stroke: style.color,
            strokeDasharray: style.dash,
            strokeWidth: 2,
          }),
        ),
        widest
          ? Plot.ruleX([widest], {
              x: 'score',
              y1: 'cumulativeGood',
              y2: 'cumulativeBad',
              stroke: COLORS.ink,
              strokeWidth: 1.5,
            })
          : null,
        Plot.frame({ stroke: COLORS.faint }),
      ],
    },
  )
}
