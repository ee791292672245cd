import * as Plot from '@observablehq/plot'
import { chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { marginFor, shorten, shortenAll } from '../labels.ts'
import { COLORS, seriesStyle } from '../theme.ts'
import { type ChartOptions, chartText } from './options.ts'

/** What a dimension weighs in each model and what was declared, shares 0..1 unless the options say otherwise. */
export interface DimensionShareRow {
  name: string
  declaredShare: number | null
  /** in the order of the models; null where a model does not have the dimension */
  shares: readonly (number | null)[]
}

export interface DimensionShareOptions extends ChartOptions {
  /** title of the axis with its unit, where the figures are no shares but numbers as they are */
  axis?: string
}

const LABEL_WIDTH = 140

/** Weights of the dimensions as measured in each model, beside those that were declared. */
export const dimensionShareChart = (
  rows: readonly DimensionShareRow[],
  models: readonly string[],
  options: DimensionShareOptions = {},
): Markup => {
  const labels = shortenAll(
    rows.map((row) => row.name),
    LABEL_WIDTH,
  )
  const rowHeight = 16 + 9 * models.length
  const lane = (k: number): number => (k - (models.length - 1) / 2) * 9
  const declared = rows.flatMap(({ declaredShare }, i) => (declaredShare === null ? [] : [{ i, declaredShare }]))
  return chart(
    {
      ...chartText(
        options,
        'Weight of the dimensions',
        'Symbols: share of the mean absolute points that each dimension has in a model. Upright black line: the declared weight.',
      ),
      legend: models.map((name, k) => ({ name: shorten(name, 300, 13), style: seriesStyle(k), line: false })),
    },
    {
      height: 54 + rowHeight * Math.max(1, rows.length),
      marginLeft: marginFor(labels, LABEL_WIDTH),
      marginRight: 18,
      marginBottom: 40,
      x: {
        percent: options.axis === undefined,
        zero: true,
        label: options.axis ?? 'share of the points (%)',
        grid: true,
        ticks: 5,
      },
      y: {
        type: 'band',
        padding: 0,
        domain: rows.map((_, i) => i),
        label: null,
        tickSize: 0,
        tickFormat: (i: number) => labels[i]!,
      },
      marks: [
        Plot.tickX(declared, { x: 'declaredShare', y: 'i', stroke: COLORS.ink, strokeWidth: 3, inset: 4 }),
        ...models.map((_, k) => {
          const { color, symbol } = seriesStyle(k)
          const shown = rows.flatMap(({ shares }, i) => {
            const share = shares[k] ?? null
            return share === null ? [] : [{ i, share }]
          })
          return Plot.dot(shown, {
            x: 'share',
            y: 'i',
            dy: lane(k),
            symbol,
            r: 4,
            fill: 'white',
            stroke: color,
            strokeWidth: 2,
          })
        }),
        ...rows.slice(1).map((_, i) => Plot.ruleY([i + 1], { stroke: COLORS.faint, dy: -rowHeight / 2 })),
        Plot.ruleX([0], { stroke: COLORS.neutral }),
      ],
    },
  )
}
