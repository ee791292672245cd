import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LinearExplainer, type PlainLinear, type PlainTree, TreeExplainer } from '../../src/shap.ts'

interface Golden {
  trees: {
    name: string
    trees: PlainTree[]
    rows: (number | null)[][]
    divide: number
    shap_values: number[][]
    base_value: number
  }[]
  linear: PlainLinear & { rows: number[][]; shap_values: number[][]; base_value: number }
}
const golden: Golden = JSON.parse(readFileSync(new URL('../fixtures/shap/golden.json', import.meta.url), 'utf8'))

// Outputs are of size 1. Both sides sum some hundred terms in double precision, in different orders: 1e-15 each.
const TOLERANCE = 1e-10

const largest = (found: ArrayLike<number>[], expected: number[][]): number =>
  Math.max(...expected.flatMap((row, i) => row.map((value, j) => Math.abs(found[i]![j]! - value))))

describe('against shap and LightGBM', () => {
  for (const { name, trees, rows, divide, shap_values, base_value } of golden.trees) {
    const combine = divide === 1 ? 'sum' : 'mean'

    it(`${name}: the same SHAP values`, () => {
      const explainer = new TreeExplainer(trees, { combine, names: ['a', 'b', 'c', 'd', 'e', 'f'] })
      const found = explainer.explain(rows)
      expect(Math.abs(explainer.expectedValue - base_value)).toBeLessThan(TOLERANCE)
      expect(largest(found.values, shap_values)).toBeLessThan(TOLERANCE)
      expect(found.additivityGap).toBeLessThan(TOLERANCE)
      expect(found.names).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
      expect(found.baseValues.length).toBe(rows.length)
      expect([...found.data[3]!]).toEqual(rows[3]!.map((v) => v ?? Number.NaN))
    })

    it(`${name}: a broken twin with other covers is told apart`, () => {
      const even = trees.map((tree) => ({ ...tree, cover: Array.from(tree.cover, () => 1) }))
      const explainer = new TreeExplainer(even, { combine, names: ['a', 'b', 'c', 'd', 'e', 'f'] })
      expect(largest(explainer.shapValues(rows), shap_values)).toBeGreaterThan(1e-3)
    })
  }

  it('linear model: the same SHAP values', () => {
    const { rows, shap_values, base_value } = golden.linear
    const explainer = new LinearExplainer(golden.linear)
    expect(Math.abs(explainer.expectedValue - base_value)).toBeLessThan(TOLERANCE)
    expect(largest(explainer.shapValues(rows), shap_values)).toBeLessThan(TOLERANCE)
  })
})
