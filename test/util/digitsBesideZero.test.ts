import { describe, expect, it } from 'vitest'
import { digitsBesideZero } from '../../src/util/digitsBesideZero.ts'
import { random } from '../../src/util/random.ts'

const seenToMissZero = (low: number, high: number, digits: number): boolean =>
  [low, high].every((end) => Number(end.toFixed(digits)) !== 0)

describe('digits of an interval', () => {
  it('stay as they are where it holds 0, and where both ends are seen beside it', () => {
    expect(digitsBesideZero({ low: -0.00001, high: 0.5 }, 4)).toBe(4)
    expect(digitsBesideZero({ low: 0, high: 0 }, 4)).toBe(4)
    expect(digitsBesideZero({ low: 0.0001, high: 0.5 }, 4)).toBe(4)
  })

  it('grow until the nearer end is no zero', () => {
    expect(digitsBesideZero({ low: -0.0065, high: -0.00003 }, 4)).toBe(5)
    expect(digitsBesideZero({ low: 0.0004, high: 0.02 }, 3)).toBe(4)
  })

  it('show of any interval that misses 0 that it does, which fixed digits do not', () => {
    const stream = random(1)
    let fixed = 0
    for (let i = 0; i < 500; i++) {
      const near = 10 ** (-8 * stream.next())
      const [low, high] = stream.next() < 0.5 ? [near, near + stream.next()] : [-near - stream.next(), -near]
      expect(seenToMissZero(low, high, digitsBesideZero({ low, high }, 4)), `${low} ${high}`).toBe(true)
      if (seenToMissZero(low, high, 4)) fixed++
    }
    // The twin: four digits whatever the interval are caught.
    expect(fixed).toBeLessThan(500)
  })
})
