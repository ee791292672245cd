import * as Plot from '@observablehq/plot'
import { receiptName } from '../../util/receiptName.ts'
import { chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { marginFor, shortenAll, textWidth } from '../labels.ts'
import { count, signed } from '../numbers.ts'
import { COLORS } from '../theme.ts'
import { type ChartOptions, chartText } from './options.ts'

/** A score split to the last point: base + points + scaleLimit = score. */
export interface ReceiptChartData {
  base: number
  factors: readonly { factor: string; points: number }[]
  /** points that the limits of the scale add or take */
  scaleLimit: number
  score: number
}

export interface ReceiptChartOptions extends ChartOptions {
  /** how many factors have a bar of their own; the others share one */
  most?: number
}

/** A bar of the waterfall: it goes from one level of points to another; base and score are levels. */
export interface ReceiptBar {
  label: string
  from: number
  to: number
  /** the text beside the bar */
  text: string
  kind: 'end' | 'part'
}

/** Bars of the receipt from base to score; exported for those who draw it otherwise. */
export const receiptBars = ({ base, factors, scaleLimit, score }: ReceiptChartData, most = 12): ReceiptBar[] => {
  const moved = factors.filter((f) => f.points !== 0).toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points))
  const rest = moved.slice(most)
  const restPoints = rest.reduce((sum, f) => sum + f.points, 0)
  const parts = moved.slice(0, most).map((f) => ({ label: receiptName(f.factor), points: f.points }))
  if (rest.length === 1) parts.push({ label: receiptName(rest[0]!.factor), points: restPoints })
  else if (rest.length) parts.push({ label: `${count(rest.length)} other factors`, points: restPoints })
  if (scaleLimit !== 0) parts.push({ label: 'limit of the scale', points: scaleLimit })
  const bars: ReceiptBar[] = [{ label: 'base', from: base, to: base, text: count(base), kind: 'end' }]
  let level = base
  for (const { label, points } of parts) {
    bars.push({ label, from: level, to: level + points, text: signed(points), kind: 'part' })
    level += points
  }
  bars.push({ label: 'score', from: score, to: score, text: count(score), kind: 'end' })
  return bars
}

const LABEL_WIDTH = 160

/** One person's receipt as a waterfall: from the base over the factors to the score. */
export const receiptChart = (receipt: ReceiptChartData, options: ReceiptChartOptions = {}): Markup => {
  const bars = receiptBars(receipt, options.most).map((bar, i) => ({ ...bar, i }))
  const labels = shortenAll(
    bars.map((bar) => bar.label),
    LABEL_WIDTH,
  )
  const parts = bars.filter((bar) => bar.kind === 'part')
  const ends = bars.filter((bar) => bar.kind === 'end')
  const low = Math.min(...bars.map((bar) => Math.min(bar.from, bar.to)))
  const high = Math.max(...bars.map((bar) => Math.max(bar.from, bar.to)))
  const fill = (bar: ReceiptBar): string => (bar.to >= bar.from ? COLORS.good : COLORS.bad)
  const right = (bar: ReceiptBar): number => Math.max(bar.from, bar.to)
  return chart(
    chartText(
      options,
      'Receipt',
      'From the base (the score of the background) to the score: each bar begins where the one above it ends. To the right and with a plus: points added; to the left and with a minus: points taken.',
    ),
    {
      height: 54 + 21 * bars.length,
      marginLeft: marginFor(labels, LABEL_WIDTH),
      marginRight: Math.ceil(Math.max(...bars.map((bar) => textWidth(bar.text)))) + 10,
      marginBottom: 40,
      x: {
        label: 'score (points)',
        grid: true,
        ticks: 4,
        domain: [low, high === low ? low + 1 : high],
        nice: false,
        inset: 4,
      },
      y: {
        type: 'band',
        domain: bars.map((bar) => bar.i),
        label: null,
        tickSize: 0,
        tickFormat: (i: number) => labels[i]!,
      },
      marks: [
        // From the end of one bar down to the beginning of the next.
        Plot.link(bars.slice(0, -1), {
          x1: 'to',
          x2: 'to',
          y1: 'i',
          y2: (bar: { i: number }) => bar.i + 1,
          stroke: COLORS.neutral,
          strokeWidth: 0.75,
        }),
        Plot.barX(parts, { x1: 'from', x2: 'to', y: 'i', fill, insetTop: 2, insetBottom: 2 }),
        Plot.tickX(ends, { x: 'to', y: 'i', stroke: COLORS.ink, strokeWidth: 4 }),
        Plot.text(parts, { x: right, y: 'i', text: 'text', textAnchor: 'start', dx: 5 }),
        Plot.text(ends, { x: 'to', y: 'i', text: 'text', textAnchor: 'start', dx: 6, fontWeight: 'bold' }),
      ],
    },
  )
}
