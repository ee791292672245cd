/** The browser of the machine, and what must hold of a page in it. */
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, firefox, type Page } from 'playwright-core'

const KNOWN = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

const KNOWN_FIREFOX = ['/usr/bin/firefox-esr', '/usr/bin/firefox']

/** CHROMIUM, or one of the usual places; undefined when there is none. */
export const findBrowser = (): string | undefined => {
  const named = process.env['CHROMIUM']
  if (named) return named
  return KNOWN.find((path) => existsSync(path))
}

/** A browser that asks nobody anything, with a profile of its own that is thrown away. */
export const openBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

/** FIREFOX, or one of the usual places; undefined when there is none. */
export const findFirefox = (): string | undefined =>
  process.env['FIREFOX'] || KNOWN_FIREFOX.find((path) => existsSync(path))

/** A Firefox as it is sold, driven by WebDriver BiDi, with a profile of its own that is thrown away. */
export const openFirefox = (executablePath: string): Promise<Browser> =>
  firefox.launch({ executablePath, channel: 'moz-firefox', timeout: 120_000 })

/** How a page is looked at. The width on paper is that of A4 between margins of 14 mm, at 96 pixels an inch. */
export type View = { width: number; print?: boolean }
export const VIEWS = {
  'wide screen': { width: 1280 },
  telephone: { width: 390 },
  paper: { width: 688, print: true },
} as const satisfies Record<string, View>
export type ViewName = keyof typeof VIEWS
/** Letters of a chart are at least so high on a telephone, in pixels. */
const LEAST_LETTER = 9

/** What the page says of itself once it is laid out; runs in the browser. */
const measure = () => {
  const width = document.documentElement.clientWidth
  const problems: string[] = []
  const wide = Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)
  if (wide > width) problems.push(`the page is ${wide} wide in a window of ${width}`)
  for (const section of document.querySelectorAll('section')) {
    const { width: w, height } = section.getBoundingClientRect()
    if (w === 0 || height === 0) problems.push(`section ${section.id} has no size`)
  }
  const figures = [...document.querySelectorAll('figure')]
  let least = Number.POSITIVE_INFINITY
  for (const figure of figures) {
    const title = figure.querySelector('.chart-title')?.textContent ?? '?'
    const svg = [...figure.children].find((child) => child.tagName.toLowerCase() === 'svg') as SVGSVGElement | undefined
    const box = svg?.getBoundingClientRect()
    if (!svg || !box || box.width === 0 || box.height === 0) {
      problems.push(`figure ${title} has no drawing`)
      continue
    }
    const scale = box.width / svg.viewBox.baseVal.width
    for (const text of svg.querySelectorAll('text')) {
      if (!text.textContent?.trim()) continue
      least = Math.min(least, Number.parseFloat(getComputedStyle(text).fontSize) * scale)
      const { left, right } = text.getBoundingClientRect()
      if (left < -1 || right > width + 1)
        problems.push(`figure ${title}: "${text.textContent}" lies outside of the page`)
    }
  }
  for (const link of document.querySelectorAll('nav a')) {
    const target = link.getAttribute('href')!.slice(1)
    if (!document.getElementById(target)) problems.push(`the contents lead to ${target}, which is not there`)
  }
  // biome-ignore lint/performance/useDomNodeTextContent: what is laid out, not what is in the source
  const { innerText: text, scrollHeight: height } = document.body
  return { problems, figures: figures.length, least, text, height }
}

/** What was seen of a page. */
export interface Sight {
  problems: string[]
  figures: number
  text: string
  height: number
}

/** Opens a file once and looks for whatever is wrong with it, in one view after the other. */
export const look = async <Name extends ViewName>(
  browser: Browser,
  file: string,
  names: readonly Name[],
  { scripts = true } = {},
): Promise<Record<Name, Sight>> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: scripts })
  const loaded: string[] = []
  try {
    const page: Page = await context.newPage()
    const url = pathToFileURL(file).href
    page.on('console', (message) => loaded.push(`console: ${message.text()}`))
    page.on('pageerror', (error) => loaded.push(`error: ${error.message}`))
    page.on('dialog', (dialog) => {
      loaded.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('request', (request) => {
      if (request.url() !== url) loaded.push(`request: ${request.url().slice(0, 100)}`)
    })
    const setView = async ({ width, print = false }: View): Promise<void> => {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ media: print ? 'print' : 'screen' })
    }
    const sights: Partial<Record<Name, Sight>> = {}
    for (const name of names) {
      const view: View = VIEWS[name]
      await setView(view)
      // Loaded in the first of the views.
      if (name === names[0]) await page.goto(url)
      const { problems, least, ...seen } = await page.evaluate(measure)
      if (view.width === 390 && least < LEAST_LETTER) problems.push(`letters of ${least.toFixed(1)} pixels in a chart`)
      if (view.print) {
        const paper = await page.pdf({ preferCSSPageSize: true, format: 'A4', printBackground: true })
        if (!paper.subarray(0, 5).equals(Buffer.from('%PDF-'))) problems.push('cannot be printed')
      }
      sights[name] = { problems, ...seen }
    }
    // What it did while it was open is wrong in every view.
    for (const name of names) sights[name]!.problems.unshift(...loaded)
    return sights as Record<Name, Sight>
  } finally {
    await context.close()
  }
}

/** Looks at files in all views, each file opened once however often it is asked for. */
export const lookOnce = (browser: () => Browser): ((file: string) => Promise<Record<ViewName, Sight>>) => {
  const seen = new Map<string, Promise<Record<ViewName, Sight>>>()
  return (file) => {
    const known = seen.get(file) ?? look(browser(), file, Object.keys(VIEWS) as ViewName[])
    seen.set(file, known)
    return known
  }
}

/** Every file in every view. */
export const inEveryView = (files: readonly string[]): (readonly [string, ViewName])[] =>
  files.flatMap((file) => (Object.keys(VIEWS) as ViewName[]).map((view) => [file, view] as const))
