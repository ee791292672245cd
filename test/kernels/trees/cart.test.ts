import { describe, expect, test } from 'vitest'
import { smoothedLogOdds } from '../../../src/kernels/numbers/logit.ts'
import { type CartData, type CartOptions, growCart } from '../../../src/kernels/trees/cart.ts'
import { pruneTree, pruningPath } from '../../../src/kernels/trees/prune.ts'
import type { GrownTree } from '../../../src/kernels/trees/treeBuilder.ts'
import { type GoldenCart, type GoldenTree, readGolden, unscale } from '../../models/golden.ts'

const golden = readGolden<GoldenCart>('cart.json')
const smoothing = { strength: 5, rate: 0.2 }

const nodeTable = (tree: GrownTree): GoldenTree => ({
  childrenLeft: [...tree.childrenLeft],
  childrenRight: [...tree.childrenRight],
  feature: [...tree.feature],
  threshold: Array.from(tree.threshold, (t) => (t === Number.POSITIVE_INFINITY ? null : t)),
  defaultLeft: [...tree.defaultLeft],
  cover: [...tree.cover],
  bad: [...tree.bad],
})

for (const set of golden.sets) {
  const data: CartData = {
    values: unscale(set.values, golden.scale),
    rows: set.rows,
    columns: set.columns,
    target: Uint8Array.from(set.target),
  }
  describe(`CART on ${set.name}`, () => {
    for (const { tree, path, pruned, maxDepth, minLeaf, minImpurityDecrease } of set.cases) {
      const options: CartOptions = {
        maxDepth: maxDepth ?? Number.POSITIVE_INFINITY,
        minLeaf,
        minImpurityDecrease,
        smoothing,
      }
      const name = `depth ${maxDepth}, leaf ${minLeaf}, decrease ${minImpurityDecrease}`
      test(`grows the node table of scikit-learn: ${name}`, () => {
        // Exact: values are the same doubles, thresholds follow the same midpoint rule, no split is decided by a tie.
        expect(nodeTable(growCart(data, options))).toEqual(tree)
      })
      test(`prunes like scikit-learn: ${name}`, () => {
        const grown = growCart(data, options)
        const own = pruningPath(grown)
        expect(own.alphas.length).toBe(path.alphas.length)
        // 1e-12: risks of order 0.1 are sums of at most a hundred terms, added in another order.
        for (let k = 0; k < path.alphas.length; k++) {
          expect(Math.abs(own.alphas[k]! - path.alphas[k]!)).toBeLessThan(1e-12)
          expect(Math.abs(own.impurities[k]! - path.impurities[k]!)).toBeLessThan(1e-12)
        }
        for (const { alpha, tree } of pruned) expect(nodeTable(pruneTree(grown, alpha))).toEqual(tree)
      })
    }

    test('least leaf holds, and a twin that ignores it is caught', () => {
      const smallest = (tree: GrownTree) => Math.min(...tree.cover.filter((_, i) => tree.feature[i]! < 0))
      const options: CartOptions = { maxDepth: 8, minLeaf: 30, smoothing }
      expect(smallest(growCart(data, options))).toBeGreaterThanOrEqual(30)
      expect(smallest(growCart(data, { ...options, minLeaf: 1 }))).toBeLessThan(30)
    })
  })
}

const toy = (column: number[], target: number[]): CartData => ({
  values: Float64Array.from(column),
  rows: column.length,
  columns: 1,
  target: Uint8Array.from(target),
})
const free: CartOptions = { maxDepth: Number.POSITIVE_INFINITY, minLeaf: 1, smoothing }

test('missing values alone can be split from present ones', () => {
  const tree = growCart(toy([1, 2, 3, Number.NaN, Number.NaN], [0, 0, 0, 1, 1]), free)
  expect(tree.threshold[0]).toBe(Number.POSITIVE_INFINITY)
  expect([...tree.cover]).toEqual([5, 3, 2])
  expect(tree.defaultLeft[0]).toBe(0)
})

test('missing values join the side they resemble', () => {
  const tree = growCart(toy([1, 2, 8, 9, Number.NaN], [1, 1, 0, 0, 1]), free)
  expect([tree.threshold[0], tree.defaultLeft[0]]).toEqual([5, 1])
})

test('without missing values in training they go to the child with more rows, right when equal', () => {
  expect(growCart(toy([1, 2, 3, 9], [0, 0, 0, 1]), free).defaultLeft[0]).toBe(1)
  expect(growCart(toy([1, 2, 8, 9], [0, 0, 1, 1]), free).defaultLeft[0]).toBe(0)
})

test('a midpoint that rounds up to the greater neighbor falls back to the lesser one', () => {
  const a = 1
  const b = 1 + Number.EPSILON
  const tree = growCart(toy([a, a, b, b], [0, 0, 1, 1]), free)
  expect(tree.threshold[0]).toBe(a)
  expect([...tree.cover]).toEqual([4, 2, 2])
})

test('every node carries its smoothed log-odds', () => {
  const tree = growCart(toy([1, 2, 3, 9], [0, 0, 0, 1]), free)
  expect([...tree.value]).toEqual([
    smoothedLogOdds(1, 4, 5, 0.2),
    smoothedLogOdds(0, 3, 5, 0.2),
    smoothedLogOdds(1, 1, 5, 0.2),
  ])
  expect(tree.value[1]).toBeCloseTo(Math.log(1 / 8 / (7 / 8)), 12)
})
