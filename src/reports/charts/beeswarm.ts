import * as Plot from '@observablehq/plot'
import { chart, type LegendEntry } from '../chart.ts'
import type { Markup } from '../html.ts'
import { LETTER, marginFor, shortenAll } from '../labels.ts'
import { count, signed } from '../numbers.ts'
import { COLORS, VALUE_COLORS } from '../theme.ts'
import { dotPaths, type PlacedDot } from './dotPath.ts'
import { limitsOf } from './limits.ts'
import { type ChartOptions, chartText } from './options.ts'
import { swarmOffsets } from './swarm.ts'

/** A factor of several people: one dot each. */
export interface BeeswarmRow {
  name: string
  /** what the factor adds or takes, one a person */
  points: readonly number[]
  /** of the factor, of the same people: numbers have an order and so a color, texts have none; null for missing */
  values: readonly (number | string | null)[]
}

const LABEL_WIDTH = 150
const ROW = 30
const SIZE = 3.4
/** Of a column of dots, in pixels: they overlap a little. */
const WIDTH = 2.7
/** Of letters below a name, in pixels. */
const SMALL = 10
const NO_ORDER = VALUE_COLORS.length
const MISSING = NO_ORDER + 1
const STYLES = [
  ...VALUE_COLORS.map((color) => ({ color, size: SIZE })),
  { color: COLORS.accent, size: SIZE },
  { color: '#a6a6a6', size: SIZE },
]

/**
 * Class of color of each value: by rank among those that are there, equal ones alike, the lowest value in the first class and the
 * highest in the last. Texts and missing values have classes of their own.
 */
export const valueClasses = (values: readonly (number | string | null)[]): number[] => {
  const sorted = values.filter((v): v is number => typeof v === 'number').toSorted((a, b) => a - b)
  const first = new Map<number, number>()
  const last = new Map<number, number>()
  sorted.forEach((v, i) => {
    if (!first.has(v)) first.set(v, i)
    last.set(v, i)
  })
  const rank = (v: number): number => (first.get(v)! + last.get(v)!) / 2
  const low = sorted.length ? rank(sorted[0]!) : 0
  const high = sorted.length ? rank(sorted.at(-1)!) : 0
  const most = VALUE_COLORS.length - 1
  return values.map((v) => {
    if (v === null) return MISSING
    if (typeof v === 'string') return NO_ORDER
    return high > low ? Math.min(most, Math.floor(((rank(v) - low) / (high - low)) * (most + 1))) : most >> 1
  })
}

/** What the colors say; only those that there are. */
const legendOf = (classes: ReadonlySet<number>): LegendEntry[] => [
  ...([...classes].some((c) => c < NO_ORDER) ? [{ name: 'low to high value', colors: VALUE_COLORS }] : []),
  ...(classes.has(NO_ORDER) ? [{ name: 'category', colors: [STYLES[NO_ORDER]!.color] }] : []),
  ...(classes.has(MISSING) ? [{ name: 'missing', colors: [STYLES[MISSING]!.color] }] : []),
]

/**
 * Points of several people, one row a factor and one dot a person, colored by the person's own value: what is high and what is low moves which way, how far, for
 * how many (the summary plot of Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9). Rows in the order given. Colors go by rank; missing values are gray and
 * counted below the name, categories have no order and one color.
 * @param rows each with as many points as values
 */
export const beeswarmChart = (rows: readonly BeeswarmRow[], options: ChartOptions = {}): Markup => {
  const labels = shortenAll(
    rows.map((row) => row.name),
    LABEL_WIDTH,
  )
  const classes = rows.map(({ values }) => valueClasses(values))
  const all = rows.flatMap(({ points }) => points)
  const missing = classes.map((own) => own.filter((c) => c === MISSING).length)
  const below = missing.map((n) => (n ? `${count(n)} missing` : ''))
  const marginLeft = marginFor([...labels, ...below], LABEL_WIDTH)
  const ink = (text: string[], dy: number, fontSize: number, fill: string, which = (_i: number): boolean => true) =>
    Plot.text(
      text.map((label, i) => ({ label, i })).filter(({ i }) => which(i)),
      { frameAnchor: 'left', y: 'i', text: 'label', textAnchor: 'end', dx: -8, dy, fontSize, fill },
    )
  return chart(
    {
      ...chartText(
        options,
        'Points of each person',
        'A dot is a person: to the right the factor adds points, to the left it takes some. Where many have as many, the row is thick. Dark: the lowest values of the factor; light: the highest, by rank.',
      ),
      legend: legendOf(new Set(classes.flat())),
    },
    {
      height: 54 + ROW * Math.max(1, rows.length),
      marginLeft,
      marginRight: 14,
      marginBottom: 40,
      x: {
        label: 'points',
        grid: true,
        ticks: 4,
        tickFormat: signed,
        domain: limitsOf(all, [-1, 1]),
        inset: 4,
      },
      y: { type: 'linear', domain: [-0.5, Math.max(1, rows.length) - 0.5], reverse: true, axis: null },
      marks: [
        rows.map((_, i) => Plot.ruleY([i], { stroke: COLORS.faint })),
        Plot.ruleX([0], { stroke: COLORS.neutral }),
        dotPaths(STYLES, ({ x, y }) => {
          const placed: PlacedDot[][] = STYLES.map(() => [])
          // Whole points closer than dots are wide share a column, each as many: columns of unlike numbers would look like stripes.
          const step = Math.round(WIDTH / (x(1) - x(0)))
          rows.forEach(({ points }, i) => {
            const own = classes[i]!
            // Missing ones below all values.
            const dots = points.map((p, k) => {
              const column = Math.floor(p / step)
              const shown = step > 1 ? (column + 0.5) * step - 0.5 : p
              const order = own[k] === MISSING ? -1 : own[k]!
              return { x: x(shown), order, ...(step > 1 ? { column } : {}) }
            })
            const offsets = swarmOffsets(dots, WIDTH, ROW / 2 - SIZE / 2 - 1)
            // From left to right: short steps are short text.
            const along = dots.map((_, k) => k).sort((a, b) => dots[a]!.x - dots[b]!.x || offsets[a]! - offsets[b]!)
            for (const k of along) placed[own[k]!]!.push({ x: dots[k]!.x, y: y(i) + offsets[k]! })
          })
          return placed
        }),
        ink(labels, 0, LETTER, COLORS.ink, (i) => !missing[i]),
        ink(labels, -5, LETTER, COLORS.ink, (i) => missing[i]! > 0),
        ink(below, 8, SMALL, COLORS.neutral, (i) => missing[i]! > 0),
      ],
    },
  )
}
