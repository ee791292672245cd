import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { binEdges, binValues, MISSING_BIN } from '../../../src/kernels/binning/bin.ts'
import { distinctCounts, rowOrder } from '../../../src/kernels/numbers/order.ts'

const column = fc
  .array(
    fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -3, max: 3 }),
      fc.constant(Number.NaN),
    ),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map((values) => Float64Array.from(values))

const bins = (values: Float64Array, maxBins?: number) => {
  const edges = binEdges(values, maxBins)
  const out = new Uint8Array(values.length)
  binValues(values, edges, out)
  return { edges, out }
}

describe('bins', () => {
  test('keep order, keep equal values together, and set missing ones apart', () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 2, max: 20 }), (values, maxBins) => {
        const { edges, out } = bins(values, maxBins)
        expect(edges.length).toBeLessThan(maxBins)
        for (let k = 1; k < edges.length; k++) expect(edges[k]!).toBeGreaterThan(edges[k - 1]!)
        for (const [i, x] of values.entries()) {
          const b = out[i]!
          expect(b === MISSING_BIN).toBe(Number.isNaN(x))
          if (b === MISSING_BIN) continue
          if (b > 0) expect(x).toBeGreaterThan(edges[b - 1]!)
          if (b < edges.length) expect(x).toBeLessThanOrEqual(edges[b]!)
        }
      }),
    )
  })

  test('are exact up to 255 distinct values', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => (i * 7) % 255)
    const { edges, out } = bins(values)
    expect(edges.length).toBe(254)
    expect([...out]).toEqual([...values])
  })

  test('are of about equal size beyond that, also beside a heavy value', () => {
    const values = Float64Array.from({ length: 20_000 }, (_, i) => (i < 10_000 ? 0 : i))
    const { edges, out } = bins(values)
    const counts = new Int32Array(255)
    for (const b of out) counts[b]!++
    expect(edges.length).toBeGreaterThan(250)
    // 10,000 rows over 254 bins are 39.4 a bin.
    expect(Math.max(...counts.slice(1))).toBeLessThanOrEqual(41)
  })
})

test('row orders are stable and put missing values last; a twin that orders by value only is caught', () => {
  const isStable = (values: Float64Array, order: ArrayLike<number>): boolean => {
    const rank = (x: number) => (Number.isNaN(x) ? Number.POSITIVE_INFINITY : x)
    for (let p = 1; p < order.length; p++) {
      const [a, b] = [order[p - 1]!, order[p]!]
      const [x, y] = [rank(values[a]!), rank(values[b]!)]
      if (x > y || (x === y && a > b)) return false
    }
    return order.length === values.length
  }
  fc.assert(fc.property(column, (values) => isStable(values, rowOrder(values))))
  const ties = Float64Array.of(1, 0, 1)
  const unstable = [1, 2, 0]
  expect(isStable(ties, rowOrder(ties))).toBe(true)
  expect(isStable(ties, unstable)).toBe(false)
})

test('0 and -0 are one value', () => {
  expect([...distinctCounts(Float64Array.of(0, -0, 1, Number.NaN)).counts]).toEqual([2, 1])
})
