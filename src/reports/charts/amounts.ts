import * as Plot from '@observablehq/plot'
import { chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import type { AmountBin } from '../populationReport.ts'
import { COLORS, type SeriesStyle } from '../theme.ts'
import { type ChartOptions, chartText } from './options.ts'

const OUT: SeriesStyle = { color: COLORS.good, dash: '', symbol: 'square' }
const IN: SeriesStyle = { color: COLORS.bad, dash: '4 2', symbol: 'square' }

/** How payments are spread over amounts, on a log scale: equal widths are equal factors. */
export const amountChart = (bins: readonly AmountBin[], unit: string, options: ChartOptions = {}): Markup => {
  const total = (side: 'in' | 'out') =>
    Math.max(
      1,
      bins.reduce((sum, b) => sum + b[side], 0),
    )
  const sides = {
    x1: (b: AmountBin) => Math.log10(b.from),
    x2: (b: AmountBin) => Math.log10(b.to),
    inset: 0,
    y1: 0,
  } as const
  const ends = bins.length ? [Math.log10(bins[0]!.from), Math.log10(bins.at(-1)!.to)] : [0, 1]
  const powers = Array.from(
    { length: Math.floor(ends[1]!) - Math.ceil(ends[0]!) + 1 },
    (_, k) => Math.ceil(ends[0]!) + k,
  )
  return chart(
    {
      ...chartText(
        options,
        'Amounts',
        'Log scale: each bin is 1.8 times as wide as the one before. Shares of the payments of each direction: filled those that go out, outlined those that come in.',
      ),
      legend: [
        { name: 'out (filled)', style: OUT },
        { name: 'in (outline)', style: IN },
      ],
    },
    {
      marginBottom: 40,
      x: {
        label: `amount (${unit})`,
        domain: ends,
        ticks: powers,
        tickFormat: (k: number) => (k < 0 ? String(10 ** k) : (10 ** k).toLocaleString('en-US')),
      },
      y: { percent: true, label: 'share of its payments (%)', grid: true, ...(bins.length ? {} : { domain: [0, 1] }) },
      marks: [
        Plot.rectY(bins, { ...sides, y2: (b: AmountBin) => b.out / total('out'), fill: OUT.color, fillOpacity: 0.45 }),
        Plot.rectY(bins, {
          ...sides,
          y2: (b: AmountBin) => b.in / total('in'),
          fill: 'none',
          stroke: IN.color,
          strokeWidth: 1.5,
        }),
        Plot.ruleY([0], { stroke: COLORS.neutral }),
      ],
    },
  )
}
