/**
 * Pages in the browser of the machine: those of made-up reports with every kind of name, and all that lie under runs/.
 * REQUIRE_PAGES=demo,german makes it an error when a run of that name has no report.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderExplanation } from '../../src/reports/explanationPage.ts'
import { renderRunReport } from '../../src/reports/reportPage.ts'
import { foreignMarkup, numberProblems, parsePage } from '../reports/checkPage.ts'
import { fixtureOfAll, fixtureOfPerson } from '../reports/explanationFixture.ts'
import { type FixtureOptions, fixtureReport } from '../reports/fixture.ts'
import { findBrowser, look, openBrowser, VIEWS } from './browser.ts'

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

const FIXTURES: [string, FixtureOptions][] = [
  ['usual', {}],
  ['hostile', { hostile: true, models: 8, dimensions: 12, factors: 30 }],
  ['long', { long: true }],
  ['many', { factors: 200, models: 8, dimensions: 12 }],
  ['few', { factors: 1, models: 1, dimensions: 1, rows: 20 }],
  ['bare', { bare: true }],
]
const HOSTILE_EXPLANATION = { hostile: true, models: 3, backgrounds: 4, factors: 30, dimensions: 12 }
const EXPLANATIONS: [string, string][] = [
  ['explanation-of-all', renderExplanation(fixtureOfAll())],
  ['explanation-of-all-hostile', renderExplanation(fixtureOfAll(HOSTILE_EXPLANATION))],
  ['explanation-of-a-person', renderExplanation(fixtureOfPerson())],
  ['explanation-of-a-person-hostile', renderExplanation(fixtureOfPerson(HOSTILE_EXPLANATION))],
]
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

describe.skipIf(!executable)('in the browser', () => {
  let browser: Browser
  let folder: string
  const made = (name: string): string => join(folder, `${name}.html`)

  beforeAll(async () => {
    browser = await openBrowser(executable!)
    folder = mkdtempSync(join(tmpdir(), 'glasscore-pages-'))
    for (const [name, options] of FIXTURES) writeFileSync(made(name), renderRunReport(fixtureReport(options)))
    for (const [name, html] of EXPLANATIONS) writeFileSync(made(name), html)
  })
  afterAll(async () => {
    await browser?.close()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  const views = Object.entries(VIEWS)
  const looks = (names: readonly string[]) => names.flatMap((name) => views.map(([view]) => [name, view] as const))

  it.each(looks([...FIXTURES, ...EXPLANATIONS].map(([name]) => name)))(
    'a made-up report is whole: %s, %s',
    async (name, view) => {
      const seen = await look(browser, made(name), VIEWS[view]!)
      expect(seen.problems).toEqual([])
      expect(seen.figures).toBeGreaterThan(4)
    },
  )

  it.each(looks(pages))('%s is whole: %s', async (path, view) => {
    const seen = await look(browser, join(runs, path), VIEWS[view]!)
    expect(seen.problems).toEqual([])
    expect(seen.figures).toBeGreaterThan(0)
  })

  it.each(pages)('%s needs no script, and its numbers are those of its JSON', async (path) => {
    const file = join(runs, path)
    const html = readFileSync(file, 'utf8')
    const page = parsePage(html)
    expect(foreignMarkup(page)).toEqual([])
    expect(numberProblems(page, JSON.parse(readFileSync(file.replace(/html$/, 'json'), 'utf8')))).toEqual([])
    const [on, off] = [
      await look(browser, file, VIEWS['telephone']!),
      await look(browser, file, { width: 390, scripts: false }),
    ]
    expect(off).toEqual(on)
    if (path.endsWith('report.html')) {
      const ids = Array.from(page.querySelectorAll('main > section'), (s) => s.getAttribute('id'))
      expect(ids).toEqual(SECTIONS)
    }
  })

  it('would find what is wrong', async () => {
    const wrong = join(folder, 'wrong.html')
    writeFileSync(
      wrong,
      `<!doctype html><nav><a href="#nowhere">x</a></nav><section id="empty"></section><div style="width:2000px">wide</div>
       <figure><p class="chart-title">none</p></figure>
       <figure><svg viewBox="0 0 380 50" style="width:358px"><text y="20" font-size="6">small</text><text x="900" y="20" font-size="20">out</text></svg></figure>
       <img src="missing.png"><script>console.log('hello'); setTimeout(() => { throw new Error('oh') }); alert(1)</script>`,
    )
    const { problems } = await look(browser, wrong, VIEWS['telephone']!)
    for (const part of [
      'wide in a window',
      'section empty',
      'no drawing',
      'letters of',
      'outside of the page',
      'nowhere',
      'console: hello',
      'request: ',
      'dialog: 1',
    ])
      expect(problems.join('\n')).toContain(part)
  })
})
