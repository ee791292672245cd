import { describe, expect, it } from 'vitest'
import { type Point, slopeOf, stepSlopes } from '../../bench/compute/slopes.ts'

/** seconds = factor x size^power */
const powers = (sizes: readonly number[], power: number, factor = 3): Point[] =>
  sizes.map((size) => ({ size, seconds: factor * size ** power }))

const SIZES = [10_000, 30_000, 100_000, 1_000_000]

/** Whether a slope finds the power of exact powers, whatever the factor. */
const findsPowers = (slope: (points: readonly Point[]) => number): boolean =>
  [0.5, 1, 2].every((power) =>
    [1e-6, 1, 40].every((factor) => Math.abs(slope(powers(SIZES, power, factor)) - power) < 1e-9),
  ) // rounding of log

describe('slopes of growth', () => {
  it('are the power of a power', () => {
    expect(findsPowers(slopeOf)).toBe(true)
    for (const slope of stepSlopes(powers(SIZES, 1.3))) expect(slope).toBeCloseTo(1.3, 9)
  })

  it('that a slope of seconds on sizes is not', () => {
    const unlogged = (points: readonly Point[]): number => {
      const [first, last] = [points[0]!, points.at(-1)!]
      return (last.seconds - first.seconds) / (last.size - first.size)
    }
    expect(findsPowers(unlogged)).toBe(false)
  })

  it('are least squares: by hand for three points', () => {
    // log time 0, 1, 1 at log size 0, 1, 2: slope 1/2.
    const points = [0, 1, 1].map((y, x) => ({ size: Math.exp(x), seconds: Math.exp(y) }))
    expect(slopeOf(points)).toBeCloseTo(0.5, 12)
    expect(stepSlopes([...points].reverse()).map((s) => Number(s.toFixed(9)))).toEqual([1, 0])
  })

  it('do not exist for one size', () => {
    expect(slopeOf(powers([1000], 1))).toBeNaN()
    expect(stepSlopes(powers([1000], 1))).toEqual([])
  })
})
