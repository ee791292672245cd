import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import type { BinnedColumn } from '../../../src/kernels/binning/binnedMatrix.ts'
import { leafIndices } from '../../../src/kernels/trees/applyTree.ts'
import { growForest } from '../../../src/kernels/trees/growForest.ts'
import { pruneTree, pruningPath } from '../../../src/kernels/trees/prune.ts'
import type { GrownTree } from '../../../src/kernels/trees/treeBuilder.ts'
import { rowWeights } from '../../../src/models/rowWeights.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { matrixOn, plainGrowth, treeKeys } from './randomRows.ts'

interface Options {
  criterion?: 'gini' | 'entropy'
  max_depth?: number
  max_leaf_nodes?: number
  min_samples_leaf: number
  min_impurity_decrease?: number
  ccp_alpha?: number
  class_weight?: 'balanced' | { '0': number; '1': number }
  weighted?: boolean
}
interface Table {
  childrenLeft: number[]
  childrenRight: number[]
  feature: number[]
  cover: number[]
  bad: number[]
  /** the leaf of every row */
  leaves: number[]
}
interface Golden {
  sets: {
    missing: boolean
    rows: number
    columns: number
    values: number[]
    target: number[]
    weights: number[]
    options: Options
    tree: Table
    path?: { alphas: number[]; impurities: number[] }
  }[]
}
const golden = JSON.parse(readFileSync(new URL('../../fixtures/trees/trees.json', import.meta.url), 'utf8')) as Golden

const pool = openPool(1)
afterAll(() => pool.close())

const EDGES = Float64Array.from({ length: 60 }, (_, b) => b + 0.5)
const column: BinnedColumn = { kind: 'number', bins: 61, edges: EDGES }

for (const set of golden.sets) {
  const { rows, columns, options, tree: expected, path } = set
  const target = Uint8Array.from(set.target)
  const values = Float64Array.from(set.values, (v) => (v < 0 ? Number.NaN : v))
  const binned = {
    rows,
    columns: Array.from({ length: columns }, () => column),
    bins: Uint8Array.from(set.values, (v) => (v < 0 ? 255 : v)),
    target,
    weights: Float64Array.from(set.weights),
  }
  const grow = async (options: Options): Promise<GrownTree> => {
    const matrix = matrixOn(pool, binned)
    try {
      const classWeight =
        typeof options.class_weight === 'object'
          ? ([options.class_weight['0'], options.class_weight['1']] as const)
          : options.class_weight
      const growth = {
        ...plainGrowth,
        features: columns,
        criterion: options.criterion ?? 'gini',
        maxDepth: options.max_depth ?? Number.POSITIVE_INFINITY,
        maxLeaves: options.max_leaf_nodes ?? Number.POSITIVE_INFINITY,
        minLeaf: options.min_samples_leaf,
        minImpurityDecrease: options.min_impurity_decrease ?? 0,
      }
      const weights = rowWeights(target, classWeight, options.weighted ? binned.weights : undefined)
      const bag = { sampleRatio: 1, replace: false }
      const { trees } = await growForest(
        pool,
        { matrix, target, weights, growth, bag, outOfBag: false },
        treeKeys(1, 1),
      )
      const tree = trees[0]!
      return options.ccp_alpha ? pruneTree(tree, options.ccp_alpha, growth.criterion) : tree
    } finally {
      matrix.close()
    }
  }
  /** 1e-9: covers are sums of some hundred weights of order 1, added in another order. */
  const near = (own: Float64Array, expected: number[]) =>
    own.length === expected.length && own.every((v, k) => Math.abs(v - expected[k]!) < 1e-9)

  const name = `${JSON.stringify(options)}${set.missing ? ', missing values' : ''}`
  describe(`binned tree, ${name}`, () => {
    test('parts the rows like scikit-learn', async () => {
      const tree = await grow(options)
      expect([...tree.feature]).toEqual(expected.feature)
      expect([...tree.childrenLeft]).toEqual(expected.childrenLeft)
      expect([...tree.childrenRight]).toEqual(expected.childrenRight)
      expect(near(tree.cover, expected.cover)).toBe(true)
      expect(near(tree.bad, expected.bad)).toBe(true)
      // Thresholds lie anywhere between the same two values; the rows say which.
      expect([...leafIndices(tree, values, rows)]).toEqual(expected.leaves)
    })
    test('a twin with other weights is caught', async () => {
      const { feature, cover } = await grow({ ...options, weighted: !options.weighted })
      expect([...feature].join() === expected.feature.join() && near(cover, expected.cover)).toBe(false)
    })
    if (path)
      test('has its pruning path', async () => {
        const criterion = options.criterion ?? 'gini'
        const own = pruningPath(await grow({ criterion, max_depth: 6, min_samples_leaf: 12 }), criterion)
        expect(own.alphas.length).toBe(path.alphas.length)
        // 1e-12: risks of order 1 are sums of at most a hundred terms, added in another order.
        expect(own.alphas.every((a, k) => Math.abs(a - path.alphas[k]!) < 1e-12)).toBe(true)
        expect(own.impurities.every((a, k) => Math.abs(a - path.impurities[k]!) < 1e-12)).toBe(true)
      })
  })
}
