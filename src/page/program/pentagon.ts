/** The dimensions as a polygon: the moved values over the own ones. Fewer than three or more than eight are left to the table. */
import { signed } from '../../util/numberFormats.ts'
import type { MovedPerson } from '../movePerson.ts'
import { drawn } from './elements.ts'

const WIDTH = 420
const HEIGHT = 336
const [X, Y] = [WIDTH / 2, HEIGHT / 2 + 4]
const RADIUS = 104
const RINGS = [0.25, 0.5, 0.75, 1]

/** Words in at most two lines of about so many letters. */
const lines = (text: string, letters: number): string[] => {
  const out: string[] = []
  for (const word of text.split(/[ _]+/)) {
    const last = out.at(-1)
    if (last !== undefined && (`${last} ${word}`.length <= letters || out.length === 2))
      out[out.length - 1] = `${last} ${word}`
    else out.push(word)
  }
  return out.map((line) => (line.length > letters + 1 ? `${line.slice(0, letters)}…` : line))
}

/** A drawing, or null where no polygon can be made. */
export const pentagon = (own: MovedPerson, now: MovedPerson): SVGElement | null => {
  const { dimensions } = now
  const n = dimensions.length
  if (n < 3 || n > 8 || [...own.dimensions, ...dimensions].some(({ place }) => place === null)) return null
  const angle = (i: number): number => (2 * Math.PI * i) / n - Math.PI / 2
  const at = (i: number, r: number): string =>
    `${(X + RADIUS * r * Math.cos(angle(i))).toFixed(1)},${(Y + RADIUS * r * Math.sin(angle(i))).toFixed(1)}`
  const shape = (radius: (i: number) => number): string => dimensions.map((_, i) => at(i, radius(i))).join(' ')
  const moved = dimensions.some(({ points }, i) => points !== own.dimensions[i]!.points)
  return drawn(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, 'aria-hidden': 'true', 'font-size': 12, 'font-family': 'inherit' },
    RINGS.map((r) =>
      drawn('polygon', {
        points: shape(() => r),
        fill: 'none',
        stroke: r === 0.5 ? '#767676' : '#d9d9d9',
        ...(r === 0.5 ? { 'stroke-dasharray': '4 3' } : {}),
      }),
    ),
    dimensions.map((_, i) => {
      const [x2, y2] = at(i, 1).split(',')
      return drawn('line', { x1: X, y1: Y, x2: x2!, y2: y2!, stroke: '#d9d9d9' })
    }),
    drawn('polygon', {
      points: shape((i) => dimensions[i]!.place!),
      fill: '#0072B2',
      'fill-opacity': 0.22,
      stroke: '#0072B2',
      'stroke-width': 2.5,
      'stroke-linejoin': 'round',
    }),
    moved &&
      drawn('polygon', {
        points: shape((i) => own.dimensions[i]!.place!),
        fill: 'none',
        stroke: '#1a1a1a',
        'stroke-width': 1.5,
        'stroke-dasharray': '2 3',
        'stroke-linejoin': 'round',
      }),
    dimensions.map(({ place }, i) => {
      const [cx, cy] = at(i, place!).split(',')
      return drawn('circle', { cx: cx!, cy: cy!, r: 3.5, fill: '#0072B2' })
    }),
    dimensions.map(({ title, points, place }, i) => {
      const side = Math.cos(angle(i))
      const anchor = Math.abs(side) < 0.2 ? 'middle' : side > 0 ? 'start' : 'end'
      const [x, y] = at(i, 1 + 14 / RADIUS)
        .split(',')
        .map(Number) as [number, number]
      const text = [...lines(title, 14), `P ${Math.round(100 * place!)} · ${signed(points)}`]
      const down = Math.sin(angle(i))
      const top = down < -0.8 ? y - 15 * (text.length - 1) : down > 0.8 ? y + 10 : y - 7.5 * (text.length - 1) + 4
      return text.map((line, k) =>
        drawn(
          'text',
          {
            x,
            y: top + 15 * k,
            'text-anchor': anchor,
            fill: '#1a1a1a',
            ...(k === text.length - 1 ? { 'font-weight': 600 } : {}),
          },
          line,
        ),
      )
    }),
  )
}
