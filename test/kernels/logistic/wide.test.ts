/** 2,000 columns: coefficients within 1e-8 of a reference whose gradients are in extended precision. */
import { afterAll, expect, test } from 'vitest'
import { fitLogisticOn } from '../../../src/kernels/logistic/logistic.ts'
import type { LogisticData } from '../../../src/kernels/logistic/logisticData.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { golden } from './golden.ts'

interface Wide {
  rows: number
  columns: number
  l2: number
  bad: number
  /** intercept first */
  beta: number[]
}
const { rows, columns, l2, bad, beta } = golden<Wide>('wide')

const pool = openPool(2)
afterAll(() => pool.close())

/** The finalizer of MurmurHash3 (A. Appleby). */
const mixed = (word: number): number => {
  let x = word
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}
const whole = (k: number): number => (mixed(k) >>> 16) - 32_768

/** As in make_wide.py: whole numbers throughout, so that both make the same. */
const madeData = (): LogisticData => {
  const values = new Float64Array(new SharedArrayBuffer(8 * rows * columns))
  const score = new Float64Array(rows)
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) {
      const own = whole(j * rows + i)
      const value = j % 5 === 4 ? Math.floor((own + 3 * whole((j - 1) * rows + i)) / 4) : own
      values[j * rows + i] = value / 32_768
      if (j < 60) score[i]! += (((7 * j) % 11) - 5) * value
    }
  }
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < 8; k++) score[i]! += 40 * whole(0x10000000 + k * rows + i)
  }
  return { rows, columns, values, target: Uint8Array.from(score, (s) => (s > 2_000_000 ? 1 : 0)) }
}

const furthest = (got: { intercept: number; coefficients: Float64Array }): number =>
  Math.max(...beta.map((expected, j) => Math.abs((j === 0 ? got.intercept : got.coefficients[j - 1]!) - expected)))

test('coefficients of 2,000 columns come within 1e-8 of the reference', async () => {
  const data = madeData()
  // The data are those of the reference.
  expect(data.target.reduce((sum, one) => sum + one, 0)).toBe(bad)
  // From nearby, since a step costs 12 billion multiplications; from the rate of bad rows it is eight steps to the same place.
  const start = Float64Array.from(beta, (b, j) => b + 1e-3 * Math.sin(j))
  const fit = await fitLogisticOn(pool, data, { l2, inference: false, start })
  expect(fit.converged).toBe(true)
  // 1e-8 is what is promised; rounding in the gradient leaves an error of about 1e-13.
  expect(furthest(fit)).toBeLessThan(1e-8)
  expect(Math.max(...beta.map(Math.abs))).toBeGreaterThan(1)
  // A twin that stops where it began is caught, and so is one that is off by a tenth of a millionth.
  expect(furthest({ intercept: start[0]!, coefficients: start.slice(1) })).toBeGreaterThan(1e-8)
  const coefficients = fit.coefficients.map((b) => b * (1 + 1e-7))
  expect(furthest({ intercept: fit.intercept, coefficients })).toBeGreaterThan(1e-8)
}, 300_000)
