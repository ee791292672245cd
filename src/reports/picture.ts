/**
 * Charts as one SVG file that needs nothing beside it: for a README, a notebook, a slide. Titles and legends, which a page writes
 * as HTML, are drawn into it; captions are left to the text around it.
 */
import { CHART_WIDTH } from './chart.ts'
import { attributeText, type Markup, reportDocument } from './html.ts'
import { shorten, textWidth } from './labels.ts'
import { COLORS } from './theme.ts'

/** What a picture is besides its charts. */
export interface PictureOptions {
  /** what it shows, for those who cannot see it */
  title: string
  /** charts side by side; default all of them */
  columns?: number
}

const GAP = 24
const TITLE = { size: 14, height: 24 }
const LEGEND = { size: 12, height: 20, sample: 30 }
const FONT = 'system-ui, sans-serif'
const SVG = 'http://www.w3.org/2000/svg'

interface Drawing extends Markup {
  readonly childNodes: ArrayLike<Drawing>
  readonly children: ArrayLike<Drawing>
  readonly tagName: string
  readonly textContent: string
  getAttribute(name: string): string | null
  setAttribute(name: string, value: string): void
  append(...nodes: (Drawing | string)[]): void
  cloneNode(deep: boolean): Drawing
  querySelector(selector: string): Drawing | null
  querySelectorAll(selector: string): ArrayLike<Drawing>
}
const svgDocument = reportDocument as unknown as { createElementNS(space: string, tag: string): Drawing }

const element = (
  tag: string,
  attributes: Record<string, string | number>,
  ...children: (Drawing | string)[]
): Drawing => {
  const made = svgDocument.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, attributeText(String(value)))
  made.append(...children)
  return made
}
const write = (text: string, x: number, y: number, size: number, weight = 400): Drawing =>
  element('text', { x, y, 'font-size': size, 'font-weight': weight, 'font-family': FONT, fill: COLORS.ink }, text)

/**
 * An svg inside another would take its size from its style sheet; a group takes its place and letters from what it is told.
 */
const grouped = (svg: Drawing, x: number, y: number): Drawing => {
  const group = element('g', { transform: `translate(${x},${y})` })
  for (const name of ['class', 'fill', 'font-family', 'font-size', 'text-anchor', 'style']) {
    const value = svg.getAttribute(name)
    if (value !== null) group.setAttribute(name, value)
  }
  group.append(...Array.from(svg.childNodes, (node) => node.cloneNode(true)))
  return group
}

/** The text of a legend entry; its sample of the line has a style sheet, which is no text. */
const wordsOf = (entry: Drawing): string =>
  Array.from(entry.childNodes)
    .filter((node) => node.tagName?.toLowerCase() !== 'svg')
    .map((node) => node.textContent)
    .join('')

interface Block {
  parts: Drawing[]
  height: number
}

/** Title, legend and drawing of a figure, from the upper left corner (0, 0). */
const blockOf = (figure: Drawing): Block => {
  const drawing = Array.from(figure.children).find((child) => child.tagName.toLowerCase() === 'svg')
  if (!drawing) throw new Error('a picture is made of figures with a chart')
  const parts: Drawing[] = []
  let y = 0
  const title = figure.querySelector('.chart-title')?.textContent
  if (title) {
    parts.push(write(shorten(title, CHART_WIDTH, TITLE.size), 0, TITLE.size, TITLE.size, 600))
    y += TITLE.height
  }
  const entries = Array.from(figure.querySelectorAll('.legend li'))
  let x = 0
  for (const entry of entries) {
    const name = shorten(wordsOf(entry), CHART_WIDTH / 2, LEGEND.size)
    const width = LEGEND.sample + 6 + textWidth(name, LEGEND.size)
    if (x > 0 && x + width > CHART_WIDTH) {
      x = 0
      y += LEGEND.height
    }
    parts.push(grouped(entry.querySelector('svg')!, x, y + 2), write(name, x + LEGEND.sample + 6, y + 12, LEGEND.size))
    x += width + 16
  }
  if (entries.length) y += LEGEND.height
  parts.push(grouped(drawing, 0, y))
  return { parts, height: y + Number(drawing.getAttribute('height')) }
}

/**
 * Figures of charts as the text of one SVG file, white behind, {@link CHART_WIDTH} pixels for each column.
 * The same figures give the same bytes.
 */
export const pictureSvg = (figures: readonly Markup[], { title, columns = figures.length }: PictureOptions): string => {
  const blocks = figures.map((figure) => blockOf(figure as Drawing))
  const placed: Drawing[] = []
  let top = GAP / 2
  for (let i = 0; i < blocks.length; i += columns) {
    const row = blocks.slice(i, i + columns)
    row.forEach(({ parts }, k) => {
      const left = GAP / 2 + k * (CHART_WIDTH + GAP)
      placed.push(element('g', { transform: `translate(${left},${top})` }, ...parts))
    })
    top += Math.max(...row.map((block) => block.height)) + GAP
  }
  const width = Math.min(columns, blocks.length) * (CHART_WIDTH + GAP)
  const height = Math.ceil(top - GAP / 2)
  const size = { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title }
  const background = element('rect', { width, height, fill: 'white' })
  return `${element('svg', size, background, ...placed).outerHTML}\n`
}
