/**
 * Charts by Observable Plot, drawn on the server. Every chart is about as wide as a telephone; the page sets them side by side
 * where there is room, so that letters keep their size.
 */
import * as Plot from '@observablehq/plot'
import { attributeText, type Child, h, type Markup, reportDocument } from './html.ts'
import { COLORS, type SeriesStyle } from './theme.ts'

/** Width of a chart in pixels at its natural size. */
export const CHART_WIDTH = 380

/** An entry of a legend: a line with its symbol, or colors: one of dots, several from the lowest value to the highest. */
export type LegendEntry = { name: string } & (
  | {
      style: SeriesStyle
      /** false: the symbol alone, without a line */
      line?: boolean
    }
  | { colors: readonly string[] }
)

/** What a chart says in words. */
export interface ChartText {
  /** what it shows; also its accessible name */
  title: string
  /** how to read it, and the finding where there is one */
  caption?: Child
  /** series with their styles; drawn as a list above the chart */
  legend?: readonly LegendEntry[]
  /** JSON pointer to its values in the JSON beside the page */
  source?: string
}

interface SvgElement extends Markup {
  readonly tagName: string
  getAttribute(name: string): string | null
  setAttribute(name: string, value: string): void
  removeAttribute(name: string): void
  querySelectorAll(selector: string): ArrayLike<SvgElement>
}

/** The SVG of a chart, valid as a file of its own. @param title its name; empty: it is a sample beside a text that says the same */
export const chartSvg = (title: string, options: Plot.PlotOptions): Markup => {
  const svg = Plot.plot({
    width: CHART_WIDTH,
    height: 280,
    style: { fontSize: '11px', color: COLORS.ink, background: 'white', overflow: 'visible' } as never,
    ...options,
    document: reportDocument as never,
  }) as unknown as SvgElement
  // Plot wraps legends, titles and warnings in an HTML figure; those are drawn by chart() instead.
  if (svg.tagName.toLowerCase() !== 'svg') throw new Error('a chart must be a single svg: no legend, title or caption')
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  svg.setAttribute('role', 'img')
  // Names of single marks ("dot", "rule") stand on groups that may have none, and say nothing to those who hear the name of the drawing.
  for (const part of Array.from(svg.querySelectorAll('[aria-label]'))) {
    part.setAttribute('data-mark', part.getAttribute('aria-label')!)
    part.removeAttribute('aria-label')
  }
  // A sample beside its own name is not read out.
  if (title === '') {
    svg.removeAttribute('role')
    svg.setAttribute('aria-hidden', 'true')
  } else svg.setAttribute('aria-label', attributeText(title))
  return svg
}

const sampleSvg = (...marks: Plot.Markish[]): Markup =>
  chartSvg('', {
    width: 30,
    height: 12,
    margin: 0,
    axis: null,
    x: { domain: [0, 30] },
    y: { domain: [0, 12] },
    marks,
  })

const lineSample = ({ color, dash, symbol }: SeriesStyle, line: boolean): Markup =>
  sampleSvg(
    line
      ? Plot.line(
          [
            [0, 6],
            [30, 6],
          ],
          { stroke: color, strokeWidth: 2, strokeDasharray: dash },
        )
      : null,
    Plot.dot([[15, 6]], { symbol, fill: 'white', stroke: color, strokeWidth: 1.5, r: 3.5 }),
  )

const colorSample = (colors: readonly string[]): Markup =>
  sampleSvg(
    colors.length === 1
      ? Plot.dot([[15, 6]], { fill: colors[0]!, r: 3.5 })
      : Plot.rect(colors, {
          x1: (_: unknown, i: number) => (30 * i) / colors.length,
          x2: (_: unknown, i: number) => (30 * (i + 1)) / colors.length,
          y1: 2,
          y2: 10,
          fill: (color: string) => color,
          inset: 0,
        }),
  )

const sample = (entry: LegendEntry): Markup =>
  'colors' in entry ? colorSample(entry.colors) : lineSample(entry.style, entry.line ?? true)

/** A figure of a page: title, legend, drawing, caption. */
export const chart = ({ title, caption, legend, source }: ChartText, options: Plot.PlotOptions): Markup =>
  h(
    'figure',
    { 'data-source': source },
    h('p', { class: 'chart-title' }, title),
    legend &&
      h(
        'ul',
        { class: 'legend' },
        legend.map((entry) => h('li', {}, sample(entry), h('bdi', {}, entry.name))),
      ),
    chartSvg(title, options),
    caption !== undefined && caption !== null && h('figcaption', {}, caption),
  )

/** Charts side by side where there is room. */
export const charts = (...figures: readonly Child[]): Markup => h('div', { class: 'charts' }, figures)
