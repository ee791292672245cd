import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { margin, marginOn } from '../../src/models/margin.ts'
import type { LinearModel, TreeModel } from '../../src/models/model.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'
import { randomMatrix, randomTree } from '../kernels/randomTrees.ts'
import { matrixOf } from './matrixOf.ts'

// Workers run the compiled code; `npm test` builds it first.
const built = existsSync(new URL('../../dist/threads/worker.js', import.meta.url))

const stream = random(31)
const rows = 700
const columns = 5
const forest: TreeModel = {
  kind: 'forest',
  columns,
  trees: Array.from({ length: 9 }, (_, k) => randomTree(stream.fork('tree', k), columns, 6)),
}
const linear: LinearModel = {
  kind: 'logistic',
  intercept: 0.5,
  coefficients: Float64Array.of(1, -2, 3, 0.25, 0),
  means: new Float64Array(columns),
}

describe('margins on a pool', () => {
  const values = randomMatrix(stream.fork('rows'), rows, columns)
  const x = matrixOf(values, rows)
  const whole = { ...x, values: values.map((v) => (Number.isNaN(v) ? 0 : v)) }

  it.each([
    [1, 'typescript'],
    [1, 'wasm'],
    [2, 'wasm'],
  ] as const)('%d threads, %s kernels: those of margin to the bit', async (threads, kernels) => {
    if (threads > 1 && !built) return
    const pool = openPool(threads, { kernels })
    try {
      expect(await marginOn(forest, x, pool)).toEqual(margin(forest, x))
      expect(await marginOn(linear, whole, pool)).toEqual(margin(linear, whole))
      const narrow = { ...x, columns: x.columns.slice(1) }
      await expect(marginOn(forest, narrow, pool)).rejects.toThrow(
        'the model reads other columns than the matrix has; expected 5 columns; got 4',
      )
    } finally {
      await pool.close()
    }
  })
})
