/** Learners of many trees hear a signal between two of them, by the readable kernels too, which block the thread that they run on. */
import { describe, expect, it } from 'vitest'
import { boosting } from '../../src/models/boosting/learner.ts'
import { forest } from '../../src/models/forest/learner.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'
import { matrixOf } from './matrixOf.ts'

const ROWS = 300
const r = random(4)
const x = matrixOf(
  Float64Array.from({ length: 3 * ROWS }, () => r.next()),
  ROWS,
)
const y = Uint8Array.from({ length: ROWS }, (_, i) => (r.next() < 0.2 + 0.5 * x.values[i]! ? 1 : 0))
const TREES = 400
const learners = [
  ['forest', forest({ trees: TREES })],
  ['boosting', boosting({ rounds: TREES, validationShare: 0 })],
] as const

describe.each(learners)('%s', (_name, learner) => {
  describe.each(['wasm', 'typescript'] as const)('by the kernels in %s', (kernels) => {
    it('ends soon after a signal that only a turn of the event loop can give', async () => {
      const stop = new AbortController()
      let done = 0
      const progress = (_step: string, finished: number) => {
        done = finished
        if (finished > 0) setImmediate(() => stop.abort())
      }
      const options = { pool: openPool(1, { kernels }), signal: stop.signal, progress }
      await expect(learner.fit(x, y, random(1), options)).rejects.toThrow(/stopped|interrupted/)
      // Compiled trees come in parts of a quarter of the forest.
      expect(done).toBeLessThanOrEqual(TREES / 2)
      if (kernels === 'typescript') expect(done).toBeLessThanOrEqual(3)
    })

    it('does not begin when it was stopped before', async () => {
      const options = { pool: openPool(1, { kernels }), signal: AbortSignal.abort() }
      await expect(learner.fit(x, y, random(1), options)).rejects.toThrow(/stopped|interrupted/)
    })
  })

  it('gives its memory back when it is stopped: the same pool trains again', async () => {
    const pool = openPool(1)
    const stop = new AbortController()
    await expect(
      learner.fit(x, y, random(1), { pool, signal: stop.signal, progress: () => stop.abort() }),
    ).rejects.toThrow(/stopped|interrupted/)
    const again = await learner.fit(x, y, random(1), { pool })
    expect(again.model).toEqual((await learner.fit(x, y, random(1))).model)
  })
})
