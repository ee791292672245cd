import { describe, expect, it } from 'vitest'
import { applyEncoding, fitEncoding } from '../../src/matrix/encode.ts'
import type { Matrix } from '../../src/matrix/matrix.ts'
import { type LogisticLearnerOptions, logistic } from '../../src/models/logistic/learner.ts'
import type { FitOptions, LinearModel } from '../../src/models/model.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'
import { type ClusteredGolden, dataOf, golden } from '../kernels/logistic/golden.ts'
import { factor, frameOf } from './frameOf.ts'
import { matrixOf } from './matrixOf.ts'

const ROWS = 900
const r = random(12)
const COLUMNS = 12
/** Three columns that matter, the third against what one would expect, and nine of noise; five rows a person. */
const columns = Array.from({ length: COLUMNS }, () => Float64Array.from({ length: ROWS }, () => r.normal()))
const target = Uint8Array.from({ length: ROWS }, (_, i) =>
  r.next() < 1 / (1 + Math.exp(1 - columns[0]![i]! + columns[1]![i]! - 0.5 * columns[2]![i]!)) ? 1 : 0,
)
const groups = Int32Array.from({ length: ROWS }, (_, i) => Math.floor(i / 5))
const factors = columns.map((_, j) => ({
  ...factor(`f${j}`, 'other'),
  expectedRisk: j === 0 ? ('up' as const) : j < 3 ? ('down' as const) : ('none' as const),
}))
const frame = frameOf(columns.map((values, j) => ({ factor: factors[j]!, values })))
const x = applyEncoding(fitEncoding(frame, 'linear'), frame)

interface Row {
  column: string
  coefficient: number
  standardError?: number
  clusteredError?: number
  z?: number
  pValue?: number
  heldAtZero?: boolean
}
const train = async (
  options: LogisticLearnerOptions,
  fitOptions: FitOptions = {},
  on: Matrix = x,
  y: Uint8Array = target,
) => {
  const { model, report } = await logistic(options).fit(on, y, random(3), fitOptions)
  return {
    coefficients: (model as LinearModel).coefficients,
    report,
    rows: report['coefficients'] as Row[],
    net: report['elasticNet'] as {
      lambda: number
      path: { lambda: number; nonzero: number; logLoss?: number }[]
    },
  }
}

describe('elastic net', () => {
  it('the path begins at the least lambda without coefficients; a weaker one lets one in', async () => {
    const { net } = await train({ elasticNet: { lambda: 1e-3, steps: 20 } })
    const largest = net.path[0]!.lambda
    expect(net.path[0]!.nonzero).toBe(0)
    expect((await train({ elasticNet: { lambda: largest * 1.0001 } })).coefficients.every((b) => b === 0)).toBe(true)
    expect((await train({ elasticNet: { lambda: largest * 0.999 } })).coefficients.filter((b) => b !== 0).length).toBe(
      1,
    )
    expect(net.path.at(-1)).toMatchObject({ lambda: 1e-3 })
  })

  it('lambda and alpha are those of glmnet: sums of rows x lambda', async () => {
    const net = await train({ elasticNet: { alpha: 0.3, lambda: 0.01 } })
    const sums = await train({ l1: 0.01 * 0.3 * ROWS, l2: 0.01 * 0.7 * ROWS })
    // 1e-10: two ways to the same optimum, each polished.
    net.coefficients.forEach((b, j) => {
      expect(Math.abs(b - sums.coefficients[j]!)).toBeLessThan(1e-10)
    })
  })

  it('cross-validation over persons keeps what matters; one standard error keeps no more than the best', async () => {
    const best = await train({ elasticNet: { lambda: 'best', steps: 30 } }, { groups })
    const sparse = await train({ elasticNet: { steps: 30 } }, { groups })
    expect(sparse.net.lambda).toBeGreaterThan(best.net.lambda)
    const losses = best.net.path.map((p) => p.logLoss!)
    expect(losses[best.net.path.findIndex((p) => p.lambda === best.net.lambda)]).toBe(Math.min(...losses))
    expect([0, 1, 2].every((j) => sparse.coefficients[j] !== 0)).toBe(true)
    expect(sparse.coefficients.filter((b) => b !== 0).length).toBeLessThan(COLUMNS / 2 + 1)
    expect(sparse.report['noErrors']).toMatch(/^not available/)
    expect(sparse.rows[0]).not.toHaveProperty('standardError')
  })

  it('chooses the same on two threads and by the readable kernels', async () => {
    const options = { elasticNet: { steps: 10 } }
    const one = await train(options, { groups })
    for (const pool of [openPool(2), openPool(1, { kernels: 'typescript' })]) {
      const other = await train(options, { groups, pool })
      expect(other.net.lambda).toBeCloseTo(one.net.lambda, 10)
      // 1e-10: sums are added in another order.
      other.coefficients.forEach((b, j) => {
        expect(Math.abs(b - one.coefficients[j]!)).toBeLessThan(1e-10)
      })
      await pool.close()
    }
  })
})

describe('signs', () => {
  it('of the catalogue are kept, and what they hold at 0 is named', async () => {
    const { rows, report, coefficients } = await train({ signs: 'expectedRisk', factors })
    expect(coefficients[0]).toBeGreaterThan(0)
    expect(coefficients[1]).toBeLessThan(0)
    expect(coefficients[2]).toBe(0)
    expect(rows[2]!.heldAtZero).toBe(true)
    expect(report['heldAtZero']).toEqual(['f2'])
    expect(report['noErrors']).toMatch(/the required sign holds f2 at 0/)
    expect((await train({})).coefficients[2]).toBeGreaterThan(0)
  })

  it('named ones too; errors stay where none is held', async () => {
    const { rows, coefficients } = await train({ signs: { f0: 'up', f1: 'down' }, factors })
    const free = await train({})
    // 1e-10: signs that hold anyway change nothing.
    coefficients.forEach((b, j) => {
      expect(Math.abs(b - free.coefficients[j]!)).toBeLessThan(1e-10)
    })
    expect(rows[0]!.standardError).toBeGreaterThan(0)
  })

  it('are refused for unknown factors', () => {
    expect(() => logistic({ signs: { nobody: 'up' }, factors })).toThrow(
      /option signs.nobody: a sign for an unknown factor/,
    )
    expect(() => logistic({ elasticNet: {}, l2: 1 })).toThrow(/two penalties at once/)
    expect(() => logistic({ elasticNet: { alpha: 2 } })).toThrow(/elasticNet.alpha/)
  })
})

describe('weights', () => {
  it('of rows are the same as repeated rows', async () => {
    const weights = Float64Array.from({ length: ROWS }, () => r.integer(3))
    const rows = Array.from(weights).flatMap((w, i) => Array.from({ length: w }, () => i))
    const repeated: Matrix = {
      ...x,
      rows: rows.length,
      values: Float64Array.from(columns.flatMap((_, j) => rows.map((i) => x.values[j * ROWS + i]!))),
    }
    const a = await train({}, { sampleWeight: weights })
    const b = await train(
      {},
      {},
      repeated,
      Uint8Array.from(rows, (i) => target[i]!),
    )
    // 1e-10: the same optimum from sums in another order and another centering.
    a.coefficients.forEach((value, j) => {
      expect(Math.abs(value - b.coefficients[j]!)).toBeLessThan(1e-10)
    })
  })

  it('of classes: balanced ones make half of the weight bad, so that the mean probability is a half', async () => {
    const balanced = await train({ classWeight: 'balanced', l2: 0 })
    const bad = target.reduce((a, b) => a + b, 0)
    const named = await train({ classWeight: [ROWS / 2 / (ROWS - bad), ROWS / 2 / bad], l2: 0 })
    expect([...named.coefficients]).toEqual([...balanced.coefficients])
    expect([...(await train({ l2: 0 })).coefficients]).not.toEqual([...balanced.coefficients])
    expect(() => logistic({ classWeight: [0, 1] })).toThrow(/classWeight/)
    await expect(train({}, { sampleWeight: new Float64Array(ROWS) })).rejects.toThrow(/one outcome only/)
  })
})

describe('the solver', () => {
  it('stops at its tolerance or at its steps, and says so where it has not converged', async () => {
    const exact = await train({})
    expect(await train({ tolerance: 1e-11, maxIterations: 100, inference: true })).toEqual(exact)
    const one = await train({ maxIterations: 1 })
    expect(one.report['iterations']).toBe(1)
    expect(one.report['warnings']).toContain('the fit did not converge in 1 iterations')
    const loose = await train({ tolerance: 1e-3 })
    expect(loose.report['iterations']).toBeLessThan(exact.report['iterations'] as number)
  })

  it('leaves out errors, separation and dependence when they are not asked for', async () => {
    const { report, rows, coefficients } = await train({ inference: false })
    expect(report['noErrors']).toBe('not asked for')
    expect(Object.keys(report)).not.toContain('separation')
    expect(Object.keys(rows[1]!)).toEqual(['column', 'coefficient'])
    expect(report['warnings']).toEqual([])
    expect([...coefficients]).toEqual([...(await train({})).coefficients])
    expect(logistic({ inference: false }).options).toEqual({ l2: 1, inference: false })
  })

  it.each([
    [{ tolerance: 0 }, 'option tolerance: '],
    [{ maxIterations: 1.5 }, 'option maxIterations: '],
    [{ inference: 'no' }, 'option inference: invalid option of a learner; expected true or false; got "no"'],
  ])('refuses %j', (options, message) => {
    expect(() => logistic(options as never)).toThrow(message)
  })
})

describe('inference', () => {
  it('p-values are those of statsmodels, plain and robust by person', async () => {
    const expected = golden<ClusteredGolden>('clustered')
    const made = dataOf(expected)
    const on = matrixOf(made.values, made.rows)
    const plain = await train({ l2: 0 }, {}, on, made.target)
    const robust = await train({ l2: 0 }, { groups: Int32Array.from(expected.groups) }, on, made.target)
    // 1e-8: a p-value of 1e-9 has z near 6, which multiplies the relative error of 1e-10 of an estimate by 36.
    for (const [j, row] of plain.rows.entries()) {
      expect(Math.abs(row.z! / expected.z[j + 1]! - 1)).toBeLessThan(1e-8)
      expect(Math.abs(row.pValue! / expected.pValues[j + 1]! - 1)).toBeLessThan(1e-8)
      expect(Math.abs(robust.rows[j]!.pValue! / expected.clusteredPValues[j + 1]! - 1)).toBeLessThan(1e-8)
    }
    expect(robust.report['clusters']).toBe(expected.clusters)
  })

  it('names the columns that make up a dependent one', async () => {
    const values = new Float64Array(3 * ROWS)
    for (let i = 0; i < ROWS; i++) {
      values[i] = columns[0]![i]!
      values[ROWS + i] = columns[1]![i]!
      values[2 * ROWS + i] = 2 * columns[0]![i]! - columns[1]![i]! + 3
    }
    for (const l2 of [0, 1]) {
      const { report, rows } = await train({ l2 }, {}, matrixOf(values, ROWS))
      expect(report['dependentColumns']).toEqual([{ column: 'x2', of: ['x0', 'x1'] }])
      const effect =
        l2 > 0
          ? 'only the penalty sets its coefficient apart from those of the others'
          : 'its coefficient is not determined'
      expect(report['warnings']).toEqual([`column x2 is a combination of x0, x1: ${effect}`])
      expect(report['converged']).toBe(true)
      if (l2 === 0) expect(rows[2]).toMatchObject({ coefficient: 0, standardError: null, pValue: null })
    }
  })
})
