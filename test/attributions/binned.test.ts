import { describe, expect, it } from 'vitest'
import { attributeBins } from '../../src/attributions/binned.ts'
import { treeGame } from '../../src/attributions/tree.ts'
import { binMatrix } from '../../src/kernels/binning/binMatrix.ts'
import type { EncodedColumn } from '../../src/matrix/matrix.ts'
import { boosting } from '../../src/models/boosting/learner.ts'
import { forest } from '../../src/models/forest/learner.ts'
import { logistic } from '../../src/models/logistic/learner.ts'
import { margin, marginOn } from '../../src/models/margin.ts'
import type { TreeModel } from '../../src/models/model.ts'
import { decisionTree } from '../../src/models/tree/learner.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'

const [ROWS, COLUMNS] = [700, 12]
const stream = random(5)
const values = Float64Array.from({ length: ROWS * COLUMNS }, (_, k) => (k % 17 === 3 ? Number.NaN : stream.next()))
const target = Uint8Array.from({ length: ROWS }, (_, i) => (values[2 * ROWS + i]! + stream.next() > 1 ? 1 : 0))
const columns = Array.from({ length: COLUMNS }, (_, j): EncodedColumn => ({ name: `x${j}`, factor: j, role: 'value' }))
const x = { rows: ROWS, columns, values }
/** Four factors of three columns each. */
const owners = { ofColumn: Int32Array.from({ length: COLUMNS }, (_, j) => j % 4), count: 4 }

describe.each([
  ['forest', forest({ trees: 5 })],
  ['boosting', boosting({ rounds: 8, validationShare: 0 })],
] as const)('%s on bytes', (_name, learner) => {
  it.each(['wasm', 'typescript'] as const)(
    'is the one on the numbers, and so are its attributions: %s',
    async (kernels) => {
      const pool = openPool(1, { kernels })
      const bins = await binMatrix({ values, rows: ROWS, columns: COLUMNS }, pool)
      try {
        const empty = { ...x, values: new Float64Array(0) }
        const { model } = await learner.fit(empty, target, random(1), { pool, bins })
        expect(model).toEqual((await learner.fit(x, target, random(1), { pool })).model)

        const game = treeGame(model as TreeModel, owners.ofColumn, owners.count, ROWS, pool)
        const all = await game.values(x)
        const margins = margin(model, x)
        let next = 0
        for await (const block of attributeBins(model as TreeModel, bins, owners, { pool, blockRows: 300 })) {
          expect(block.from).toBe(next)
          next += block.rows
          for (let i = 0; i < block.rows; i++) {
            let sum = block.base
            for (let k = 0; k < owners.count; k++) {
              const value = block.values[k * block.rows + i]!
              expect(value).toBe(all[k * ROWS + block.from + i])
              sum += value
            }
            // Some dozen values of size 1 are added in another order than by the prediction.
            expect(Math.abs(sum - margins[block.from + i]!)).toBeLessThan(1e-12)
          }
        }
        expect(next).toBe(ROWS)
      } finally {
        bins.close()
        await pool.close()
      }
    },
  )

  it('refuses bytes of another shape', async () => {
    const pool = openPool(1)
    const bins = await binMatrix({ values: values.subarray(0, 3 * ROWS), rows: ROWS, columns: 3 }, pool)
    await expect(learner.fit(x, target, random(1), { pool, bins })).rejects.toThrow(
      'option bins: bins of another matrix; expected 700 rows x 12 columns; got "700 x 3"',
    )
    bins.close()
  })
})

describe('bytes and numbers that are not where they are looked for', () => {
  const empty = { ...x, values: new Float64Array(0) }
  const learners = [forest({ trees: 2 }), boosting({ rounds: 2, validationShare: 0 })]

  it('bins of another pool, and bins that were closed, are refused by training and by attributions', async () => {
    const [own, other] = [openPool(1), openPool(1)]
    const bins = await binMatrix({ values, rows: ROWS, columns: COLUMNS }, own)
    for (const learner of learners) {
      const { model } = await learner.fit(empty, target, random(1), { pool: own, bins })
      const elsewhere = learner.fit(empty, target, random(1), { pool: other, bins })
      await expect(elsewhere).rejects.toThrow(/option pool: the bins do not lie in the memory of this pool/)
      const explained = attributeBins(model as TreeModel, bins, owners, { pool: other })
      await expect(explained.next()).rejects.toThrow(/bins of another pool/)
      expect(other.space.used).toBe(0)
    }
    bins.close()
    for (const learner of learners)
      await expect(learner.fit(empty, target, random(1), { pool: own, bins })).rejects.toThrow(/closed/)
    expect(() => bins.bytes()).toThrow(/closed/)
  })

  it('a matrix without its numbers is refused by whatever needs them', async () => {
    const { model } = await forest({ trees: 2 }).fit(x, target, random(1))
    expect(() => margin(model, empty)).toThrow(/does not hold its values; expected 700 x 12 numbers; got 0/)
    await expect(marginOn(model, empty, openPool(1))).rejects.toThrow(/does not hold its values/)
    for (const learner of [...learners, logistic({ l2: 1 }), decisionTree()])
      await expect(learner.fit(empty, target, random(1))).rejects.toThrow(/does not hold its values/)
  })
})

it.each([
  ['too few', { ofColumn: new Int32Array(COLUMNS - 1), count: 1 }, 'owners and columns differ in number'],
  ['one that there is not', { ofColumn: new Int32Array(COLUMNS).fill(4, 3), count: 4 }, 'column 3 has an owner'],
  ['one below 0', { ofColumn: new Int32Array(COLUMNS).fill(-1), count: 4 }, 'column 0 has an owner'],
  ['none', { ofColumn: new Int32Array(COLUMNS), count: 0 }, 'invalid number of owners'],
])('refuses owners: %s', async (_case, wrong, message) => {
  const pool = openPool(1)
  const bins = await binMatrix({ values, rows: ROWS, columns: COLUMNS }, pool)
  const { model } = await forest({ trees: 2 }).fit(x, target, random(1), { pool })
  const blocks = attributeBins(model as TreeModel, bins, wrong, { pool })
  await expect(blocks.next()).rejects.toThrow(message)
  bins.close()
  await pool.close()
})

describe('what does not fit', () => {
  it.each([
    ['blocks of no number', owners, { blockRows: Number.NaN }, /option blockRows: /],
    ['blocks of no rows', owners, { blockRows: 0 }, /option blockRows: /],
    ['an option that there is not', owners, { rows: 5 }, /option rows: there is no such option/],
    ['a pool that is none', owners, { pool: {} }, /option pool: /],
    ['very many owners', { ...owners, count: 1e9 }, {}, /option owners.count: .* from 1 to 65,536/],
    ['owners as a list', { ...owners, ofColumn: Array.from(owners.ofColumn) }, {}, /option owners.ofColumn: /],
    ['no owners', undefined, {}, /option owners: /],
  ])('is refused in one line, and the pool stays good: %s', async (_what, given, options, says) => {
    const pool = openPool(1)
    const bins = await binMatrix({ values, rows: ROWS, columns: COLUMNS }, pool)
    const { model } = await forest({ trees: 2 }).fit(x, target, random(1), { pool })
    const explain = async (of: unknown, how: object) => {
      for await (const block of attributeBins(model as TreeModel, bins, of as typeof owners, { pool, ...how }))
        expect(block.base).not.toBeNaN()
    }
    await expect(explain(given, options)).rejects.toMatchObject({ kind: 'usage', message: expect.stringMatching(says) })
    await explain(owners, { blockRows: Number.POSITIVE_INFINITY })
    bins.close()
    if (pool.kernels === 'wasm') expect(pool.space.used).toBe(0)
    await pool.close()
  })
})
