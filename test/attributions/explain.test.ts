import { describe, expect, it } from 'vitest'
import { canExplain, explain, explainBlocks } from '../../src/attributions/explain.ts'
import { linkOf } from '../../src/attributions/link.ts'
import { checkReceipts, receipts } from '../../src/attributions/receipt.ts'
import { isTreeModel, type TreeModel } from '../../src/models/model.ts'
import { encodeFor, scoreFrame } from '../../src/scores/scorer.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'
import { enumerateShapley } from '../kernels/randomTrees.ts'
import { BETA, FACTORS, ISOTONIC, madeFrame, madeScorer } from './madeScorers.ts'

const frame = madeFrame(300, random(77))
// Points are some hundred; sums of tens of them are exact to about 1e-13 of that.
const POINTS = 1e-9

const column = (values: Float64Array, rows: number, i: number): number[] =>
  Array.from({ length: values.length / rows }, (_, p) => values[p * rows + i]!)

describe('explain', () => {
  for (const kind of ['linear', 'tree', 'forest', 'probability'] as const)
    for (const calibration of [undefined, BETA])
      it(`splits scores of a ${kind} model, calibration ${calibration?.kind ?? 'platt'}, without a rest`, async () => {
        const scorer = madeScorer({ kind, ...(calibration ? { calibration } : {}) })
        const scores = scoreFrame(scorer, frame)
        const e = await explain(scorer, frame)
        expect(e.link).toBe(calibration || kind === 'probability' ? 'rescaled' : 'linear')
        expect(e.semantics).toBe(kind === 'linear' ? 'interventional' : 'path_dependent')
        expect(e.additivityGap).toBeLessThan(POINTS)
        expect(e.rawScore).toEqual(scores.rawScore)
        expect(e.dimensions).toEqual(['credit_history', 'identity', 'capacity'])
        for (let i = 0; i < frame.rows; i++) {
          const points = column(e.points, frame.rows, i)
          const dimensions = column(e.dimensionPoints, frame.rows, i)
          const sum = (values: number[]) => values.reduce((a, b) => a + b, e.base)
          expect(Math.abs(sum(points) - scores.rawScore[i]!)).toBeLessThan(POINTS)
          expect(Math.abs(sum(dimensions) - scores.rawScore[i]!)).toBeLessThan(POINTS)
        }
        // A factor that the encoding dropped has no points.
        const never = FACTORS.findIndex((f) => f.name === 'never')
        expect(e.points.subarray(never * frame.rows, (never + 1) * frame.rows).every((v) => Object.is(v, 0))).toBe(true)
        const r = receipts(e)
        expect(checkReceipts(r)).toEqual({ rows: frame.rows, failing: 0, failingDimensions: 0, first: null })
        expect(r.score).toEqual(scores.score)
      })

  it('gives tree models the Shapley values of their definition, in both games', async () => {
    for (const kind of ['forest', 'probability'] as const) {
      const scorer = madeScorer({ kind })
      const model = scorer.model as TreeModel
      const x = encodeFor(scorer, frame)
      const e = await explain(scorer, frame)
      const columns = x.columns.length
      const dimensionOf = Int32Array.from(x.columns, (c) => e.dimensions.indexOf(FACTORS[c.factor]!.dimension))
      for (let i = 0; i < 20; i++) {
        const row = column(x.values, frame.rows, i)
        const [base, ...byColumn] = enumerateShapley(model.trees, row, Int32Array.from(row.keys()), columns)
        const [, ...byDimension] = enumerateShapley(model.trees, row, dimensionOf, e.dimensions.length)
        const output = byColumn.reduce((a, b) => a + b, base!) / model.trees.length
        const link = linkOf(scorer, base! / model.trees.length)
        expect(Math.abs(link.base - e.base)).toBeLessThan(POINTS)
        const stretch = link.stretch(Float64Array.of(output))[0]! / model.trees.length
        const expected = new Float64Array(FACTORS.length)
        byColumn.forEach((phi, j) => {
          expected[x.columns[j]!.factor]! += phi * stretch
        })
        column(e.points, frame.rows, i).forEach((value, f) => {
          expect(Math.abs(value - expected[f]!)).toBeLessThan(POINTS)
        })
        column(e.dimensionPoints, frame.rows, i).forEach((value, d) => {
          expect(Math.abs(value - byDimension[d]! * stretch)).toBeLessThan(POINTS)
        })
      }
    }
  })

  it('gives linear models coefficient x (value - mean) in points', async () => {
    const scorer = madeScorer({ kind: 'linear' })
    const { model } = scorer
    if (isTreeModel(model)) throw new Error('not linear')
    const x = encodeFor(scorer, frame)
    const e = await explain(scorer, frame)
    const age = FACTORS.findIndex((f) => f.name === 'age')
    const j = x.columns.findIndex((c) => c.name === 'age')
    const value = x.values[j * frame.rows]!
    const expected = (-60 / Math.LN2) * 0.9 * model.coefficients[j]! * (value - model.means[j]!)
    expect(e.points[age * frame.rows]).toBeCloseTo(expected, 10)
  })

  it('follows the score where a row equals its background', () => {
    const scorer = madeScorer({ kind: 'linear', calibration: BETA })
    const link = linkOf(scorer, -0.4)
    const [at, near] = link.stretch(Float64Array.of(-0.4, -0.4 + 1e-4))
    // The quotient a little beside the background differs from the slope by its curvature times 1e-4.
    expect(Math.abs(at! / near! - 1)).toBeLessThan(1e-4)
    expect(at).toBeLessThan(0)
  })

  it('gives the same bytes on one and two threads', async () => {
    const scorer = madeScorer({ kind: 'forest' })
    const large = madeFrame(1200, random(3))
    const alone = await explain(scorer, large)
    const pool = openPool(2)
    try {
      expect(await explain(scorer, large, { pool })).toEqual(alone)
    } finally {
      await pool.close()
    }
  })

  it.each(['forest', 'linear'] as const)('gives the same bytes block by block: %s', async (kind) => {
    const scorer = madeScorer({ kind })
    const whole = await explain(scorer, frame)
    const players = whole.factors.length
    const points = new Float64Array(whole.points.length)
    const froms: number[] = []
    let gap = 0
    for await (const block of explainBlocks(scorer, frame, { blockRows: 128 })) {
      froms.push(block.from)
      gap = Math.max(gap, block.additivityGap)
      for (let f = 0; f < players; f++)
        for (let i = 0; i < block.rows; i++) points[f * frame.rows + block.from + i] = block.points[f * block.rows + i]!
      expect(block.rawScore).toEqual(whole.rawScore.slice(block.from, block.from + block.rows))
    }
    expect(froms).toEqual([0, 128, 256])
    expect(points).toEqual(whole.points)
    expect(gap).toBe(whole.additivityGap)
  })

  it('reports progress and stops when told', async () => {
    const seen: number[] = []
    await explain(madeScorer({ kind: 'tree' }), frame, { progress: (_, done) => seen.push(done) })
    expect(seen).toEqual([300])
    const signal = AbortSignal.abort()
    await expect(explain(madeScorer({ kind: 'tree' }), frame, { signal })).rejects.toThrow('stopped by the user')
  })

  it('refuses isotonic calibration and frames that lack factors', async () => {
    const isotonic = madeScorer({ kind: 'tree', calibration: ISOTONIC })
    expect(canExplain(isotonic)).toBe(false)
    expect(scoreFrame(isotonic, frame).score.length).toBe(300)
    await expect(explain(isotonic, frame)).rejects.toThrow(
      'expected a model with Platt or beta calibration; got "isotonic"',
    )
    const { age: _, debt: __, ...numbers } = frame.numbers
    await expect(explain(madeScorer({ kind: 'tree' }), { ...frame, numbers })).rejects.toThrow(
      'the table lacks factors that model made-tree needs: debt, age',
    )
  })

  it('catches a broken twin: covers changed between base and rows', async () => {
    const scorer = madeScorer({ kind: 'tree' })
    const model = scorer.model as TreeModel
    // A tree that gives other values while it is explained than while it is scored.
    let reads = 0
    const tree = new Proxy(model.trees[0]!, {
      get: (target, key) =>
        key === 'value' && reads++ > 2 ? target.value.map((v) => v + 0.01) : Reflect.get(target, key),
    })
    const broken = { ...scorer, model: { ...model, trees: [tree] } }
    await expect(explain(broken, frame)).rejects.toThrow('do not add up')
  })
})
