import { describe, expect, it } from 'vitest'
import { renderRunReport } from '../../src/reports/reportPage.ts'
import type { RunReport } from '../../src/reports/runReport.ts'
import { printable } from '../../src/util/errors.ts'
import { all, type Element, foreignMarkup, loneDigits, numberProblems, parsePage, saysNumber } from './checkPage.ts'
import { type FixtureOptions, fixtureReport, HOSTILE } from './fixture.ts'

const CASES: [string, FixtureOptions][] = [
  ['as usual', {}],
  ['hostile names, many models and dimensions', { hostile: true, models: 8, dimensions: 12, factors: 30 }],
  ['long names', { long: true }],
  ['200 factors', { factors: 200, models: 8, dimensions: 12 }],
  ['one of everything', { factors: 1, models: 1, dimensions: 1, rows: 20 }],
  ['two dimensions', { factors: 4, dimensions: 2 }],
  ['nothing that may be absent', { bare: true }],
  ['no model', { models: 0 }],
  ['no factor', { factors: 0 }],
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

/** As the page's reader has it: read back from a file, where there is no NaN and nothing undefined. */
const written = (report: RunReport): RunReport => JSON.parse(JSON.stringify(report)) as RunReport

describe('the report page', () => {
  it.each(CASES)('says what its JSON says, and turns nothing from data into markup: %s', (_name, options) => {
    const report = written(fixtureReport(options))
    const page = parsePage(renderRunReport(report))
    expect(numberProblems(page, report)).toEqual([])
    expect(loneDigits(page)).toEqual([])
    expect(foreignMarkup(page)).toEqual([])
    expect(all(page, '[data-path]').length).toBeGreaterThan(10)
  })

  it('has every section, and leads to it', () => {
    const page = parsePage(renderRunReport(fixtureReport()))
    expect(all(page, 'main > section').map((s) => s.getAttribute('id'))).toEqual(SECTIONS)
    expect(all(page, 'nav a').map((a) => a.getAttribute('href'))).toEqual(SECTIONS.map((id) => `#${id}`))
  })

  it('shows hostile names as they are, control and direction signs and blanks apart', () => {
    const page = parsePage(renderRunReport(fixtureReport({ hostile: true, models: 8, dimensions: 12, factors: 30 })))
    const words = all(page, 'bdi').map((e) => e.textContent)
    for (const name of HOSTILE.slice(0, 9)) expect(words, name).toContain(printable(name))
    expect(words).toContain('(blank)')
    for (const word of words) expect(printable(word)).toBe(word)
  })

  it('is the same bytes for the same report, also the second time in a process', () => {
    const report = fixtureReport({ hostile: true, factors: 20 })
    const first = renderRunReport(report)
    renderRunReport(fixtureReport({ factors: 3 }))
    expect(renderRunReport(report)).toBe(first)
  })

  it('does not change the report', () => {
    const report = fixtureReport()
    const before = JSON.stringify(report)
    renderRunReport(report)
    expect(JSON.stringify(report)).toBe(before)
  })

  it('begins with the figures that matter most', () => {
    const page = parsePage(renderRunReport(fixtureReport()))
    const first = all(page, 'main [data-path]')
      .slice(0, 8)
      .map((e) => e.getAttribute('data-path'))
    expect(first).toEqual([
      '/cutoff',
      '/models/0/figures/auc/value',
      '/models/0/figures/auc/low',
      '/models/0/figures/auc/high',
      '/models/0/curves/atCutoff/approvalRate',
      '/models/0/curves/atCutoff/badRate/value',
      '/models/0/curves/atCutoff/badRate/low',
      '/models/0/curves/atCutoff/badRate/high',
    ])
  })

  it('says of wide tables that they scroll, and of narrow ones nothing', () => {
    for (const table of all(parsePage(renderRunReport(fixtureReport())), 'table')) {
      const wide = all(table, 'thead th').length >= 5
      // Seen where the browser finds that it scrolls; those that cannot tell go by the number of columns.
      expect(all(table, 'caption .hint')).toHaveLength(1)
      expect(all(table, 'caption .hint.broad')).toHaveLength(wide ? 1 : 0)
    }
  })

  it('has every model, factor and decile in its tables', () => {
    const report = fixtureReport()
    const page = parsePage(renderRunReport(report))
    const rowsOf = (section: string, table: number) => all(all(page, `#${section} table`)[table]!, 'tbody tr').length
    expect(rowsOf('models', 0)).toBe(4)
    expect(rowsOf('scores', 1)).toBe(5 + 1)
    expect(rowsOf('scores', 2)).toBe(10 + 1)
    expect(rowsOf('factors', 0)).toBe(70)
    // four models with five dimensions each, and then the factors
    expect(rowsOf('importance', 1)).toBe(4 * 5)
    expect(rowsOf('importance', 2)).toBe(70)
    // base, factors, limit of the scale, score
    expect(rowsOf('person', 1)).toBe(70 + 3)
  })

  it('shows a receipt that adds up, table and chart alike', () => {
    const page = parsePage(renderRunReport(fixtureReport()))
    const numbers = (texts: (string | null)[]) =>
      texts.map((t) => Number(t!.replaceAll('\u2212', '-').replaceAll(',', '')))
    const points = numbers(
      all(all(page, '#person table')[1]!, 'tbody tr td:nth-child(2) data').map((e) => e.textContent),
    )
    const score = points.pop()!
    expect(points.reduce((a, b) => a + b, 0)).toBe(score)
    const drawn = all(all(page, '#person figure svg')[0]!, '[data-mark=text]')
    const parts = numbers(all(drawn[0]!, 'text').map((e) => e.textContent))
    const [base, end] = numbers(all(drawn[1]!, 'text').map((e) => e.textContent))
    expect(base! + parts.reduce((a, b) => a + b, 0)).toBe(end)
    expect(end).toBe(score)
  })
  it('shows a pentagon that adds up to the same score', () => {
    const report = fixtureReport()
    const { base, scaleLimit, score } = report.person!
    const sumOf = (page: Element): number => {
      const labels = all(all(page, '#person figure > svg')[1]!, 'text').map((t) => t.textContent)
      return labels
        .map((text) => Number(/· ([+\u2212\d,]+)$/.exec(text)![1]!.replace('\u2212', '-').replaceAll(',', '')))
        .reduce((a, b) => a + b, 0)
    }
    const page = parsePage(renderRunReport(report))
    expect(base + sumOf(page) + scaleLimit).toBe(score)
    const wrong = written(report)
    wrong.person!.dimensions[2]!.points += 1
    expect(base + sumOf(parsePage(renderRunReport(wrong))) + scaleLimit).toBe(score + 1)
  })

  it('shows persons of every model, and dependence of one; without persons the bins alone', () => {
    const report = fixtureReport()
    const sources = (html: string): string[] =>
      all(parsePage(html), '#importance figure').map((f) => f.getAttribute('data-source')!)
    const found = sources(renderRunReport(report))
    expect(found.filter((s) => s.endsWith('/swarm'))).toEqual(
      report.models.map((_, i) => `/models/${i}/importance/swarm`),
    )
    expect(found.filter((s) => s.includes('/dependence/'))).toEqual(
      report.models[0]!.importance!.dependence.map((_, j) => `/models/0/importance/dependence/${j}`),
    )
    const alone = written(report)
    alone.drawn = null
    for (const { importance } of alone.models) importance!.swarm = []
    const left = sources(renderRunReport(alone))
    expect(left.filter((s) => s.endsWith('/swarm'))).toEqual([])
    expect(left.filter((s) => s.includes('/dependence/'))).toHaveLength(9)
  })

  it('says of the model that is shown where its two counts of dimensions part most', () => {
    const report = written(fixtureReport())
    const { dimensions } = report.models.find((m) => m.name === report.person!.model)!.importance!
    dimensions[3]!.difference.meanAbsolutePoints = 77.25
    const page = parsePage(renderRunReport(report))
    const told = all(page, '#importance figcaption').filter((c) =>
      c.textContent.startsWith('Mean absolute points with'),
    )
    expect(told).toHaveLength(1)
    expect(told[0]!.textContent).toContain('77.25')
    expect(numberProblems(page, report)).toEqual([])
  })
})

describe('the checks of a page', () => {
  const report = written(fixtureReport())
  const html = renderRunReport(report)

  it('catch a page whose JSON says something else', () => {
    const altered = written(report)
    altered.models[1]!.figures.brier.value += 1e-9
    expect(numberProblems(parsePage(html), altered)).toHaveLength(1)
    const less = written(report) as unknown as Record<string, unknown>
    delete less['cutoff']
    expect(numberProblems(parsePage(html), less).length).toBeGreaterThan(0)
  })

  it('catch a number that is written wrongly', () => {
    const wrong = html.replace(
      /(data-path="\/models\/0\/figures\/auc\/value"[^>]*>)[^<]*/,
      (_all, head: string) => `${head}0.999`,
    )
    expect(wrong).not.toBe(html)
    expect(numberProblems(parsePage(wrong), report)).toHaveLength(1)
  })

  it('catch a cell with digits that lead nowhere', () => {
    const wrong = html.replace('<td class="n"><data', '<td class="n">7</td><td class="n"><data')
    expect(loneDigits(parsePage(wrong))).toEqual(['7'])
  })

  it('catch a renderer that puts strings together', () => {
    const careless = (names: readonly string[]) =>
      `<!doctype html><html><body>${names.map((n) => `<p>${n}</p>`).join('')}</body></html>`
    expect(foreignMarkup(parsePage(careless(HOSTILE))).length).toBeGreaterThanOrEqual(3)
  })

  it('know a rounded number from another', () => {
    expect(saysNumber('0.123', 0.12345)).toBe(true)
    expect(saysNumber('12.3', 0.12345)).toBe(true)
    expect(saysNumber('0.124', 0.12345)).toBe(false)
    expect(saysNumber('12,346', 12345.678)).toBe(true)
    expect(saysNumber('12,350', 12345.678)).toBe(false)
    expect(saysNumber('\u22125', -5)).toBe(true)
    expect(saysNumber('+5', 5)).toBe(true)
    expect(saysNumber('5', -5)).toBe(false)
    expect(saysNumber('1.4e\u221212', 1.364e-12)).toBe(true)
    expect(saysNumber('n/a', 1)).toBe(false)
  })
})
