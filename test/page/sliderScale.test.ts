import { describe, expect, it } from 'vitest'
import { lastPlace, numberAt, PLACES, placeOf } from '../../src/page/sliderScale.ts'

const RANGES = [
  { low: 0, high: 12, whole: true, curved: false },
  { low: 350, high: 950, whole: true, curved: false },
  { low: 0, high: 1, whole: false, curved: false },
  { low: -1, high: 1, whole: false, curved: false },
  { low: 0, high: 250_000, whole: false, curved: true },
  { low: 0, high: 250_000, whole: true, curved: true },
  { low: -40, high: 3000, whole: false, curved: true },
  { low: 3, high: 4, whole: true, curved: false },
]

describe.each(RANGES)('a slider from $low to $high, whole $whole, curved $curved', (range) => {
  const places = Array.from({ length: lastPlace(range) + 1 }, (_, k) => k)

  it('has its ends, rises, and holds whole numbers where they are asked for', () => {
    const numbers = places.map((place) => numberAt(range, place))
    expect(numbers[0]).toBe(range.low)
    expect(numbers.at(-1)).toBe(range.high)
    for (const [k, number] of numbers.entries()) {
      if (k > 0) expect(number).toBeGreaterThanOrEqual(numbers[k - 1]!)
      if (range.whole) expect(Number.isInteger(number)).toBe(true)
    }
  })

  it('finds the place of a number again, or one that shows nearly the same', () => {
    for (const place of places) {
      const number = numberAt(range, place)
      const back = numberAt(range, placeOf(range, number))
      // Three digits count; near zero a place of a curved slider is all that can be told.
      expect(Math.abs(back - number)).toBeLessThanOrEqual(0.02 * Math.max(1, Math.abs(number)))
    }
  })

  it('keeps what lies outside at its ends', () => {
    expect(placeOf(range, range.low - 1e6)).toBe(0)
    expect(placeOf(range, range.high + 1e6)).toBe(lastPlace(range))
  })
})

it('shows every whole number of a short range', () => {
  expect(lastPlace({ low: 0, high: PLACES, whole: true, curved: true })).toBe(PLACES)
  expect(numberAt({ low: 5, high: 9, whole: true, curved: true }, 3)).toBe(8)
})
