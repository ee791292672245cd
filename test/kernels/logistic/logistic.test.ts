import { describe, expect, test } from 'vitest'
import { fitLogistic } from '../../../src/kernels/logistic/logistic.ts'
import { type LogisticData, linearMargins } from '../../../src/kernels/logistic/logisticData.ts'
import { sigmoid } from '../../../src/kernels/numbers/logit.ts'
import { random } from '../../../src/util/random.ts'
import { type GoldenLogistic, readGolden, unscale } from '../../models/golden.ts'

const golden = readGolden<GoldenLogistic>('logistic.json')
const data: LogisticData = {
  values: unscale(golden.values, golden.scale),
  rows: golden.rows,
  columns: golden.columns,
  target: Uint8Array.from(golden.target),
}
const worst = (got: ArrayLike<number>, expected: readonly number[]): number =>
  Math.max(...expected.map((e, i) => Math.abs(got[i]! - e)))

describe('logistic regression against scikit-learn and statsmodels', () => {
  for (const c of golden.cases) {
    test(`l2 ${c.l2}${c.weighted ? ', weighted' : ''}`, () => {
      const fit = fitLogistic(c.weighted ? { ...data, weights: Float64Array.from(golden.weights) } : data, { l2: c.l2 })
      const beta = [fit.intercept, ...fit.coefficients]
      expect(fit.converged).toBe(true)
      expect(fit.separation.kind).toBe('none')
      // 1e-9: both stop at a gradient of about 1e-11 a row; curvature is at least 0.01 a row.
      expect(worst(beta, c.beta)).toBeLessThan(1e-9)
      expect(worst(fit.standardErrors!.penalized, c.penalized)).toBeLessThan(1e-9)
      expect(worst(fit.standardErrors!.sandwich, c.sandwich)).toBeLessThan(1e-9)
      if (!c.statsmodels) return
      expect(worst(beta, c.statsmodels.beta)).toBeLessThan(1e-9)
      expect(worst(fit.standardErrors!.penalized, c.statsmodels.standardErrors)).toBeLessThan(1e-9)
      expect(Math.abs(fit.logLikelihood - c.statsmodels.logLikelihood)).toBeLessThan(1e-9)
    })
  }

  test('the intercept is free: fitted probabilities average to the bad rate; a twin that shrinks it is caught', () => {
    const fit = fitLogistic(data, { l2: 25 })
    const excess = (intercept: number): number => {
      const margins = linearMargins(data, Float64Array.of(intercept, ...fit.coefficients))
      return Math.abs(margins.reduce((sum, m, i) => sum + sigmoid(m) - data.target[i]!, 0))
    }
    // 1e-8 of 400 rows: the fit stops at a gradient of 1e-11 a row.
    expect(excess(fit.intercept)).toBeLessThan(1e-8)
    expect(excess(fit.intercept * (data.rows / (data.rows + 25)))).toBeGreaterThan(1e-2)
  })
})

const line = (x: number[], y: number[]): LogisticData => ({
  values: Float64Array.from(x),
  rows: x.length,
  columns: 1,
  target: Uint8Array.from(y),
})

describe('separation', () => {
  test('complete, without penalty: reported and not converged', () => {
    const fit = fitLogistic(line([1, 2, 3, 4], [0, 0, 1, 1]), { l2: 0 })
    expect(fit.separation).toMatchObject({ kind: 'complete', columns: [0] })
    expect(fit.converged).toBe(false)
  })
  test('complete, with penalty: reported and converged', () => {
    const fit = fitLogistic(line([1, 2, 3, 4], [0, 0, 1, 1]), { l2: 1 })
    expect(fit.separation).toMatchObject({ kind: 'complete', columns: [0] })
    expect(fit.converged).toBe(true)
  })
  test('quasi: a level with bad rows only', () => {
    const flag = line([0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 1, 1])
    expect(fitLogistic(flag, { l2: 0 }).separation).toMatchObject({ kind: 'quasi', columns: [0] })
    expect(fitLogistic(flag, { l2: 0 }).converged).toBe(false)
    expect(fitLogistic(flag, { l2: 1 }).separation).toMatchObject({ kind: 'quasi', columns: [0] })
  })
  test('quasi, by a combination of columns that does not separate alone', () => {
    // Bad where x0 + x1 > 0 and good where < 0; on the line x0 + x1 = 0 both occur.
    const x0 = [1, -1, 3, -3, 2, -2, 1, -1]
    const x1 = [1, -1, -2, 2, -2, 2, -1, 1]
    const fit = fitLogistic(
      {
        values: Float64Array.from([...x0, ...x1]),
        rows: 8,
        columns: 2,
        target: Uint8Array.from([1, 0, 1, 0, 1, 0, 0, 1]),
      },
      { l2: 0 },
    )
    expect(fit.separation).toMatchObject({ kind: 'quasi', columns: [] })
    expect(fit.converged).toBe(false)
  })
  test('none on overlapping data', () => {
    expect(fitLogistic(line([1, 2, 3, 4, 5], [0, 1, 0, 1, 0]), { l2: 0 }).separation.kind).toBe('none')
  })
})

test('a column that repeats another is named, and the fit still predicts', () => {
  const twice = Float64Array.from([1, 2, 3, 4, 5, 1, 2, 3, 4, 5])
  const fit = fitLogistic({ values: twice, rows: 5, columns: 2, target: Uint8Array.from([0, 1, 0, 1, 1]) }, { l2: 0 })
  const single = fitLogistic(line([1, 2, 3, 4, 5], [0, 1, 0, 1, 1]), { l2: 0 })
  expect(fit.dependent).toEqual([{ column: 1, of: [0] }])
  // 1e-6: only the sum of the two coefficients is determined; the ridge lent to the step slows the last digits.
  expect(Math.abs(fit.coefficients[0]! + fit.coefficients[1]! - single.coefficients[0]!)).toBeLessThan(1e-6)
})

test('whole weights are the same as repeated rows', () => {
  const r = random(3)
  const x = Array.from({ length: 50 }, () => r.normal())
  const y = x.map((v) => (r.next() < 1 / (1 + Math.exp(-v)) ? 1 : 0))
  const w = x.map(() => r.integer(3))
  const repeat = (values: number[]) => values.flatMap((v, i) => Array.from({ length: w[i]! }, () => v))
  const weighted = fitLogistic({ ...line(x, y), weights: Float64Array.from(w) }, { l2: 1 })
  const repeated = fitLogistic(line(repeat(x), repeat(y)), { l2: 1 })
  // 1e-10: the same sums in another order.
  expect(Math.abs(weighted.coefficients[0]! - repeated.coefficients[0]!)).toBeLessThan(1e-10)
})
