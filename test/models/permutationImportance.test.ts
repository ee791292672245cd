import { describe, expect, it } from 'vitest'
import type { LinearModel } from '../../src/models/model.ts'
import { permutationImportance } from '../../src/models/permutationImportance.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'
import { readGolden, unscale } from './golden.ts'
import { matrixOf } from './matrixOf.ts'

interface Golden {
  scale: number
  rows: number
  repeats: number
  values: number[]
  target: number[]
  coefficients: number[]
  mean: number[]
  deviation: number[]
}
const golden = readGolden<Golden>('permutation.json')
const x = matrixOf(unscale(golden.values, golden.scale), golden.rows)
const target = Uint8Array.from(golden.target)
const linear = (coefficients: readonly number[]): LinearModel => ({
  kind: 'logistic',
  intercept: -1,
  coefficients: Float64Array.from(coefficients),
  means: new Float64Array(coefficients.length),
})
const model = linear(golden.coefficients)

describe('permutation importance', () => {
  it('is that of scikit-learn, up to the shuffles drawn', async () => {
    const { repeats, mean, deviation } = golden
    const ours = await permutationImportance(model, x, target, random(1), { repeats })
    ours.columns.forEach(({ drop, spread }, j) => {
      // Both are means of 400 independent draws of one distribution: five standard errors of their difference.
      expect(Math.abs(drop - mean[j]!)).toBeLessThanOrEqual(5 * deviation[j]! * Math.sqrt(2 / repeats))
      // The standard error of a standard deviation of 400 draws is some 4 %.
      expect(Math.abs(spread - deviation[j]!)).toBeLessThanOrEqual(0.25 * deviation[j]!)
    })
    expect(ours.columns[3]).toMatchObject({ drop: 0, spread: 0, low: 0, high: 0 })
    // The figures of another column would be told apart.
    expect(Math.abs(ours.columns[0]!.drop - mean[4]!)).toBeGreaterThan(5 * deviation[0]!)
  })

  it('is the same for a seed, on any pool, and another for another seed', async () => {
    const once = await permutationImportance(model, x, target, random(1))
    const pool = openPool(2)
    expect(await permutationImportance(model, x, target, random(1), { pool })).toEqual(once)
    await pool.close()
    expect(await permutationImportance(model, x, target, random(2))).not.toEqual(once)
  })

  it('shuffles the columns of a factor together', async () => {
    const together = { ...x, columns: x.columns.map((c, j) => ({ ...c, factor: j === 4 ? 0 : j })) }
    const factors = ['a', 'b', 'c', 'd', 'unused'].map((name) => ({ name }))
    const alone = await permutationImportance(model, x, target, random(1))
    const { columns } = await permutationImportance(model, together, target, random(1), { factors })
    expect(columns.map((c) => c.name)).toEqual(['a', 'b', 'c', 'd'])
    // Neither of the two columns stands in for the other any more.
    expect(columns[0]!.drop).toBeGreaterThan(alone.columns[0]!.drop + alone.columns[4]!.drop / 2)
    expect(columns[1]).toEqual({ ...alone.columns[1]!, name: 'b' })
  })

  it('has intervals that hold what many rows show, over persons too', async () => {
    const coefficients = [1, 0.3]
    const draw = (rows: number, seed: number, perPerson: number) => {
      const r = random(seed)
      const values = new Float64Array(2 * rows)
      const y = new Uint8Array(rows)
      for (let i = 0; i < rows; i++) {
        const copied = i % perPerson !== 0
        for (let j = 0; j < 2; j++) values[j * rows + i] = copied ? values[j * rows + i - 1]! : r.normal()
        const margin = -1 + coefficients[0]! * values[i]! + coefficients[1]! * values[rows + i]!
        y[i] = copied ? y[i - 1]! : r.next() < 1 / (1 + Math.exp(-margin)) ? 1 : 0
      }
      return { x: matrixOf(values, rows), y, persons: Int32Array.from(y, (_, i) => Math.floor(i / perPerson)) }
    }
    const many = draw(100_000, 1, 1)
    const truth = (await permutationImportance(linear(coefficients), many.x, many.y, random(9), { repeats: 2 })).columns
    const DRAWS = 150
    const held = async (perPerson: number, withPersons: boolean): Promise<number> => {
      let inside = 0
      for (let k = 0; k < DRAWS; k++) {
        const { x: of, y, persons } = draw(300 * perPerson, 100 + k, perPerson)
        const options = withPersons ? { persons } : {}
        const found = await permutationImportance(linear(coefficients), of, y, random(k), options)
        found.columns.forEach(({ low, high }, j) => {
          if (low <= truth[j]!.drop && truth[j]!.drop <= high) inside++
        })
      }
      return inside / (2 * DRAWS)
    }
    // 300 trials at 95 %: three standard errors are 3.8 %.
    expect(await held(1, true)).toBeGreaterThan(0.91)
    expect(await held(4, true)).toBeGreaterThan(0.91)
    // Four rows of one person taken for four persons: an interval half as wide.
    expect(await held(4, false)).toBeLessThan(0.8)
  })

  it('has no interval where one person has all rows of an outcome, nor figures with one outcome only', async () => {
    const one = await permutationImportance(model, x, target, random(1), { persons: target })
    expect(
      one.columns.every(({ drop, low, high }) => Number.isFinite(drop) && Number.isNaN(low) && Number.isNaN(high)),
    ).toBe(true)
    const none = await permutationImportance(model, x, new Uint8Array(x.rows), random(1), { repeats: 1 })
    expect(none.auc).toBeNaN()
    expect(none.columns[0]!.drop).toBeNaN()
  })

  it.each([
    ['a short target', [model, x, target.subarray(1), random(1)], /target and matrix differ in length/],
    ['a target that is a list', [model, x, golden.target, random(1)], /option target: /],
    ['another number in the target', [model, x, target.map((t) => 2 * t), random(1)], /another number than 0 and 1/],
    ['short persons', [model, x, target, random(1), { persons: [1, 2] }], /option persons: persons and rows differ/],
    [
      'persons without a name',
      [model, x, target, random(1), { persons: Array.from(target, () => null) }],
      /option persons: /,
    ],
    [
      'texts as factors',
      [model, x, target, random(1), { factors: ['a', 'b'] }],
      /option factors: these are no factors/,
    ],
    [
      'too few factors',
      [model, x, target, random(1), { factors: [{ name: 'a' }] }],
      /option factors: a column of a factor/,
    ],
    [
      'an option that there is not',
      [model, x, target, random(1), { repeat: 3 }],
      /option repeat: .*did you mean repeats/,
    ],
    ['options that are none', [model, x, target, random(1), 5], /options are no object/],
    ['a pool that is none', [model, x, target, random(1), { pool: {} }], /option pool: /],
    ['no random numbers', [model, x, target], /option random: /],
    ['no model', [undefined, x, target, random(1)], /option model: /],
    ['no matrix', [model, undefined, target, random(1)], /option x: /],
  ])('refuses %s', async (_what, given, says) => {
    const work = permutationImportance as (...all: unknown[]) => Promise<unknown>
    await expect(work(...given)).rejects.toMatchObject({ name: 'GlasscoreError', message: expect.stringMatching(says) })
  })

  it('refuses no repeats, and stops', async () => {
    await expect(permutationImportance(model, x, target, random(1), { repeats: 0 })).rejects.toThrow('option repeats: ')
    await expect(permutationImportance(model, x, target, random(1), { signal: AbortSignal.abort() })).rejects.toThrow(
      'stopped',
    )
  })
})
