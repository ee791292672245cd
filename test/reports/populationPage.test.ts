import { describe, expect, it } from 'vitest'
import { renderPopulation } from '../../src/reports/populationPage.ts'
import type { PopulationReport } from '../../src/reports/populationReport.ts'
import { all, foreignMarkup, loneDigits, numberProblems, parsePage } from './checkPage.ts'
import { HOSTILE } from './fixture.ts'

const estimate = (value: number | null) => ({ value, low: value === null ? null : value / 2, high: value })

const report = (name: string, change: Partial<PopulationReport> = {}): PopulationReport => ({
  format: 'glasscore.population',
  version: 1,
  glasscore: '1.0.0',
  name,
  people: 3000,
  months: 24,
  seed: 7,
  currency: 'CNY',
  tables: [
    { table: name, rows: 3000, perPerson: 1, coveredFrom: '2020-01-01', coveredTo: '2025-01-01' },
    {
      table: 'transactions',
      rows: 700_123,
      perPerson: 233.3743333,
      coveredFrom: '2023-01-01',
      coveredTo: '2025-01-01',
    },
  ],
  events: 700_123,
  eventsPerPerson: 233.3743333,
  switches: [{ name: 'thin-files', strength: 0.25, most: 1, about: name, harm: name }],
  interactionForm: 'marginal',
  group: 'migrant',
  outcome: { name, text: name },
  outcomes: { good: 1500, bad: 120 },
  waterfall: [
    { step: 'people', rows: 3000, kind: 'keeps' },
    { step: 'not eligible', rows: 1380, kind: 'leaves' },
    { step: 'good', rows: 1500, kind: 'end' },
    { step: 'bad', rows: 120, kind: 'end' },
  ],
  dates: [{ date: '2025-01-01', good: 1500, bad: 120, indeterminate: 0, excluded: 0, badRate: estimate(0.0740740741) }],
  withoutBank: estimate(0.653),
  monthly: [
    { month: '2023-01', transactions: 31_000, perDay: 1000 },
    { month: '2023-02', transactions: 29_400, perDay: 1050 },
  ],
  weekdays: [{ day: 'Monday', transactions: 60_400, perDay: 4026.666 }],
  amounts: [
    { from: 10, to: 17.7827941, out: 300_000, in: 1000 },
    { from: 17.7827941, to: 31.6227766, out: 390_123, in: 9000 },
  ],
  groups: [
    {
      grouping: 'sex',
      group: name,
      people: 1500,
      labeled: 0,
      bads: 0,
      badRate: estimate(null),
      withoutBank: estimate(0.66),
      misconduct: estimate(0.1),
    },
  ],
  notes: [name],
  ...change,
})

describe('the page of a population', () => {
  it.each(HOSTILE.map((text, i) => [i, text] as const))('shows its JSON and nothing else: %i', (_, text) => {
    const json = JSON.parse(JSON.stringify(report(text))) as PopulationReport
    const page = parsePage(renderPopulation(json))
    expect(numberProblems(page, json)).toEqual([])
    expect(foreignMarkup(page)).toEqual([])
    expect(loneDigits(page)).toEqual([])
    expect(all(page, 'section').map((s) => s.getAttribute('id'))).toEqual([
      'summary',
      'switches',
      'rhythm',
      'outcomes',
      'groups',
      'provenance',
    ])
    expect(all(page, 'figure')).toHaveLength(7)
  })

  it('would find a number that is not that of the JSON', () => {
    const page = parsePage(renderPopulation(report('x')))
    expect(numberProblems(page, report('x', { people: 3001 }))).not.toEqual([])
  })

  it('warns that nobody in it exists, and says what is on', () => {
    const page = parsePage(renderPopulation(report('x')))
    expect(all(page, '.warning')[0]!.textContent).toContain('Nobody in it exists')
    expect(all(page, '#switches code').map((c) => c.textContent)).toContain('thin-files')
    const off = parsePage(renderPopulation(report('x', { switches: [] })))
    expect(all(off, '#switches p')[0]!.textContent).toContain('Nothing')
  })
})
