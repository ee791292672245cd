import { describe, expect, test } from 'vitest'
import { monotoneViolations } from '../../src/kernels/trees/monotone.ts'
import { auc } from '../../src/metrics/auc.ts'
import { forest } from '../../src/models/forest/learner.ts'
import { margin } from '../../src/models/margin.ts'
import type { TreeModel } from '../../src/models/model.ts'
import { permutationImportance } from '../../src/models/permutationImportance.ts'
import { type DecisionTreeOptions, decisionTree } from '../../src/models/tree/learner.ts'
import { random } from '../../src/util/random.ts'
import { readForest } from './golden.ts'
import { matrixOf, sliceRows } from './matrixOf.ts'

const { golden, values, target } = readForest()
const { rows, train } = golden
const x = matrixOf(sliceRows(values, rows, 0, train), train)
const y = target.slice(0, train)
const held = matrixOf(sliceRows(values, rows, train, rows), rows - train)
const yHeld = target.slice(train)
const treesOf = (model: object) => (model as TreeModel).trees
const leaves = (model: object) => treesOf(model).map((tree) => (tree.feature.length + 1) / 2)

describe('decision tree', () => {
  const learned = (options: DecisionTreeOptions, more = {}) => decisionTree(options).fit(x, y, random(1), more)

  test('binned splits part the rows about as well as exact ones', async () => {
    const of = async (splits: 'exact' | 'binned') => auc(margin((await learned({ splits })).model, held), yHeld)
    // Edges between bins are fewer than values: the trees differ a little, their AUC hardly.
    expect(Math.abs((await of('exact')) - (await of('binned')))).toBeLessThan(0.02)
  })

  test('options that need bins take them; both at once are refused', async () => {
    expect(decisionTree({ maxLeaves: 9 }).options['splits']).toBe('binned')
    expect(decisionTree().options['splits']).toBeUndefined()
    expect(() => decisionTree({ splits: 'exact', criterion: 'entropy' })).toThrow(
      'option splits: invalid option of a learner; expected binned, where criterion is given; got "exact"',
    )
    await expect(learned({ splits: 'exact' }, { sampleWeight: new Float64Array(train).fill(2) })).rejects.toThrow(
      'exact splits take no weights of rows',
    )
  })

  test('has at most maxLeaves, and a limit too high changes nothing but the order of growth', async () => {
    const nine = await learned({ maxLeaves: 9, pruning: 'none', minLeaf: 5 })
    expect(leaves(nine.model)).toEqual([9])
    const all = await learned({ maxLeaves: 5000, pruning: 'none', minLeaf: 5 })
    const free = await learned({ splits: 'binned', pruning: 'none', minLeaf: 5 })
    // Columns are drawn in another order, so equal splits may fall otherwise: the same rows at the root, as many leaves within few.
    expect(Math.abs(leaves(all.model)[0]! - leaves(free.model)[0]!)).toBeLessThan(6)
  })

  test('cross-validated pruning by entropy, weighted, keeps a subtree', async () => {
    const sampleWeight = Float64Array.from(y, (_, i) => 1 + (i % 3))
    const { report, model } = await learned({ criterion: 'entropy', minLeaf: 10 }, { sampleWeight })
    expect(report['leaves']).toBeLessThan(report['leavesGrown'] as number)
    expect(auc(margin(model, held), yHeld)).toBeGreaterThan(0.65)
  })
})

describe('forest', () => {
  const options = { trees: 25, minLeaf: 5 }
  const learned = (more: object, fitOptions = {}) => forest({ ...options, ...more }).fit(x, y, random(2), fitOptions)

  test('weights of 2 are doubled covers; the rate of a balanced forest is a half', async () => {
    const plain = await learned({ m: 1e-9 })
    const doubled = await learned({ m: 1e-9 }, { sampleWeight: new Float64Array(train).fill(2) })
    expect([...treesOf(doubled.model)[0]!.cover]).toEqual([...treesOf(plain.model)[0]!.cover].map((c) => 2 * c))
    const balanced = await learned({ classWeight: 'balanced' })
    // 1e-12: a sum of 2,000 weights of order 1.
    expect(Math.abs((balanced.report['smoothing'] as { rate: number }).rate - 0.5)).toBeLessThan(1e-12)
    await expect(learned({}, { sampleWeight: new Float64Array(train) })).rejects.toThrow(
      'sample weights leave one outcome only',
    )
  })

  test('random cuts, entropy and limits of leaves rank unseen rows too', async () => {
    for (const more of [
      { splitter: 'random' },
      { criterion: 'entropy' },
      { maxLeaves: 20 },
      { replace: false, sampleRatio: 0.5 },
    ]) {
      const { model } = await learned(more)
      expect(auc(margin(model, held), yHeld)).toBeGreaterThan(0.75)
    }
    expect(Math.max(...leaves((await learned({ maxLeaves: 20 })).model))).toBe(20)
  })

  test('without out-of-bag margins the same trees', async () => {
    const with_ = await learned({})
    const without = await learned({ outOfBag: false })
    expect(without.outOfBagMargins).toBeUndefined()
    expect(treesOf(without.model)).toEqual(treesOf(with_.model))
  })

  test('monotone by name and by the catalogue: no box of any tree breaks it, a free forest does', async () => {
    const directions = Int8Array.from(x.columns, (_, j) => (j === 0 ? 1 : j === 4 ? -1 : 0))
    const violations = (model: object) => treesOf(model).flatMap((tree) => monotoneViolations(tree, directions)).length
    const byName = await learned({ monotone: { x0: 1, x4: -1 } })
    const byCatalogue = await learned({ monotone: 'catalogue' }, { expectedRisk: directions })
    expect(violations(byName.model)).toBe(0)
    expect(treesOf(byCatalogue.model)).toEqual(treesOf(byName.model))
    expect(violations((await learned({})).model)).toBeGreaterThan(100)
    expect(Object.keys(byName.report['missingBeatsBest'] as object)).toEqual(['x0', 'x4'])
    await expect(learned({ monotone: { nothing: 1 } })).rejects.toThrow(
      'a monotone constraint names no column of numbers',
    )
    await expect(learned({ monotone: 'catalogue' })).rejects.toThrow('a matrix does not say how the risk should move')
  })

  test('split importance adds up to what the trees decreased, and names the columns that matter', async () => {
    const { report } = await learned({})
    const { decrease, splits } = report['splitImportance'] as { decrease: number[]; splits: number[] }
    expect(splits.reduce((a, b) => a + b, 0)).toBe((report['leavesPerTree'] as number) * 25 - 25)
    // Columns 5 to 9 are noise.
    expect(Math.min(decrease[0]!, decrease[3]!)).toBeGreaterThan(Math.max(...decrease.slice(5)))
  })

  test('permutation importance: noise falls by nothing, seeded, spread over shuffles', async () => {
    const { model } = await learned({})
    const own = await permutationImportance(model, held, yHeld, random(5), { repeats: 3 })
    expect(own).toEqual(await permutationImportance(model, held, yHeld, random(5), { repeats: 3 }))
    expect(own.auc).toBe(auc(margin(model, held), yHeld))
    const drops = own.columns.map((column) => column.drop)
    expect(drops[0]!).toBeGreaterThan(0.05)
    // 0.01: about three standard errors of a difference of AUCs that share nearly all rankings, on 2,000 rows.
    for (const noise of drops.slice(5)) expect(Math.abs(noise)).toBeLessThan(0.01)
    expect(own.columns.every((column) => column.spread > 0)).toBe(true)
    // A twin that shuffles nothing is caught: every drop and spread is 0.
    const still = await permutationImportance(model, held, yHeld, { ...random(5), fork: () => stillRandom } as never)
    expect(still.columns.every((column) => column.drop === 0 && column.spread === 0)).toBe(true)
  })

  test.each([
    [{ criterion: 'mse' }, 'option criterion: invalid option of a learner; expected one of gini, entropy; got "mse"'],
    [{ maxLeaves: 1 }, 'option maxLeaves: invalid option of a learner; expected a whole number of 2 or more; got 1'],
    [{ monotone: { x0: 2 } }, 'option monotone: invalid option of a learner'],
    [{ classWeight: [1] }, 'option classWeight: invalid option of a learner'],
  ])('refuses %j', (more, message) => {
    expect(() => forest(more as never)).toThrow(message)
  })
})

const stillRandom = { fork: () => stillRandom, shuffle: <T>(items: T) => items }
