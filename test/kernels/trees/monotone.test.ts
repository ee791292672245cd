import { afterAll, describe, expect, test } from 'vitest'
import type { Pool } from '../../../src/kernels/pool.ts'
import { growForest } from '../../../src/kernels/trees/growForest.ts'
import type { GrowthOptions } from '../../../src/kernels/trees/growthOptions.ts'
import { missingBeatsBest, monotoneViolations } from '../../../src/kernels/trees/monotone.ts'
import { pruneTree, pruningPath } from '../../../src/kernels/trees/prune.ts'
import { type TreeArrays, WORDS_OF_SET } from '../../../src/kernels/trees/tree.ts'
import { type GrownTree, nodeValue } from '../../../src/kernels/trees/treeBuilder.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { random } from '../../../src/util/random.ts'
import { matrixOn, plainGrowth, type RandomRows, randomRows, treeKeys } from './randomRows.ts'

const pools: [string, Pool][] = [
  ['compiled', openPool(1)],
  ['readable', openPool(1, { kernels: 'typescript' })],
]
afterAll(() => Promise.all(pools.map(([, pool]) => pool.close())))

const CONSTRAINTS = Int8Array.of(1, -1, 0, 1, -1)

const grow = async (pool: Pool, rows: RandomRows, growth: Partial<GrowthOptions>, weighted: boolean) => {
  const matrix = matrixOn(pool, rows)
  try {
    const request = {
      matrix,
      target: rows.target,
      growth: { ...plainGrowth, ...growth },
      bag: { sampleRatio: 1, replace: true },
      outOfBag: false,
      ...(weighted ? { weights: rows.weights } : {}),
    }
    return (await growForest(pool, request, treeKeys(rows.rows, 3))).trees
  } finally {
    matrix.close()
  }
}

/** Values as they would be stored if splits were chosen by the constraints but bounds were not handed down. */
const unbounded = (tree: GrownTree, growth: GrowthOptions): Float64Array =>
  tree.value.map((_, node) => nodeValue(tree.bad[node]!, tree.cover[node]!, growth.smoothing, growth.output))

describe.each(pools)('trees of the %s kernel', (_, pool) => {
  test('keep to their constraints in every box, pruned or not; unconstrained and unbounded twins are caught', async () => {
    let free = 0
    let loose = 0
    let splitsOnConstrained = 0
    const r = random(77)
    for (let k = 0; k < 24; k++) {
      const rows = randomRows(r.fork('rows', k), 60 + 25 * k, 5, 3 + 2 * k, k % 3 ? 0.12 : 0)
      const growth: Partial<GrowthOptions> = {
        minLeaf: 1 + (k % 4),
        criterion: k % 2 ? 'entropy' : 'gini',
        splitter: k % 5 === 4 ? 'random' : 'best',
        maxLeaves: k % 4 === 3 ? 12 : Number.POSITIVE_INFINITY,
        output: k % 6 === 5 ? 'probability' : 'logOdds',
      }
      const weighted = k % 7 === 6
      const bound = await grow(pool, rows, { ...growth, monotone: CONSTRAINTS }, weighted)
      for (const tree of bound) {
        expect(monotoneViolations(tree, CONSTRAINTS)).toEqual([])
        const { alphas } = pruningPath(tree)
        const pruned = pruneTree(tree, alphas[alphas.length >> 1]!)
        expect(monotoneViolations(pruned, CONSTRAINTS)).toEqual([])
        splitsOnConstrained += tree.feature.filter((j) => j >= 0 && CONSTRAINTS[j] !== 0).length
        if (monotoneViolations(tree, CONSTRAINTS, unbounded(tree, { ...plainGrowth, ...growth })).length) loose++
      }
      for (const tree of await grow(pool, rows, growth, weighted))
        if (monotoneViolations(tree, CONSTRAINTS).length) free++
    }
    expect(splitsOnConstrained).toBeGreaterThan(500)
    // Nearly every unconstrained tree breaks some constraint, and bounds matter in most of the constrained ones.
    expect(free).toBeGreaterThan(60)
    expect(loose).toBeGreaterThan(30)
  }, 60_000)
})

const leafOf = (tree: TreeArrays, row: readonly number[]): number => {
  let node = 0
  for (let j = tree.feature[0]!; j >= 0; j = tree.feature[node]!) {
    const x = row[j]!
    const at = tree.categorySet?.[node] ?? -1
    const inSet = at >= 0 && ((tree.sets![at * WORDS_OF_SET + (x >>> 5)]! >>> (x & 31)) & 1) === 1
    const left = Number.isNaN(x) ? tree.defaultLeft[node] === 1 : at >= 0 ? inSet : x <= tree.threshold[node]!
    node = (left ? tree.childrenLeft : tree.childrenRight)[node]!
  }
  return node
}

/** Pairs of leaves found by trying every row there can be; -1 is a number below all edges, 253 a category never seen. */
const triedPairs = (tree: TreeArrays, columns: RandomRows['columns'], constraints: Int8Array): Set<string> => {
  const choices = columns.map((column) => [
    ...Array.from({ length: column.bins }, (_, b) => b),
    column.kind === 'category' ? 253 : -1,
    Number.NaN,
  ])
  let all: number[][] = [[]]
  for (const own of choices) all = all.flatMap((row) => own.map((x) => [...row, x]))
  const found = new Set<string>()
  constraints.forEach((direction, column) => {
    if (direction === 0) return
    for (const row of all) {
      const x = row[column]!
      if (Number.isNaN(x)) continue
      const lower = leafOf(tree, row)
      for (const more of choices[column]!) {
        if (!(more > x)) continue
        const upper = leafOf(tree, row.with(column, more))
        if (direction * tree.value[lower]! > direction * tree.value[upper]!) found.add(`${column} ${lower} ${upper}`)
      }
    }
  })
  return found
}

test('the proof over boxes finds what trying every row finds, pair by pair', async () => {
  const r = random(78)
  let pairs = 0
  for (let k = 0; k < 12; k++) {
    const rows = randomRows(r.fork('rows', k), 120, 4, 5, 0.15)
    const constraints = Int8Array.of(1, -1, 0, 1)
    for (const tree of await grow(pools[0]![1], rows, { minLeaf: 3, features: 2 }, false)) {
      const boxes = monotoneViolations(tree, constraints).map((v) => `${v.column} ${v.lower} ${v.upper}`)
      const tried = triedPairs(tree, rows.columns, constraints)
      expect(new Set(boxes)).toEqual(tried)
      pairs += tried.size
    }
  }
  expect(pairs).toBeGreaterThan(300)
})

test('how often a missing value beats the best one', () => {
  // x <= 1: 0.2 (missing goes there), else 0.6; falling is forbidden, so the best value is the smallest.
  const stump = (left: number, right: number, defaultLeft: number): TreeArrays => ({
    childrenLeft: Int32Array.of(1, -1, -1),
    childrenRight: Int32Array.of(2, -1, -1),
    feature: Int32Array.of(0, -1, -1),
    threshold: Float64Array.of(1, 0, 0),
    defaultLeft: Uint8Array.of(defaultLeft, 0, 0),
    value: Float64Array.of(0, left, right),
    cover: Float64Array.of(2, 1, 1),
  })
  const alone = { ...stump(0.5, 0.1, 0), threshold: Float64Array.of(Number.POSITIVE_INFINITY, 0, 0) }
  const values = Float64Array.of(0, 3, Number.NaN)
  expect(missingBeatsBest([stump(0.2, 0.6, 1)], values, 3, Int8Array.of(1))).toEqual([{ column: 0, share: 0 }])
  expect(missingBeatsBest([alone], values, 3, Int8Array.of(1))).toEqual([{ column: 0, share: 1 }])
  expect([...values]).toEqual([0, 3, Number.NaN])
})
