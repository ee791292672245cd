import type { Child } from '../html.ts'

/** What every chart takes besides its data. */
export interface ChartOptions {
  /** what it shows; also its accessible name */
  title?: string
  /** how to read it; null: nothing, where the page has said it already */
  caption?: Child
  /** JSON pointer to its values in the JSON beside the page */
  source?: string
}

/** Title and caption as given, or those that the chart has by default. */
export const chartText = (
  options: ChartOptions,
  title: string,
  caption: Child,
): { title: string; caption: Child; source?: string } => ({
  title: options.title ?? title,
  caption: options.caption === undefined ? caption : options.caption,
  ...(options.source === undefined ? {} : { source: options.source }),
})

/** A number and the limits of its interval; null where it is not defined. */
export interface Estimate {
  value: number | null
  low: number | null
  high: number | null
}
