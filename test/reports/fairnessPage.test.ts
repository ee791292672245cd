import { describe, expect, it } from 'vitest'
import { fairnessOf } from '../../src/audits/fairness/fairnessOf.ts'
import { groupIntervalChart } from '../../src/reports/charts/groupIntervals.ts'
import { renderFairness } from '../../src/reports/fairnessPage.ts'
import type { FairnessReport } from '../../src/reports/fairnessReport.ts'
import { seriesStyle } from '../../src/reports/theme.ts'
import { random } from '../../src/util/random.ts'
import { all, foreignMarkup, loneDigits, numberProblems, parsePage } from './checkPage.ts'
import { HOSTILE } from './fixture.ts'

interface Options {
  rows?: number
  models?: number
  levels?: readonly (string | null)[]
  outcomes?: boolean
  names?: readonly string[]
}

/** An audit of made-up rows, as it is written. */
const audit = ({
  rows = 600,
  models = 2,
  levels = ['f', 'm', null],
  outcomes = true,
  names = ['sex', 'age'],
}: Options): FairnessReport => {
  const stream = random(4)
  const pick = (of: readonly (string | null)[]) => Array.from({ length: rows }, () => of[stream.integer(of.length)]!)
  const ages = Array.from({ length: 60 }, (_, i) => String(18 + i))
  const columns = [
    { name: names[0]!, values: pick(levels) },
    { name: names[1]!, values: pick(ages) },
  ]
  const found = Array.from({ length: models }, (_, k) =>
    fairnessOf(
      HOSTILE[k % HOSTILE.length]!,
      {
        score: Float64Array.from({ length: rows }, () => 600 + stream.integer(90)),
        higherIs: 'safety',
        probability: outcomes ? Float64Array.from({ length: rows }, () => 0.02 + 0.3 * stream.next()) : undefined,
        target: outcomes ? Float64Array.from({ length: rows }, () => (stream.next() < 0.2 ? 1 : 0)) : undefined,
        groups: columns,
      },
      { cutoff: 640 },
    ),
  )
  const report: FairnessReport = {
    format: 'glasscore.fairness',
    version: 1,
    glasscore: '1.0.0',
    name: HOSTILE[0]!,
    rows: outcomes ? 'held-out' : 'scored',
    evaluation: outcomes ? 'test' : null,
    columns: null,
    outcome: outcomes ? HOSTILE[1]! : null,
    otherOutcomes: 0,
    cutoff: 640,
    higherIs: 'safety',
    minCell: 10,
    level: 0.95,
    line: 0.8,
    models: found,
    answers: { compared: 3, below: 1, atOrAbove: 1, notEnough: 1, lowerAllTheSame: 1 },
    notes: [...HOSTILE],
    inputs: { [HOSTILE[0]!]: 'ab12' },
  }
  return JSON.parse(JSON.stringify(report)) as FairnessReport
}

const CASES: [string, Options][] = [
  ['as usual', {}],
  ['no outcomes', { outcomes: false }],
  ['few rows', { rows: 12 }],
  ['hostile groups and attributes', { levels: [...HOSTILE, null], names: [HOSTILE[0]!, HOSTILE[1]!] }],
  ['many groups', { rows: 2000, levels: Array.from({ length: 60 }, (_, i) => `district ${i}`) }],
  ['one group of one attribute', { levels: ['f'] }],
]

describe('the page of an audit of fairness', () => {
  it.each(CASES)('says what its JSON says, and turns nothing from data into markup: %s', (_name, options) => {
    const report = audit(options)
    const page = parsePage(renderFairness(report))
    expect(numberProblems(page, report)).toEqual([])
    expect(loneDigits(page)).toEqual([])
    expect(all(page, '[data-path]').length).toBeGreaterThan(50)
    expect(foreignMarkup(page)).toEqual([])
  })

  it('would not pass with another number, or with a cell that comes from nowhere: broken twins', () => {
    const report = audit({})
    const page = parsePage(renderFairness(report))
    const altered = structuredClone(report)
    altered.models[0]!.attributes[0]!.groups[0]!.truePositiveRate.value = 0.123
    expect(numberProblems(page, altered).length).toBeGreaterThan(0)
    const html = renderFairness(report).replace('<td class="text">', '<td class="text">0.87 ')
    expect(loneDigits(parsePage(html)).length).toBe(1)
  })

  it('has its sections, one a model', () => {
    const page = parsePage(renderFairness(audit({ models: 3 })))
    const ids = ['summary', 'measures', 'model-1', 'model-2', 'model-3', 'limits', 'provenance']
    expect(all(page, 'main > section').map((s) => s.getAttribute('id'))).toEqual(ids)
  })

  it('lists every group of every attribute and pair, small ones among them', () => {
    const report = audit({ rows: 2000, levels: Array.from({ length: 60 }, (_, i) => `district ${i}`) })
    const page = parsePage(renderFairness(report))
    const words = new Set(all(page, 'tbody th bdi').map((e) => e.textContent))
    const [model] = report.models
    const groups = [...model!.attributes, ...model!.intersections].flatMap((g) => g.groups)
    expect(groups.filter((g) => !g.enough).length).toBeGreaterThan(10)
    for (const g of groups) expect(words, g.label).toContain(g.label)
  })

  it('says that all rates are alike, and names no pair then', () => {
    const report = audit({ models: 1 })
    report.models[0]!.attributes[0]!.parity.all.demographicParityDifference = {
      value: 0,
      low: null,
      high: null,
      highest: null,
      lowest: null,
    }
    const text = all(parsePage(renderFairness(report)), 'td').map((td) => td.textContent)
    expect(text).toContain('0.000 all alike')
  })

  it('writes mean scores by their scale: a probability with four digits, points with one', () => {
    const means = (value: number): string => {
      const report = audit({ models: 1 })
      for (const g of report.models[0]!.attributes[0]!.groups) g.meanScore = { value, low: value, high: value }
      const at = 'data[data-path="/models/0/attributes/0/groups/0/meanScore/value"]'
      return all(parsePage(renderFairness(report)), at)[0]!.textContent!
    }
    expect([0.07843, 7.8434, 78.434, 651.84].map(means)).toEqual(['0.0784', '7.843', '78.43', '651.8'])
  })

  it('is the same bytes for the same audit, also the second time in a process', () => {
    expect(renderFairness(audit({}))).toBe(renderFairness(audit({})))
  })
})

describe('the chart of groups', () => {
  const estimate = (value: number | null) => ({
    value,
    low: value === null ? null : value * 0.9,
    high: value === null ? null : value * 1.1,
  })
  const marks = (chart: { outerHTML: string }, selector: string) =>
    all(parsePage(`<html><body>${chart.outerHTML}</body></html>`), `figure > svg ${selector}`).length

  it('has a symbol and a line for each figure, and says where there is none', () => {
    const rows = [
      { name: 'a', figures: [estimate(0.5), estimate(0.6)] },
      { name: HOSTILE[0]!, figures: [estimate(0.7), estimate(null)] },
    ]
    const series = [0, 1].map((k) => ({ name: `s${k}`, style: seriesStyle(k) }))
    const chart = groupIntervalChart(rows, { axis: 'x', series, source: '/x' })
    expect(marks(chart, '[data-mark="dot"] circle') + marks(chart, '[data-mark="dot"] path')).toBe(3)
    expect(marks(chart, '[data-mark="link"] path')).toBe(3)
    expect(chart.outerHTML).toContain('n/a')
    expect(chart.outerHTML).not.toContain('<img')
  })

  it('draws ratios on a log axis with its lines, ratios of 0 aside', () => {
    const rows = [
      { name: 'a', figures: [estimate(0.5)], style: 1 },
      { name: 'b', figures: [{ value: 0, low: null, high: null }], style: 0 },
      { name: 'c', figures: [{ value: 0, low: 0, high: 0.3 }], style: 0 },
    ]
    const series = [0, 1].map((k) => ({ name: `s${k}`, style: seriesStyle(k) }))
    const chart = groupIntervalChart(rows, { axis: 'x', series, log: true, lines: [0.8, 1], source: '/x' })
    expect(marks(chart, '[data-mark="rule"] line')).toBe(2)
    // that of a and, from the edge, that of c, whose ratio of 0 has no place on the axis
    expect(marks(chart, '[data-mark="link"] path')).toBe(2)
    expect(chart.outerHTML).not.toMatch(/NaN|Infinity/)
  })
})
