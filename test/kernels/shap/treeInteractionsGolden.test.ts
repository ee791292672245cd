import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { interactionPart } from '../../../src/kernels/shap/interactions/interactionPart.ts'
import { planInteractions } from '../../../src/kernels/shap/interactions/planInteractions.ts'
import { triangleAt } from '../../../src/kernels/shap/interactions/triangle.ts'
import type { TreeArrays } from '../../../src/kernels/trees/tree.ts'

interface Golden {
  cases: {
    name: string
    trees: Record<string, number[]>[]
    rows: (number | null)[][]
    /** rows x columns x columns */
    interactions: number[][][]
  }[]
}
const golden: Golden = JSON.parse(
  readFileSync(new URL('../../fixtures/interactions/golden.json', import.meta.url), 'utf8'),
)

const treeOf = (tree: Record<string, number[]>): TreeArrays => ({
  childrenLeft: Int32Array.from(tree['children_left']!),
  childrenRight: Int32Array.from(tree['children_right']!),
  feature: Int32Array.from(tree['feature']!, (f) => Math.max(-1, f)),
  threshold: Float64Array.from(tree['threshold']!),
  defaultLeft: Uint8Array.from(tree['default_left']!),
  value: Float64Array.from(tree['value']!),
  cover: Float64Array.from(tree['cover']!),
})

/** Largest difference to shap's matrices. */
const gap = (trees: TreeArrays[], data: (number | null)[][], expected: number[][][]): number => {
  const [rows, columns] = [data.length, data[0]!.length]
  const values = new Float64Array(rows * columns)
  for (const [i, row] of data.entries()) for (const [j, x] of row.entries()) values[j * rows + i] = x ?? Number.NaN
  const playerOfColumn = Int32Array.from({ length: columns }, (_, j) => j)
  const plan = planInteractions({ trees, playerOfColumn, players: columns })
  const { used } = plan
  const job = { plan, matrix: { values, rows }, wanted: 'values', pairs: new Int32Array(0) } as const
  const found = interactionPart(job, { from: 0, to: rows })
  let worst = 0
  for (const [r, matrix] of expected.entries())
    for (const [i, line] of matrix.entries())
      for (const [j, value] of line.entries()) {
        const [a, b] = [used.indexOf(i), used.indexOf(j)]
        const own = a < 0 || b < 0 ? 0 : found[triangleAt(used.length, a, b) * rows + r]!
        const difference = Math.abs(own - value)
        if (!(difference <= worst)) worst = difference
      }
  return worst
}

describe('interaction values against shap', () => {
  it.each(golden.cases.map((entry) => [entry.name, entry] as const))('%s', (_, { trees, rows, interactions }) => {
    const arrays = trees.map(treeOf)
    // Both sides add some thousand terms of size 1 in double precision, in different orders.
    expect(gap(arrays, rows, interactions)).toBeLessThan(1e-10)
    const even = arrays.map((tree) => ({ ...tree, cover: tree.cover.map(() => 1) }))
    expect(gap(even, rows, interactions)).toBeGreaterThan(1e-3)
  })
})
