import * as Plot from '@observablehq/plot'
import { CHART_WIDTH, chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { shorten, shortenAll, textWidth } from '../labels.ts'
import { COLORS, seriesStyle } from '../theme.ts'
import { type ChartOptions, chartText, type Estimate } from './options.ts'

/** What a dimension weighs in one model: a share 0..1. */
export interface EffectiveShare extends Estimate {
  /** what it would weigh if it said nothing: the greatest of the nulls; null: not known */
  chance: number | null
  /** the least and the greatest share that other trainings of the same model gave it */
  retrained: { low: number; high: number } | null
}

/** A dimension, what was declared for it, and what it weighs in each model. */
export interface DeclaredEffectiveRow {
  name: string
  declared: number | null
  /** in the order of the models; null where a model has no weights */
  effective: readonly (EffectiveShare | null)[]
}

const HEAD = 20
const LANE = 15
const GAP = 12
const LEFT = 14
const LABEL_WIDTH = 96

/** What the marks are: in the picture itself, so that it can be passed on without a caption. */
const keyOf = (rows: readonly DeclaredEffectiveRow[]): { key: string[]; caption: string } => {
  const shares = rows.flatMap(({ effective }) => effective.filter((e) => e !== null))
  const chance = shares.some((e) => e.chance !== null)
  const retrained = shares.some((e) => e.retrained !== null)
  const more = [
    ...(chance ? ['dark tick: by chance'] : []),
    ...(retrained ? ['thin line: trained again on others'] : []),
  ]
  return {
    key: [
      'frame: declared · symbol: what it weighs · band: 95 % interval',
      ...(more.length > 0 ? [more.join(' · ')] : []),
    ],
    caption: [
      'Symbol: the share of the points in a model, with its interval over persons.',
      ...(retrained
        ? [
            'Thin line: from the least to the greatest share when the model is trained again on other samples; cut off at the edge.',
          ]
        : []),
      ...(chance ? ['Dark tick: the most that a dimension reached that said nothing.'] : []),
    ].join(' '),
  }
}

const percentOf = (x: number): string => `${Math.round(100 * x)} %`

/**
 * The finding in a line: the share that lies farthest from what was declared, of those whose interval does not reach it.
 * @returns other words where nothing was declared, or no share is told from what was
 */
export const declaredFinding = (rows: readonly DeclaredEffectiveRow[], models: readonly string[]): string => {
  if (rows.every(({ declared }) => declared === null)) return 'What each dimension weighs; nothing was declared'
  let found: { text: string; distance: number } | undefined
  for (const { name, declared, effective } of rows)
    for (const [k, share] of effective.entries()) {
      if (declared === null || !share || share.value === null || share.low === null || share.high === null) continue
      const distance = Math.abs(share.value - declared)
      if ((declared >= share.low && declared <= share.high) || distance <= (found?.distance ?? 0)) continue
      found = {
        text: `${name}: ${percentOf(declared)} declared, ${percentOf(share.value)} in ${models[k]}`,
        distance,
      }
    }
  return found?.text ?? 'Declared against effective weights: no share is told from what was declared'
}

/**
 * Declared against effective weights: for each dimension a hollow bar as long as what was declared, and in it, or beyond it, what it weighs in each model, with
 * its intervals and its name beside it.
 */
export const declaredEffectiveChart = (
  rows: readonly DeclaredEffectiveRow[],
  models: readonly string[],
  options: ChartOptions = {},
): Markup => {
  const { key, caption } = keyOf(rows)
  const labels = shortenAll(models, LABEL_WIDTH)
  const block = HEAD + LANE * Math.max(1, models.length) + GAP
  const height = 34 + key.length * 14 + block * Math.max(1, rows.length)
  const ends = rows.flatMap(({ declared, effective }) => [
    declared ?? 0,
    ...effective.flatMap((e) => (e ? [e.value ?? 0, e.high ?? 0, e.chance ?? 0] : [])),
  ])
  const most = Math.max(0.1, ...ends)
  // The longest label stands to the right of the greatest end.
  const room = CHART_WIDTH - LEFT - 10 - Math.max(0, ...labels.map((l) => textWidth(`${l} 99 %`)))
  const top = Math.ceil(20 * most) / 20
  // One training that gives all weight to one dimension does not make everything else small: its line runs into the edge.
  const x = (share: number): number => LEFT + (room * Math.min(share, top)) / top
  const step = top > 0.45 ? 0.2 : 0.1
  const ticks = Array.from({ length: Math.floor(top / step + 1e-9) + 1 }, (_, k) => k * step)
  const y = (i: number): number => 6 + i * block
  const lane = (i: number, k: number): number => y(i) + HEAD + LANE * (k + 0.5)
  const bottom = y(rows.length) - GAP + 6
  return chart(chartText(options, declaredFinding(rows, models), caption), {
    height,
    margin: 0,
    axis: null,
    x: { type: 'identity' },
    y: { type: 'identity' },
    marks: [
      Plot.link(ticks, {
        x1: (t: number) => x(t),
        x2: (t: number) => x(t),
        y1: 6 + HEAD - 4,
        y2: bottom,
        stroke: COLORS.faint,
      }),
      Plot.text(ticks, {
        x: (t: number) => x(t),
        y: bottom + 12,
        text: (t: number) => percentOf(t),
        fill: COLORS.neutral,
      }),
      Plot.text(key, {
        x: LEFT,
        y: (_: string, i: number) => bottom + 30 + 14 * i,
        text: (line: string) => line,
        textAnchor: 'start',
        fill: COLORS.neutral,
      }),
      ...rows.flatMap(({ name, declared, effective }, i) => [
        Plot.text([name], {
          x: [LEFT],
          y: [y(i) + 8],
          text: [shorten(name, CHART_WIDTH - 110, 12)],
          textAnchor: 'start',
          fontWeight: 'bold',
          fontSize: 12,
        }),
        Plot.text([0], {
          x: [CHART_WIDTH - 4],
          y: [y(i) + 8],
          text: [declared === null ? 'nothing declared' : `${percentOf(declared)} declared`],
          textAnchor: 'end',
        }),
        declared === null
          ? null
          : Plot.rect([0], {
              x1: [x(0)],
              x2: [x(declared)],
              y1: [lane(i, -0.5) + 1],
              y2: [lane(i, models.length - 0.5) - 1],
              fill: '#f4f4f4',
              stroke: COLORS.ink,
              strokeWidth: 1.5,
            }),
        ...effective.flatMap((share, k) => {
          const { color, symbol } = seriesStyle(k)
          const at = lane(i, k)
          if (share === null || share.value === null)
            return [
              Plot.text([0], {
                x: [x(0) + 4],
                y: [at],
                text: [`${labels[k]} n/a`],
                textAnchor: 'start',
              }),
            ]
          const { value, low, high, chance, retrained } = share
          const end = Math.max(value, high ?? 0, Math.min(retrained?.high ?? 0, top))
          const line = (from: number, to: number, width: number, strokeOpacity: number) =>
            Plot.link([0], {
              x1: [x(from)],
              x2: [x(to)],
              y1: [at],
              y2: [at],
              stroke: color,
              strokeWidth: width,
              strokeOpacity,
            })
          return [
            low !== null && high !== null ? line(low, high, 9, 0.4) : null,
            retrained ? line(retrained.low, retrained.high, 1, 1) : null,
            chance === null
              ? null
              : Plot.link([0], {
                  x1: [x(chance)],
                  x2: [x(chance)],
                  y1: [at - 5],
                  y2: [at + 5],
                  stroke: COLORS.ink,
                  strokeWidth: 2,
                }),
            Plot.dot([0], { x: [x(value)], y: [at], symbol, r: 3, fill: 'white', stroke: color, strokeWidth: 1.5 }),
            Plot.text([0], {
              x: [x(end) + 8],
              y: [at],
              text: [`${labels[k]} ${percentOf(value)}`],
              textAnchor: 'start',
              fill: COLORS.ink,
              stroke: 'white',
              strokeWidth: 4,
            }),
          ]
        }),
      ]),
    ],
  })
}
