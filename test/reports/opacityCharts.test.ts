import { describe, expect, it } from 'vitest'
import { declaredEffectiveChart, declaredFinding } from '../../src/reports/charts/declaredEffective.ts'
import { oneScoreChart } from '../../src/reports/charts/oneScore.ts'
import { opacityProfileChart } from '../../src/reports/charts/opacityProfile.ts'
import { all, foreignMarkup, parsePage } from './checkPage.ts'
import { HOSTILE } from './fixture.ts'

const drawn = (html: string) => parsePage(`<html><body>${html}</body></html>`)
const texts = (html: string): string[] => all(drawn(html), 'svg text').map((t) => t.textContent)
const rects = (html: string) => all(drawn(html), 'svg rect').map((r) => Number(r.getAttribute('width')))

const effective = (value: number) => ({
  value,
  low: value - 0.01,
  high: value + 0.01,
  chance: 0.02,
  retrained: { low: value - 0.03, high: value + 0.04 },
})

describe('declared against effective weights', () => {
  const rows = [
    { name: 'Credit history', declared: 0.4, effective: [effective(0.5), effective(0.35)] },
    { name: 'Behavior', declared: 0.2, effective: [effective(0.1), null] },
    { name: 'Unnamed', declared: null, effective: [effective(0.3), effective(0.3)] },
  ]
  const html = declaredEffectiveChart(rows, ['forest', 'logistic']).outerHTML

  it('has a hollow bar for each declared weight, as long as the weight, and none where nothing was declared', () => {
    const [first, second, ...more] = rects(html)
    expect(more).toEqual([])
    expect(first! / second!).toBeCloseTo(2, 1)
  })

  it('names each model beside its share, without a legend', () => {
    const shown = texts(html)
    for (const text of [
      'forest 50 %',
      'logistic 35 %',
      'forest 10 %',
      'logistic n/a',
      '40 % declared',
      'nothing declared',
    ])
      expect(shown).toContain(text)
    expect(drawn(html).querySelector('.legend')).toBeNull()
  })

  it('says the largest difference that is told from chance, and nothing where there is none', () => {
    const name = 'Behavior'
    // The farther one has an interval that reaches what was declared.
    const wide = { ...effective(0.6), low: 0.1, high: 0.9 }
    expect(declaredFinding([{ name, declared: 0.2, effective: [effective(0.05), wide] }], ['forest', 'tree'])).toBe(
      'Behavior: 20 % declared, 5 % in forest',
    )
    expect(declaredFinding([{ name, declared: 0.2, effective: [effective(0.2)] }], ['forest'])).toContain(
      'no share is told',
    )
    expect(declaredFinding([{ name, declared: null, effective: [effective(0.2)] }], ['forest'])).toContain(
      'nothing was declared',
    )
    expect(drawn(html).querySelector('figure')!.textContent).toContain(declaredFinding(rows, ['forest', 'logistic']))
  })

  it('names the marks that are drawn, and no others', () => {
    const bare = rows.map((row) => ({
      ...row,
      effective: row.effective.map((e) => e && { ...e, chance: null, retrained: null }),
    }))
    const without = drawn(declaredEffectiveChart(bare, ['forest', 'logistic']).outerHTML).textContent
    expect(drawn(html).textContent).toMatch(/dark tick.*thin line/)
    expect(without).toContain('frame: declared')
    expect(without).not.toMatch(/tick|thin line/i)
  })

  it('lays a share outside the bar exactly when it is larger than what was declared', () => {
    const dot = (k: number) => {
      // Circles have a center, other symbols are moved to their place.
      const mark = all(drawn(html), 'svg [data-mark="dot"] > *')[k]!
      return Number(mark.getAttribute('cx') ?? /translate\(([\d.]+)/.exec(mark.getAttribute('transform')!)![1])
    }
    const [bar] = all(drawn(html), 'svg rect')
    const end = Number(bar!.getAttribute('x')) + Number(bar!.getAttribute('width'))
    expect(dot(0)).toBeGreaterThan(end)
    expect(dot(1)).toBeLessThan(end)
  })
})

it('a profile has a bar for every figure that is known, as long as the figure', () => {
  const html = opacityProfileChart([{ name: 'interactions', values: [0.25, 0.5, null] }], ['a', 'b', 'c']).outerHTML
  const widths = rects(html)
  expect(widths).toHaveLength(5)
  expect(widths[4]! / widths[3]!).toBeCloseTo(2, 1)
  expect(texts(html)).toEqual(expect.arrayContaining(['0.25', '0.50', 'n/a']))
})

it('one person has a dot for each model, on its side of the cut-off, however near the edge', () => {
  const html = oneScoreChart({ score: 640, scores: [630, 649, 650, 700], cutoff: 650 }).outerHTML
  expect(texts(html)).toEqual(expect.arrayContaining(['refused by 2', 'selected by 2']))
  expect(all(drawn(html), 'svg [data-mark="dot"] path')).toHaveLength(5)
  // Where the cut-off lies at an edge the two counts still stand apart: one ends left of where the other begins.
  const edge = drawn(oneScoreChart({ score: 500, scores: [440, 600, 620], cutoff: 650 }).outerHTML)
  const at = (text: string) => {
    const found = all(edge, 'svg text').find((t) => t.textContent === text)!
    return Number(/translate\(([\d.]+)/.exec(found.getAttribute('transform')!)![1])
  }
  expect(at('refused by 3')).toBeLessThan(at('selected by 0'))
  expect(texts(oneScoreChart({ score: 900, scores: [880, 890], cutoff: 650 }).outerHTML)).toContain('selected by 2')
})

it('names from data stay text', () => {
  const html = [
    declaredEffectiveChart(
      HOSTILE.map((name) => ({ name, declared: 0.1, effective: [effective(0.1)] })),
      [HOSTILE[0]!],
    ),
    opacityProfileChart(
      HOSTILE.map((name) => ({ name, values: [0.5] })),
      [HOSTILE[1]!],
    ),
    oneScoreChart({ score: 1, scores: [2], cutoff: 1 }, { title: HOSTILE[3]! }),
  ]
    .map((m) => m.outerHTML)
    .join('')
  expect(foreignMarkup(parsePage(`<html><body>${html}</body></html>`))).toEqual([])
})
