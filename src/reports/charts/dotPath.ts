import type * as Plot from '@observablehq/plot'
import { reportDocument } from '../html.ts'

/** A dot at a place of the drawing, in pixels. */
export interface PlacedDot {
  x: number
  y: number
}

/** How all dots of a path look. */
export interface DotPathStyle {
  color: string
  /** width of a dot in pixels */
  size: number
  opacity?: number
}

interface SvgElement {
  setAttribute(name: string, value: string): void
  append(child: SvgElement): void
}
const svgDocument = reportDocument as unknown as { createElementNS(space: string, tag: string): SvgElement }
const create = (tag: string, attributes: Record<string, string>): SvgElement => {
  const element = svgDocument.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  return element
}

const short = (x: number): string => String(Math.round(10 * x) / 10)

/** Steps from dot to dot: "m3-1.5h0", a line of no length which its round ends make a dot. Far shorter than a circle each. */
export const pathOf = (dots: readonly PlacedDot[]): string => {
  let [x, y] = [0, 0]
  let path = ''
  for (const dot of dots) {
    const [dx, dy] = [short(dot.x - x), short(dot.y - y)]
    path += `m${dx}${dy.startsWith('-') ? '' : ' '}${dy}h0`
    // From where the path stands, not where the dot lies: what is cut off the digits does not add up.
    x = Math.round(10 * (x + Number(dx))) / 10
    y = Math.round(10 * (y + Number(dy))) / 10
  }
  return path
}

/**
 * A mark of Observable Plot: thousands of dots as one path a style.
 * @param place dots of each style, given the scales of the plot; a style without dots is left out
 */
export const dotPaths =
  (
    styles: readonly DotPathStyle[],
    place: (scales: {
      x: (value: number) => number
      y: (value: number) => number
    }) => readonly (readonly PlacedDot[])[],
  ): Plot.RenderFunction =>
  (_index, scales) => {
    const group = create('g', { 'aria-label': 'dots', fill: 'none', 'stroke-linecap': 'round' })
    const { x, y } = scales as unknown as Record<'x' | 'y', (value: number) => number>
    place({ x, y }).forEach((dots, k) => {
      if (dots.length === 0) return
      const { color, size, opacity = 1 } = styles[k]!
      const look = { stroke: color, 'stroke-width': String(size), 'stroke-opacity': String(opacity) }
      group.append(create('path', { d: pathOf(dots), ...look }))
    })
    return group as never
  }
