import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { binMatrix } from '../../../src/kernels/binning/binMatrix.ts'
import { compiledBooster } from '../../../src/kernels/boosting/compiledBooster.ts'
import type { BoostedTree, BoosterData } from '../../../src/kernels/boosting/grownTree.ts'
import { readableBooster } from '../../../src/kernels/boosting/readableBooster.ts'
import { type BoostingFit, trainBoosting } from '../../../src/kernels/boosting/trainBoosting.ts'
import { Generator } from '../../../src/kernels/numbers/generator.ts'
import type { Pool } from '../../../src/kernels/pool.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { type Case, caseOf, cases, OPTIONS } from './cases.ts'

const pools: Record<string, Pool> = {
  'readable kernels': openPool(1, { kernels: 'typescript' }),
  'compiled kernels, one thread': openPool(1, { kernels: 'wasm' }),
  'compiled kernels, two threads': openPool(2, { kernels: 'wasm' }),
  'compiled kernels, three threads': openPool(3, { kernels: 'wasm' }),
}
afterAll(async () => {
  await Promise.all(Object.values(pools).map((pool) => pool.close()))
})

const train = async (made: Case, pool: Pool): Promise<BoostingFit> => {
  const { rows, columns, values, categories } = made
  const matrix = await binMatrix({ values, rows, columns }, pool, { categories, maxBins: made.maxBins })
  try {
    return await trainBoosting(matrix, made.training, made.options, pool)
  } finally {
    matrix.close()
  }
}

const plain = (fit: BoostingFit) => ({
  ...fit,
  trees: fit.trees.map((tree) => Object.fromEntries(Object.entries(tree).map(([k, v]) => [k, Array.from(v)]))),
})

describe('boosting by readable and compiled kernels', () => {
  it('runs the kernels that it says', () => {
    expect(Object.values(pools).map((pool) => pool.kernels)).toEqual(['typescript', 'wasm', 'wasm', 'wasm'])
  })

  it('gives the same trees node by node: missing values, categories, weights, bags, drawn columns, monotone columns', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (made) => {
        const expected = plain(await train(made, pools['readable kernels']!))
        for (const pool of Object.values(pools)) expect(plain(await train(made, pool))).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })

  it('gives the same trees where rows are shared out instead of blocks', async () => {
    const made = caseOf({ seed: 5, rows: 20_001, columns: 11, categories: [3], missing: 0.1, rounds: 3 })
    const expected = plain(await train(made, pools['readable kernels']!))
    expect(expected.trees.some((tree) => (tree.feature as number[]).length > 10)).toBe(true)
    for (const pool of Object.values(pools)) expect(plain(await train(made, pool))).toEqual(expected)
  })

  it('gives the same trees for more than one group of blocks', async () => {
    const made = caseOf({ seed: 8, rows: 6000, columns: 150, categories: [], missing: 0, rounds: 2 })
    const expected = plain(await train(made, pools['readable kernels']!))
    for (const pool of Object.values(pools)) expect(plain(await train(made, pool))).toEqual(expected)
  })

  it('gives its memory back', async () => {
    const pool = pools['compiled kernels, one thread']!
    const before = pool.space.used
    await train(caseOf({ seed: 1, rows: 300, columns: 4, categories: [], missing: 0, rounds: 2 }), pool)
    expect(pool.space.used).toBe(before)
  })

  it('says how much memory it needs before it takes any', async () => {
    const pool = openPool(1, { kernels: 'wasm', memoryLimit: 2 ** 21 })
    const made = caseOf({ seed: 1, rows: 2000, columns: 30, categories: [], missing: 0, rounds: 1, maxLeaves: 200 })
    await expect(train(made, pool)).rejects.toThrow(/boosting on 2,000 rows and 30 columns needs .* MiB/)
    expect(pool.space.used).toBe(0)
    await pool.close()
  })
})

describe('a broken twin', () => {
  it('is caught: one unit more of a Hessian in one row changes a tree', async () => {
    const made = caseOf({ seed: 3, rows: 400, columns: 5, categories: [], missing: 0.2, rounds: 1 })
    const pool = pools['compiled kernels, one thread']!
    const matrix = await binMatrix(made, pool, {})
    const data: BoosterData = {
      rows: made.rows,
      columns: matrix.columns,
      bytes: () => matrix.bytes(),
      address: matrix.address,
      target: made.training.target,
      base: -1,
      monotone: made.training.monotone,
      hasMissing: new Uint8Array(made.columns).fill(1),
    }
    const round = { seed: 12, columns: new Uint8Array(made.columns).fill(1) }
    const grow = async (target: Uint8Array): Promise<BoostedTree> =>
      readableBooster({ ...data, target }, made.options).grow(round, undefined)
    const booster = await compiledBooster(data, made.options, pool, undefined)
    const compiled = await booster.grow(round, undefined)
    booster.close()
    expect(await grow(data.target)).toEqual(compiled)
    const wrong = data.target.slice()
    wrong[7] = 1 - wrong[7]!
    expect(await grow(wrong)).not.toEqual(compiled)
    matrix.close()
  })
})

describe('early stopping', () => {
  it('keeps the round of the least loss on held rows', async () => {
    const made = caseOf({
      seed: 9,
      rows: 600,
      columns: 6,
      categories: [],
      missing: 0,
      rounds: 200,
      patience: 5,
      hold: true,
    })
    const fit = await train(made, pools['compiled kernels, one thread']!)
    const least = Math.min(...fit.heldLoss)
    expect(fit.heldLoss[fit.trees.length - 1]).toBe(least)
    expect(fit.heldLoss.length).toBe(fit.trees.length + 5)
    expect(fit.heldLoss.length).toBeLessThan(200)
  })
})

describe('options', () => {
  it('limit leaves, depth, rows of a leaf', async () => {
    const made = caseOf({ seed: 4, rows: 3000, columns: 6, categories: [2], missing: 0.1, rounds: 2 })
    for (const options of [
      { maxLeaves: 7 },
      { maxDepth: 2 },
      { maxDepth: 3, growth: 'depth' as const, maxLeaves: 6 },
      { minLeaf: 400 },
    ]) {
      const tested = { ...made, options: { ...made.options, ...OPTIONS, maxLeaves: 64, maxDepth: 64, ...options } }
      const fit = await train(tested, pools['compiled kernels, one thread']!)
      for (const tree of fit.trees) {
        const leaves = tree.feature.filter((j) => j < 0).length
        const depth = (node: number): number =>
          tree.feature[node]! < 0 ? 0 : 1 + Math.max(depth(tree.childrenLeft[node]!), depth(tree.childrenRight[node]!))
        expect(leaves).toBeLessThanOrEqual(tested.options.maxLeaves)
        expect(leaves).toBeGreaterThan(1)
        expect(depth(0)).toBeLessThanOrEqual(tested.options.maxDepth)
        const covers = tree.cover.filter((_, node) => tree.feature[node]! < 0)
        expect(Math.min(...covers)).toBeGreaterThanOrEqual(tested.options.minLeaf)
      }
    }
  })

  it('draw each tree its own stream', () => {
    const made = caseOf({ seed: 4, rows: 10, columns: 2, categories: [], missing: 0, rounds: 1 })
    const first = new Generator(made.training.keys(0)).next()
    expect(new Generator(made.training.keys(0)).next()).toBe(first)
    expect(new Generator(made.training.keys(1)).next()).not.toBe(first)
  })
})
