import { afterAll, describe, expect, test } from 'vitest'
import type { Pool } from '../../../src/kernels/pool.ts'
import { type ForestRequest, type GrownForest, growForest } from '../../../src/kernels/trees/growForest.ts'
import type { GrowthOptions } from '../../../src/kernels/trees/growthOptions.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { random } from '../../../src/util/random.ts'
import { matrixOn, plainGrowth, type RandomRows, randomRows, treeKeys } from './randomRows.ts'

const readable = openPool(1, { kernels: 'typescript' })
const compiled = [openPool(1), openPool(2), openPool(3)]
afterAll(() => Promise.all([readable, ...compiled].map((pool) => pool.close())))

const grow = async (
  pool: Pool,
  rows: RandomRows,
  growth: GrowthOptions,
  rest: Partial<ForestRequest> = {},
  trees = 5,
): Promise<GrownForest> => {
  const matrix = matrixOn(pool, rows)
  const request: ForestRequest = {
    matrix,
    target: rows.target,
    growth,
    bag: { sampleRatio: 1, replace: true },
    outOfBag: true,
    ...rest,
  }
  try {
    return await growForest(pool, request, treeKeys(rows.rows, trees))
  } finally {
    matrix.close()
  }
}

const r = random(41)
const small = randomRows(r.fork('small'), 90, 4, 7, 0)
const gaps = randomRows(r.fork('gaps'), 700, 7, 60, 0.15)
// More rows than are copied together at the root; more columns than rows are moved for.
const large = randomRows(r.fork('large'), 16_000, 9, 255, 0.05)
const wide = randomRows(r.fork('wide'), 900, 100, 90, 0.05)
const full = randomRows(r.fork('full'), 3000, 6, 255, 0)
const sets = { small, gaps, large, full, wide }
const direction = (rows: RandomRows) =>
  Int8Array.from(rows.columns, (column, j) => (column.kind === 'category' ? 0 : j % 2 ? -1 : 1))
const groups = (rows: number) => ({
  start: Int32Array.from({ length: Math.ceil(rows / 3) + 1 }, (_, g) => Math.min(rows, 3 * g)),
  rows: Int32Array.from({ length: rows }, (_, i) => i),
})

const cases: Record<string, (rows: RandomRows) => [Partial<GrowthOptions>, Partial<ForestRequest>]> = {
  'fully grown': () => [{}, {}],
  'limits of depth, leaf and decrease': () => [{ maxDepth: 6, minLeaf: 7, minImpurityDecrease: 1e-4 }, {}],
  'all columns, one more than a pass of four': () => [{ features: 4, minLeaf: 2 }, {}],
  entropy: () => [{ criterion: 'entropy', minLeaf: 3 }, {}],
  'random cuts': () => [{ splitter: 'random' }, {}],
  'random cuts by entropy, probabilities': () => [
    { splitter: 'random', criterion: 'entropy', output: 'probability' },
    {},
  ],
  'best first': () => [{ maxLeaves: 23, minLeaf: 2 }, {}],
  'best first by entropy': () => [{ maxLeaves: 200, criterion: 'entropy' }, {}],
  directions: (rows) => [{ monotone: direction(rows), minLeaf: 2 }, {}],
  'directions, best first, probabilities': (rows) => [
    { monotone: direction(rows), maxLeaves: 40, output: 'probability' },
    {},
  ],
  weights: (rows) => [{ minLeaf: 2 }, { weights: rows.weights }],
  'weights, entropy, best first, directions': (rows) => [
    { criterion: 'entropy', maxLeaves: 50, monotone: direction(rows) },
    { weights: rows.weights },
  ],
  'weights and random cuts': (rows) => [{ splitter: 'random' }, { weights: rows.weights }],
  'drawn without replacement': () => [{}, { bag: { sampleRatio: 0.4, replace: false } }],
  'every row once': () => [{}, { bag: { sampleRatio: 1, replace: false } }],
  'whole groups': (rows) => [{}, { groups: groups(rows.rows) }],
}

describe.each(Object.entries(sets))('%s', (name, rows) => {
  test.each(Object.entries(cases))('%s: compiled trees are the readable ones, node by node', async (_, options) => {
    const [growth, rest] = options(rows)
    const all = { ...plainGrowth, ...growth }
    const expected = await grow(readable, rows, all, rest, name === 'large' ? 2 : 5)
    // One thread always; more threads on one set, since they only share out trees.
    for (const pool of name === 'gaps' ? compiled : compiled.slice(0, 1)) {
      const got = await grow(pool, rows, all, rest, name === 'large' ? 2 : 5)
      expect(got.trees).toEqual(expected.trees)
      expect(got.outOfBag).toEqual(expected.outOfBag)
    }
    expect(expected.trees[0]!.feature.length).toBeGreaterThan(3)
  })
})

test('a twin with another rule of minLeaf, direction, criterion or draw is caught', async () => {
  const broken: Partial<GrowthOptions>[] = [
    { minLeaf: 8 },
    { criterion: 'entropy' },
    { features: 4 },
    { monotone: direction(gaps) },
    { smoothing: { strength: 5, rate: 0.3001 } },
  ]
  const base = { ...plainGrowth, minLeaf: 7 }
  const expected = await grow(readable, gaps, base)
  expect((await grow(compiled[0]!, gaps, base)).trees).toEqual(expected.trees)
  for (const change of broken) {
    const got = await grow(compiled[0]!, gaps, { ...base, ...change })
    expect(got.trees).not.toEqual(expected.trees)
  }
})
