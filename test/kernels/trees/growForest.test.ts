import { describe, expect, test } from 'vitest'
import { binEdges, binValues } from '../../../src/kernels/binning/bin.ts'
import { Generator, keyWords } from '../../../src/kernels/numbers/generator.ts'
import { leafIndices, sumTrees } from '../../../src/kernels/trees/applyTree.ts'
import { drawBag } from '../../../src/kernels/trees/bag.ts'
import { type CartOptions, growCart } from '../../../src/kernels/trees/cart.ts'
import { type ForestRows, growTrees, roundedValue } from '../../../src/kernels/trees/growTrees.ts'
import { growHistogramTree } from '../../../src/kernels/trees/histogramTree.ts'
import { random } from '../../../src/util/random.ts'
import { plainGrowth } from './randomRows.ts'

const ROWS = 600
const COLUMNS = 4
const r = random(8)
const smoothing = { strength: 5, rate: 0.3 }
// At most 40 distinct values a column: every value has a bin of its own and histogram splits are exact.
const values = Float64Array.from({ length: ROWS * COLUMNS }, () => (r.next() < 0.1 ? Number.NaN : r.integer(40)))
const target = Uint8Array.from({ length: ROWS }, (_, i) =>
  r.next() < ((values[i]! || 10) > 20 ? 0.6 : 0.1) + ((values[ROWS + i]! || 0) > 30 ? 0.2 : 0) ? 1 : 0,
)
const bins = new Uint8Array(ROWS * COLUMNS)
const edges = Array.from({ length: COLUMNS }, (_, j) => {
  const column = values.subarray(j * ROWS, (j + 1) * ROWS)
  const own = binEdges(column)
  binValues(column, own, bins.subarray(j * ROWS, (j + 1) * ROWS))
  return own
})
const growth = { ...plainGrowth, maxDepth: 5, minLeaf: 10, features: 2, smoothing }
const forestData: ForestRows = {
  bins,
  rows: ROWS,
  columns: edges.map((own) => ({ kind: 'number' as const, bins: own.length + 1, edges: own })),
  target,
  growth,
  bag: { sampleRatio: 1, replace: true },
  outOfBag: true,
}
const generator = (seed: number) => new Generator(keyWords(random(seed).key))
const once = new Uint16Array(ROWS).fill(1)

describe('histogram tree', () => {
  test('with every row once and every column tried, parts rows like exact CART', () => {
    const options: CartOptions = { maxDepth: 3, minLeaf: 20, smoothing }
    const cart = growCart({ values, rows: ROWS, columns: COLUMNS, target }, options)
    const histogram = growHistogramTree(forestData, once, generator(1), {
      ...growth,
      ...options,
      features: COLUMNS,
    })
    expect([...histogram.feature]).toEqual([...cart.feature])
    expect([...histogram.cover]).toEqual([...cart.cover])
    expect([...histogram.bad]).toEqual([...cart.bad])
    const rows = ROWS
    expect([...leafIndices(histogram, values, rows)]).toEqual([...leafIndices(cart, values, rows)])
  })

  test('weights are the same as repeated rows in covers and values', () => {
    const twice = new Uint16Array(ROWS).fill(2)
    const options = { ...growth, features: COLUMNS }
    const a = growHistogramTree(forestData, once, generator(2), options)
    const b = growHistogramTree(forestData, twice, generator(2), options)
    expect([...b.cover]).toEqual([...a.cover].map((c) => 2 * c))
    expect([...b.bad]).toEqual([...a.bad].map((c) => 2 * c))
  })

  test('leaves hold minLeaf distinct rows', () => {
    const counts = drawBag(ROWS, undefined, forestData.bag, generator(3))
    const tree = growHistogramTree(forestData, counts, generator(4), growth)
    const held = new Int32Array(tree.feature.length)
    leafIndices(tree, values, ROWS).forEach((leaf, i) => {
      if (counts[i]! > 0) held[leaf]!++
    })
    const leaves = [...held].filter((_, node) => tree.feature[node]! < 0)
    expect(Math.min(...leaves)).toBeGreaterThanOrEqual(growth.minLeaf)
  })
})

describe('bags', () => {
  const groups = {
    start: Int32Array.from({ length: ROWS / 3 + 1 }, (_, g) => 3 * g),
    rows: Int32Array.from({ length: ROWS }, (_, i) => i),
  }
  const wholePersons = (counts: Uint16Array) =>
    counts.every((c, i) => c === counts[3 * Math.floor(i / 3)] /* all rows of a person are drawn alike */)

  test('draw whole persons; a twin that draws rows is caught', () => {
    expect(wholePersons(drawBag(ROWS, groups, forestData.bag, generator(5)))).toBe(true)
    expect(wholePersons(drawBag(ROWS, undefined, forestData.bag, generator(5)))).toBe(false)
  })

  test('without replacement draw each row at most once and as many as asked', () => {
    const counts = drawBag(ROWS, undefined, { replace: false, sampleRatio: 0.5 }, generator(6))
    expect(Math.max(...counts)).toBe(1)
    expect(counts.reduce((a, b) => a + b, 0)).toBe(ROWS / 2)
  })
})

test('out-of-bag sums are the values of rows that a tree did not see', () => {
  const keys = keyWords(random(9).key)
  const part = growTrees(forestData, { keys })
  const counts = drawBag(ROWS, undefined, forestData.bag, new Generator(keys))
  const applied = sumTrees(part.trees, values, ROWS)
  for (let i = 0; i < ROWS; i++) {
    expect(part.outOfBag!.trees[i]).toBe(counts[i] === 0 ? 1 : 0)
    expect(part.outOfBag!.sum[i]).toBe(counts[i] === 0 ? roundedValue(applied[i]!) : 0)
  }
})

test('the generator fills its range evenly', () => {
  const g = generator(10)
  const counts = new Float64Array(10)
  for (let k = 0; k < 100_000; k++) counts[g.below(10)]!++
  const chiSquared = counts.reduce((sum, c) => sum + (c - 10_000) ** 2 / 10_000, 0)
  // 27.9 is the 0.999 quantile of chi squared with 9 degrees of freedom; the seed is fixed.
  expect(chiSquared).toBeLessThan(27.9)
})
