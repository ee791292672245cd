/** Packed bins hold 2^21 - 1 draws and entries 31 draws of a row; beyond either, sums are of doubles. Both kernels, on either side. */
import { afterAll, describe, expect, test } from 'vitest'
import type { Pool } from '../../../src/kernels/pool.ts'
import { growForest } from '../../../src/kernels/trees/growForest.ts'
import type { GrowthOptions } from '../../../src/kernels/trees/growthOptions.ts'
import type { GrownTree } from '../../../src/kernels/trees/treeBuilder.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { random } from '../../../src/util/random.ts'
import { matrixOn, plainGrowth, type RandomRows, randomRows, treeKeys } from './randomRows.ts'

const readable = openPool(1, { kernels: 'typescript' })
const compiled = openPool(1, { kernels: 'wasm' })
afterAll(() => Promise.all([readable, compiled].map((pool) => pool.close())))

const grow = async (
  pool: Pool,
  rows: RandomRows,
  sampleRatio: number,
  growth: Partial<GrowthOptions> = {},
): Promise<GrownTree> => {
  const matrix = matrixOn(pool, rows)
  try {
    const request = {
      matrix,
      target: rows.target,
      growth: { ...plainGrowth, ...growth },
      bag: { sampleRatio, replace: true },
      outOfBag: false,
    }
    return (await growForest(pool, request, treeKeys(9, 1))).trees[0]!
  } finally {
    matrix.close()
  }
}

const LIMIT = 2 ** 21
// Up to eight draws a row: enough for twice the limit, and no row comes near 31 of them.
const many = randomRows(random(6).fork('many'), 2 ** 19, 3, 40, 0.05)

describe('a node of more draws than packed bins hold', () => {
  const limits = { maxDepth: 4, minLeaf: 500, features: 2 }
  const cases: [string, number, Partial<GrowthOptions>][] = [
    ['one draw less', LIMIT - 1, {}],
    ['exactly as many', LIMIT, {}],
    // So many that half of the cuts have more on their left, where fields would run over.
    ['twice as many', 2 * LIMIT, {}],
    ['twice as many, entropy', 2 * LIMIT, { criterion: 'entropy' }],
    ['twice as many, best first and directions', 2 * LIMIT, { maxLeaves: 9, monotone: Int8Array.of(1, -1, 0) }],
  ]
  test.each(cases)('%s: compiled trees are the readable ones', async (_, draws, growth) => {
    const options = { ...limits, ...growth }
    const expected = await grow(readable, many, draws / many.rows, options)
    expect(await grow(compiled, many, draws / many.rows, options)).toEqual(expected)
    expect(expected.cover[0]).toBe(draws)
    expect(expected.feature.length).toBeGreaterThan(6)
    // A twin that lost one draw would have another tree.
    expect(await grow(compiled, many, (draws - 1) / many.rows, options)).not.toEqual(expected)
  })

  test('has children that fit again', async () => {
    const tree = await grow(compiled, many, LIMIT / many.rows, limits)
    const inner = tree.cover.filter((_, node) => tree.feature[node]! >= 0)
    expect(inner[0]).toBe(LIMIT)
    expect(Math.max(...inner.slice(1))).toBeLessThan(LIMIT)
  })
})

describe('a row of more draws than an entry holds', () => {
  const few = randomRows(random(6).fork('few'), 300, 4, 30, 0.1)
  test.each([10, 25, 45, 200])('%d draws a row: compiled trees are the readable ones', async (ratio) => {
    const expected = await grow(readable, few, ratio)
    expect(await grow(compiled, few, ratio)).toEqual(expected)
    expect(expected.cover[0]).toBe(300 * ratio)
    // A twin that stopped at 31 draws a row would have a smaller root.
    if (ratio > 31) expect(expected.cover[0]).toBeGreaterThan(31 * 300)
  })
})
