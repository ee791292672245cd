/** Models that are trained at the same time on one pool, and a pool that is closed under them. */
import { describe, expect, it } from 'vitest'
import { boosting } from '../../src/models/boosting/learner.ts'
import { forest } from '../../src/models/forest/learner.ts'
import { logistic } from '../../src/models/logistic/learner.ts'
import { decisionTree } from '../../src/models/tree/learner.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'
import { matrixOf } from './matrixOf.ts'

const ROWS = 3000
const r = random(8)
const x = matrixOf(
  Float64Array.from({ length: 6 * ROWS }, () => r.next()),
  ROWS,
)
const y = Uint8Array.from({ length: ROWS }, (_, i) => (r.next() < 0.2 + 0.5 * x.values[i]! ? 1 : 0))
const learners = [
  ['forest', forest({ trees: 12 })],
  ['boosting', boosting({ rounds: 12 })],
  ['logistic', logistic({ elasticNet: { steps: 5 } })],
  ['tree', decisionTree({ splits: 'binned' })],
] as const

describe.each([1, 2])('on a pool of %d', (threads) => {
  it('models trained at the same time are those trained one after the other', async () => {
    const pool = openPool(threads)
    const twice = [...learners, ...learners]
    const together = await Promise.all(twice.map(([, learner]) => learner.fit(x, y, random(1), { pool })))
    for (const [k, [, learner]] of twice.entries())
      expect(together[k]!.model).toEqual((await learner.fit(x, y, random(1), { pool })).model)
    expect(pool.space.used).toBe(0)
    await pool.close()
  })

  it.each(learners)('%s is interrupted when the pool is closed, which can be used again', async (_name, learner) => {
    const pool = openPool(threads)
    const run = learner.fit(x, y, random(1), { pool }).catch((error: unknown) => error)
    await pool.close()
    expect(await run).toMatchObject({ kind: 'interrupted' })
    const again = await learner.fit(x, y, random(1), { pool })
    expect(again.model).toEqual((await learner.fit(x, y, random(1))).model)
    await pool.close()
  })
})
