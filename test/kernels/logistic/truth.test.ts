/**
 * A fit may end in single precision where the tolerance lies above its errors. What it says of its gradient then has to hold in
 * double precision too: on columns of heavy tails, on weights of many sizes, on few rows and on many.
 */
import { afterAll, describe, expect, test } from 'vitest'
import { fitLogisticOn } from '../../../src/kernels/logistic/logistic.ts'
import type { LogisticData } from '../../../src/kernels/logistic/logisticData.ts'
import { readableSums } from '../../../src/kernels/logistic/readableSums.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { random } from '../../../src/util/random.ts'

const pool = openPool(2)
afterAll(() => pool.close())

const COLUMNS = 24
const make = (rows: number, tail: number, weighted: boolean): LogisticData => {
  const draw = random(3).fork(`${rows} ${tail} ${weighted}`)
  const values = new Float64Array(rows * COLUMNS)
  const risk = new Float64Array(rows)
  for (let j = 0; j < COLUMNS; j++) {
    for (let i = 0; i < rows; i++) {
      const x = draw.normal()
      const value = j % 3 === 0 ? Math.exp(tail * x) : j % 3 === 1 ? x : x > 2 ? 1 : 0
      values[j * rows + i] = value
      risk[i]! += 0.1 * (j % 2 ? 1 : -1) * Math.min(5, value)
    }
  }
  const target = Uint8Array.from(risk, (r) => (draw.next() < 1 / (1 + Math.exp(2 - r)) ? 1 : 0))
  const weights = weighted ? Float64Array.from({ length: rows }, () => Math.exp(2 * draw.normal())) : undefined
  return { values, rows, columns: COLUMNS, target, weights }
}

/** Largest entry of the penalized gradient, per unit of weight, by the readable kernels. */
const violationOf = (data: LogisticData, intercept: number, coefficients: Float64Array, l2: number): number => {
  const sums = readableSums(data)
  const { centers, scales } = sums.scaling
  const beta = new Float64Array(COLUMNS + 1)
  beta[0] = intercept
  // Working coordinates: z = (x - center) x scale.
  for (let j = 0; j < COLUMNS; j++) {
    beta[j + 1] = coefficients[j]! / scales[j + 1]!
    beta[0]! += coefficients[j]! * centers[j + 1]!
  }
  const answer = sums.answer({ kind: 'sums', beta, information: 'none', of: 'all' })
  if (answer instanceof Promise) throw new Error('readable sums answer at once')
  let worst = 0
  answer.gradient.forEach((g, j) => {
    const pull = j === 0 ? 0 : l2 * scales[j]! * coefficients[j - 1]!
    worst = Math.max(worst, Math.abs(g - pull))
  })
  return worst / sums.total
}

describe.each([
  ['many rows', 200_000, 0.3, false],
  ['heavy tails', 60_000, 1.2, false],
  ['few rows', 5_000, 0.8, false],
  ['weights', 60_000, 0.8, true],
] as const)('%s', (_, rows, tail, weighted) => {
  test.each([1e-6, 1e-7, 3e-8, 1e-8, 1e-10])('a tolerance of %s holds in double precision', async (tolerance) => {
    const data = make(rows, tail, weighted)
    const fit = await fitLogisticOn(pool, data, { l2: 1, tolerance, inference: false }, { single: true })
    expect(fit.gradientNorm).toBeLessThanOrEqual(tolerance)
    expect(violationOf(data, fit.intercept, fit.coefficients, 1)).toBeLessThanOrEqual(tolerance)
    // A coefficient that is off shows.
    const off = fit.coefficients.slice()
    off[1]! += 1e-4
    expect(violationOf(data, fit.intercept, off, 1)).toBeGreaterThan(tolerance)
  })
})
