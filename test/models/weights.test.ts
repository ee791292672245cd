/** One convention for weights in every learner: a weight of 2 is the row twice, 0 the row left out; weights of classes multiply. */
import { describe, expect, it } from 'vitest'
import { bestFactor } from '../../src/models/baseline/bestFactor.ts'
import { boosting } from '../../src/models/boosting/learner.ts'
import { declared } from '../../src/models/declared/learner.ts'
import { forest } from '../../src/models/forest/learner.ts'
import { logistic } from '../../src/models/logistic/learner.ts'
import { margin } from '../../src/models/margin.ts'
import type { FitOptions, Learner } from '../../src/models/model.ts'
import type { ClassWeight } from '../../src/models/rowWeights.ts'
import { decisionTree } from '../../src/models/tree/learner.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'
import { factor, frameOf } from './frameOf.ts'
import { matrixOf } from './matrixOf.ts'

const ROWS = 900
const r = random(23)
const column = (levels: number) => Float64Array.from({ length: ROWS }, () => r.integer(levels))
const columns = [column(6), column(4), column(3)]
/** Effects far apart, so that no split hangs on a rounding. */
const target = Uint8Array.from({ length: ROWS }, (_, i) =>
  r.next() < 1 / (1 + Math.exp(2.5 - 0.9 * columns[0]![i]! + 0.6 * columns[1]![i]!)) ? 1 : 0,
)
const weights = Float64Array.from({ length: ROWS }, () => r.integer(4))
const take = (rows: readonly number[]) => ({
  x: matrixOf(Float64Array.from(columns.flatMap((c) => rows.map((i) => c[i]!))), rows.length),
  y: Uint8Array.from(rows, (i) => target[i]!),
})
const all = take([...target.keys()])
const repeated = take([...target.keys()].flatMap((i) => Array.from({ length: weights[i]! }, () => i)))
const kept = take([...target.keys()].filter((i) => weights[i]! > 0))

const TREE = { pruning: 'none', splits: 'binned', minLeaf: 1, maxDepth: 3 } as const
const FOREST = { trees: 3, features: 3, replace: false, minLeaf: 1, maxDepth: 3 } as const
const BOOSTING = { rounds: 5, learningRate: 0.3, maxLeaves: 4, minLeaf: 1, validationShare: 0 } as const
/** Forest and tree draw nothing here, so that the rows alone decide. */
const LEARNERS: [name: string, of: (classWeight?: ClassWeight) => Learner, tolerance: number][] = [
  // The same optimum from sums in another order.
  ['logistic', (classWeight) => logistic(classWeight ? { classWeight } : {}), 1e-9],
  // Sums of whole weights are exact; the logarithm of a leaf's rate is rounded once.
  ['tree', (classWeight) => decisionTree({ ...TREE, classWeight }), 1e-12],
  ['forest', (classWeight) => forest({ ...FOREST, classWeight }), 1e-12],
  // Values of leaves are quotients of sums in units of at least 2^-39 here, rounded down once a row.
  ['boosting', (classWeight) => boosting({ ...BOOSTING, classWeight }), 1e-7],
]

const marginsOf = async (learner: Learner, { x, y }: typeof all, options: FitOptions = {}) =>
  margin((await learner.fit(x, y, random(1), options)).model, all.x)
const farthest = (a: Float64Array, b: Float64Array) => a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0)

describe.each(LEARNERS)('weights of rows in %s', (_name, of, tolerance) => {
  it('repeat rows', async () => {
    const weighted = await marginsOf(of(), all, { sampleWeight: weights })
    expect(farthest(weighted, await marginsOf(of(), repeated))).toBeLessThan(tolerance)
    // A learner that ignored them would be caught.
    expect(farthest(await marginsOf(of(), all), await marginsOf(of(), repeated))).toBeGreaterThan(0.01)
  })

  it('of 0 leave rows out', async () => {
    const ones = weights.map((w) => (w > 0 ? 1 : 0))
    expect(farthest(await marginsOf(of(), all, { sampleWeight: ones }), await marginsOf(of(), kept))).toBeLessThan(
      tolerance,
    )
  })

  it('are multiplied by those of classes', async () => {
    const product = weights.map((w, i) => w * (target[i] ? 3 : 0.5))
    const both = await marginsOf(of([0.5, 3]), all, { sampleWeight: weights })
    expect(farthest(both, await marginsOf(of(), all, { sampleWeight: product }))).toBe(0)
    expect(of([0.5, 3]).options['classWeight']).toEqual([0.5, 3])
    const sums = [0, 1].map((t) => weights.reduce((sum, w, i) => sum + (target[i] === t ? w : 0), 0))
    const half = (sums[0]! + sums[1]!) / 2
    const named = await marginsOf(of([half / sums[0]!, half / sums[1]!]), all, { sampleWeight: weights })
    expect(farthest(await marginsOf(of('balanced'), all, { sampleWeight: weights }), named)).toBeLessThan(1e-9)
  })

  it('are the same for both kernels and for persons', async () => {
    const groups = Int32Array.from(target, (_, i) => i >> 1)
    const options = { groups, sampleWeight: weights }
    const compiled = await marginsOf(of('balanced'), all, options)
    const readable = await marginsOf(of('balanced'), all, {
      ...options,
      pool: openPool(1, { kernels: 'typescript' }),
    })
    // Trees are the same bytes; sums of the logistic regression are added in another order.
    expect(farthest(compiled, readable)).toBeLessThan(1e-9)
  })

  it.each([
    [
      'a negative one',
      Float64Array.from(weights, (w, i) => (i === 7 ? -1 : w)),
      'row 7, option sampleWeight: invalid sample weight',
    ],
    ['one beyond 1e12', Float64Array.from(weights, (w, i) => (i === 7 ? 2e12 : w)), 'up to 1e12; got 2000000000000'],
    ['too few', weights.subarray(1), 'option sampleWeight: sample weights and rows differ in number'],
    ['one that is missing', Float64Array.from(weights, (w, i) => (i === 7 ? Number.NaN : w)), 'invalid sample weight'],
    ['one outcome only', Float64Array.from(target, (t) => t), 'sample weights leave one outcome only'],
  ])('are refused: %s', async (_case, sampleWeight, message) => {
    await expect(marginsOf(of(), all, { sampleWeight })).rejects.toThrow(message)
  })
})

it('boosting holds rows out for early stopping by their weight', async () => {
  const learner = boosting({ ...BOOSTING, rounds: 60, validationShare: 0.3, patience: 5 })
  const one = await learner.fit(all.x, all.y, random(1))
  const scaled = await learner.fit(all.x, all.y, random(1), { sampleWeight: weights })
  const losses = ({ report }: typeof one) => (report['validation'] as { logLoss: number[] }).logLoss
  expect(losses(scaled)).not.toEqual(losses(one))
  expect(losses(scaled).every(Number.isFinite)).toBe(true)
})

it('learners without weights refuse them', async () => {
  const sampleWeight = new Float64Array(ROWS).fill(1)
  const specs = columns.map((_, j) => factor(`x${j}`, 'wealth'))
  await expect(
    declared({ factors: specs, dimensions: [{ name: 'wealth', weight: 1 }] }).fit(all.x, all.y, random(1), {
      sampleWeight,
    }),
  ).rejects.toThrow('the declared model knows no weights of rows')
  const frame = frameOf(columns.map((values, j) => ({ factor: specs[j]!, values })))
  await expect(bestFactor().fit(frame, target, random(1), { sampleWeight })).rejects.toThrow(
    'option sampleWeight: the best single factor knows no weights of rows',
  )
  await expect(decisionTree({ splits: 'exact' }).fit(all.x, all.y, random(1), { sampleWeight })).rejects.toThrow(
    'exact splits take no weights of rows',
  )
})
