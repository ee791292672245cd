import { describe, expect, it } from 'vitest'
import { catalogueRules } from '../../src/counterfactuals/catalogueRules.ts'
import { counterfactualSearch } from '../../src/counterfactuals/counterfactualSearch.ts'
import { lattice } from '../../src/counterfactuals/lattice.ts'
import { bandStart, monthsAtRate, windowFloors } from '../../src/counterfactuals/monthsNeeded.ts'
import { changeReference } from '../../src/counterfactuals/reference.ts'
import { bandedSpec, catalogueSpecs, publishedBands } from '../../src/features/factorSpecs.ts'
import { FACTOR_CATALOGUE } from '../../src/schema/factorCatalogue.ts'
import { random } from '../../src/util/random.ts'
import { factor, frameOf } from '../models/frameOf.ts'
import { smallFrame, smallScorer } from './smallWorld.ts'

describe('rules of the catalogue', () => {
  const { rules, links } = catalogueRules(catalogueSpecs('CNY'))

  it('take way, rate and limits from its columns', () => {
    for (const { name, change, maxChangePerMonth, min, max } of FACTOR_CATALOGUE) {
      expect(rules[name]).toMatchObject({ change })
      expect(rules[name]!.maxChangePerMonth ?? null).toBe(maxChangePerMonth)
      expect([rules[name]!.min ?? null, rules[name]!.max ?? null]).toEqual([min, max])
    }
  })

  it('say of every factor that time alone changes how it does', () => {
    for (const { name, change } of FACTOR_CATALOGUE)
      if (change === 'time') expect(rules[name]!.maxChangePerMonth ?? rules[name]!.windowDays, name).toBeDefined()
  })

  it('link factors of the catalogue only, and none of unequal kinds by order', () => {
    expect(links.length).toBeGreaterThan(40)
    for (const { lower, upper } of links) for (const name of [lower, upper]) expect(rules, name).toHaveProperty(name)
  })

  it('leave out links, limits and series of factors in bands, and factors of another table', () => {
    const spec = catalogueSpecs('CNY').find(({ name }) => name === 'institutions_visited_1m')!
    const bands = publishedBands(FACTOR_CATALOGUE.find(({ name }) => name === spec.name)!)!
    const banded = catalogueRules([bandedSpec(spec, bands), ...catalogueSpecs('CNY').slice(1)])
    expect(banded.rules[spec.name]).toEqual({ change: 'free', group: 'enquiries', windowDays: 30 })
    expect(banded.links.some(({ lower }) => lower === spec.name)).toBe(false)
    expect(catalogueRules([{ ...spec, dimension: 'other' }])).toEqual({ rules: {}, links: [] })
  })
})

describe('months', () => {
  it('take a window as far down as what must have left it', () => {
    const siblings = [
      { days: 30, value: 1 },
      { days: 90, value: 4 },
      { days: 180, value: 9 },
    ]
    // Six months of events, 9 of them: 4 lay in the last three months, 1 in the last one.
    expect(windowFloors(9, 180, siblings, 6, 0)).toEqual([9, 9, 9, 4, 4, 1, 0])
    expect(windowFloors(9, 365, [], 12, 0)).toEqual([...new Array(12).fill(9), 0])
  })

  it('follow rates, and of bands the longest that a change could take', () => {
    expect(monthsAtRate({ change: 'free', maxChangePerMonth: 1 }, 3, 9, undefined)).toBe(6)
    expect(monthsAtRate({ change: 'free', maxChangePerMonth: 0.1 }, 0, 0.3, undefined)).toBe(3)
    expect(monthsAtRate({ change: 'free' }, 3, 9, undefined)).toBe(0)
    const bands = { coding: 'das' as const, code: 'x', upperEdges: [1, 3, 7], zero: true }
    expect([1, 2, 3, 4, 5].map((band) => bandStart(bands, band))).toEqual([0, 0, 1, 3, 7])
    expect(monthsAtRate({ change: 'up', maxChangePerMonth: 1 }, 3, 5, bands)).toBe(6)
  })
})

describe('the reference', () => {
  const of = (values: number[]) =>
    changeReference(frameOf([{ factor: factor('x', 'test'), values: Float64Array.from(values) }]))['x']

  it('has the median absolute deviation, the usual range, and steps that keep whole numbers whole', () => {
    expect(of([1, 2, 3, 4, 100])).toEqual({ spread: 1, low: 1, high: 100, step: 1 })
    expect(of([0, 100, 200, 300, 400])).toEqual({ spread: 100, low: 0, high: 400, step: 5 })
    expect(of([0.1, 0.2, 0.4, Number.NaN])).toMatchObject({ spread: 0.1, step: 0.005 })
    // Nothing but zeros in the middle: the mean deviation; and at least 1 for whole numbers.
    expect(of([0, 0, 0, 0.5])).toMatchObject({ spread: 0.125 })
    expect(of([0, 0, 0, 1])).toMatchObject({ spread: 1, step: 1 })
    expect(of([5.5, 5.5])).toMatchObject({ spread: 1 })
    expect(of([Number.NaN])).toBeUndefined()
  })

  it('has multiples without rounding', () => {
    const { at, below, above } = lattice(0.05)
    expect([at(3), at(7), at(-3)]).toEqual([0.15, 0.35, -0.15])
    for (const k of [-7, -1, 0, 3, 21]) expect([below(at(k)), above(at(k))]).toEqual([k, k])
    expect([below(0.16), above(0.16), below(-0.16), above(-0.16)]).toEqual([3, 4, -4, -3])
  })
})

describe('options', () => {
  const frame = smallFrame(60, random(1))
  const scorer = smallScorer('forest', frame, random(2))
  const reference = changeReference(frame)
  const search = (options: object) => () => counterfactualSearch(scorer, reference, options)

  it.each([
    [
      { cutoff: 300 },
      'option cutoff: invalid option of a counterfactual; expected a whole number from 350 to 950; got 300',
    ],
    [
      { months: 1.5 },
      'option months: invalid option of a counterfactual; expected a whole number from 0 to 120; got 1.5',
    ],
    [{ nodes: 0 }, 'option nodes'],
    [{ perMonth: 0 }, 'expected a number above 0 to 1000000000; got 0'],
    [
      { fix: ['nobody'] },
      'option fix: model small-forest has no such factor; expected a factor of the model; got "nobody"',
    ],
    [{ weights: { paid: -1 } }, 'option weights.paid'],
    [{ rules: { rules: { paid: { change: 'sideways' } }, links: [] } }, 'option rules.paid: no such way to change'],
  ])('%j is refused in one line', (options, message) => {
    expect(search(options)).toThrow(message)
  })

  it('a row that there is not, and a frame without a factor of the model, are refused', () => {
    const find = search({})()
    expect(() => find(frame, 60)).toThrow('option row: the frame has no such row; expected 0 to 59; got 60')
    const { job: _, ...categories } = frame.categories
    expect(() => find({ ...frame, categories }, 0)).toThrow(/lacks factors that model small-forest needs: job/)
  })

  it('the same question has the same answer', () => {
    const row = 7
    const asked = { cutoff: 800, months: 3, nodes: 500 }
    expect(search(asked)()(frame, row)).toEqual(search(asked)()(frame, row))
  })
})
