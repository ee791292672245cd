import * as Plot from '@observablehq/plot'
import { CHART_WIDTH, chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { COLORS } from '../theme.ts'
import { type ChartOptions, chartText } from './options.ts'

/** Scores of one person by models that rank people equally well. */
export interface OneScore {
  /** by the audited model */
  score: number
  /** by each of the others, rising */
  scores: readonly number[]
  cutoff: number
}

const WIDE = 14
/** What a count takes on either side of the cut-off. */
const LABEL_ROOM = 96

/** One person, many scores: a dot for each model, on either side of the cut-off. */
export const oneScoreChart = ({ score, scores, cutoff }: OneScore, options: ChartOptions = {}): Markup => {
  const all = [...scores, score, cutoff]
  const low = Math.floor((Math.min(...all) - 5) / 10) * 10
  const high = Math.ceil((Math.max(...all) + 5) / 10) * 10
  const scale = (CHART_WIDTH - 2 * WIDE) / (high - low)
  const x = (s: number): number => WIDE + (s - low) * scale
  // Dots that would lie on each other are stacked.
  const columns = new Map<number, number>()
  const dots = scores.map((s) => {
    const column = Math.round(x(s) / 9)
    const level = columns.get(column) ?? 0
    columns.set(column, level + 1)
    return { s, x: column * 9, level }
  })
  const levels = Math.max(1, ...columns.values())
  const base = 34 + 9 * levels
  // Both counts stand beside the cut-off, and together further in where it lies at an edge.
  const between = Math.min(Math.max(x(cutoff), LABEL_ROOM), CHART_WIDTH - LABEL_ROOM)
  const refused = scores.filter((s) => s < cutoff).length
  const step = high - low > 150 ? 50 : high - low > 60 ? 20 : 10
  const ticks = Array.from(
    { length: Math.floor((high - low) / step) + 1 },
    (_, k) => Math.ceil(low / step) * step + k * step,
  ).filter((t) => t <= high)
  return chart(
    chartText(
      options,
      'One person, many scores',
      'Each dot: the score of the same person by a model that ranks people as well as the others. Cross: by the audited model. Dashed: the cut-off.',
    ),
    {
      height: base + 40,
      margin: 0,
      axis: null,
      x: { type: 'identity' },
      y: { type: 'identity' },
      marks: [
        Plot.link([0], { x1: [WIDE], x2: [CHART_WIDTH - WIDE], y1: [base], y2: [base], stroke: COLORS.neutral }),
        Plot.text(ticks, {
          x: (t: number) => x(t),
          y: base + 28,
          text: (t: number) => String(t),
          fill: COLORS.neutral,
        }),
        Plot.link(ticks, {
          x1: (t: number) => x(t),
          x2: (t: number) => x(t),
          y1: base,
          y2: base + 4,
          stroke: COLORS.neutral,
        }),
        Plot.link([0], {
          x1: [x(cutoff)],
          x2: [x(cutoff)],
          y1: [16],
          y2: [base + 4],
          stroke: COLORS.ink,
          strokeDasharray: '5 3',
        }),
        Plot.text([0], {
          x: [between - 6],
          y: [10],
          text: [`refused by ${refused}`],
          textAnchor: 'end',
          fill: COLORS.bad,
          fontWeight: 'bold',
        }),
        Plot.text([0], {
          x: [between + 6],
          y: [10],
          text: [`selected by ${scores.length - refused}`],
          textAnchor: 'start',
          fill: COLORS.good,
          fontWeight: 'bold',
        }),
        Plot.dot(dots, {
          x: 'x',
          y: (d: { level: number }) => base - 6 - 9 * d.level,
          r: 4,
          fill: (d: { s: number }) => (d.s < cutoff ? COLORS.bad : COLORS.good),
          symbol: (d: { s: number }) => (d.s < cutoff ? 'square' : 'circle'),
        }),
        Plot.dot([0], { x: [x(score)], y: [base + 12], symbol: 'times', r: 4, stroke: COLORS.ink, strokeWidth: 2 }),
      ],
    },
  )
}
