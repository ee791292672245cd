import { expect, it } from 'vitest'
import { forest } from '../../src/models/forest/learner.ts'
import { margin } from '../../src/models/margin.ts'
import type { TreeModel } from '../../src/models/model.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'
import { matrixOf } from './matrixOf.ts'

interface Entry {
  column: string
  increase: number
  error: number
}
const ROWS = 800
const r = random(31)
/** Two columns that matter, one more than the other, and two of noise. */
const x = matrixOf(
  Float64Array.from({ length: 4 * ROWS }, () => r.normal()),
  ROWS,
)
const y = Uint8Array.from({ length: ROWS }, (_, i) =>
  r.next() < 1 / (1 + Math.exp(0.5 - 1.5 * x.values[i]! - 0.7 * x.values[ROWS + i]!)) ? 1 : 0,
)
const learned = async (options: object, fitOptions = {}) => {
  const { model, report } = await forest({ trees: 60, minLeaf: 10, outOfBagImportance: true, ...options }).fit(
    x,
    y,
    random(2),
    fitOptions,
  )
  return { model: model as TreeModel, found: report['outOfBagImportance'] as Entry[], report }
}

it('finds what matters, in order, and nothing in noise', async () => {
  for (const output of ['logOdds', 'probability']) {
    const { found } = await learned({ output })
    const [first, second, ...noise] = found.map((c) => ({ ...c, z: c.increase / c.error }))
    expect(first!.increase).toBeGreaterThan(2 * second!.increase)
    expect(second!.z).toBeGreaterThan(5)
    // Trees share their rows, so that noise can seem to matter by more than its error: the effect stays small.
    for (const { increase } of noise) expect(increase).toBeLessThan(0.1 * first!.increase)
  }
})

it('looks at rows out of bag only: one tree, its rows told by who has an out-of-bag margin', async () => {
  const one = { trees: 1, maxDepth: 1, features: 4 }
  const { model, found } = await learned(one)
  const fitted = await forest({ ...one, minLeaf: 10 }).fit(x, y, random(2))
  const out = [...fitted.outOfBagMargins!.keys()].filter((i) => !Number.isNaN(fitted.outOfBagMargins![i]!))
  const [j] = model.trees[0]!.feature
  const order = random(2).fork('importance').fork('tree', 0).fork('column', j!).shuffle(Int32Array.from(out))
  const shuffled = { ...x, values: x.values.slice() }
  out.forEach((row, k) => {
    shuffled.values[j! * ROWS + row] = x.values[j! * ROWS + order[k]!]!
  })
  const brier = (matrix: typeof x): number => {
    const margins = margin(model, matrix)
    return out.reduce((sum, i) => sum + (1 / (1 + Math.exp(-margins[i]!)) - y[i]!) ** 2, 0) / out.length
  }
  // Sums of some 300 squares, and another exponential function.
  expect(Math.abs(found[j!]!.increase - (brier(shuffled) - brier(x)))).toBeLessThan(1e-12)
  expect(found.filter((_, k) => k !== j).every((c) => c.increase === 0)).toBe(true)
})

it('is the same by both kernels and for persons, changes no tree, and stops', async () => {
  const groups = Int32Array.from(y, (_, i) => i >> 1)
  const sampleWeight = Float64Array.from(y, (_, i) => i % 3)
  const compiled = await learned({}, { groups, sampleWeight })
  const pool = openPool(1, { kernels: 'typescript' })
  expect((await learned({}, { groups, sampleWeight, pool })).found).toEqual(compiled.found)
  const without = await learned({ outOfBagImportance: false }, { groups, sampleWeight })
  expect(without.found).toBeUndefined()
  expect(without.model).toEqual(compiled.model)
  // No row is out of bag.
  expect((await learned({ replace: false })).found).toEqual([])
  const stop = new AbortController()
  const progress = (_: string, done: number, total: number) => done === total && stop.abort()
  await expect(learned({ trees: 400, minLeaf: 1 }, { signal: stop.signal, progress })).rejects.toThrow('stopped')
})
