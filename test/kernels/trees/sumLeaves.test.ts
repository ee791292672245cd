import { existsSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { binMatrix } from '../../../src/kernels/binning/binMatrix.ts'
import { shareFloats } from '../../../src/kernels/memory/share.ts'
import type { Pool } from '../../../src/kernels/pool.ts'
import { sumTrees } from '../../../src/kernels/trees/applyTree.ts'
import { packTrees } from '../../../src/kernels/trees/packTrees.ts'
import { sumLeaves, sumLeavesOn } from '../../../src/kernels/trees/sumLeaves.ts'
import type { TreeArrays } from '../../../src/kernels/trees/tree.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { GlasscoreError } from '../../../src/util/errors.ts'
import { random } from '../../../src/util/random.ts'
import { randomMatrix, randomTree, withCategories, withCodes } from '../randomTrees.ts'

// Workers run the compiled code; `npm test` builds it first.
const built = existsSync(new URL('../../../dist/threads/worker.js', import.meta.url))

const stream = random(41)
const COLUMNS = 7
const ROWS = 4321
const coded = [2, 5]
const numeric = Array.from({ length: 12 }, (_, k) => randomTree(stream.fork('tree', k), COLUMNS, 1 + k))
const mixed = numeric.map((tree, k) => withCategories(tree, stream.fork('sets', k), coded))

/** Numbers that sit on thresholds, on zeros of both signs and on infinities, besides those drawn. */
const onEdges = (trees: readonly TreeArrays[]): Float64Array => {
  const values = randomMatrix(stream.fork('rows'), ROWS, COLUMNS)
  const pick = stream.fork('edges')
  const special = [0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MIN_VALUE]
  for (let i = 0; i < values.length; i++) {
    const kind = pick.integer(4)
    const tree = trees[pick.integer(trees.length)]!
    if (kind === 0) values[i] = tree.threshold[pick.integer(tree.threshold.length)]!
    if (kind === 1 && pick.integer(5) === 0) values[i] = special[pick.integer(special.length)]!
  }
  return values
}
const values = onEdges(numeric)
const codes = withCodes(values, ROWS, stream.fork('codes'), coded)
const differing = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).filter((x, i) => !Object.is(x, b[i])).length

describe.each([
  ['numeric splits', numeric, values],
  ['categorical splits, unknown and missing categories', mixed, codes],
] as const)('sums of leaf values, %s', (_, trees, x) => {
  const expected = sumTrees(trees, x, ROWS)

  it('are those of the readable twin to the bit', () => {
    expect(packTrees(trees)).toBeDefined()
    expect(differing(sumLeaves(trees, x, ROWS), expected)).toBe(0)
  })

  it('a twin with thresholds a hair lower is caught', () => {
    const lower = trees.map((tree) => ({
      ...tree,
      threshold: tree.threshold.map((t, i) => ((tree.categorySet?.[i] ?? -1) < 0 ? t - 1e-12 : t)),
    }))
    expect(differing(sumLeaves(lower, x, ROWS), expected)).toBeGreaterThan(10)
  })

  it('a twin that sends missing values the other way is caught', () => {
    const other = trees.map((tree) => ({ ...tree, defaultLeft: tree.defaultLeft.map((d) => 1 - d) }))
    expect(differing(sumLeaves(other, x, ROWS), expected)).toBeGreaterThan(10)
  })
})

describe.each([
  ['readable kernels', 1, 'typescript'],
  ['compiled kernels, 1 thread', 1, 'wasm'],
  ['compiled kernels, 2 threads', 2, 'wasm'],
  ['compiled kernels, 3 threads', 3, 'wasm'],
] as const)('on a pool, %s', (_, threads, kernels) => {
  const usable = threads === 1 || built
  const pool: Pool = openPool(threads, { kernels })
  afterAll(() => pool.close())
  const test = it.skipIf(!usable)

  test('the same bytes', async () => {
    const shared = shareFloats(codes)
    const sums = await sumLeavesOn(mixed, { values: shared, rows: ROWS }, pool)
    expect(differing(sums, sumTrees(mixed, codes, ROWS))).toBe(0)
    expect(pool.kernels === 'wasm' ? pool.space.used : 0).toBe(0)
  })

  test('bytes of bins go where the numbers go', async () => {
    const columns = codes.map((x, i) =>
      // Binning takes categories as they are; infinities are no categories.
      coded.includes(Math.floor(i / ROWS)) && !(Number.isInteger(x) && x >= 0 && x < 254) ? Number.NaN : x,
    )
    const binned = await binMatrix({ values: columns, rows: ROWS, columns: COLUMNS }, pool, { categories: coded })
    try {
      // Trees that split at edges of the bins, as trees grown on them do.
      const snapped = mixed.map((tree) => ({
        ...tree,
        threshold: tree.threshold.map((t, i) => {
          const edges = binned.columns[tree.feature[i]!]?.edges
          if (!edges || edges.length === 0) return t
          return edges.reduce((best, e) => (Math.abs(e - t) < Math.abs(best - t) ? e : best), edges[0]!)
        }),
      }))
      const sums = await sumLeavesOn(snapped, { binned }, pool)
      expect(differing(sums, sumTrees(snapped, columns, ROWS))).toBe(0)
      if (pool.kernels === 'wasm') await expect(sumLeavesOn(mixed, { binned }, pool)).rejects.toThrow('inside of a bin')
    } finally {
      binned.close()
    }
  })
})

describe('limits', () => {
  it('trees with more thresholds in a column than ranks go to the readable kernels', () => {
    const stumps = 65_534
    const trees = Array.from(
      { length: stumps },
      (_, k): TreeArrays => ({
        childrenLeft: Int32Array.of(1, -1, -1),
        childrenRight: Int32Array.of(2, -1, -1),
        feature: Int32Array.of(0, -1, -1),
        threshold: Float64Array.of(k, 0, 0),
        defaultLeft: new Uint8Array(3),
        value: Float64Array.of(0, 1, 2),
        cover: Float64Array.of(2, 1, 1),
      }),
    )
    expect(packTrees(trees)).toBeUndefined()
    expect(packTrees(trees.slice(1))).toBeDefined()
    expect([...sumLeaves(trees, Float64Array.of(-1, 1e9), 2)]).toEqual([stumps, 2 * stumps])
    const few = trees.slice(1)
    expect([...sumLeaves(few, Float64Array.of(-1, 1e9, Number.NaN, 65_533), 4)]).toEqual([
      ...sumTrees(few, Float64Array.of(-1, 1e9, Number.NaN, 65_533), 4),
    ])
  })

  it('a memory too small is refused with the figure', async () => {
    const pool = openPool(1, { kernels: 'wasm', memoryLimit: 2 ** 17 })
    const refused = sumLeavesOn(numeric, { values, rows: ROWS }, pool)
    await expect(refused).rejects.toThrow(GlasscoreError)
    await expect(refused).rejects.toThrow(/prediction by 12 trees needs .* MiB/)
    expect(pool.space.used).toBe(0)
    await pool.close()
  })
})
