import * as Plot from '@observablehq/plot'
import { CHART_WIDTH, chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { shortenAll, wrap } from '../labels.ts'
import { COLORS } from '../theme.ts'
import { type ChartOptions, chartText } from './options.ts'

/** One component of opacity in every model, 0..1; null where it is not known. */
export interface ProfileRow {
  name: string
  values: readonly (number | null)[]
}

const LABEL_WIDTH = 104
const ROW = 26
const HEAD = 22

/** Models side by side, a column each: the longer and darker a bar, the less can be seen. */
export const opacityProfileChart = (
  rows: readonly ProfileRow[],
  models: readonly string[],
  options: ChartOptions = {},
): Markup => {
  const left = LABEL_WIDTH + 8
  const column = (CHART_WIDTH - left) / Math.max(1, models.length)
  const bar = column - 8
  const labels = shortenAll(models, column - 4)
  const x = (k: number): number => left + k * column
  const y = (i: number): number => HEAD + i * ROW
  const cells = rows.flatMap(({ values }, i) => values.map((value, k) => ({ value, i, k })))
  const known = cells.filter((c): c is { value: number; i: number; k: number } => c.value !== null)
  return chart(
    chartText(
      options,
      'Opacity profile',
      'A bar that fills its frame is a black box in this respect, an empty one is glass. n/a: not known of this model.',
    ),
    {
      height: HEAD + ROW * Math.max(1, rows.length) + 4,
      margin: 0,
      axis: null,
      x: { type: 'identity' },
      y: { type: 'identity' },
      marks: [
        Plot.text(labels, {
          x: (_: unknown, k: number) => x(k) + bar / 2,
          y: 9,
          text: (d: string) => d,
          fontWeight: 'bold',
        }),
        ...rows.map(({ name }, i) => {
          const lines = wrap(name, LABEL_WIDTH, 2).join('\n')
          return Plot.text([lines], {
            x: [LABEL_WIDTH],
            y: [y(i) + ROW / 2],
            text: [lines],
            textAnchor: 'end',
            lineHeight: 1.05,
          })
        }),
        Plot.rect(cells, {
          x1: (c: { k: number }) => x(c.k),
          x2: (c: { k: number }) => x(c.k) + bar,
          y1: (c: { i: number }) => y(c.i) + 4,
          y2: (c: { i: number }) => y(c.i) + ROW - 4,
          fill: 'white',
          stroke: COLORS.faint,
        }),
        Plot.rect(known, {
          x1: (c: { k: number }) => x(c.k),
          x2: (c: { k: number; value: number }) => x(c.k) + bar * c.value,
          y1: (c: { i: number }) => y(c.i) + 4,
          y2: (c: { i: number }) => y(c.i) + ROW - 4,
          fill: COLORS.ink,
          fillOpacity: (c: { value: number }) => (c.value > 0.55 ? 0.85 : 0.3),
        }),
        Plot.text(cells, {
          x: (c: { k: number }) => x(c.k) + bar / 2,
          y: (c: { i: number }) => y(c.i) + ROW / 2,
          text: (c: { value: number | null }) => (c.value === null ? 'n/a' : c.value.toFixed(2)),
          // The number stands in the middle: on the bar where that is longer than half of its frame.
          fill: (c: { value: number | null }) => ((c.value ?? 0) > 0.55 ? 'white' : COLORS.ink),
        }),
      ],
    },
  )
}
