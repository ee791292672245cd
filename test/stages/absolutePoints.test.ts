import { describe, expect, it } from 'vitest'
import { personMean } from '../../src/metrics/personMean.ts'
import { AbsolutePoints } from '../../src/stages/absolutePoints.ts'
import { random } from '../../src/util/random.ts'

const stream = random(4)
const persons = Array.from({ length: 37 }, (_, p) => new Array<string>(1 + stream.integer(4)).fill(`P${p}`))
const personId = persons.flat()
const rows = personId.length
const names = ['a', 'b']
const points = Float64Array.from({ length: 2 * rows }, () => 20 * stream.normal())

const found = (cuts: readonly number[]): AbsolutePoints => {
  const all = new AbsolutePoints()
  let from = 0
  for (const to of [...cuts, rows]) {
    const part = Float64Array.from({ length: 2 * (to - from) }, (_, k) => {
      const j = Math.floor(k / (to - from))
      return points[j * rows + from + (k % (to - from))]!
    })
    all.add(names, part, personId.slice(from, to))
    from = to
  }
  return all
}

describe('mean absolute points', () => {
  it('have the interval of sums over persons, wherever blocks end', () => {
    const expected = names.map((_, j) => {
      const of = new Map<string, { s: number; k: number }>()
      personId.forEach((person, i) => {
        const { s, k } = of.get(person) ?? { s: 0, k: 0 }
        of.set(person, { s: s + Math.abs(points[j * rows + i]!), k: k + 1 })
      })
      const sum = (value: (x: { s: number; k: number }) => number) => [...of.values()].reduce((a, x) => a + value(x), 0)
      return personMean({
        persons: of.size,
        rows,
        rowSquares: sum(({ k }) => k * k),
        sum: sum(({ s }) => s),
        squares: sum(({ s }) => s * s),
        products: sum(({ s, k }) => s * k),
      })
    })
    for (const cuts of [[], [1, 2, 3], [10, 11, 50], Array.from({ length: rows - 1 }, (_, i) => i + 1)]) {
      const all = found(cuts)
      expect(all.persons).toBe(37)
      names.forEach((name, j) => {
        const { value, low, high } = expected[j]!
        // Rounded to a thousandth.
        expect(Math.abs(all.means()[name]! - value)).toBeLessThan(6e-4)
        expect(Math.abs(all.intervals()[name]![0] - low)).toBeLessThan(6e-4)
        expect(Math.abs(all.intervals()[name]![1] - high)).toBeLessThan(6e-4)
      })
    }
    // A twin that takes every row for a person has narrower limits.
    const twin = new AbsolutePoints()
    twin.add(
      names,
      points,
      personId.map((_, i) => String(i)),
    )
    const width = (of: AbsolutePoints) => of.intervals()['a']![1] - of.intervals()['a']![0]
    expect(Math.abs(width(twin) - width(found([])))).toBeGreaterThan(0.01)
  })

  it('have no interval with one person', () => {
    const one = new AbsolutePoints()
    one.add(['a'], Float64Array.of(-2, 4), ['P', 'P'])
    expect(one.means()).toEqual({ a: 3 })
    expect(one.intervals()).toEqual({ a: null })
  })
})
