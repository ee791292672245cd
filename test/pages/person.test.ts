/** A person's page in the browser of the machine: what it says of moved values is what the library says of them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { explain } from '../../src/attributions/explain.ts'
import { reasonFactors } from '../../src/attributions/reasonFactors.ts'
import { principalReasons } from '../../src/attributions/reasons.ts'
import { receipts } from '../../src/attributions/receipt.ts'
import { referenceValues } from '../../src/attributions/referenceValues.ts'
import { usedFactors } from '../../src/attributions/usedFactors.ts'
import { counterfactualSearch } from '../../src/counterfactuals/counterfactualSearch.ts'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import { loadModel } from '../../src/formats/modelFile.ts'
import type { FactorFrame } from '../../src/matrix/frame.ts'
import { frameOf } from '../../src/page/movePerson.ts'
import type { PersonData, Value } from '../../src/page/personData.ts'
import { factorTitle, valueText } from '../../src/schema/valueText.ts'
import type { Scorer } from '../../src/scores/scorer.ts'
import { ingest } from '../../src/stages/ingest.ts'
import { loadFeatures } from '../../src/stages/loadFeatures.ts'
import { personPage } from '../../src/stages/personPage.ts'
import { train } from '../../src/stages/train.ts'
import { signed } from '../../src/util/numberFormats.ts'
import { random } from '../../src/util/random.ts'
import { findBrowser, findFirefox, openBrowser, openFirefox } from './browser.ts'

/** Names that would break a page if they were markup, or a script. */
const PERSON = `O'Brien "<b>" & </script><script>alert(1)</script>`
const LEVELS = ['nurse', '</script><img src=x onerror=alert(2)>', `a "quoted" 'level' & \u2028 more`]

const MAPPING = `format: glasscore.mapping
version: 1
kind: features
name: people
file: people.csv
id: id
observationDate: 2024-06-30
currency: EUR
target: { column: outcome, bad: [1], good: [0] }
outcome: { text: 'Bad: defaulted within a year.' }
protected: [sex]
columns:
  income: { kind: number, unit: EUR, scale: log }
  debt: { kind: number, unit: EUR, scale: log }
  late: { kind: flag, unit: yes/no }
  visits: { kind: number, unit: visits, scale: linear }
  share: { kind: number, unit: share 0..1, scale: linear }
  job: { kind: category }
groups:
  money: [income, debt, share]
  conduct: [late, visits]
  place: [job]
`

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

const writePeople = (folder: string): void => {
  const stream = random(11)
  const lines = ['id,income,debt,late,visits,share,job,sex,outcome']
  for (let i = 0; i < 700; i++) {
    const risk = stream.normal()
    const income = Math.exp(10 - 0.4 * risk + 0.4 * stream.normal()).toFixed(2)
    const debt = stream.next() < 0.12 && i > 0 ? '' : (5000 * Math.exp(0.5 * risk + 0.3 * stream.normal())).toFixed(2)
    const late = stream.next() < 1 / (1 + Math.exp(1 - risk)) ? 1 : 0
    const visits = Math.max(0, Math.round(3 + 2 * risk + 1.5 * stream.normal()))
    const share = Math.min(1, Math.max(0, 0.5 - 0.15 * risk + 0.2 * stream.normal())).toFixed(3)
    const job = LEVELS[stream.integer(3)]!
    const bad = stream.next() < 1 / (1 + Math.exp(1.6 - 1.4 * risk)) ? 1 : 0
    const id = i === 0 ? PERSON : `p${i}`
    lines.push(
      [quoted(id), income, debt, late, visits, share, quoted(job), stream.next() < 0.5 ? 'f' : 'm', bad].join(','),
    )
  }
  writeFileSync(join(folder, 'people.csv'), `${lines.join('\n')}\n`)
  writeFileSync(join(folder, 'people.mapping.yaml'), MAPPING)
}

/** A table with many factors, long names and many groups, of which a sheet of paper must hold a summary. */
const CROWD = 60
const writeCrowd = (folder: string): void => {
  const stream = random(12)
  const names = Array.from({ length: CROWD }, (_, f) =>
    f % 3 === 0 ? `f${f}_${'a_name_that_is_long_'.repeat(9)}` : f === 1 ? 'base' : f === 2 ? 'score' : `f${f}`,
  )
  const level = (k: number): string => `${k}: ${'a level with many words '.repeat(9)}`
  const lines = [['id', ...names, 'kind', 'outcome'].join(',')]
  for (let i = 0; i < 240; i++) {
    const risk = stream.normal()
    const values = names.map(() => (stream.normal() + 0.3 * risk).toFixed(3))
    lines.push([`p${i}`, ...values, level(stream.integer(3)), stream.normal() + risk > 0.8 ? 1 : 0].join(','))
  }
  writeFileSync(join(folder, 'crowd.csv'), `${lines.join('\n')}\n`)
  const groups = Object.fromEntries(
    Array.from({ length: 9 }, (_, g) => [
      `group ${g} with a name of many words, none of which can be left out`,
      [...names.filter((_, f) => f % 9 === g), ...(g === 0 ? ['kind'] : [])],
    ]),
  )
  const columns = Object.fromEntries(names.map((name) => [name, { kind: 'number', unit: 'visits', scale: 'linear' }]))
  const mapping = {
    format: 'glasscore.mapping',
    version: 1,
    kind: 'features',
    name: 'crowd',
    file: 'crowd.csv',
    id: 'id',
    observationDate: '2024-06-30',
    currency: 'EUR',
    target: { column: 'outcome', bad: [1], good: [0] },
    outcome: { text: 'Bad.' },
    columns: { ...columns, kind: { kind: 'category' } },
    groups,
  }
  writeFileSync(join(folder, 'crowd.mapping.yaml'), JSON.stringify(mapping))
}

const MODELS = ['logistic', 'tree', 'forest', 'boosting'] as const

interface Said {
  score: number
  base: number
  points: Record<string, number>
  dimensions: Record<string, number>
  reasons: string[]
  receipt: number[]
}

const number = (text: string): number => Number(text.replaceAll('\u2212', '-').replaceAll(',', ''))

/** What the page shows, read from its text. */
const said = async (page: Page, data: PersonData): Promise<Said> => {
  const seen = await page.evaluate(() => {
    const text = (selector: string) => document.querySelector(selector)?.textContent ?? ''
    return {
      score: text('#score'),
      points: [...document.querySelectorAll<HTMLElement>('.factor')].map((row) => [
        row.dataset['factor']!,
        row.querySelector('.points')!.firstChild?.textContent ?? '',
      ]),
      dimensions: [...document.querySelectorAll('#dimension-table tbody tr')].map((row) => [
        row.querySelector('th')!.textContent!,
        row.querySelector('td')!.textContent!,
      ]),
      reasons: [...document.querySelectorAll('#reason-list li')].map((item) => item.textContent!),
      receipt: [...document.querySelectorAll('#receipt-table tbody tr')].map(
        (row) => row.querySelector('td.n')!.textContent!,
      ),
    }
  })
  return {
    score: number(seen.score),
    base: number(seen.receipt[0]!),
    points: Object.fromEntries(seen.points.map(([f, text]) => [data.factors[Number(f)]!.name, number(text!)])),
    dimensions: Object.fromEntries(seen.dimensions.map(([name, text]) => [name!, number(text!)])),
    reasons: seen.reasons,
    receipt: seen.receipt.map(number),
  }
}

const executable = findBrowser()
if (!executable) console.log('skipped: there is no Chromium here; set CHROMIUM to its path')
const firefox = findFirefox()
if (!firefox) console.log('the page is not looked at in Firefox: there is none here; set FIREFOX to its path')
const pictures = process.env['PAGE_PICTURES']
if (pictures) mkdirSync(pictures, { recursive: true })

describe.skipIf(!executable)('the page of a person', () => {
  let browser: Browser
  let folder: string
  let table: FactorFrame
  const scorers = new Map<string, Scorer>()
  const fileOf = (model: string) => join(folder, `${model}.html`)

  beforeAll(async () => {
    browser = await openBrowser(executable!)
    folder = mkdtempSync(join(tmpdir(), 'glasscore-person-'))
    writePeople(folder)
    const features = join(folder, 'features')
    await ingest({ mapping: join(folder, 'people.mapping.yaml'), out: features, threads: 1 })
    await train({
      features,
      out: join(folder, 'train'),
      threads: 1,
      seed: 4,
      train: {
        split: { by: 'person', testShare: 0.3 },
        models: { logistic: {}, tree: {}, forest: { trees: 100 }, boosting: { rounds: 60, minLeaf: 10 } },
        replicates: 200,
        permutationRepeats: 1,
      },
    })
    for (const model of MODELS) {
      const path = join(folder, 'train', 'models', model)
      await personPage({ model: path, features, person: PERSON, out: fileOf(model) })
      scorers.set(model, (await loadModel(path)).scorer)
    }
    const engine = await openDuckDB({ threads: 1 })
    table = (await loadFeatures(engine, features)).frame
    engine.close()
  })
  afterAll(async () => {
    await browser?.close()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  /** Opens a page, collects whatever it complains of, and everything that it asks for. */
  const open = async (
    model: string,
    width = 1280,
    inside = browser,
  ): Promise<{ page: Page; problems: string[]; data: PersonData }> => {
    const page = await (await inside.newContext({ viewport: { width, height: 900 } })).newPage()
    const problems: string[] = []
    page.on('console', (message) => problems.push(`console: ${message.text()}`))
    page.on('pageerror', (error) => problems.push(`error: ${error.message}`))
    page.on('dialog', (dialog) => {
      problems.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    const url = pathToFileURL(fileOf(model)).href
    page.on('request', (request) => {
      // The worker is made of the script that is in the page.
      if (request.url() !== url && !request.url().startsWith('blob:'))
        problems.push(`request: ${request.url().slice(0, 100)}`)
    })
    await page.goto(url)
    await page.waitForSelector('html[data-ready]', { timeout: 30_000 })
    const data = JSON.parse((await page.locator('#person-data').textContent())!) as PersonData
    return { page, problems, data }
  }

  /** Looks at the page from top to end; kept where PAGE_PICTURES names a folder. */
  const picture = async (page: Page, name: string): Promise<void> => {
    const bytes = await page.screenshot({ fullPage: true })
    expect(bytes.length).toBeGreaterThan(10_000)
    if (pictures) writeFileSync(join(pictures, `${name}.png`), bytes)
  }

  /** Sheets of A4 and of Letter that it takes on paper. */
  const sheets = async (page: Page, name: string): Promise<number[]> => {
    const counts: number[] = []
    for (const format of ['A4', 'Letter']) {
      const bytes = await page.pdf({ format, printBackground: true })
      if (pictures) writeFileSync(join(pictures, `${name}-${format}.pdf`), bytes)
      counts.push(bytes.toString('latin1').match(/\/Type\s*\/Page[^s]/g)?.length ?? 0)
    }
    return counts
  }

  /** Waits until the page has worked out the last move. */
  const settled = (page: Page, moves: number): Promise<unknown> =>
    page.waitForFunction((n) => performance.getEntriesByName('glasscore move').length >= n, moves)

  const library = async (model: string, values: readonly Value[]) => {
    const scorer = scorers.get(model)!
    const { factors } = scorer.encoding
    const frame = frameOf(factors, [values])
    const r = receipts(await explain(scorer, frame))
    const everybody = Uint32Array.from({ length: table.rows }, (_, i) => i)
    const references = referenceValues(table, factors, everybody)
    const { reasons } = principalReasons(
      reasonFactors({ factors, points: r.points, frame, row: 0, used: usedFactors(scorer), references }),
    )
    return {
      score: r.score[0]!,
      base: r.base,
      points: Object.fromEntries(r.factors.map((name, f) => [name, r.points[f]!])),
      dimensions: Object.fromEntries(r.dimensions.map((name, d) => [name, r.dimensionPoints[d]!])),
      reasons: reasons.map(({ text, points, factor, value, reference }) => {
        const spec = factors.find(({ name }) => name === factor)!
        const usual = reference === null ? '' : `, usual ${valueText(reference, spec)}`
        return `${text}: ${signed(points)}${factorTitle(factor)}: ${valueText(value, spec)}${usual}`
      }),
    }
  }

  const agree = (shown: Said, expected: Awaited<ReturnType<typeof library>>): void => {
    expect(shown.score).toBe(expected.score)
    expect(shown.base).toBe(expected.base)
    for (const [name, points] of Object.entries(shown.points)) expect(points, name).toBe(expected.points[name])
    expect(shown.dimensions).toEqual(expected.dimensions)
    // Base, points of every factor, and what the range cuts off add up to the score.
    expect(shown.receipt.slice(0, -1).reduce((sum, x) => sum + x, 0)).toBe(shown.receipt.at(-1))
    expect(shown.receipt.at(-1)).toBe(expected.score)
    const negative = Object.values(expected.points).filter((points) => points < 0)
    expect(shown.reasons).toHaveLength(Math.min(4, negative.length))
    expect(shown.reasons).toEqual(expected.reasons)
  }

  it.each(MODELS)('%s: score, points, reasons of moved values are those of the library', async (model) => {
    const { page, problems, data } = await open(model)
    const values: Value[] = data.factors.map(({ own }) => own)
    agree(await said(page, data), await library(model, values))
    const f = (name: string) => data.factors.findIndex((factor) => factor.name === name)
    let moves = 0
    const moveTo = async (name: string, value: Value, act: () => Promise<unknown>): Promise<void> => {
      if (!data.factors[f(name)]!.used) return
      await page.evaluate(
        (id) => {
          for (const group of document.querySelectorAll('details')) group.open = true
          document.getElementById(id)!.scrollIntoView()
        },
        `f${f(name)}`,
      )
      await act()
      await settled(page, ++moves)
      values[f(name)] = value
      agree(await said(page, data), await library(model, values))
    }
    await moveTo('income', 91_234.5, () => page.fill(`#v${f('income')}`, '91234.5'))
    await moveTo('visits', 0, () => page.fill(`#v${f('visits')}`, '0'))
    const late = data.factors[f('late')]!.own === 1 ? 0 : 1
    await moveTo('late', late, () => page.selectOption(`#v${f('late')}`, { label: late === 1 ? 'yes' : 'no' }))
    await moveTo('debt', null, () => page.check(`#m${f('debt')}`))
    for (const level of LEVELS.filter((text) => text !== data.factors[f('job')]!.own))
      await moveTo('job', level, () => page.selectOption(`#v${f('job')}`, { index: [...LEVELS].sort().indexOf(level) }))
    // By keyboard: one place of the slider.
    if (data.factors[f('share')]!.used) {
      await page.focus(`#r${f('share')}`)
      await page.keyboard.press('ArrowRight')
      await settled(page, ++moves)
      values[f('share')] = Number(await page.inputValue(`#v${f('share')}`))
      expect(values[f('share')]).not.toBe(data.factors[f('share')]!.own)
      agree(await said(page, data), await library(model, values))
    }
    // The live region says the score once the reader pauses.
    await page.waitForFunction(
      (score) => document.getElementById('status')!.textContent!.startsWith(`Score ${score},`),
      (await library(model, values)).score,
    )
    await page.click('#reset-all')
    await settled(page, ++moves)
    agree(
      await said(page, data),
      await library(
        model,
        data.factors.map(({ own }) => own),
      ),
    )
    expect(problems).toEqual([])
    await page.context().close()
  })

  it('would be caught where it said something else', async () => {
    const { page, data } = await open('forest')
    const shown = await said(page, data)
    const expected = await library(
      'forest',
      data.factors.map(({ own }) => own),
    )
    agree(shown, expected)
    expect(() => agree({ ...shown, score: shown.score + 1 }, expected)).toThrow()
    const [name] = Object.keys(shown.points)
    expect(() => agree({ ...shown, points: { ...shown.points, [name!]: 99 } }, expected)).toThrow()
    expect(() => agree({ ...shown, receipt: shown.receipt.with(1, 99) }, expected)).toThrow()
    expect(shown.reasons.length).toBeGreaterThan(0)
    const other = shown.reasons.with(0, shown.reasons[0]!.replace('usual', 'mean'))
    expect(() => agree({ ...shown, reasons: other }, expected)).toThrow()
    await page.context().close()
    // A page whose model says another score than the library said stops and says so.
    const text = readFileSync(fileOf('forest'), 'utf8')
    writeFileSync(fileOf('changed'), text.replace(`"score":${data.score}`, `"score":${data.score + 1}`))
    const changed = await browser.newPage()
    await changed.goto(pathToFileURL(fileOf('changed')).href)
    await changed.locator('#failure').waitFor({ state: 'visible' })
    expect(await changed.locator('#failure').textContent()).toContain(`the library made ${data.score + 1}`)
    await changed.close()
  })

  it('runs the readable kernels where there are no compiled ones, and is the same when it is served', async () => {
    const { page: usual, data } = await open('forest')
    const expected = await said(usual, data)
    await usual.context().close()
    const plain = await browser.newPage()
    await plain.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'))
    await plain.goto(pathToFileURL(fileOf('forest')).href)
    await plain.waitForSelector('html[data-ready]')
    expect(await said(plain, data)).toEqual(expected)
    await plain.close()
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(request.url!)
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(readFileSync(fileOf('forest')))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const served = await browser.newPage()
    await served.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/page.html`)
    await served.waitForSelector('html[data-ready]')
    expect(await said(served, data)).toEqual(expected)
    await served.waitForFunction(() => performance.getEntriesByName('glasscore together').length > 0)
    expect(await served.locator('#together-list').textContent()).not.toContain('does not run')
    await served.close()
    await new Promise((resolve) => server.close(resolve))
    expect(asked.filter((url) => url !== '/favicon.ico')).toEqual(['/page.html'])
  })

  it.each(['tree', 'forest', 'logistic'])('%s: a single change that is offered reaches the cut-off', async (model) => {
    const { page, problems, data } = await open(model)
    await page.waitForFunction(() => performance.getEntriesByName('glasscore alone').length > 0)
    const offers = page.locator('#alone-list button')
    if (data.score < data.cutoff && (await offers.count()) > 0) {
      const promised = number((await page.locator('#alone-list .gain').first().textContent())!.split(' ')[0]!)
      await offers.first().click()
      await settled(page, 1)
      const shown = await said(page, data)
      expect(shown.score).toBe(promised)
      expect(shown.score).toBeGreaterThanOrEqual(data.cutoff)
    }
    expect(problems).toEqual([])
    await page.context().close()
  })

  it.each(['tree', 'logistic', 'forest'])(
    '%s: the cheapest allowed change is the one of the library',
    async (model) => {
      const { page, problems, data } = await open(model)
      const scorer = scorers.get(model)!
      const values = data.factors.map(({ own }) => own)
      const frame = frameOf(scorer.encoding.factors, [values])
      const find = counterfactualSearch(scorer, data.spreads, {
        cutoff: data.cutoff,
        months: 12,
        options: 1,
        nodes: 30,
      })
      const { answer, options } = find(frame, 0)
      // A person who reaches the cut-off already would show nothing here.
      expect(answer).not.toBe('reached')
      await page.waitForFunction(() => performance.getEntriesByName('glasscore together').length > 0)
      const list = page.locator('#together-list')
      if (answer === 'none') expect(await list.textContent()).toContain('proved')
      else if (answer === 'open') expect(await list.textContent()).toContain('not proved')
      else {
        const [option] = options
        expect(await list.locator('.option strong').first().textContent()).toBe(`${option!.score} `)
        expect(await list.textContent()).toContain(`Cost ${option!.cost.toFixed(2)}`)
        expect(await page.locator('#together-status').textContent()).toContain(`score ${option!.score} by `)
        expect(await list.locator('li:not(.quiet)').count()).toBe(option!.changes.length)
        await list.locator('.option button').click()
        await settled(page, 1)
        expect((await said(page, data)).score).toBe(option!.score)
        const moved = await page.locator('.factor.moved').count()
        expect(moved).toBe(option!.changes.length)
      }
      expect(problems).toEqual([])
      await page.context().close()
    },
  )

  it('refuses what is not allowed, says so, and keeps the score', async () => {
    const { page, problems, data } = await open('forest')
    const f = data.factors.findIndex(({ name }) => name === 'visits')
    await page.evaluate(() => {
      for (const group of document.querySelectorAll('details')) group.open = true
    })
    await page.fill(`#v${f}`, '2.5')
    expect(await page.locator(`#e${f}`).textContent()).toBe('whole numbers only')
    expect(await page.getAttribute(`#v${f}`, 'aria-invalid')).toBe('true')
    await page.locator(`#v${f}`).blur()
    expect(await page.inputValue(`#v${f}`)).toBe(String(data.factors[f]!.own))
    expect(await page.locator('#score').textContent()).toBe(String(data.score))
    expect(problems).toEqual([])
    await page.context().close()
  })

  it.each([1280, 390])('fits %d pixels, has a name for every control, and prints on one page', async (pixels) => {
    const { page, problems } = await open('forest', pixels)
    await page.evaluate(() => {
      for (const group of document.querySelectorAll('details')) group.open = true
    })
    const seen = await page.evaluate(() => {
      const width = document.documentElement.clientWidth
      const controls = [...document.querySelectorAll<HTMLElement>('input, select, button')]
      return {
        over: Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - width,
        nameless: controls
          .filter(
            (control) =>
              !control.getAttribute('aria-label') &&
              !control.textContent?.trim() &&
              !(control as HTMLInputElement).labels?.length,
          )
          .map(({ id }) => id),
        wide: [...document.querySelectorAll<HTMLElement>('main *')]
          .filter((e) => e.getBoundingClientRect().right > width + 1)
          .map((e) => e.id || e.className || e.tagName),
        paper: [...document.querySelectorAll<HTMLElement>('.print-only')].filter((e) => e.offsetParent !== null).length,
      }
    })
    expect(seen).toEqual({ over: 0, nameless: [], wide: [], paper: 0 })
    await picture(page, `forest-${pixels}`)
    expect(await sheets(page, `forest-${pixels}`)).toEqual([1, 1])
    expect(problems).toEqual([])
    await page.context().close()
  })

  it('prints on one page however many factors were moved, and whatever they are called', async () => {
    writeCrowd(folder)
    const features = join(folder, 'crowd')
    await ingest({ mapping: join(folder, 'crowd.mapping.yaml'), out: features, threads: 1 })
    await train({
      features,
      out: join(folder, 'crowd-train'),
      threads: 1,
      train: { split: { by: 'person', testShare: 0.3 }, models: { logistic: {} }, replicates: 200 },
    })
    const out = fileOf('crowd')
    await personPage({ model: join(folder, 'crowd-train'), features, person: 'p1', cutoff: 950, out })
    const { page, problems } = await open('crowd')
    await page.evaluate(() => {
      for (const slider of document.querySelectorAll<HTMLInputElement>('.factor input[type=range]')) {
        slider.value = String(Math.round(0.9 * Number(slider.max)))
        slider.dispatchEvent(new Event('input', { bubbles: true }))
      }
      for (const choice of document.querySelectorAll<HTMLSelectElement>('.factor select')) {
        choice.selectedIndex = (choice.selectedIndex + 1) % choice.options.length
        choice.dispatchEvent(new Event('change', { bubbles: true }))
      }
    })
    await page.waitForFunction(() => performance.getEntriesByName('glasscore together').length > 0)
    expect(await page.locator('#changed-list li:not(.rest)').count()).toBe(CROWD + 1)
    // The score, a factor called base and one called score, each told apart.
    await page.click('#receipt-table button')
    const heads = await page.locator('#receipt-table tbody th').allTextContents()
    expect(heads.filter((text) => /base|score/.test(text))).toEqual([
      'base: score of the background',
      expect.stringMatching(/^“(base|score)”$/),
      expect.stringMatching(/^“(base|score)”$/),
      '= score',
    ])
    await page.click('#receipt-table button')
    await picture(page, 'crowd')
    expect(await sheets(page, 'crowd')).toEqual([1, 1])
    // The measure of it: the whole receipt and the controls beside it are more than a page.
    await page.evaluate(() => document.body.classList.remove('person'))
    expect((await sheets(page, 'crowd-unstyled'))[0]).toBeGreaterThan(1)
    expect(problems).toEqual([])
    await page.context().close()
  })

  it('keeps the focus of those who use keys, and can be scrolled by them', async () => {
    const { page, problems, data } = await open('tree')
    const f = data.factors.findIndex(({ name, used }) => used && name !== 'job' && name !== 'late')
    await page.evaluate(() => {
      for (const group of document.querySelectorAll('details')) group.open = true
    })
    const focused = () => page.evaluate(() => document.activeElement?.id ?? '')
    await page.focus(`#r${f}`)
    await page.keyboard.press('Home')
    await page.keyboard.press('End')
    await page.waitForSelector(`#b${f}:not([hidden])`)
    await page.keyboard.press('Tab')
    expect(await focused()).toBe(`v${f}`)
    await page.focus('#reset-all')
    await page.keyboard.press('Enter')
    await page.waitForFunction((own) => document.getElementById('score')!.textContent === String(own), data.score)
    expect(await focused()).toBe('reset-all')
    expect(await page.getAttribute('#reset-all', 'aria-disabled')).toBe('true')
    await page.focus('.side')
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('side')
    expect(problems).toEqual([])
    await page.context().close()
  })

  it.skipIf(!firefox)('says in Firefox what the library says', async () => {
    const other = await openFirefox(firefox!)
    try {
      const { page, problems, data } = await open('forest', 1280, other)
      const values: Value[] = data.factors.map(({ own }) => own)
      const agreed = async (): Promise<void> => {
        const expected = await library('forest', values)
        await vi.waitFor(async () => agree(await said(page, data), expected), { timeout: 20_000 })
      }
      await agreed()
      const f = (name: string) => data.factors.findIndex((factor) => factor.name === name)
      await page.evaluate(() => {
        for (const group of document.querySelectorAll('details')) group.open = true
      })
      // Letter by letter: what its driver does when it fills a field of numbers at once is not what a person does.
      await page.focus(`#v${f('income')}`)
      await page.keyboard.press('ControlOrMeta+A')
      await page.keyboard.type('91234.5')
      values[f('income')] = 91_234.5
      await agreed()
      await page.focus(`#r${f('share')}`)
      await page.keyboard.press('ArrowRight')
      values[f('share')] = Number(await page.inputValue(`#v${f('share')}`))
      expect(values[f('share')]).not.toBe(data.factors[f('share')]!.own)
      await page.selectOption(`#v${f('job')}`, { index: 0 })
      values[f('job')] = [...LEVELS].sort()[0]!
      await agreed()
      if ((await said(page, data)).score < data.cutoff) {
        // The worker of the page runs there too.
        await page.waitForFunction(() => performance.getEntriesByName('glasscore together').length > 0)
        expect(await page.locator('#together-list').textContent()).not.toContain('does not run')
      }
      expect(problems).toEqual([])
    } finally {
      await other.close()
    }
  })

  it('shows names as they are and lets none of them act', async () => {
    const { page, problems, data } = await open('logistic')
    expect(await page.locator('h1').textContent()).toContain(PERSON)
    const f = data.factors.findIndex(({ name }) => name === 'job')
    const options = await page.locator(`#v${f} option`).allTextContents()
    expect(options.filter((text) => text !== 'no value')).toEqual([...LEVELS].sort().map((text) => text))
    // No protected attribute travels along.
    expect(readFileSync(fileOf('logistic'), 'utf8')).not.toMatch(/"sex"/)
    expect(problems).toEqual([])
    await page.context().close()
  })

  it('is stopped by its policy where something would be sent', async () => {
    const { page } = await open('tree')
    const sent = await page.evaluate(async () => {
      const tried = await fetch('data:text/plain,x').then(
        () => 'sent',
        () => 'refused',
      )
      const image = await new Promise((resolve) => {
        const made = new Image()
        made.onload = () => resolve('loaded')
        made.onerror = () => resolve('refused')
        made.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw='
      })
      return [tried, image]
    })
    expect(sent).toEqual(['refused', 'refused'])
    await page.context().close()
  })
})
