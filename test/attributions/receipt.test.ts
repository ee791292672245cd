import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Explanation } from '../../src/attributions/explanation.ts'
import { LargestRemainder } from '../../src/attributions/largestRemainder.ts'
import { checkReceipts, type Receipts, receipts } from '../../src/attributions/receipt.ts'
import { DEFAULT_SCALE } from '../../src/scores/scale.ts'
import { FACTORS } from './madeScorers.ts'

/** An explanation of rows whose points are given; the raw score is what they add up to. */
const explanationOf = (base: number, rows: number[][], dimensions: number[][]): Explanation => {
  const columns = (values: number[][]): Float64Array => {
    const parts = values[0]!.length
    return Float64Array.from(
      { length: parts * values.length },
      (_, k) => values[k % values.length]![Math.floor(k / values.length)]!,
    )
  }
  return {
    model: 'm',
    rows: rows.length,
    semantics: 'interventional',
    backgroundId: 'training_mean',
    link: 'linear',
    base,
    factors: rows[0]!.map((_, f) => ({ ...FACTORS[0]!, name: `f${f}` })),
    points: columns(rows),
    dimensions: dimensions[0]!.map((_, d) => `d${d}`),
    dimensionPoints: columns(dimensions),
    rawScore: Float64Array.from(rows, (row) => row.reduce((a, b) => a + b, base)),
    scale: DEFAULT_SCALE,
    additivityGap: 0,
  }
}

const single = (base: number, points: number[]): Receipts => receipts(explanationOf(base, [points], [points]))

/** Ordinary points, whole and half ones, tiny and huge ones. */
const point = fc.oneof(
  fc.double({ min: -300, max: 300, noNaN: true }),
  fc.integer({ min: -50, max: 50 }).map((n) => n / 2),
  fc.double({ min: -1e-8, max: 1e-8, noNaN: true }),
  fc.constantFrom(0, -0, 0.5, -0.5, 1 - 1e-12, 1e-300, -1e-300, 1e6, -1e6, 5e-324),
)
const base = fc.oneof(
  fc.double({ min: -1000, max: 2000, noNaN: true }),
  fc.integer({ min: -900, max: 1900 }).map((n) => n / 2),
)

describe('receipts', () => {
  it('round the base half up and give units to the largest fractions, ties by order', () => {
    // 600.5 -> 601; raw 604.5 -> 605: the points must sum to 4. Floors 1 + 1 + 0 + 0 leave two units for .75 and the first .5.
    const r = single(600.5, [1.5, 1.25, 0.5, 0.75])
    expect(r.base).toBe(601)
    expect(r.score[0]).toBe(605)
    expect([...r.points]).toEqual([2, 1, 0, 1])
    expect(r.scaleLimit[0]).toBe(0)
    expect([...single(600, [-0.5, -0.25, 2]).points]).toEqual([-1, 0, 2])
  })

  it('leave whole points as they are', () => {
    expect([...single(500, [3, 0, -7, 0.4, 0.6]).points]).toEqual([3, 0, -7, 0, 1])
    expect([...single(500, [3, 0, -7, 1e-13, -1e-13]).points]).toEqual([3, 0, -7, 0, 0])
  })

  it('state what the range of the scale took or gave', () => {
    const high = single(900, [80.2, 20.1])
    expect([high.score[0], high.scaleLimit[0]]).toEqual([950, -50])
    const low = single(400, [-80.2, -20.1])
    expect([low.score[0], low.scaleLimit[0]]).toEqual([350, 50])
    expect(checkReceipts(low).failing + checkReceipts(high).failing).toBe(0)
  })

  it('add up in every row, and no point moves by more than a unit', () => {
    fc.assert(
      fc.property(
        base,
        fc.array(point, { minLength: 1, maxLength: 40 }),
        fc.array(point, { minLength: 1, maxLength: 5 }),
        (b, points, dimensions) => {
          // Dimensions must sum to what the factors sum to.
          const rest = points.reduce((x, y) => x + y, 0) - dimensions.reduce((x, y) => x + y, 0)
          const e = explanationOf(b, [points], [[...dimensions, rest]])
          const r = receipts(e)
          expect(checkReceipts(r)).toEqual({ rows: 1, failing: 0, failingDimensions: 0, first: null })
          expect(r.score[0]).toBe(Math.min(950, Math.max(350, Math.floor(e.rawScore[0]! + 0.5))))
          expect(r.base).toBe(Math.floor(b + 0.5))
          // A row whose raw score lies on a half, but for rounding, may put its one odd unit on its largest part: up to 2.
          const onHalf = (x: number): boolean => Math.abs(x - Math.floor(x) - 0.5) < 1e-6
          const limit = onHalf(e.rawScore[0]!) || onHalf(b) ? 2 : 1
          for (const [whole, real] of [
            [r.points, e.points],
            [r.dimensionPoints, e.dimensionPoints],
          ] as const)
            real.forEach((value, f) => {
              expect(Math.abs(whole[f]! - value)).toBeLessThan(limit + 1e-6)
            })
        },
      ),
      { numRuns: 2000, seed: 7 },
    )
  })

  it('keep the order of unequal fractions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 0.99, noNaN: true }), { minLength: 2, maxLength: 20 }),
        (fractions) => {
          const values = Float64Array.from(fractions)
          const total = Math.round(values.reduce((a, b) => a + b, 0))
          const out = new Int32Array(values.length)
          new LargestRemainder(values.length).round(values, out, 0, 1, total)
          expect(out.reduce((a, b) => a + b, 0)).toBe(total)
          values.forEach((a, i) => {
            values.forEach((b, j) => {
              if (a > b || (a === b && i < j)) expect(out[i]).toBeGreaterThanOrEqual(out[j]!)
            })
          })
        },
      ),
      { numRuns: 500, seed: 8 },
    )
  })

  describe('broken twins are caught by checkReceipts', () => {
    const rows = Array.from({ length: 50 }, (_, i) => [i / 7, -i / 3, 0.4, 0.4])
    const e = explanationOf(603.3, rows, rows)

    it('rounding each factor on its own', () => {
      const r = { ...receipts(e), points: Int32Array.from(e.points, (p) => Math.floor(p + 0.5)) }
      const check = checkReceipts(r)
      expect(check.failing).toBeGreaterThan(10)
      expect(check.failingDimensions).toBe(0)
      expect(check.first).not.toBeNull()
    })

    it('forgetting the scale limit, and points of another length', () => {
      const clamped = receipts(explanationOf(900, [[80, 20]], [[100]]))
      expect(checkReceipts({ ...clamped, scaleLimit: new Int32Array(1) }).failing).toBe(1)
      expect(() => checkReceipts({ ...clamped, rows: 2 })).toThrow('receipts have the wrong length')
    })
  })

  it('add up over 100,000 rows of 70 factors', () => {
    const rows = 100_000
    const points = Float64Array.from({ length: 70 * rows }, (_, k) => ((k * 7919) % 2003) / 100 - 10)
    const rawScore = new Float64Array(rows).fill(600.25)
    const dimensionPoints = new Float64Array(5 * rows)
    for (let i = 0; i < rows; i++)
      for (let f = 0; f < 70; f++) {
        rawScore[i]! += points[f * rows + i]!
        dimensionPoints[Math.floor(f / 14) * rows + i]! += points[f * rows + i]!
      }
    const shape = explanationOf(600.25, [new Array(70).fill(0)], [[0, 0, 0, 0, 0]])
    const r = receipts({ ...shape, rows, points, dimensionPoints, rawScore })
    expect(checkReceipts(r)).toMatchObject({ rows, failing: 0, failingDimensions: 0 })
  })
})
