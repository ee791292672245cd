import { afterAll, describe, expect, it } from 'vitest'
import { fitLogisticOn, type LogisticFit, type LogisticOptions } from '../../../src/kernels/logistic/logistic.ts'
import type { LogisticData } from '../../../src/kernels/logistic/logisticData.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { random } from '../../../src/util/random.ts'
import {
  type ClusteredGolden,
  dataOf,
  type ElasticNetGolden,
  golden,
  type IllConditionedGolden,
  worst,
} from './golden.ts'

const POOLS = {
  typescript: openPool(1, { kernels: 'typescript' }),
  'wasm, one thread': openPool(1),
  'wasm, two threads': openPool(2),
  'wasm, three threads': openPool(3),
}
afterAll(() => Promise.all(Object.values(POOLS).map((pool) => pool.close())))

const betaOf = (fit: LogisticFit): number[] => [fit.intercept, ...fit.coefficients]

const net = golden<ElasticNetGolden>('elasticNet')
const ill = golden<IllConditionedGolden>('illConditioned')
const clustered = golden<ClusteredGolden>('clustered')

describe.each(Object.entries(POOLS))('logistic regression, %s', (name, pool) => {
  it('runs the kernels it says', () => {
    expect(pool.kernels).toBe(name.startsWith('wasm') ? 'wasm' : 'typescript')
  })

  for (const single of name.startsWith('wasm') ? [false, true] : [false]) {
    const fitted = (data: LogisticData, options: LogisticOptions) => fitLogisticOn(pool, data, options, { single })
    const how = single ? ', approached in single precision' : ''

    it(`lasso, elastic net and signs against 45 digits${how}`, async () => {
      const weighted = { ...net.weighted, weights: net.weights }
      for (const c of [...net.cases.map((c) => ({ ...c, weights: undefined })), weighted]) {
        const got = await fitted(dataOf(net, c.weights), { l1: c.l1, l2: c.l2, signs: c.signs })
        expect(got.converged).toBe(true)
        // 1e-10: the last step is a Newton step at a violation below 1e-11 a row, curvature is above 0.01 a row.
        expect(worst(betaOf(got), c.beta)).toBeLessThan(1e-10)
        // What is out is 0, not small.
        expect([0, ...got.coefficients].flatMap((b, j) => (j === 0 || b !== 0 ? [j] : []))).toEqual(c.free)
        expect(got.gradientNorm).toBeLessThan(1e-11)
        expect(got.standardErrors === undefined).toBe(c.l1 > 0 || got.held.length > 0)
      }
    })

    it(`columns far from 0, of scales 1e-4 to 1e7 and nearly dependent, against 45 digits${how}`, async () => {
      for (const c of ill.cases) {
        const got = await fitted(dataOf(ill), { l2: c.l2 })
        expect(got.converged).toBe(true)
        expect(got.dependent).toEqual([])
        expect(got.separation.kind).toBe('none')
        // 1e-8: columns are correlated at 0.999999, so that rounding of 1e-16 comes out up to 1e7 times as large.
        expect(worst(betaOf(got), c.beta)).toBeLessThan(1e-8)
        expect(worst(got.standardErrors!.penalized, c.penalized)).toBeLessThan(1e-8)
        expect(worst(got.standardErrors!.sandwich, c.sandwich)).toBeLessThan(1e-8)
      }
    })

    it(`errors of clusters against statsmodels${how}`, async () => {
      const got = await fitted(dataOf(clustered), { l2: 0, groups: Int32Array.from(clustered.groups) })
      // 1e-9: statsmodels stops at a relative change of 1e-14 of its parameters.
      expect(worst(betaOf(got), clustered.beta)).toBeLessThan(1e-9)
      expect(worst(got.standardErrors!.penalized, clustered.standardErrors)).toBeLessThan(1e-9)
      expect(worst(got.standardErrors!.clustered!, clustered.clusteredErrors)).toBeLessThan(1e-9)
      expect(got.clusters).toBe(clustered.clusters)
      // The twin without clusters is not taken for it.
      expect(worst(got.standardErrors!.sandwich, clustered.clusteredErrors)).toBeGreaterThan(1e-2)
    })
  }
})

/** Some blocks of rows, the last not full. */
const many = (rows: number, columns: number): LogisticData => {
  const r = random(7)
  const values = new Float64Array(new SharedArrayBuffer(8 * rows * columns))
  const margins = new Float64Array(rows).fill(-1)
  for (let j = 0; j < columns; j++)
    for (let i = 0; i < rows; i++) {
      const x = r.normal()
      values[j * rows + i] = x
      margins[i]! += (0.5 - 0.1 * j) * x
    }
  const weights = Float64Array.from({ length: rows }, () => r.integer(4) / 2)
  return {
    values,
    rows,
    columns,
    target: Uint8Array.from(margins, (m) => (r.next() < 1 / (1 + Math.exp(-m)) ? 1 : 0)),
    weights,
  }
}

describe('compiled and readable kernels', () => {
  const bytes = ({ intercept, coefficients, standardErrors }: LogisticFit): Buffer =>
    Buffer.from(Float64Array.of(intercept, ...coefficients, ...(standardErrors?.sandwich ?? [])).buffer)

  it('agree, and give the same bytes for any number of threads', async () => {
    const data = many(70_001, 11)
    for (const options of [{ l2: 1 }, { l1: 500, l2: 10 }]) {
      const readable = await fitLogisticOn(POOLS.typescript, data, options)
      for (const single of [false, true]) {
        const one = await fitLogisticOn(POOLS['wasm, one thread'], data, options, { single })
        const two = await fitLogisticOn(POOLS['wasm, two threads'], data, options, { single })
        const three = await fitLogisticOn(POOLS['wasm, three threads'], data, options, { single })
        expect(bytes(two).equals(bytes(one))).toBe(true)
        expect(bytes(three).equals(bytes(one))).toBe(true)
        // 1e-12: the same numbers, added in another order.
        expect(worst(betaOf(one), betaOf(readable))).toBeLessThan(1e-12)
        expect(Math.abs(one.logLikelihood / readable.logLikelihood - 1)).toBeLessThan(1e-12)
      }
    }
  })

  it('stops in single precision where that is enough', async () => {
    const data = many(70_001, 11)
    const options = { l2: 1, tolerance: 1e-6, inference: false }
    const rough = await fitLogisticOn(POOLS['wasm, two threads'], data, options, { single: true })
    const exact = await fitLogisticOn(POOLS['wasm, two threads'], data, { l2: 1, inference: false }, { single: true })
    expect(rough.gradientNorm).toBeLessThan(1e-6)
    const difference = worst(betaOf(rough), betaOf(exact))
    // 1e-4: a gradient of 1e-6 over a curvature of 0.1 a row, for coefficients from 0.1.
    expect(difference).toBeLessThan(1e-4)
    expect(difference).toBeGreaterThan(1e-12)
  })

  it('gives its memory back, after an error too', async () => {
    const pool = POOLS['wasm, one thread']
    const data = many(3000, 4)
    await fitLogisticOn(pool, data, { l2: 1 })
    expect(pool.space.used).toBe(0)
    await expect(fitLogisticOn(pool, data, { l2: 1 }, { signal: AbortSignal.abort() })).rejects.toThrow(/stopped by the user/)
    expect(pool.space.used).toBe(0)
  })

  it('says what it needs where columns x columns do not fit', async () => {
    const small = openPool(1, { memoryLimit: 2 ** 24 })
    const wide: LogisticData = {
      values: new Float64Array(10 * 2000),
      rows: 10,
      columns: 2000,
      target: new Uint8Array(10),
    }
    await expect(fitLogisticOn(small, wide, { l2: 1 })).rejects.toThrow(
      /a logistic regression on 10 rows and 2,000 columns needs \d+ MiB of memory for its kernels; expected at most 16 MiB/,
    )
    await small.close()
  })
})
