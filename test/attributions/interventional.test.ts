import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { explain, explainBlocks } from '../../src/attributions/explain.ts'
import { linkOf } from '../../src/attributions/link.ts'
import { checkReceipts, receipts } from '../../src/attributions/receipt.ts'
import { isTreeModel, type TreeModel, treeDivisor } from '../../src/models/model.ts'
import { encodeFor, type Scorer, scoreFrame } from '../../src/scores/scorer.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'
import { enumerateInterventional } from '../kernels/enumerateInterventional.ts'
import { BETA, FACTORS, madeFrame, madeScorer } from './madeScorers.ts'

// Workers run the compiled code; `npm test` builds it first.
const built = existsSync(new URL('../../dist/threads/worker.js', import.meta.url))

const frame = madeFrame(60, random(78))
const background = { id: 'approved_2023', frame: madeFrame(45, random(79)) }
// Points are some hundred; sums of tens of them are exact to about 1e-13 of that.
const POINTS = 1e-9

/** Points of both games of a tree model by their definition: every coalition, every background row. */
const enumerated = (
  scorer: Scorer,
  against = background,
): { points: Float64Array; dimensions: Float64Array; base: number } => {
  const model = scorer.model as TreeModel
  const [x, others] = [encodeFor(scorer, frame), encodeFor(scorer, against.frame)]
  const names = [...new Set(FACTORS.map((factor) => factor.dimension))]
  const game = (player: Int32Array, players: number) => {
    const { base, phi } = enumerateInterventional({
      trees: model.trees,
      player,
      players,
      values: x.values,
      rows: x.rows,
      background: others.values,
      backgroundRows: others.rows,
    })
    const output = base / treeDivisor(model)
    const link = linkOf(scorer, output)
    const outputs = new Float64Array(x.rows).fill(output)
    phi.forEach((value, k) => {
      outputs[k % x.rows]! += value / treeDivisor(model)
    })
    const stretch = link.stretch(outputs)
    return { points: phi.map((value, k) => (value / treeDivisor(model)) * stretch[k % x.rows]!), base: link.base }
  }
  const factors = game(
    Int32Array.from(x.columns, (column) => column.factor),
    FACTORS.length,
  )
  const dimensions = game(
    Int32Array.from(x.columns, (column) => names.indexOf(FACTORS[column.factor]!.dimension)),
    names.length,
  )
  return { points: factors.points, dimensions: dimensions.points, base: factors.base }
}

const largest = (a: Float64Array, b: Float64Array): number =>
  a.length === b.length
    ? a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k]!)), 0)
    : Number.POSITIVE_INFINITY

describe('explain against a background', () => {
  for (const kind of ['linear', 'tree', 'forest', 'probability'] as const)
    for (const calibration of [undefined, BETA])
      it(`splits scores of a ${kind} model, calibration ${calibration?.kind ?? 'platt'}, without a rest`, async () => {
        const scorer = madeScorer({ kind, ...(calibration ? { calibration } : {}) })
        const e = await explain(scorer, frame, { background })
        expect(e.semantics).toBe('interventional')
        expect(e.backgroundId).toBe('approved_2023')
        expect(e.link).toBe(calibration || kind === 'probability' ? 'rescaled' : 'linear')
        expect(e.additivityGap).toBeLessThan(POINTS)
        const scores = scoreFrame(scorer, frame)
        expect(e.rawScore).toEqual(scores.rawScore)
        const r = receipts(e)
        expect(checkReceipts(r)).toEqual({ rows: frame.rows, failing: 0, failingDimensions: 0, first: null })
        expect(r.score).toEqual(scores.score)
        expect(r.backgroundId).toBe('approved_2023')
        if (kind === 'linear') return
        const expected = enumerated(scorer)
        expect(Math.abs(e.base - expected.base)).toBeLessThan(POINTS)
        expect(largest(e.points, expected.points)).toBeLessThan(POINTS)
        expect(largest(e.dimensionPoints, expected.dimensions)).toBeLessThan(POINTS)
      })

  it('adds the trees of a boosting up', async () => {
    const made = madeScorer({ kind: 'forest' })
    const scorer: Scorer = { ...made, model: { ...(made.model as TreeModel), kind: 'boosting' } }
    const e = await explain(scorer, frame, { background })
    const expected = enumerated(scorer)
    expect(Math.abs(e.base - expected.base)).toBeLessThan(POINTS)
    expect(largest(e.points, expected.points)).toBeLessThan(POINTS)
    expect(largest(e.dimensionPoints, expected.dimensions)).toBeLessThan(POINTS)
  })

  it('catches twins: other background rows, tree covers, dimensions as sums of their factors', async () => {
    const scorer = madeScorer({ kind: 'forest' })
    const expected = enumerated(scorer)
    const other = await explain(scorer, frame, { background: { id: 'others', frame: madeFrame(45, random(80)) } })
    expect(largest(other.points, expected.points)).toBeGreaterThan(0.01)
    const covers = await explain(scorer, frame)
    expect(largest(covers.points, expected.points)).toBeGreaterThan(0.01)
    const e = await explain(scorer, frame, { background })
    const sums = new Float64Array(e.dimensionPoints.length)
    e.points.forEach((value, k) => {
      const dimension = e.dimensions.indexOf(FACTORS[Math.floor(k / frame.rows)]!.dimension)
      sums[dimension * frame.rows + (k % frame.rows)]! += value
    })
    expect(largest(sums, expected.dimensions)).toBeGreaterThan(0.01)
  })

  it('gives linear models coefficient x (value - mean of the background)', async () => {
    const scorer = madeScorer({ kind: 'linear' })
    const { model } = scorer
    if (isTreeModel(model)) throw new Error('not linear')
    const [x, others] = [encodeFor(scorer, frame), encodeFor(scorer, background.frame)]
    const e = await explain(scorer, frame, { background })
    const unit = (-60 / Math.LN2) * 0.9
    const expected = new Float64Array(e.points.length)
    x.columns.forEach((column, j) => {
      const mean =
        others.values.subarray(j * others.rows, (j + 1) * others.rows).reduce((a, b) => a + b, 0) / others.rows
      for (let i = 0; i < x.rows; i++)
        expected[column.factor * x.rows + i]! += unit * model.coefficients[j]! * (x.values[j * x.rows + i]! - mean)
    })
    expect(largest(e.points, expected)).toBeLessThan(POINTS)
    const mean = scoreFrame(scorer, background.frame).rawScore.reduce((a, b) => a + b, 0) / others.rows
    expect(Math.abs(e.base - mean)).toBeLessThan(POINTS)
    expect(largest((await explain(scorer, frame)).points, expected)).toBeGreaterThan(0.01)
  })

  it('gives the rows of the background itself points that are 0 on the mean, in both games', async () => {
    const scorer = madeScorer({ kind: 'forest' })
    const e = await explain(scorer, frame, { background: { id: 'themselves', frame } })
    const total = e.points.reduce((a, b) => a + b, 0)
    const dimensions = e.dimensionPoints.reduce((a, b) => a + b, 0)
    expect(Math.abs(total)).toBeLessThan(frame.rows * POINTS)
    expect(Math.abs(dimensions)).toBeLessThan(frame.rows * POINTS)
  })

  it.each(['forest', 'linear'] as const)('gives the same bytes block by block: %s', async (kind) => {
    const scorer = madeScorer({ kind })
    const whole = await explain(scorer, frame, { background })
    for await (const block of explainBlocks(scorer, frame, { background, blockRows: 17 }))
      for (const [part, all] of [
        [block.points, whole.points],
        [block.dimensionPoints, whole.dimensionPoints],
      ] as const)
        for (let k = 0; k < part.length; k++) {
          const [p, i] = [Math.floor(k / block.rows), k % block.rows]
          expect(Object.is(part[k], all[p * frame.rows + block.from + i])).toBe(true)
        }
  })

  it.skipIf(!built)('gives the same bytes on one, two and three threads', async () => {
    const scorer = madeScorer({ kind: 'forest' })
    const large = madeFrame(1500, random(3))
    const against = { id: 'many', frame: madeFrame(1100, random(4)) }
    const alone = await explain(scorer, large, { background: against })
    for (const threads of [2, 3]) {
      const pool = openPool(threads)
      try {
        expect(await explain(scorer, large, { background: against, pool })).toEqual(alone)
      } finally {
        await pool.close()
      }
    }
  })

  it.each([
    ['no object', 5, /option background: this is no background; .* got 5/],
    ['no name', { id: '', frame }, /option background.id: the background has no name of its own/],
    [
      'a name that is taken',
      { id: 'tree_covers', frame },
      /option background.id: .* none of training_mean, tree_covers/,
    ],
    ['no frame', { id: 'a' }, /option background.frame: the background has no frame/],
    ['no rows', { id: 'a', frame: madeFrame(0) }, /option background.frame: background a has no rows/],
  ])('refuses %s', async (_, wrong, says) => {
    const asked = explain(madeScorer({ kind: 'tree' }), frame, { background: wrong as typeof background })
    await expect(asked).rejects.toMatchObject({ kind: 'usage', message: expect.stringMatching(says) })
  })

  it('refuses a background that lacks factors, and stops when told', async () => {
    const scorer = madeScorer({ kind: 'tree' })
    const { age: _, ...rest } = background.frame.numbers
    const lacking = { id: 'lacking', frame: { ...background.frame, numbers: rest } }
    await expect(explain(scorer, frame, { background: lacking })).rejects.toThrow('the table lacks factors')
    const signal = AbortSignal.abort()
    await expect(explain(scorer, frame, { background, signal })).rejects.toThrow('stopped by the user')
  })
})
