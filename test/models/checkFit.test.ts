import { describe, expect, it } from 'vitest'
import { boosting } from '../../src/models/boosting/learner.ts'
import { declared } from '../../src/models/declared/learner.ts'
import { forest } from '../../src/models/forest/learner.ts'
import { denseGroups } from '../../src/models/groups.ts'
import { logistic } from '../../src/models/logistic/learner.ts'
import { margin } from '../../src/models/margin.ts'
import { decisionTree } from '../../src/models/tree/learner.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'
import { factor } from './frameOf.ts'
import { matrixOf } from './matrixOf.ts'

const ROWS = 1000
const stream = random(5)
const values = Float64Array.from({ length: 3 * ROWS }, () => stream.normal())
const x = matrixOf(values, ROWS)
const y = Uint8Array.from({ length: ROWS }, (_, i) => (values[i]! + stream.normal() > 0.3 ? 1 : 0))
const persons = Int32Array.from({ length: ROWS }, (_, i) => i >> 1)
const factors = [0, 1, 2].map((j) => factor(`f${j}`, 'credit_history'))

const LEARNERS = [
  ['forest', forest({ trees: 8, minLeaf: 5 })],
  ['boosting', boosting({ rounds: 8 })],
  ['tree', decisionTree({ minLeaf: 20 })],
  ['tree on bins', decisionTree({ minLeaf: 20, splits: 'binned' })],
  ['logistic', logistic()],
  ['logistic with folds', logistic({ elasticNet: { steps: 8 } })],
  ['declared', declared({ factors })],
] as const

describe.each(LEARNERS)('what %s trains on', (_name, learner) => {
  it.each([
    ['gaps', (g: number) => 200 * g],
    ['gaps larger than memory', (g: number) => 4_000_000 * g + 7],
  ])('may be groups with %s: the same as dense ones', async (_what, numbered) => {
    const dense = await learner.fit(x, y, random(3), { groups: persons })
    const sparse = await learner.fit(x, y, random(3), { groups: persons.map(numbered) })
    expect(sparse).toEqual(dense)
  })

  it.each([
    ['texts', Array.from(persons, (g) => `a${g}`)],
    ['no number', Float64Array.from(persons, (g) => (g === 7 ? Number.NaN : g))],
    ['fractions', Float64Array.from(persons, (g) => g / 2)],
    ['numbers below 0', persons.map((g) => g - 3)],
    ['one number', 5],
  ])('is refused with groups of %s', async (_what, groups) => {
    const given: object = { groups }
    await expect(learner.fit(x, y, random(1), given)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/^(row \d+, )?option groups: .*expected one whole number for each row, 0 or more/),
    })
  })

  it.each([
    ['a list', Array.from(y)],
    ['floats', Float64Array.from(y)],
    ['floats without a number', Float64Array.from(y, (t, i) => (i === 4 ? Number.NaN : t))],
    ['halves', Float64Array.from(y, (t) => t / 2)],
    ['nothing', undefined],
  ])('is refused with a target of %s, and the pool stays good', async (_what, target) => {
    const pool = openPool(1)
    const wrong = target as unknown as Uint8Array
    await expect(learner.fit(x, wrong, random(1), { pool })).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('option target: an array of another kind; expected a Uint8Array'),
    })
    if (pool.kernels === 'wasm') expect(pool.space.used).toBe(0)
    await learner.fit(x, y, random(1), { pool })
    await pool.close()
  })

  it.each([
    ['no matrix', [undefined, y, random(1)], /option x: /],
    [
      'values that are a list',
      [{ ...x, values: Array.from(values) }, y, random(1)],
      /option x.values: .* a Float64Array/,
    ],
    ['a fraction of rows', [{ ...x, rows: 1.5 }, y, random(1)], /option x.rows: /],
    ['no list of columns', [{ ...x, columns: 3 }, y, random(1)], /option x.columns: /],
    ['no random numbers', [x, y], /option random: /],
    [
      'an option that there is not',
      [x, y, random(1), { sampleWeights: y }],
      /sampleWeights: .*did you mean sampleWeight/,
    ],
    ['options that are none', [x, y, random(1), 5], /options are no object/],
    ['a pool that is none', [x, y, random(1), { pool: {} }], /option pool: this is no pool/],
    ['a signal that is none', [x, y, random(1), { signal: true }], /option signal: /],
    ['progress that is none', [x, y, random(1), { progress: 3 }], /option progress: /],
    ['weights that are a list', [x, y, random(1), { sampleWeight: [1] }], /option sampleWeight: .* Float64Array/],
    [
      'risks of other columns',
      [x, y, random(1), { expectedRisk: Int8Array.of(1) }],
      /option expectedRisk: .* 3 columns/,
    ],
    ['bins that are none', [x, y, random(1), { bins: { rows: ROWS } }], /option bins: /],
  ])('is refused with %s', async (_what, given, says) => {
    const train = learner.fit as (...all: unknown[]) => Promise<unknown>
    await expect(train(...given)).rejects.toMatchObject({ kind: 'usage', message: expect.stringMatching(says) })
  })
})

describe('groups without gaps', () => {
  it('are those of the numbers, in their order', () => {
    expect([...denseGroups(Int32Array.of(9, 3, 9, 0), 4)]).toEqual([2, 1, 2, 0])
    expect([...denseGroups([2 ** 40, 5, 2 ** 40], 3)]).toEqual([1, 0, 1])
    const dense = Int32Array.of(2, 0, 1)
    expect(denseGroups(dense, 3)).toBe(dense)
    expect([...denseGroups(new Int32Array(0), 0)]).toEqual([])
  })
})

it.each(['exact', 'binned'] as const)('a tree of %s splits on no columns is the root', async (splits) => {
  const bare = matrixOf(new Float64Array(0), 0)
  const none = { ...bare, columns: [], rows: ROWS }
  const bad = y.reduce((a, b) => a + b, 0)
  const target = y.map((t, i) => (i < 200 ? 1 : t))
  const share = target.reduce((a, b) => a + b, 0) / ROWS
  expect(share).not.toBe(bad / ROWS)
  for (const pruning of ['cv', 'none'] as const) {
    const { model } = await decisionTree({ splits, pruning }).fit(none, target, random(1))
    // Smoothed by its own rate, the rate stays.
    for (const m of margin(model, none)) expect(m).toBeCloseTo(Math.log(share / (1 - share)), 12)
  }
})

describe('options', () => {
  const made: [string, (options: unknown) => unknown][] = [
    ['forest', (options) => forest(options as object)],
    ['boosting', (options) => boosting(options as object)],
    ['tree', (options) => decisionTree(options as object)],
    ['logistic', (options) => logistic(options as object)],
    ['declared', (options) => declared(options as { factors: [] })],
  ]
  it.each(made)('of %s are an object', (_name, make) => {
    for (const options of [null, 5, [], 'x']) expect(() => make(options)).toThrow(/^options are no object; expected/)
  })

  it.each([
    ['monotone as a list', () => forest({ monotone: [1] as never }), 'option monotone: '],
    ['an elastic net that is true', () => logistic({ elasticNet: true as never }), 'option elasticNet: '],
    ['an elastic net that is null', () => logistic({ elasticNet: null as never }), 'option elasticNet: '],
    ['a part of it that there is not', () => logistic({ elasticNet: { foo: 1 } as never }), 'option elasticNet.foo: '],
    ['factors as a text', () => logistic({ signs: 'expectedRisk', factors: 'x' as never }), 'option factors: '],
    ['signs as a number', () => logistic({ signs: 5 as never, factors }), 'option signs: '],
    ['no factors of a declared model', () => declared({} as never), 'option factors: '],
    ['weights as a list', () => declared({ factors, weights: [1] as never }), 'option weights: '],
  ])('are refused when the learner is made: %s', (_what, make, says) => {
    expect(make).toThrow(expect.objectContaining({ kind: 'usage', message: expect.stringContaining(says) }))
  })

  it('of signs need the factors of all columns', async () => {
    const learner = logistic({ signs: 'expectedRisk', factors: factors.slice(0, 1) })
    await expect(learner.fit(x, y, random(1))).rejects.toThrow('option factors: a column of a factor that there is not')
  })
})
