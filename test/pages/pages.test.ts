/** Pages of made-up reports, with every kind of name, in the browser of the machine. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderExplanation } from '../../src/reports/explanationPage.ts'
import { renderRunReport } from '../../src/reports/reportPage.ts'
import { fixtureOfAll, fixtureOfPerson } from '../reports/explanationFixture.ts'
import { type FixtureOptions, fixtureReport } from '../reports/fixture.ts'
import { findBrowser, inEveryView, look, lookOnce, openBrowser } from './browser.ts'

const executable = findBrowser()
if (!executable) console.log('skipped: there is no Chromium here; set CHROMIUM to its path')
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

  const sightsOf = lookOnce(() => browser)

  it.each(inEveryView([...FIXTURES, ...EXPLANATIONS].map(([name]) => name)))(
    'a made-up report is whole: %s, %s',
    async (name, view) => {
      const seen = (await sightsOf(made(name)))[view]
      expect(seen.problems).toEqual([])
      expect(seen.figures).toBeGreaterThan(4)
    },
  )

  it('would find what is wrong', async () => {
    const wrong = join(folder, 'wrong.html')
    writeFileSync(
      wrong,
      `<!doctype html><nav><a href="#nowhere">x</a></nav><section id="empty"></section><div style="width:2000px">wide</div>
       <figure><p class="chart-title">none</p></figure>
       <figure><svg viewBox="0 0 380 50" style="width:358px"><text y="20" font-size="6">small</text><text x="900" y="20" font-size="20">out</text></svg></figure>
       <img src="missing.png"><script>console.log('hello'); setTimeout(() => { throw new Error('oh') }); alert(1)</script>`,
    )
    const { telephone } = await look(browser, wrong, ['telephone'])
    const { problems } = telephone
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
