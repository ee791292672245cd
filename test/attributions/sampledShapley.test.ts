import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { drawBackground } from '../../src/attributions/drawnBackground.ts'
import { enumeratedShapley } from '../../src/attributions/enumeratedShapley.ts'
import { type KernelShapleyOptions, kernelShapley } from '../../src/attributions/kernelShapley.ts'
import type { Predict } from '../../src/attributions/predict.ts'
import { sampledShapley } from '../../src/attributions/sampledShapley.ts'
import type { SampledValues } from '../../src/attributions/sampling.ts'
import { margin } from '../../src/models/margin.ts'
import { encodeFor } from '../../src/scores/scorer.ts'
import { GlasscoreError } from '../../src/util/errors.ts'
import { random } from '../../src/util/random.ts'
import { blockOf, byRows, normalRows, pairsOf, slowShapley, triplesOf } from './madeFunctions.ts'
import { madeFrame, madeScorer } from './madeScorers.ts'

interface Golden {
  background: number[][]
  rows: number[][]
  kernel: number[][]
  kernel_base: number
  exact: number[][]
  permutation: number[][]
}
const golden: Golden = JSON.parse(readFileSync(new URL('../fixtures/sampling/sampling.json', import.meta.url), 'utf8'))
const background = blockOf(golden.background)
const rows = blockOf(golden.rows)
// Values of size 1 from sums of some hundred terms of double precision.
const TOLERANCE = 1e-12

const valuesOf = ({ values, outputs }: SampledValues): number[][] =>
  Array.from(outputs, (_, i) =>
    Array.from({ length: values.length / outputs.length }, (_, p) => values[p * outputs.length + i]!),
  )
const gap = (found: readonly (readonly number[])[], expected: readonly (readonly number[])[]): number =>
  Math.max(...expected.flatMap((row, i) => row.map((value, p) => Math.abs(found[i]![p]! - value))))
const sumGap = ({ base, outputs, values }: SampledValues): number =>
  Math.max(
    ...Array.from(outputs, (output, i) => {
      let sum = base
      for (let k = i; k < values.length; k += outputs.length) sum += values[k]!
      return Math.abs(sum - output)
    }),
  )

describe('enumeratedShapley', () => {
  it('agrees with the Exact and the Kernel explainer of shap, and with all orders', async () => {
    const found = await enumeratedShapley(byRows(triplesOf), rows, background)
    expect(gap(valuesOf(found), golden.exact)).toBeLessThan(TOLERANCE)
    // shap solves a regression: its own rounding is larger.
    expect(gap(valuesOf(found), golden.kernel)).toBeLessThan(1e-9)
    expect(Math.abs(found.base - golden.kernel_base)).toBeLessThan(TOLERANCE)
    expect(
      gap(
        valuesOf(found),
        golden.rows.map((row) => slowShapley(triplesOf, row, golden.background)),
      ),
    ).toBeLessThan(TOLERANCE)
    expect(sumGap(found)).toBeLessThan(TOLERANCE)
    expect(found).toMatchObject({ exact: true, pairs: 0, predictions: 32 * 20 })
  })

  it('has groups of columns as players; values of columns, summed, are another game', async () => {
    const playerOf = [0, 0, 1, 1, 2]
    const groups = { playerOfColumn: Int32Array.from(playerOf) }
    const found = await enumeratedShapley(byRows(triplesOf), rows, background, groups)
    const expected = golden.rows.map((row) => slowShapley(triplesOf, row, golden.background, playerOf))
    expect(gap(valuesOf(found), expected)).toBeLessThan(TOLERANCE)
    const summed = golden.exact.map((row) => [row[0]! + row[1]!, row[2]! + row[3]!, row[4]!])
    expect(gap(summed, expected)).toBeGreaterThan(1e-3)
  })

  it('explains a forest of the library through its margins', async () => {
    const scorer = madeScorer({ kind: 'forest' })
    const x = encodeFor(scorer, madeFrame(20))
    const predict: Predict = (values, count) => margin(scorer.model, { rows: count, columns: x.columns, values })
    const few = {
      rows: 3,
      values: Float64Array.from(
        { length: 3 * x.columns.length },
        (_, k) => x.values[Math.floor(k / 3) * 20 + (k % 3)]!,
      ),
    }
    const found = await enumeratedShapley(predict, few, x)
    const table = Array.from({ length: 20 }, (_, i) => x.columns.map((_, j) => x.values[j * 20 + i]!))
    const f = (row: number[]): number =>
      predict(Float64Array.from(row), 1) instanceof Float64Array
        ? (predict(Float64Array.from(row), 1) as Float64Array)[0]!
        : Number.NaN
    const expected = table.slice(0, 3).map((row) => slowShapley(f, row, table))
    expect(gap(valuesOf(found), expected)).toBeLessThan(TOLERANCE)
    const sampled = await sampledShapley(predict, few, x, { random: random(3), permutations: 4000, enumerate: false })
    // 200 orders against each background row: five standard errors are left for 18 values.
    sampled.values.forEach((value, k) => {
      expect(Math.abs(value - found.values[k]!)).toBeLessThan(5 * sampled.standardErrors[k]! + 1e-12)
    })
  })
})

const METHODS: [
  name: string,
  (predict: Predict, options?: Partial<KernelShapleyOptions>, other?: typeof background) => Promise<SampledValues>,
][] = [
  [
    'sampledShapley',
    (predict, options, other = background) =>
      sampledShapley(predict, rows, other, { random: random(1), enumerate: false, ...options }),
  ],
  [
    'kernelShapley',
    (predict, options, other = background) =>
      kernelShapley(predict, rows, other, { random: random(1), enumerate: false, ...options }),
  ],
  [
    'kernelShapley, unbiased',
    (predict, options, other = background) =>
      kernelShapley(predict, rows, other, { random: random(1), enumerate: false, estimator: 'unbiased', ...options }),
  ],
]

describe.each(METHODS)('%s', (name, explain) => {
  it('sums exactly, draws the same for any batch and any block of rows, and something else for another seed', async () => {
    const found = await explain(byRows(triplesOf), { budget: 400 })
    expect(sumGap(found)).toBeLessThan(TOLERANCE)
    expect(found.exact).toBe(false)
    expect(found.predictions).toBeLessThanOrEqual(400)
    const small = await explain(byRows(triplesOf), { budget: 400, batchRows: 7 })
    expect([...small.values]).toEqual([...found.values])
    expect([...small.standardErrors]).toEqual([...found.standardErrors])
    const second = { rows: 1, values: Float64Array.from(golden.rows[1]!) }
    const options = { random: random(1), budget: 400, from: 1, enumerate: false }
    const alone =
      name === 'sampledShapley'
        ? await sampledShapley(byRows(triplesOf), second, background, options)
        : await kernelShapley(byRows(triplesOf), second, background, {
            ...options,
            estimator: name === 'kernelShapley' ? 'leastSquares' : 'unbiased',
          })
    expect([...alone.values]).toEqual(valuesOf(found)[1])
    const other = await explain(byRows(triplesOf), { budget: 400, random: random(2) })
    expect([...other.values]).not.toEqual([...found.values])
  })

  it('enumerates where that takes no more', async () => {
    const found = await explain(byRows(triplesOf), { budget: 640, enumerate: true })
    expect(found.exact).toBe(true)
    expect(gap(valuesOf(found), golden.exact)).toBeLessThan(TOLERANCE)
    expect((await explain(byRows(triplesOf), { budget: 639, enumerate: true })).exact).toBe(false)
  })

  it('comes nearer as the budget grows', async () => {
    const error = async (budget: number): Promise<number> =>
      gap(valuesOf(await explain(byRows(triplesOf), { budget })), golden.exact)
    // 64 times the draws: an eighth of the error, and chance.
    expect(await error(64 * 400)).toBeLessThan((await error(400)) / 3)
  })

  // Every column is in a product of three: an order and its reverse leave nothing without an error.
  const rough = (x: number[]): number => triplesOf(x) + x[1]! * x[2]! * x[4]!
  // 200 seeds x 30 values a setting. Values of one row go together, so the bound is that of some 600 independent ones: 0.95 -+ 4 x 0.009.
  for (const [setting, count, budget] of [
    ['all background rows in use', 20, 640],
    ['background rows drawn', 3000, 640],
  ] as const)
    it(`has intervals that hold in 95 of 100 cases: ${setting}`, async () => {
      const stream = random('rows of the background')
      const table = count === 20 ? golden.background : normalRows(count, 5, stream)
      const truth = await enumeratedShapley(byRows(rough), rows, blockOf(table))
      let held = 0
      let narrow = 0
      let all = 0
      for (let seed = 0; seed < 200; seed++) {
        const found = await explain(byRows(rough), { budget, random: random(seed) }, blockOf(table))
        found.values.forEach((value, k) => {
          all++
          if (found.low[k]! <= truth.values[k]! && truth.values[k]! <= found.high[k]!) held++
          // The twin that must be caught: intervals of half the error.
          if (Math.abs(value - truth.values[k]!) <= (found.high[k]! - value) / 2) narrow++
        })
      }
      expect(held / all).toBeGreaterThan(0.914)
      expect(held / all).toBeLessThan(0.986)
      expect(narrow / all).toBeLessThan(0.914)
    })
})

describe('sampledShapley', () => {
  it('is exact, with no error, where no more than two columns interact: as the Permutation explainer of shap', async () => {
    const found = await sampledShapley(byRows(pairsOf), rows, background, {
      random: random(1),
      permutations: 80,
      enumerate: false,
    })
    expect(gap(valuesOf(found), golden.permutation)).toBeLessThan(TOLERANCE)
    expect(Math.max(...found.standardErrors)).toBeLessThan(TOLERANCE)
    expect(gap(valuesOf(found), golden.exact)).toBeGreaterThan(0.1)
  })

  it('has one player, columns that are nobody’s difference, and a background of one row', async () => {
    const one = await sampledShapley(byRows(triplesOf), rows, background, {
      random: random(1),
      playerOfColumn: new Int32Array(5),
      enumerate: false,
    })
    expect(sumGap(one)).toBeLessThan(TOLERANCE)
    const self = await sampledShapley(byRows(triplesOf), blockOf([golden.rows[0]!]), blockOf([golden.rows[0]!]), {
      random: random(1),
      enumerate: false,
    })
    expect(Math.max(...self.values.map(Math.abs), ...self.standardErrors)).toBe(0)
  })
})

describe('kernelShapley', () => {
  it('by least squares is exact for additive models, which the unbiased one is not', async () => {
    const weights = [1, -2, 0.5, 3, 0]
    const predict = byRows((x) => x.reduce((sum, value, j) => sum + value * weights[j]!, 1))
    const means = weights.map(
      (_, j) => golden.background.reduce((sum, row) => sum + row[j]!, 0) / golden.background.length,
    )
    const expected = golden.rows.map((row) => row.map((value, j) => weights[j]! * (value - means[j]!)))
    const options = { random: random(1), budget: 400, enumerate: false }
    const one = { rows: 1, values: Float64Array.from(means) }
    const squares = await kernelShapley(predict, rows, one, options)
    expect(gap(valuesOf(squares), expected)).toBeLessThan(1e-10)
    const unbiased = await kernelShapley(predict, rows, one, { ...options, estimator: 'unbiased' })
    expect(gap(valuesOf(unbiased), expected)).toBeGreaterThan(0.05)
  })

  it('without bias: the mean over seeds is the truth', async () => {
    const seeds = 400
    const sum = new Float64Array(5)
    const squares = new Float64Array(5)
    const row = blockOf([golden.rows[0]!])
    for (let seed = 0; seed < seeds; seed++) {
      const { values } = await kernelShapley(byRows(triplesOf), row, background, {
        random: random(seed),
        budget: 80,
        estimator: 'unbiased',
        enumerate: false,
      })
      values.forEach((value, p) => {
        sum[p]! += value
        squares[p]! += value * value
      })
    }
    sum.forEach((total, p) => {
      const mean = total / seeds
      const error = Math.sqrt((squares[p]! / seeds - mean * mean) / seeds)
      expect(Math.abs(mean - golden.exact[0]![p]!)).toBeLessThan(4 * error)
    })
  })
})

describe('drawBackground', () => {
  it('uses all rows equally often where it can, else each of some once', () => {
    expect(drawBackground(4, 11, random(1))).toEqual({ rows: Int32Array.of(0, 1, 2, 3), each: 2 })
    const some = drawBackground(100, 150, random(1))
    expect([some.rows.length, some.each]).toEqual([100, 1])
    const few = drawBackground(100, 10, random(1))
    expect([new Set(few.rows).size, few.each]).toEqual([10, 1])
    const hits = new Int32Array(10)
    for (let seed = 0; seed < 2000; seed++) for (const i of drawBackground(10, 3, random(seed)).rows) hits[i]!++
    // 2000 x 3 / 10 with a standard deviation of 20.5
    for (const n of hits) expect(Math.abs(n - 600)).toBeLessThan(90)
  })
})

describe('bad input', () => {
  const predict = byRows(triplesOf)
  const options = { random: random(1) }
  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['no model', () => sampledShapley(null as never, rows, background, options), /option predict/],
    ['another width', () => sampledShapley(predict, blockOf([[1, 2]]), background, options), /differ in columns/],
    [
      'no background',
      () => sampledShapley(predict, rows, { rows: 0, values: new Float64Array() }, options),
      /option background.rows/,
    ],
    ['no stream', () => sampledShapley(predict, rows, background, {} as never), /option random/],
    [
      'an unknown option',
      () => sampledShapley(predict, rows, background, { ...options, nsamples: 3 } as never),
      /option nsamples/,
    ],
    [
      'two budgets',
      () => sampledShapley(predict, rows, background, { ...options, budget: 30, permutations: 30 }),
      /both/,
    ],
    [
      'a small budget',
      () => sampledShapley(predict, rows, background, { ...options, budget: 9 }),
      /expected 16 or more/,
    ],
    [
      'few coalitions',
      () => kernelShapley(predict, rows, background, { ...options, budget: 12 }),
      /too few coalitions/,
    ],
    [
      'players that there are not',
      () =>
        kernelShapley(predict, rows, background, {
          ...options,
          playerOfColumn: Int32Array.of(0, 1, 2, 3, 4),
          players: 4,
        }),
      /column 4 belongs/,
    ],
    [
      'a model of too few numbers',
      () => enumeratedShapley(() => new Float64Array(1), rows, background),
      /a Float64Array of 6 numbers|a Float64Array of/,
    ],
    [
      'a model without an answer',
      () => enumeratedShapley((_, n) => new Float64Array(n).fill(Number.NaN), rows, background),
      /no number for a row/,
    ],
    [
      'too many players',
      () => enumeratedShapley(predict, blockOf([new Array(17).fill(1)]), blockOf([new Array(17).fill(0)])),
      /up to 16/,
    ],
  ])('%s', async (_title, act, message) => {
    await expect(act()).rejects.toThrow(message)
    await expect(act()).rejects.toBeInstanceOf(GlasscoreError)
  })

  it('stops on the signal', async () => {
    const signal = AbortSignal.abort()
    await expect(sampledShapley(predict, rows, background, { ...options, signal, enumerate: false })).rejects.toThrow(
      'stopped',
    )
  })
})
