import { describe, expect, test } from 'vitest'
import { applyEncoding, fitEncoding } from '../../src/matrix/encode.ts'
import { takeRows } from '../../src/matrix/frame.ts'
import { stratifiedFolds } from '../../src/matrix/splits.ts'
import { auc } from '../../src/metrics/auc.ts'
import { outOfFoldMargins } from '../../src/models/crossFit.ts'
import { declared } from '../../src/models/declared/learner.ts'
import { forest } from '../../src/models/forest/learner.ts'
import { logistic } from '../../src/models/logistic/learner.ts'
import { margin, probability } from '../../src/models/margin.ts'
import { isTreeModel, type LinearModel } from '../../src/models/model.ts'
import { decisionTree } from '../../src/models/tree/learner.ts'
import { random } from '../../src/util/random.ts'
import { factor, frameOf } from './frameOf.ts'

const ROWS = 1200
const r = random(7)
const normals = () => Float64Array.from({ length: ROWS }, () => r.normal())
const history = normals()
const behavior = normals()
const noise = normals().map((v) => (r.next() < 0.2 ? Number.NaN : v))
const target = Uint8Array.from(history, (h, i) => (r.next() < 1 / (1 + Math.exp(1.5 - h - 0.5 * behavior[i]!)) ? 1 : 0))
const frame = frameOf([
  { factor: factor('history', 'credit_history'), values: history },
  { factor: factor('behavior', 'behavior_preference'), values: behavior },
  { factor: factor('noise', 'fulfillment_capacity'), values: noise },
  { factor: factor('alien', 'other'), values: normals() },
])
const linear = applyEncoding(fitEncoding(frame, 'linear'), frame)
const raw = applyEncoding(fitEncoding(frame, 'tree'), frame)

describe('logistic learner', () => {
  test('reports coefficients with standard errors, and the model carries the training means', async () => {
    const { model, report } = await logistic().fit(linear, target, random(1))
    expect(report).toMatchObject({ converged: true, separation: { kind: 'none', columns: [] }, warnings: [] })
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
    // Standardized columns have mean 0 but for rounding.
    for (const mean of (model as LinearModel).means) expect(Math.abs(mean)).toBeLessThan(1e-12)
    expect((model as LinearModel).coefficients.length).toBe(linear.columns.length)
  })

  test('warns of separation instead of failing', async () => {
    const telling = frameOf([{ factor: factor('outcome', 'other'), values: Float64Array.from(target) }])
    const x = applyEncoding(fitEncoding(telling, 'linear'), telling)
    const { report } = await logistic().fit(x, target, random(1))
    expect(report['warnings']).toEqual([
      'complete separation by outcome: good and bad rows are told apart without error; the penalty alone keeps coefficients finite',
    ])
    const free = await logistic({ l2: 0 }).fit(x, target, random(1))
    expect(free.report['converged']).toBe(false)
  })

  test('the warning names three columns, the report all', async () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const telling = frameOf(names.map((name) => ({ factor: factor(name, 'other'), values: Float64Array.from(target) })))
    const x = applyEncoding(fitEncoding(telling, 'linear'), telling)
    const { report } = await logistic().fit(x, target, random(1))
    expect((report['warnings'] as string[])[0]).toMatch(/^complete separation by a, b, c and 2 more: good and bad rows/)
    expect(report['separation']).toMatchObject({ kind: 'complete', columns: names })
  })

  test('a missing value in a linear matrix is refused', async () => {
    await expect(logistic().fit(raw, target, random(1))).rejects.toThrow(
      'row 3, column noise: a linear model reads finite numbers only',
    )
    const { model } = await logistic().fit(linear, target, random(1))
    const holed = { ...linear, values: linear.values.slice() }
    holed.values[3] = Number.NaN
    expect(() => margin(model, holed)).toThrow('row 3, column history: a linear model reads no missing values')
  })
})

describe('declared learner', () => {
  const fitDeclared = async (weights?: Record<string, number>) =>
    declared({ factors: frame.factors, ...(weights ? { weights } : {}) }).fit(linear, target, random(1))

  test('is the weighted mean of standardized sub-scores', async () => {
    const { model } = await fitDeclared()
    const total = margin(model, linear)
    const names = ['credit_history', 'behavior_preference', 'fulfillment_capacity']
    const expected = new Float64Array(ROWS)
    for (const [k, name] of names.entries()) {
      const columns = linear.columns.flatMap((c, j) => (frame.factors[c.factor]!.dimension === name ? [j] : []))
      const part = {
        rows: ROWS,
        columns: columns.map((j) => linear.columns[j]!),
        values: Float64Array.from(columns.flatMap((j) => [...linear.values.subarray(j * ROWS, (j + 1) * ROWS)])),
      }
      const sub = margin((await logistic().fit(part, target, random(1))).model, part)
      const mean = sub.reduce((a, b) => a + b, 0) / ROWS
      const sd = Math.sqrt(sub.reduce((a, b) => a + (b - mean) ** 2, 0) / ROWS)
      // 35, 25 and 20 of the 80 that are there.
      sub.forEach((m, i) => {
        expected[i]! += (([35, 25, 20][k]! / 80) * (m - mean)) / sd
      })
    }
    const rate = target.reduce((a, b) => a + b, 0) / ROWS
    total.forEach((m, i) => {
      expect(m).toBeCloseTo(expected[i]! + Math.log(rate / (1 - rate)), 10)
    })
  })

  test('reports absent dimensions, their weights spread over the others, and columns of no dimension', async () => {
    const { report } = await fitDeclared()
    expect(report['dropped']).toEqual([
      { dimension: 'identity_characteristics', reason: 'no factor of it varies in training' },
      { dimension: 'personal_relationships', reason: 'no factor of it varies in training' },
    ])
    expect(report['dimensions']).toMatchObject([
      { dimension: 'credit_history', declaredWeight: 35, weight: 35 / 80 },
      { dimension: 'behavior_preference', declaredWeight: 25, weight: 25 / 80 },
      { dimension: 'fulfillment_capacity', declaredWeight: 20, weight: 20 / 80 },
    ])
    expect(report['unusedColumns']).toEqual(['alien'])
  })

  test('other weights can be declared', async () => {
    const { report } = await fitDeclared({ behavior_preference: 20, fulfillment_capacity: 25 })
    expect(report['dimensions']).toMatchObject([{ weight: 35 / 80 }, { weight: 20 / 80 }, { weight: 25 / 80 }])
    await expect(fitDeclared({ charm: 1 })).rejects.toThrow('option weights: a weight for an unknown dimension')
  })

  test('without any factor of its dimensions it is refused', async () => {
    const alien = declared({ factors: frame.factors.map((f) => ({ ...f, dimension: 'other' })) })
    await expect(alien.fit(linear, target, random(1))).rejects.toThrow('finds no factor of any of its dimensions')
  })
})

describe('decision tree learner', () => {
  test('cross-validated pruning keeps less than was grown and says why', async () => {
    const { model, report } = await decisionTree({ minLeaf: 10 }).fit(raw, target, random(1))
    if (!isTreeModel(model)) throw new Error(model.kind)
    expect(report['leaves']).toBeLessThan(report['leavesGrown'] as number)
    expect(report['crossValidation']).toMatchObject({ folds: 5, rule: 'best' })
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
    const [tree] = model.trees
    expect(tree!.cover[0]).toBe(ROWS)
  })
  test('the rule of one standard error never keeps more leaves than the best subtree', async () => {
    const leaves = async (rule: 'best' | 'oneStandardError') =>
      (await decisionTree({ minLeaf: 5, rule }).fit(raw, target, random(2))).report['leaves'] as number
    expect(await leaves('oneStandardError')).toBeLessThanOrEqual(await leaves('best'))
  })
  test('a target without signal is pruned to the root', async () => {
    const coin = random(11)
    const luck = Uint8Array.from(target, () => (coin.next() < 0.3 ? 1 : 0))
    const { report } = await decisionTree({ minLeaf: 20 }).fit(raw, luck, random(3))
    expect(report['leaves']).toBe(1)
  })
  test('too few bads to cross-validate: not pruned, with a warning', async () => {
    const lone = new Uint8Array(ROWS)
    lone[5] = 1
    const { report } = await decisionTree().fit(raw, lone, random(1))
    expect(report['warnings']).toEqual([
      'one person with an outcome is too few to cross-validate pruning: the tree is not pruned',
    ])
  })
})

describe('out-of-fold margins', () => {
  const folds = stratifiedFolds(frame.personId, target, 5, random(4))

  test.each([logistic(), forest({ trees: 20 })])(
    'of a $kind are those of models fitted without the fold',
    async (learner) => {
      const pooled = await outOfFoldMargins(learner, frame, target, folds, random(5))
      const all = Int32Array.from({ length: ROWS }, (_, i) => i)
      const train = all.filter((i) => folds[i] !== 2)
      const held = all.filter((i) => folds[i] === 2)
      const encoding = fitEncoding(takeRows(frame, train), learner.encoding)
      const x = applyEncoding(encoding, takeRows(frame, train))
      const y = Uint8Array.from(train, (i) => target[i]!)
      const { model } = await learner.fit(x, y, random(5).fork('fold', 2))
      const expected = margin(model, applyEncoding(encoding, takeRows(frame, held)))
      expect(Array.from(held, (i) => pooled[i])).toEqual([...expected])
    },
  )

  test('know nothing of a target without signal; a twin that trains on the held rows is caught', async () => {
    const coin = random(12)
    const luck = Uint8Array.from(target, () => (coin.next() < 0.3 ? 1 : 0))
    const deep = forest({ trees: 30, maxDepth: 12, minLeaf: 2 })
    const honest = await outOfFoldMargins(deep, frame, luck, folds, random(6))
    // 0.05 is three standard errors of an AUC on 360 bad and 840 good rows.
    expect(Math.abs(auc(honest, luck) - 0.5)).toBeLessThan(0.055)
    const { model } = await deep.fit(raw, luck, random(6))
    expect(auc(margin(model, raw), luck)).toBeGreaterThan(0.9)
  })

  test('rows without a fold always train and get none', async () => {
    const some = folds.map((f, i) => (i < 100 ? -1 : f))
    const pooled = await outOfFoldMargins(logistic(), frame, target, some, random(7))
    expect(pooled.subarray(0, 100).every(Number.isNaN)).toBe(true)
    expect(pooled.subarray(100).some(Number.isNaN)).toBe(false)
  })
})

test('probability is the sigmoid of the margin', async () => {
  const { model } = await decisionTree().fit(raw, target, random(1))
  const m = margin(model, raw)
  probability(model, raw).forEach((p, i) => {
    expect(p).toBeCloseTo(1 / (1 + Math.exp(-m[i]!)), 14)
  })
  expect(() => margin(model, linear)).toThrow(
    'the model reads other columns than the matrix has; expected 4 columns; got 5',
  )
})
