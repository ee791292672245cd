import { describe, expect, it } from 'vitest'
import { gaussLegendre } from '../../../src/kernels/numbers/gaussLegendre.ts'
import { treeShap } from '../../../src/kernels/shap/treeShap.ts'
import { planTreeShap, type TreeShapPlan } from '../../../src/kernels/shap/treeShapPlan.ts'
import type { TreeArrays } from '../../../src/kernels/trees/tree.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { GlasscoreError } from '../../../src/util/errors.ts'
import { random } from '../../../src/util/random.ts'
import { enumerateShapley, randomMatrix, randomTree } from '../randomTrees.ts'

// Trees hold values of size 1 on at most 7 levels: sums of some hundred products, each exact to 1e-16.
const TOLERANCE = 1e-12

const identity = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i)
const rowOf = (values: Float64Array, rows: number, i: number): number[] =>
  Array.from({ length: values.length / rows }, (_, j) => values[j * rows + i]!)

/** Largest difference between the kernel and the enumeration of coalitions over all rows. */
const largestDifference = (
  trees: readonly TreeArrays[],
  player: Int32Array,
  players: number,
  values: Float64Array,
  rows: number,
  spoil: (plan: TreeShapPlan) => TreeShapPlan = (plan) => plan,
): number => {
  const plan = spoil(planTreeShap(trees, player, players))
  const phi = treeShap({ plan, values, rows }, { from: 0, to: rows })
  let worst = 0
  for (let i = 0; i < rows; i++) {
    const [base, ...expected] = enumerateShapley(trees, rowOf(values, rows, i), player, players)
    worst = Math.max(worst, Math.abs(plan.expectedValue - base!))
    expected.forEach((value, p) => {
      const difference = Math.abs(phi[p * rows + i]! - value)
      // A difference that is not a number must not pass for a small one.
      if (!(difference <= worst)) worst = difference
    })
  }
  return worst
}

describe('gaussLegendre', () => {
  it('integrates polynomials up to degree 2n - 1 exactly', () => {
    for (let n = 1; n <= 24; n++) {
      const { points, weights } = gaussLegendre(n)
      for (let degree = 0; degree < 2 * n; degree++) {
        const sum = points.reduce((total, t, q) => total + weights[q]! * t ** degree, 0)
        // Weights and points are exact to some units in the last place.
        expect(Math.abs(sum - 1 / (degree + 1))).toBeLessThan(1e-14)
      }
      // One degree more is not exact: the rule has no hidden slack.
      const beyond = points.reduce((total, t, q) => total + weights[q]! * t ** (2 * n), 0)
      if (n < 10) expect(Math.abs(beyond - 1 / (2 * n + 1))).toBeGreaterThan(1e-14)
    }
  })
})

describe('treeShap', () => {
  const rows = 37
  const columns = 6
  const stream = random(11)
  const values = randomMatrix(stream.fork('rows'), rows, columns)
  const trees = Array.from({ length: 6 }, (_, k) => randomTree(stream.fork('tree', k), columns, 7))

  it('equals the enumeration of coalitions, columns repeated on paths and missing values included', () => {
    expect(largestDifference(trees, identity(columns), columns, values, rows)).toBeLessThan(TOLERANCE)
  })

  it('equals the enumeration when players are groups of columns', () => {
    const player = Int32Array.of(0, 1, 2, 3, 4, 0)
    expect(largestDifference(trees, player, 5, values, rows)).toBeLessThan(TOLERANCE)
    expect(largestDifference(trees, Int32Array.of(0, 1, 0, 1, 1, 0), 2, values, rows)).toBeLessThan(TOLERANCE)
    expect(largestDifference(trees, new Int32Array(columns), 1, values, rows)).toBeLessThan(TOLERANCE)
  })

  it('is defined and exact where nodes have no cover', () => {
    const sparse = Array.from({ length: 8 }, (_, k) => randomTree(stream.fork('sparse', k), columns, 6, true))
    expect(sparse.some((tree) => tree.cover.includes(0))).toBe(true)
    expect(largestDifference(sparse, identity(columns), columns, values, rows)).toBeLessThan(TOLERANCE)
    expect(largestDifference(sparse, Int32Array.of(0, 1, 2, 2, 1, 0), 3, values, rows)).toBeLessThan(TOLERANCE)
  })

  it('explains a tree of one leaf by its base alone', () => {
    const leaf = randomTree(stream.fork('leaf'), columns, 0)
    const plan = planTreeShap([leaf], identity(columns), columns)
    expect(plan.expectedValue).toBe(leaf.value[0])
    expect(treeShap({ plan, values, rows }, { from: 0, to: rows }).every((v) => v === 0)).toBe(true)
  })

  it('adds up on deep trees with many players', () => {
    const wide = 40
    const deep = [0, 1].map((k) => randomTree(stream.fork('deep', k), wide, 13))
    const x = randomMatrix(stream.fork('wide'), rows, wide)
    const plan = planTreeShap(deep, identity(wide), wide)
    expect(plan.maxPoints).toBeGreaterThan(4)
    const phi = treeShap({ plan, values: x, rows }, { from: 0, to: rows })
    for (let i = 0; i < rows; i++) {
      let sum = plan.expectedValue
      for (let p = 0; p < wide; p++) sum += phi[p * rows + i]!
      const [all] = enumerateShapley(deep, rowOf(x, rows, i), new Int32Array(wide), 1).slice(1)
      const base = enumerateShapley(deep, rowOf(x, rows, i), new Int32Array(wide), 1)[0]!
      // Thousands of leaves of size 1: rounding grows with their number.
      expect(Math.abs(sum - base - all!)).toBeLessThan(1e-11)
    }
  })

  it('gives the same bytes however the rows are cut, and on one or two threads', async () => {
    const plan = planTreeShap(trees, identity(columns), columns)
    const shared = { plan, values, rows }
    const whole = treeShap(shared, { from: 0, to: rows })
    const cuts = [0, 5, 21, rows]
    const parts = cuts.slice(1).map((to, k) => ({ from: cuts[k]!, to }))
    for (const threads of [1, 2]) {
      const pool = openPool(threads)
      try {
        const blocks = await pool.run('treeShapRows', shared, parts)
        blocks.forEach((block, k) => {
          const { from, to } = parts[k]!
          for (let p = 0; p < columns; p++)
            for (let i = from; i < to; i++)
              expect(Object.is(block[p * (to - from) + i - from], whole[p * rows + i])).toBe(true)
        })
      } finally {
        await pool.close()
      }
    }
  })

  it('refuses a tree too deep to traverse', () => {
    const levels = 1500
    const nodes = 2 * levels + 1
    const chain: TreeArrays = {
      childrenLeft: Int32Array.from({ length: nodes }, (_, i) => (i % 2 === 0 && i < nodes - 1 ? i + 1 : -1)),
      childrenRight: Int32Array.from({ length: nodes }, (_, i) => (i % 2 === 0 && i < nodes - 1 ? i + 2 : -1)),
      feature: Int32Array.from({ length: nodes }, (_, i) => (i % 2 === 0 && i < nodes - 1 ? 0 : -1)),
      threshold: new Float64Array(nodes),
      defaultLeft: new Uint8Array(nodes),
      value: new Float64Array(nodes),
      cover: new Float64Array(nodes).fill(1),
    }
    expect(() => planTreeShap([chain], identity(1), 1)).toThrow(GlasscoreError)
  })

  describe('broken twins are caught', () => {
    it('repeated columns treated as new ones', () => {
      const spoil = (plan: TreeShapPlan): TreeShapPlan => ({
        ...plan,
        previousLevel: new Int32Array(plan.previousLevel.length),
      })
      expect(largestDifference(trees, identity(columns), columns, values, rows, spoil)).toBeGreaterThan(1e-3)
    })

    it('cover of another node', () => {
      const wrong = trees.map((tree) => ({ ...tree, cover: tree.cover.map((c, i) => (i === 1 ? c / 2 : c)) }))
      const plan = planTreeShap(wrong, identity(columns), columns)
      const spoil = (): TreeShapPlan => plan
      expect(largestDifference(trees, identity(columns), columns, values, rows, spoil)).toBeGreaterThan(1e-3)
    })
  })
})
