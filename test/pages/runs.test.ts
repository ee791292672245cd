/**
 * Pages of all runs that lie under runs/, in the browser of the machine.
 * REQUIRE_PAGES=demo,german makes it an error when a run of that name has no report.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foreignMarkup, numberProblems, parsePage } from '../reports/checkPage.ts'
import { findBrowser, inEveryView, look, lookOnce, openBrowser } from './browser.ts'

const runs = process.env['RUNS'] ?? fileURLToPath(new URL('../../runs', import.meta.url))
const PAGES = ['report', 'compare', 'fairness', 'opacity', 'summary', 'explanation']

/** Pages of runs: RUN/report/report.html and its like, and folders of comparisons, audits and populations that lie beside runs. */
const findPages = (): string[] => {
  if (!existsSync(runs)) return []
  return readdirSync(runs)
    .sort()
    .flatMap((name) =>
      PAGES.flatMap((page) => [
        `${name}/${page}.html`,
        `${name}/${page}/${page}.html`,
        `${name}/data/${page}.html`,
        `${name}/backgrounds/${page}.html`,
      ]).filter((path) => existsSync(join(runs, path))),
    )
}

const executable = findBrowser()
if (!executable) console.log('skipped: there is no Chromium here; set CHROMIUM to its path')
const pages = findPages()
if (pages.length === 0) console.log('no pages of runs are looked at: there are none under runs/')
const required = (process.env['REQUIRE_PAGES'] ?? '').split(',').filter(Boolean)

const SECTIONS = [
  'summary',
  'waterfall',
  'models',
  'scores',
  'approval',
  'factors',
  'importance',
  'person',
  'provenance',
]

describe('runs', () => {
  it.skipIf(required.length === 0)('that must have a report have one', () => {
    expect(pages).toEqual(expect.arrayContaining(required.map((name) => `${name}/report/report.html`)))
  })
})

describe.skipIf(!executable || pages.length === 0)('in the browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser(executable!)
  })
  afterAll(() => browser?.close())
  const sightsOf = lookOnce(() => browser)

  it.each(inEveryView(pages))('%s is whole: %s', async (path, view) => {
    const seen = (await sightsOf(join(runs, path)))[view]
    expect(seen.problems).toEqual([])
    expect(seen.figures).toBeGreaterThan(0)
  })

  it.each(pages)('%s needs no script, and its numbers are those of its JSON', async (path) => {
    const file = join(runs, path)
    const html = readFileSync(file, 'utf8')
    const page = parsePage(html)
    expect(foreignMarkup(page)).toEqual([])
    expect(numberProblems(page, JSON.parse(readFileSync(file.replace(/html$/, 'json'), 'utf8')))).toEqual([])
    const { telephone: on } = await sightsOf(file)
    const { telephone: off } = await look(browser, file, ['telephone'], { scripts: false })
    expect(off).toEqual(on)
    if (path.endsWith('report.html')) {
      const ids = Array.from(page.querySelectorAll('main > section'), (s) => s.getAttribute('id'))
      expect(ids).toEqual(SECTIONS)
    }
  })
})
