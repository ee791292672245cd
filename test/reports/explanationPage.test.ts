/** The pages of explanations: their numbers are those of the JSON, nothing of the data becomes markup, the words of both forms. */
import { describe, expect, it } from 'vitest'
import { renderExplanation } from '../../src/reports/explanationPage.ts'
import type { ExplanationReport } from '../../src/reports/explanationReport.ts'
import { all, foreignMarkup, loneDigits, numberProblems, parsePage } from './checkPage.ts'
import { fixtureOfAll, fixtureOfPerson } from './explanationFixture.ts'

const PAGES: [string, ExplanationReport][] = [
  ['of all', fixtureOfAll()],
  ['of all, hostile', fixtureOfAll({ hostile: true, models: 3, backgrounds: 4, factors: 20, dimensions: 9 })],
  ['of all, one background', fixtureOfAll({ models: 1, backgrounds: 1, factors: 1, dimensions: 1 })],
  ['of a person', fixtureOfPerson()],
  ['of a person, hostile', fixtureOfPerson({ hostile: true, models: 3, backgrounds: 4, factors: 20, dimensions: 9 })],
  ['of a person, one background', fixtureOfPerson({ models: 1, backgrounds: 1, factors: 1, dimensions: 1 })],
]

describe.each(PAGES)('the page %s', (_, report) => {
  const html = renderExplanation(report)
  const page = parsePage(html)

  it('shows the numbers of its JSON and nothing that runs', () => {
    expect(numberProblems(page, report)).toEqual([])
    expect(loneDigits(page)).toEqual([])
    expect(foreignMarkup(page)).toEqual([])
    expect(all(page, '[data-path]').length).toBeGreaterThan(10)
    expect(renderExplanation(report)).toBe(html)
  })

  it('has a section for every model and says how both forms differ', () => {
    const ids = all(page, 'main > section').map((s) => s.getAttribute('id'))
    expect(ids).toEqual(['summary', ...report.models.map((_, k) => `model-${k}`), 'provenance'])
    report.models.forEach(({ linear }, k) => {
      const text = page.querySelector(`#model-${k}`)!.textContent
      expect(text.includes('equal by definition'), String(k)).toBe(linear)
      expect(text).toContain('sum of its factors')
    })
  })

  it('would not pass with another number in its JSON', () => {
    const other = structuredClone(report)
    other.models[0]!.backgrounds[0]!.base += 1
    expect(numberProblems(page, other).join()).toContain('/models/0/backgrounds/0/base')
  })
})
