/** What the dots of charts are placed by: swarms, scales of values, classes of color, and paths of many dots. */
import { describe, expect, it } from 'vitest'
import { valueClasses } from '../../src/reports/charts/beeswarm.ts'
import { pathOf } from '../../src/reports/charts/dotPath.ts'
import { swarmOffsets } from '../../src/reports/charts/swarm.ts'
import { valueScale } from '../../src/reports/charts/valueScale.ts'
import { VALUE_COLORS } from '../../src/reports/theme.ts'
import { random } from '../../src/util/random.ts'

describe('swarmOffsets', () => {
  const r = random(3)
  const dots = Array.from({ length: 400 }, () => ({ x: 100 + 20 * r.normal(), order: r.integer(8) }))

  it('stay within the room, and within it no two dots of a column lie on each other', () => {
    const offsets = swarmOffsets(dots, 3, 13)
    expect(Math.max(...offsets.map(Math.abs))).toBeLessThanOrEqual(13)
    const places = new Set(dots.map((dot, i) => `${Math.round(dot.x / 3)} ${offsets[i]!.toFixed(6)}`))
    expect(places.size).toBe(dots.length)
  })

  it('stand in the order of their classes, the lowest at the bottom', () => {
    const offsets = swarmOffsets(dots, 3, 13)
    for (const [i, a] of dots.entries())
      for (const [j, b] of dots.entries())
        if (Math.round(a.x / 3) === Math.round(b.x / 3) && a.order < b.order)
          expect(offsets[i]).toBeGreaterThan(offsets[j]!)
  })

  it('lie in the middle where a dot is alone, and need no dots', () => {
    expect(swarmOffsets([{ x: 5, order: 2 }], 3, 13)).toEqual([0])
    expect(swarmOffsets([], 3, 13)).toEqual([])
  })
})

describe('valueClasses', () => {
  it('go by rank, from the first color to the last, equal values alike', () => {
    const values = [5, 1, 1000, 5, 70, 3]
    const classes = valueClasses(values)
    expect(classes[1]).toBe(0)
    expect(classes[2]).toBe(VALUE_COLORS.length - 1)
    expect(classes[0]).toBe(classes[3])
    // by rank, so the outlier does not push the others together
    expect(classes[4]! - classes[1]!).toBeGreaterThan(4)
    expect(valueClasses(values.map((v) => v ** 3))).toEqual(classes)
  })

  it('leave the ends to the lowest and the highest of many equal values', () => {
    expect(valueClasses([0, 0, 0, 0, 0, 0, 1])).toEqual([0, 0, 0, 0, 0, 0, VALUE_COLORS.length - 1])
  })

  it('keep missing values and texts apart from every value', () => {
    const [missing, text, low] = valueClasses([null, 'a', 1, 2])
    expect(new Set([missing, text, low]).size).toBe(3)
    expect(missing).toBeGreaterThanOrEqual(VALUE_COLORS.length)
    expect(text).toBeGreaterThanOrEqual(VALUE_COLORS.length)
  })
})

describe('valueScale', () => {
  const r = random(6)
  const even = Array.from({ length: 200 }, () => 100 * r.next())
  const skewed = Array.from({ length: 200 }, () => Math.exp(8 + 2 * r.normal()))

  it('is linear for values that are spread, and logarithmic for those that crowd', () => {
    expect(valueScale(even).kind).toBe('linear')
    expect(valueScale(skewed).kind).toBe('log')
    expect(valueScale([...skewed, ...skewed.map((v) => -v), 0, 0]).kind).toBe('log')
    expect(valueScale(skewed, 'linear').kind).toBe('linear')
  })

  it.each([
    ['even', even],
    ['skewed', skewed],
    ['skewed, with zeros', [...skewed, ...Array.from({ length: 500 }, () => 0)]],
    ['on both sides of zero', [...skewed, ...skewed.map((v) => -v / 3), 0]],
    ['small shares', Array.from({ length: 100 }, () => 1e-4 * Math.exp(2 * r.normal()))],
  ])('rises from 0 to 1, with two to six ticks in it: %s', (_name, values) => {
    const { at, ticks } = valueScale(values)
    const sorted = values.toSorted((a, b) => a - b)
    expect([at(sorted[0]!), at(sorted.at(-1)!)]).toEqual([0, 1])
    for (let i = 1; i < sorted.length; i++) expect(at(sorted[i]!)).toBeGreaterThanOrEqual(at(sorted[i - 1]!))
    expect(ticks.length).toBeGreaterThanOrEqual(2)
    expect(ticks.length).toBeLessThanOrEqual(6)
    for (const tick of ticks) {
      expect(tick.at).toBeGreaterThanOrEqual(-1e-9)
      expect(tick.at).toBeLessThanOrEqual(1 + 1e-9)
      expect(tick.label).not.toMatch(/NaN|e/)
    }
    expect(new Set(ticks.map((t) => t.label)).size).toBe(ticks.length)
  })

  it('has a place for one value and for none', () => {
    expect(valueScale([7]).at(7)).toBe(0.5)
    expect(valueScale([7]).ticks.map((t) => t.label)).toEqual(['7'])
    expect(valueScale([]).at(0)).toBe(0)
  })
})

describe('pathOf', () => {
  it('ends at each dot, to a tenth of a pixel, after any number of steps', () => {
    const r = random(9)
    const dots = Array.from({ length: 3000 }, () => ({ x: 380 * r.next(), y: 200 * r.next() }))
    let [x, y] = [0, 0]
    const reached = [...pathOf(dots).matchAll(/m(-?[\d.]+)\s?(-?[\d.]+)h0/g)].map(([, dx, dy]) => {
      x += Number(dx)
      y += Number(dy)
      return { x, y }
    })
    expect(reached).toHaveLength(dots.length)
    // Half of the last digit, and a hair for sums in binary.
    for (const [i, dot] of dots.entries()) {
      expect(Math.abs(reached[i]!.x - dot.x)).toBeLessThanOrEqual(0.0501)
      expect(Math.abs(reached[i]!.y - dot.y)).toBeLessThanOrEqual(0.0501)
    }
  })
})
