import * as Plot from '@observablehq/plot'
import { chart } from '../chart.ts'
import type { Markup } from '../html.ts'
import { marginFor, shortenAll, textWidth, wrap } from '../labels.ts'
import { count, signed } from '../numbers.ts'
import { COLORS } from '../theme.ts'
import { dotPaths, type PlacedDot } from './dotPath.ts'
import { limitsOf } from './limits.ts'
import { type ChartOptions, chartText } from './options.ts'
import { swarmOffsets } from './swarm.ts'
import { valueScale } from './valueScale.ts'

/** Points of a factor in some rows: how many rows; a tenth of them has fewer points than `low`, a tenth more than `high`. */
export interface DependenceSpread {
  rows: number
  low: number
  median: number
  high: number
}

/** The same of rows whose value lies from `from` to `to`, both ends included. */
export interface DependenceValues extends DependenceSpread {
  from: number
  to: number
}

/** The same of rows with one level of a category; level null: others together, as many as `levels`. */
export interface DependenceLevel extends DependenceSpread {
  level: string | null
  levels: number
}

/** Either bins of a number, rising, or levels of a category, in the order they are to be drawn; missing where rows have no value. */
export interface DependenceChartData {
  bins: readonly DependenceValues[] | null
  levels: readonly DependenceLevel[] | null
  missing: DependenceSpread | null
  /** single persons, drawn as dots: value and points of each */
  dots?: { values: readonly (number | string | null)[]; points: readonly number[] }
}

export interface DependenceChartOptions extends ChartOptions {
  /** title of the axis of values, with its unit */
  axis?: string
  /** how values are spread over their axis; default a logarithm where they would crowd in a corner otherwise */
  scale?: 'linear' | 'log'
  /** how a value is written where there are few different ones, as yes and no for 1 and 0 */
  format?: (value: number) => string
}

const CAPTION =
  'Line: median of the points; band: the middle 80 % of the rows; dots: persons drawn. The last place is that of missing values.'
const BAND = { fill: COLORS.good, fillOpacity: 0.22 } as const
const MEDIAN = { stroke: COLORS.good, strokeWidth: 2.5 } as const
const MISSING_BAND = { fill: COLORS.neutral, fillOpacity: 0.25 } as const
const MISSING_MEDIAN = { stroke: COLORS.ink, strokeWidth: 2.5 } as const
const DOTS = [{ color: COLORS.ink, size: 1.8, opacity: 0.4 }]
/** So many different values stand side by side with their numbers of rows. */
const FEW = 8
const LABEL_WIDTH = 140

const pointsDomain = (spreads: readonly DependenceSpread[], points: readonly number[]): [number, number] => {
  const [low, high] = limitsOf([...spreads.flatMap((s) => [s.low, s.high]), ...points], [0, 0])
  return high - low < 2 ? [low - 1, high + 1] : [low, high]
}

/** The lowest and the highest of the numbers, so that no dot lies beyond the axis. */
const endsOf = (values: readonly (number | string | null)[]): number[] => {
  const numbers = values.filter((v) => typeof v === 'number')
  return numbers.length ? limitsOf(numbers, [numbers[0]!, numbers[0]!]) : []
}

/** A box: its place on the axis of values, and the points in it. */
interface Box extends DependenceSpread {
  x1: number
  x2: number
  missing: boolean
}

const boxMarks = (boxes: readonly Box[]): Plot.Markish[] =>
  [false, true].flatMap((missing) => {
    const own = boxes.filter((box) => box.missing === missing)
    return own.length === 0
      ? []
      : [
          Plot.rect(own, { x1: 'x1', x2: 'x2', y1: 'low', y2: 'high', ...(missing ? MISSING_BAND : BAND) }),
          Plot.link(own, {
            x1: 'x1',
            x2: 'x2',
            y1: 'median',
            y2: 'median',
            ...(missing ? MISSING_MEDIAN : MEDIAN),
          }),
        ]
  })

/** Points over the values of a number. */
const overValues = (
  bins: readonly DependenceValues[],
  { missing, dots = { values: [], points: [] } }: DependenceChartData,
  options: DependenceChartOptions,
): Markup => {
  const single = bins.length <= FEW && bins.every((b) => b.from === b.to)
  const own = valueScale([...bins.flatMap((b) => [b.from, b.to]), ...endsOf(dots.values)], options.scale)
  const place = new Map(bins.map((b, i) => [b.from, (i + 0.5) / bins.length]))
  // Few different values stand at equal distances, whatever lies between them.
  const at = single ? (v: number): number => place.get(v) ?? 0.5 : own.at
  const half = single ? 0.3 / Math.max(1, bins.length) : 0.006
  const format = options.format ?? ((v: number) => valueScale([v]).ticks[0]!.label)
  // Missing values have a place of their own beyond the axis.
  const gap = 1.05
  const without = { from: 1.09, to: 1.2 }
  const beyond = (without.from + without.to) / 2
  const end = missing ? without.to + 0.01 : 1
  const boxes: Box[] = bins.map((b) => {
    const [x1, x2] = [at(b.from), at(b.to)]
    const widen = x2 - x1 < 2 * half
    const middle = (x1 + x2) / 2
    return { ...b, x1: widen ? middle - half : x1, x2: widen ? middle + half : x2, missing: false }
  })
  if (missing) boxes.push({ ...missing, x1: without.from, x2: without.to, missing: true })
  const ticks = [
    ...(single ? bins.map((b) => ({ at: at(b.from), label: format(b.from) })) : own.ticks),
    ...(missing ? [{ at: beyond, label: 'missing' }] : []),
  ]
  const counted = single ? boxes : boxes.filter((box) => box.missing)
  const y = pointsDomain(boxes, dots.points)
  const order = options.scale === undefined && own.kind === 'log' && !single ? ', log scale' : ''
  return chart(chartText(options, 'Points by value', CAPTION), {
    height: 236,
    marginLeft: 44,
    marginRight: 14,
    marginTop: 24,
    marginBottom: 40,
    x: {
      domain: [-0.02, end],
      label: `${options.axis ?? 'value'}${order}`,
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: ticks.map((t) => t.at),
      tickFormat: (_: number, i: number) => ticks[i]!.label,
    },
    y: { domain: y, label: 'points', grid: true, ticks: 5, tickFormat: signed, inset: 4 },
    marks: [
      Plot.ruleY([0], { stroke: COLORS.neutral }),
      missing ? Plot.ruleX([gap], { stroke: COLORS.faint }) : null,
      dotPaths(DOTS, (scales) => {
        const placed: PlacedDot[] = []
        /** Values that stand alone, and missing ones: dots spread over the width that the box has. */
        const columns = new Map<number, { points: number[]; middle: number; half: number }>()
        const [unit, zero] = [scales.x(1) - scales.x(0), scales.x(0)]
        dots.values.forEach((value, k) => {
          const points = dots.points[k]!
          // Without a place: nobody was counted as missing, or the value is none of the few.
          if (typeof value === 'number' ? single && !place.has(value) : !missing) return
          if (typeof value === 'number' && !single) {
            placed.push({ x: zero + unit * at(value), y: scales.y(points) })
            return
          }
          const key = typeof value === 'number' ? at(value) : beyond
          const width = typeof value === 'number' ? half * unit : 0.055 * unit
          if (!columns.has(key)) columns.set(key, { points: [], middle: zero + unit * key, half: width })
          columns.get(key)!.points.push(scales.y(points))
        })
        for (const { points, middle, half: room } of columns.values()) {
          const offsets = swarmOffsets(
            points.map((p) => ({ x: p, order: 0 })),
            2,
            room,
          )
          for (const [k, p] of points.entries()) placed.push({ x: middle + offsets[k]!, y: p })
        }
        return [placed]
      }),
      ...boxMarks(boxes),
      Plot.text(counted, {
        x: (box: Box) => (box.x1 + box.x2) / 2,
        frameAnchor: 'top',
        text: (box: Box) => count(box.rows),
        dy: -14,
        fill: COLORS.neutral,
        fontSize: 10,
      }),
    ],
  })
}

/** Names in two lines where they need them; in one, told apart, where two lines would make different ones alike. */
const labelsOf = (names: readonly string[]): string[] => {
  const wrapped = names.map((name) => wrap(name, LABEL_WIDTH, 2).join('\n'))
  return new Set(wrapped).size === new Set(names).size ? wrapped : shortenAll(names, LABEL_WIDTH)
}

/** Points over the levels of a category, one row each. */
const overLevels = (
  levels: readonly DependenceLevel[],
  { missing, dots = { values: [], points: [] } }: DependenceChartData,
  options: DependenceChartOptions,
): Markup => {
  const rows = [
    ...levels.map(({ level, levels: n, ...spread }) => ({
      ...spread,
      name: level ?? `${count(n)} others`,
      level,
      missing: false,
    })),
    ...(missing ? [{ ...missing, name: 'missing', level: null, missing: true }] : []),
  ]
  const labels = labelsOf(rows.map((row) => row.name))
  const numbers = rows.map((row) => count(row.rows))
  const named = new Map(rows.flatMap(({ level }, i) => (level === null ? [] : [[level, i] as const])))
  const others = rows.findIndex((row) => row.level === null && !row.missing)
  const rowOf = (value: number | string | null): number =>
    value === null ? (missing ? rows.length - 1 : -1) : (named.get(String(value)) ?? others)
  const ROW = 28
  const box = 0.34
  return chart(chartText(options, 'Points by level', CAPTION), {
    height: 66 + ROW * Math.max(1, rows.length),
    marginLeft: marginFor(
      labels.flatMap((label) => label.split('\n')),
      LABEL_WIDTH,
    ),
    marginRight: Math.ceil(Math.max(textWidth('rows'), ...numbers.map((n) => textWidth(n)))) + 12,
    marginTop: 24,
    marginBottom: 40,
    x: { domain: pointsDomain(rows, dots.points), label: 'points', grid: true, ticks: 4, tickFormat: signed, inset: 4 },
    y: {
      domain: [-0.5, Math.max(1, rows.length) - 0.5],
      reverse: true,
      label: null,
      tickSize: 0,
      ticks: rows.map((_, i) => i),
      tickFormat: (i: number) => labels[i]!,
    },
    marks: [
      Plot.ruleX([0], { stroke: COLORS.neutral }),
      dotPaths(DOTS, (scales) => {
        const placed: PlacedDot[] = []
        rows.forEach((_, i) => {
          const own = dots.points.filter((_p, k) => rowOf(dots.values[k]!) === i).map((p) => scales.x(p))
          const offsets = swarmOffsets(
            own.map((x) => ({ x, order: 0 })),
            2,
            ROW * box,
          )
          for (const [k, p] of own.entries()) placed.push({ x: p, y: scales.y(i) + offsets[k]! })
        })
        return [placed]
      }),
      ...[false, true].flatMap((without) => {
        const own = rows.map((row, i) => ({ ...row, i })).filter((row) => row.missing === without)
        const [y1, y2] = [(row: { i: number }) => row.i - box, (row: { i: number }) => row.i + box]
        return own.length === 0
          ? []
          : [
              Plot.rect(own, { x1: 'low', x2: 'high', y1, y2, ...(without ? MISSING_BAND : BAND) }),
              Plot.link(own, { x1: 'median', x2: 'median', y1, y2, ...(without ? MISSING_MEDIAN : MEDIAN) }),
            ]
      }),
      Plot.text(numbers, {
        frameAnchor: 'right',
        y: (_: unknown, i: number) => i,
        text: (n: string) => n,
        textAnchor: 'start',
        dx: 6,
        fill: COLORS.neutral,
      }),
      Plot.text(['rows'], {
        frameAnchor: 'top-right',
        text: (t: string) => t,
        textAnchor: 'start',
        dx: 6,
        dy: -14,
        fill: COLORS.neutral,
      }),
    ],
  })
}

/**
 * How the points of a factor depend on its value: the median and the middle four fifths of the points by bins of the value, single persons as dots, missing values in a place of their
 * own. A category has a row a level, with the number of rows; so has a number with few different values a column each.
 */
export const dependenceChart = (data: DependenceChartData, options: DependenceChartOptions = {}): Markup =>
  data.levels ? overLevels(data.levels, data, options) : overValues(data.bins ?? [], data, options)
