import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitLogistic } from '../../../src/kernels/logistic/logistic.ts'
import { type LogisticData, linearMargins } from '../../../src/kernels/logistic/logisticData.ts'
import type { Separation } from '../../../src/kernels/logistic/separation.ts'

const data = (columns: readonly (readonly number[])[], target: readonly number[]): LogisticData => ({
  values: Float64Array.from(columns.flat()),
  rows: target.length,
  columns: columns.length,
  target: Uint8Array.from(target),
})

/**
 * The truth for two columns of small whole numbers, in whole numbers: a direction separates when it is normal to the line through two
 * rows, or (all rows on parallel lines) along a column, with all signed distances of one sign and some not 0. Two-column separation can
 * always be turned until the border touches two different points or nothing is left to touch.
 */
const truth = (points: readonly (readonly [number, number])[], target: readonly number[]): Separation['kind'] => {
  let kind: Separation['kind'] = 'none'
  const directions: [number, number][] = [
    [1, 0],
    [0, 1],
  ]
  for (const p of points)
    for (const q of points) {
      directions.push([p[1] - q[1], q[0] - p[0]])
      directions.push([p[0] - q[0], p[1] - q[1]])
    }
  for (const [a, b] of directions.flatMap(([a, b]): [number, number][] => [
    [a, b],
    [-a, -b],
  ])) {
    const heights = points.map(([x, y]) => a * x + b * y)
    const bad = heights.filter((_, i) => target[i])
    const good = heights.filter((_, i) => !target[i])
    const [lowBad, highGood] = [Math.min(...bad), Math.max(...good)]
    if (lowBad > highGood) return 'complete'
    if (lowBad === highGood && Math.max(...heights) > Math.min(...heights)) kind = 'quasi'
  }
  return kind
}

describe('separation', () => {
  const cases = fc
    .array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }), fc.boolean()), {
      minLength: 5,
      maxLength: 12,
    })
    .filter((rows) => rows.some((r) => r[2]) && rows.some((r) => !r[2]))
  const decided = (rows: readonly (readonly [number, number, boolean])[], l2: number) => {
    const target = rows.map((r) => Number(r[2]))
    const points = rows.map(([x, y]): [number, number] => [x, y])
    const made = data([points.map((p) => p[0]), points.map((p) => p[1])], target)
    return { made, expected: truth(points, target), found: fitLogistic(made, { l2 }).separation }
  }

  it('is found and excluded rightly on small whole numbers, whatever the penalty', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(cases, fc.constantFrom(0, 1, 100), (rows, l2) => {
        const { expected, found } = decided(rows, l2)
        seen.add(expected)
        expect(found.kind).toBe(expected)
      }),
      { numRuns: 400, seed: 4 },
    )
    expect([...seen].sort()).toEqual(['complete', 'none', 'quasi'])
  })

  it('comes with a direction that separates', () => {
    fc.assert(
      fc.property(cases, (rows) => {
        const { made, found } = decided(rows, 1)
        if (!found.direction) return
        const signed = linearMargins(made, found.direction).map((m, i) => (made.target[i] ? m : -m))
        // 1e-7 of the greatest: margins on the border are 0 but for rounding and what 1e-8 of room leaves.
        const most = Math.max(...signed)
        expect(most).toBeGreaterThan(0)
        expect(Math.min(...signed)).toBeGreaterThan(-1e-7 * most)
      }),
      { numRuns: 200, seed: 5 },
    )
  })

  it('a rule that looks at single columns alone would be caught', () => {
    const rows = [
      [1, 1, 1],
      [-1, -1, 0],
      [3, -2, 1],
      [-3, 2, 0],
      [2, -2, 1],
      [-2, 2, 0],
      [1, -1, 0],
      [-1, 1, 1],
    ] as const
    const { expected, found } = decided(
      rows.map(([x, y, t]) => [x, y, t === 1] as const),
      10,
    )
    expect(expected).toBe('quasi')
    expect(found.kind).toBe('quasi')
    expect(found.columns).toEqual([])
  })

  it('rows without weight do not count', () => {
    const made = { ...data([[1, 2, 3, 4, 0]], [0, 0, 1, 1, 1]), weights: Float64Array.of(1, 1, 1, 1, 0) }
    expect(fitLogistic(made, { l2: 1 }).separation.kind).toBe('complete')
    expect(fitLogistic({ ...made, weights: Float64Array.of(1, 1, 1, 1, 1) }, { l2: 1 }).separation.kind).toBe('none')
  })
})
