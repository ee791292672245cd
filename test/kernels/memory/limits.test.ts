import { describe, expect, it } from 'vitest'
import { binMatrix } from '../../../src/kernels/binning/binMatrix.ts'
import { trainBoosting } from '../../../src/kernels/boosting/trainBoosting.ts'
import { fitLogisticOn } from '../../../src/kernels/logistic/logistic.ts'
import type { Pool } from '../../../src/kernels/pool.ts'
import { explainTreesOn, planTreeGame } from '../../../src/kernels/shap/explainTrees.ts'
import { growForest } from '../../../src/kernels/trees/growForest.ts'
import { openPool } from '../../../src/threads/openPool.ts'
import { EXIT_CODES } from '../../../src/util/errors.ts'
import { random } from '../../../src/util/random.ts'
import { OPTIONS } from '../boosting/cases.ts'

const [ROWS, COLUMNS] = [6000, 60]
const stream = random(1)
const values = Float64Array.from({ length: ROWS * COLUMNS }, () => stream.next())
const target = Uint8Array.from({ length: ROWS }, (_, i) => (values[i]! + stream.next() > 1 ? 1 : 0))
const source = { values, rows: ROWS, columns: COLUMNS }
const keys = (count: number) => Uint32Array.from({ length: 4 * count }, (_, k) => k + 1)

const forest = async (pool: Pool) => {
  const matrix = await binMatrix(source, pool)
  const growth = {
    criterion: 'gini' as const,
    splitter: 'best' as const,
    maxDepth: 14,
    maxLeaves: Number.POSITIVE_INFINITY,
    minLeaf: 1,
    minImpurityDecrease: 0,
    features: 8,
    smoothing: { strength: 5, rate: 0.5 },
    output: 'logOdds' as const,
  }
  try {
    const request = { matrix, target, growth, bag: { sampleRatio: 1, replace: true }, outOfBag: true }
    return (await growForest(pool, request, keys(8))).trees
  } finally {
    matrix.close()
  }
}

/** What needs memory, and what it says when there is too little. */
const WORK: Record<string, { run: (pool: Pool) => Promise<unknown>; says: RegExp }> = {
  binning: {
    run: async (pool) => (await binMatrix(source, pool)).close(),
    says: /binning 6,000 rows of 60 columns needs/,
  },
  forest: { run: forest, says: /6,000 rows and 60 columns needs/ },
  boosting: {
    run: async (pool) => {
      const matrix = await binMatrix(source, pool)
      const training = { target, monotone: new Int8Array(COLUMNS), keys: () => keys(1) }
      try {
        await trainBoosting(matrix, training, { ...OPTIONS, maxLeaves: 500 }, pool)
      } finally {
        matrix.close()
      }
    },
    says: /boosting on 6,000 rows and 60 columns needs/,
  },
  logistic: {
    run: (pool) => fitLogisticOn(pool, { ...source, target }, { l2: 1 }),
    says: /a logistic regression on 6,000 rows and 60 columns needs/,
  },
  shap: {
    run: async (pool) => {
      const big = openPool(1)
      const trees = await forest(big)
      const playerOfColumn = Int32Array.from({ length: COLUMNS }, (_, j) => j)
      const plan = planTreeGame({ trees, playerOfColumn, players: COLUMNS, rows: ROWS })
      await explainTreesOn(plan, source, { from: 0, to: ROWS }, pool)
    },
    says: /explaining 8 trees needs/,
  },
}

describe.each(Object.entries(WORK))('%s in too little memory', (_name, { run, says }) => {
  it('is refused with the figure, the limit and what to change, exit code 6; with more it runs', async () => {
    // From 128 KiB on, twice as much each time: refused again and again, then done. Nothing in between is another failure.
    let refused = 0
    for (let limit = 2 ** 17; ; limit *= 2) {
      const pool = openPool(1, { memoryLimit: limit })
      const error: unknown = await run(pool).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect(pool.space.used).toBe(0)
      await pool.close()
      if (error === undefined) break
      expect(error).toMatchObject({ kind: 'memory', details: { hint: expect.stringMatching(/\w/) } })
      expect(String(error)).toMatch(/needs (at least )?[\d.,]+ MiB.*expected at most [\d.,]+ MiB, what is left of/)
      if (says.test(String(error))) refused++
      expect(limit).toBeLessThan(2 ** 28)
    }
    expect(refused).toBeGreaterThan(0)
    expect(EXIT_CODES.memory).toBe(6)
  })
})
