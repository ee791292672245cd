import { afterAll, describe, expect, test } from 'vitest'
import { binMatrix } from '../../../src/kernels/binning/binMatrix.ts'
import { trainBoosting } from '../../../src/kernels/boosting/trainBoosting.ts'
import type { Pool } from '../../../src/kernels/pool.ts'
import { monotoneViolations } from '../../../src/kernels/trees/monotone.ts'
import type { TreeArrays } from '../../../src/kernels/trees/tree.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { type Case, caseOf } from './cases.ts'

const pools: [string, Pool][] = [
  ['compiled', openPool(1)],
  ['readable', openPool(1, { kernels: 'typescript' })],
]
afterAll(() => Promise.all(pools.map(([, pool]) => pool.close())))

const DIRECTIONS = [1, -1, 0, 1, -1, 0, -1]
const COLUMNS = DIRECTIONS.length
const CATEGORIES = [2]

/** Models of all shapes: both growths, shallow and deep, all or some of the columns, rows and weights, held rows. */
const shapes = (monotone: number[]): Case[] =>
  Array.from({ length: 18 }, (_, k) =>
    caseOf({
      seed: 100 + k,
      rows: 300 + 40 * k,
      columns: COLUMNS,
      categories: CATEGORIES,
      missing: k % 3 ? 0.15 : 0,
      rounds: 6,
      learningRate: k % 2 ? 0.3 : 1,
      growth: k % 4 === 3 ? 'depth' : 'leaf',
      maxLeaves: 6 + 2 * k,
      maxDepth: k % 5 === 4 ? 4 : Number.POSITIVE_INFINITY,
      minLeaf: 1 + (k % 4),
      lambda: k % 6 === 5 ? 0 : 1,
      weighted: k % 7 === 6,
      hold: k % 8 === 7,
      sampleRatio: k % 9 === 8 ? 0.7 : 1,
      columnsANode: k % 5 === 2 ? 4 : Number.POSITIVE_INFINITY,
      maxBins: k % 4 === 1 ? 30 : 255,
      monotone,
    }),
  )

const train = async (pool: Pool, made: Case): Promise<TreeArrays[]> => {
  const matrix = await binMatrix(made, pool, { categories: made.categories, maxBins: made.maxBins })
  try {
    return (await trainBoosting(matrix, made.training, made.options, pool)).trees
  } finally {
    matrix.close()
  }
}

const constraints = Int8Array.from(DIRECTIONS)
const breaks = (tree: TreeArrays, values?: Float64Array): boolean =>
  monotoneViolations(tree, constraints, values).length > 0

/** Values of two leaves that a split on a constrained column parts, exchanged where they differ. */
const swapped = (tree: TreeArrays): Float64Array | undefined => {
  const at = tree.feature.findIndex((column, node) => {
    if (column < 0 || constraints[column] === 0 || tree.threshold[node] === Number.POSITIVE_INFINITY) return false
    const [left, right] = [tree.childrenLeft[node]!, tree.childrenRight[node]!]
    return tree.feature[left]! < 0 && tree.feature[right]! < 0 && tree.value[left] !== tree.value[right]
  })
  if (at < 0) return undefined
  const values = tree.value.slice()
  const [left, right] = [tree.childrenLeft[at]!, tree.childrenRight[at]!]
  values[left] = tree.value[right]!
  values[right] = tree.value[left]!
  return values
}

describe.each(pools)('boosting by the %s kernel', (_, pool) => {
  // A sum of functions that all rise with a column rises with it: every tree by itself is the proof for the model.
  test('keeps to its constraints in every box of every tree; two leaves exchanged are found', async () => {
    let onConstrained = 0
    let onCategories = 0
    let exchanged = 0
    for (const made of shapes(DIRECTIONS)) {
      for (const tree of await train(pool, made)) {
        expect(monotoneViolations(tree, constraints)).toEqual([])
        onConstrained += tree.feature.filter((j) => j >= 0 && constraints[j] !== 0).length
        onCategories += tree.feature.filter((j) => CATEGORIES.includes(j)).length
        const wrong = swapped(tree)
        if (!wrong) continue
        exchanged++
        expect(breaks(tree, wrong)).toBe(true)
      }
    }
    expect(onConstrained).toBeGreaterThan(500)
    expect(onCategories).toBeGreaterThan(50)
    expect(exchanged).toBeGreaterThan(30)
  })

  test('breaks them in nearly every tree when it is not asked to keep them', async () => {
    let trees = 0
    let broken = 0
    for (const made of shapes(DIRECTIONS.map(() => 0)).slice(0, 6)) {
      for (const tree of await train(pool, made)) {
        trees++
        if (breaks(tree)) broken++
      }
    }
    expect(broken).toBeGreaterThan(0.8 * trees)
  })
})
