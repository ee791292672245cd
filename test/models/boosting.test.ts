import { describe, expect, test } from 'vitest'
import { leafIndices } from '../../src/kernels/trees/applyTree.ts'
import { auc } from '../../src/metrics/auc.ts'
import { holdOut } from '../../src/models/boosting/holdOut.ts'
import { gainOfColumns } from '../../src/models/boosting/importance.ts'
import { type BoostingOptions, boosting } from '../../src/models/boosting/learner.ts'
import { margin } from '../../src/models/margin.ts'
import type { FitOptions, TreeModel } from '../../src/models/model.ts'
import { TreeExplainer } from '../../src/shap.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'
import { readForest } from './golden.ts'
import { matrixOf, sliceRows } from './matrixOf.ts'

const { golden, values, target } = readForest()
const { rows, train } = golden
const x = matrixOf(sliceRows(values, rows, 0, train), train)
const y = target.slice(0, train)
const held = matrixOf(sliceRows(values, rows, train, rows), rows - train)
const yHeld = target.slice(train)
const small: BoostingOptions = { rounds: 20, learningRate: 0.1, maxLeaves: 8 }

const bytes = async (options: FitOptions = {}, seed = 1, more: BoostingOptions = {}) => {
  const fit = await boosting({ ...small, sampleRatio: 0.7, columnsANode: 0.5, ...more }).fit(
    x,
    y,
    random(seed),
    options,
  )
  const arrays = (fit.model as TreeModel).trees.flatMap((t) => Object.values(t) as ArrayBufferView[])
  return Buffer.concat(arrays.map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength)))
}

test('same seed, same bytes on any number of threads and both kernels; another seed, others', async () => {
  const once = await bytes()
  for (const pool of [openPool(1, { kernels: 'typescript' }), openPool(2), openPool(3)]) {
    expect(once.equals(await bytes({ pool }))).toBe(true)
    await pool.close()
  }
  expect(once.equals(await bytes({}, 2))).toBe(false)
})

test('the margin is the sum of the leaves, the first with the log-odds that training began with', async () => {
  const { model, report } = await boosting({ ...small, validationShare: 0 }).fit(x, y, random(1))
  const { trees } = model as TreeModel
  const sum = new Float64Array(held.rows)
  for (const tree of trees)
    leafIndices(tree, held.values, held.rows).forEach((leaf, i) => {
      sum[i]! += tree.value[leaf]!
    })
  expect(margin(model, held)).toEqual(sum)
  const bad = y.reduce((a, b) => a + b, 0)
  // One rounding of the division and one of the logarithm.
  expect(report['base']).toBeCloseTo(Math.log(bad / (train - bad)), 12)
  expect(report['rounds']).toBe(20)
})

test('it learns, and what it says of its importance adds up', async () => {
  const { model, report } = await boosting({ rounds: 200 }).fit(x, y, random(3))
  const got = auc(margin(model, held), yHeld)
  const forestAuc = golden.auc.reduce((a: number, b: number) => a + b, 0) / golden.auc.length
  // One seed on few rows; a model that saw shuffled outcomes lies near 0.5.
  expect(got).toBeGreaterThan(forestAuc - 0.03)
  const importance = report['importance'] as { gain: number }[]
  expect(importance.reduce((a, b) => a + b.gain, 0)).toBeCloseTo(1, 10)
})

describe('a monotone column', () => {
  const directions = { x0: 1, x1: -1 } as const
  /** Margins where only one column moves, for rows of the training data. */
  const falls = async (monotone: Record<string, 1 | -1>): Promise<number> => {
    const { model } = await boosting({ ...small, rounds: 40, monotone }).fit(x, y, random(5))
    const rowsTried = 40
    const grid = 60
    let wrong = 0
    for (const [j, direction] of [
      [0, 1],
      [1, -1],
    ] as const) {
      const column = x.values.subarray(j * train, (j + 1) * train).filter((v) => !Number.isNaN(v))
      const sorted = Float64Array.from(column).sort()
      const moved = new Float64Array((x.values.length / train) * rowsTried * grid)
      for (let k = 0; k < x.values.length / train; k++)
        for (let r = 0; r < rowsTried; r++)
          for (let g = 0; g < grid; g++)
            moved[k * rowsTried * grid + r * grid + g] =
              k === j ? sorted[Math.floor((g / grid) * sorted.length)]! : x.values[k * train + 7 * r]!
      const margins = margin(model, matrixOf(moved, rowsTried * grid))
      for (let r = 0; r < rowsTried; r++)
        // Trees are added up in a fixed order: a sum of monotone terms is monotone up to its roundings.
        for (let g = 1; g < grid; g++)
          if (direction * (margins[r * grid + g]! - margins[r * grid + g - 1]!) < -1e-12) wrong++
    }
    return wrong
  }
  test('never turns; without the constraint it does', async () => {
    expect(await falls(directions)).toBe(0)
    expect(await falls({})).toBeGreaterThan(0)
  })
})

describe('rows for early stopping', () => {
  test('are whole persons', () => {
    const groups = Int32Array.from({ length: 400 }, (_, i) => i >> 2)
    const out = holdOut(
      Uint8Array.from({ length: 400 }, (_, i) => (i % 3 === 0 ? 1 : 0)),
      { groups },
      0.25,
      random(1),
    )
    expect(out.reduce((a, b) => a + b, 0)).toBe(100)
    for (let i = 0; i < 400; i++) expect(out[i]).toBe(out[i & ~3])
  })
  test('must have both outcomes', () => {
    const one = Uint8Array.from({ length: 40 }, (_, i) => (i === 0 ? 1 : 0))
    expect(() => holdOut(one, {}, 0.2, random(1))).toThrow('too few rows to hold some out')
  })
})

test('importance counts splits and shares out gain', () => {
  expect(gainOfColumns([[{ column: 1, gain: 3 }], [{ column: 0, gain: 1 }]], ['a', 'b', 'c'])).toEqual([
    { column: 'b', splits: 1, gain: 0.75 },
    { column: 'a', splits: 1, gain: 0.25 },
  ])
})

describe('options', () => {
  test.each([
    [{ rounds: 0 }, 'rounds'],
    [{ learningRate: 0 }, 'learningRate'],
    [{ maxLeaves: 1 }, 'maxLeaves'],
    [{ sampleRatio: 2 }, 'sampleRatio'],
    [{ validationShare: 1 }, 'validationShare'],
    [{ monotone: { x0: 2 } }, 'monotone'],
    [{ classWeight: [1] }, 'classWeight'],
  ])('%o is refused', (options, name) => {
    expect(() => boosting(options as never)).toThrow(`option ${name}`)
  })
  test('a monotone column that there is not is refused', async () => {
    await expect(boosting({ monotone: { income: 1 } }).fit(x, y, random(1))).rejects.toThrow('income')
  })
})

test('a TreeExplainer sums the trees of a boosting without being told', async () => {
  const { model } = await boosting({ ...small, validationShare: 0 }).fit(x, y, random(1))
  const of = margin(model, held)
  const { values, baseValues } = new TreeExplainer(model as TreeModel).explain(held)
  values.forEach((row, i) => {
    expect(row.reduce((sum, v) => sum + v, baseValues[i]!)).toBeCloseTo(of[i]!, 10)
  })
  expect(() => new TreeExplainer(model as TreeModel, { combine: 'mean' })).toThrow('combines its trees in another way')
  expect(() => new TreeExplainer(model as TreeModel, { combine: 'total' as never })).toThrow('mean or sum')
})

test('targets other than 0 and 1 and groups that do not fit are refused', async () => {
  const trained = (target: Uint8Array, groups?: Int32Array) =>
    boosting(small).fit(x, target, random(1), groups ? { groups } : {})
  await expect(trained(y.map((v) => 2 * v))).rejects.toThrow('another number than 0 and 1')
  await expect(trained(y, new Int32Array(10))).rejects.toThrow('groups and rows differ in number')
  await expect(trained(y, new Int32Array(train).fill(-1))).rejects.toThrow('a group has no number')
})
