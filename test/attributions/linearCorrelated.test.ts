import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { gaussianBackground } from '../../src/attributions/gaussianBackground.ts'
import { linearShap } from '../../src/attributions/linear.ts'
import { type CorrelatedOptions, correlatedGame } from '../../src/attributions/linearCorrelated.ts'
import type { RowBlock } from '../../src/attributions/rowBlock.ts'
import { LEAST_SHRINKAGE, shrunkCovariance } from '../../src/kernels/numbers/shrunkCovariance.ts'
import { type Random, random } from '../../src/util/random.ts'
import { blockOf, normalRows, overAllOrders } from './madeFunctions.ts'

const golden: { ledoit_wolf: { x: number[][]; shrinkage: number; correlations: number[][] } } = JSON.parse(
  readFileSync(new URL('../fixtures/sampling/sampling.json', import.meta.url), 'utf8'),
)

/** Rows of correlated columns of different scales and means. */
const mixedRows = (rows: number, columns: number, stream: Random): RowBlock => {
  const mix = normalRows(columns, columns, stream)
  return blockOf(
    normalRows(rows, columns, stream).map((row) =>
      mix.map((weights, j) => 10 ** ((j % 4) - 2) * (j + weights.reduce((sum, w, k) => sum + w * row[k]!, 0))),
    ),
  )
}

const modelOf = (columns: number, stream: Random) => ({
  intercept: 0.5,
  coefficients: Float64Array.from({ length: columns }, () => stream.normal()),
})

/** Solves a small system by elimination with pivots. */
const solve = (a: number[][], b: number[]): number[] => {
  const n = b.length
  const m = a.map((row, i) => [...row, b[i]!])
  for (let c = 0; c < n; c++) {
    let best = c
    for (let r = c; r < n; r++) if (Math.abs(m[r]![c]!) > Math.abs(m[best]![c]!)) best = r
    ;[m[c], m[best]] = [m[best]!, m[c]!]
    for (let r = 0; r < n; r++) {
      if (r === c) continue
      const factor = m[r]![c]! / m[c]![c]!
      for (let k = c; k <= n; k++) m[r]![k]! -= factor * m[c]![k]!
    }
  }
  return m.map((row, i) => row[n]! / row[i]!)
}

/** E[f | known columns], column by column of those that are not: mean of each given the known ones. */
const conditionalValue = (
  { intercept, coefficients }: ReturnType<typeof modelOf>,
  means: Float64Array,
  covariance: Float64Array,
  row: number[],
  known: boolean[],
): number => {
  const n = row.length
  const inside = [...known.keys()].filter((j) => known[j])
  const c = (j: number, k: number): number => covariance[j * n + k]!
  const solution = solve(
    inside.map((j) => inside.map((k) => c(j, k))),
    inside.map((j) => row[j]! - means[j]!),
  )
  return row.reduce((sum, value, j) => {
    const expected = known[j] ? value : means[j]! + inside.reduce((s, k, i) => s + c(j, k) * solution[i]!, 0)
    return sum + coefficients[j]! * expected
  }, intercept)
}

const rowOf = ({ values, rows }: RowBlock, i: number): number[] =>
  Array.from({ length: values.length / rows }, (_, j) => values[j * rows + i]!)
const valuesOf = (values: Float64Array, rows: number, i: number): number[] =>
  Array.from({ length: values.length / rows }, (_, p) => values[p * rows + i]!)

describe('gaussianBackground', () => {
  it('shrinks correlations as scikit-learn, whatever the units', () => {
    const { x, shrinkage, correlations } = golden.ledoit_wolf
    const found = gaussianBackground(blockOf(x))
    // Sums of 60 numbers of size 1.
    expect(Math.abs(found.shrinkage - shrinkage)).toBeLessThan(1e-12)
    const n = correlations.length
    correlations.forEach((row, j) => {
      row.forEach((r, k) => {
        const scale = Math.sqrt(found.covariance[j * n + j]! * found.covariance[k * n + k]!)
        expect(Math.abs(found.covariance[j * n + k]! / scale - r)).toBeLessThan(1e-12)
      })
    })
    const inches = gaussianBackground(blockOf(x.map((row) => row.map((value, j) => (j === 2 ? value * 1000 : value)))))
    expect(Math.abs(inches.shrinkage - shrinkage)).toBeLessThan(1e-12)
    // The twin that must be caught: nothing is shrunk.
    expect(Math.abs(gaussianBackground(blockOf(x), { shrinkage: 0 }).shrinkage - shrinkage)).toBeGreaterThan(0.01)
  })

  it('can be inverted when columns repeat each other, and takes constant ones as independent', () => {
    const stream = random(4)
    const rows = normalRows(40, 3, stream).map((row) => [...row, row[0]! + row[1]!, row[2]!, 7])
    const found = gaussianBackground(blockOf(rows), { shrinkage: 0 })
    expect(found.shrinkage).toBe(LEAST_SHRINKAGE)
    expect(found.constant).toEqual([5])
    const model = modelOf(6, stream)
    const game = correlatedGame(model, found)
    const { values } = game.of(blockOf([[...rows[0]!.slice(0, 5), 8]]))
    // It has changed by 1 and is correlated with nothing.
    expect(values[5]).toBeCloseTo(model.coefficients[5]!, 10)
    const twice = shrunkCovariance(Float64Array.of(1, -1, 1, -1, 1, -1, 1, -1), 4, 2)
    expect(twice.shrinkage).toBe(LEAST_SHRINKAGE)
  })

  it('asks for rows, all of them numbers', () => {
    expect(() => gaussianBackground(blockOf([[1, 2]]))).toThrow(/background.rows/)
    expect(() =>
      gaussianBackground(
        blockOf([
          [1, 2],
          [Number.NaN, 3],
        ]),
      ),
    ).toThrow(/row 1, column 0/)
    expect(() =>
      gaussianBackground(
        blockOf([
          [1, 2],
          [2, 3],
        ]),
        { shrinkage: 2 },
      ),
    ).toThrow(/option shrinkage/)
  })
})

describe('correlatedGame', () => {
  const stream = random('correlated')
  const background = gaussianBackground(mixedRows(200, 6, stream))
  const model = modelOf(6, stream)
  const rows = mixedRows(5, 6, stream)
  const expected = (options: CorrelatedOptions): number[][] => {
    const playerOf = options.playerOfColumn ?? Int32Array.of(0, 1, 2, 3, 4, 5)
    return Array.from({ length: rows.rows }, (_, i) =>
      overAllOrders(
        (inside) =>
          conditionalValue(
            model,
            background.means,
            background.covariance,
            rowOf(rows, i),
            Array.from(playerOf, (p) => inside[p]!),
          ),
        Math.max(...playerOf) + 1,
      ),
    )
  }
  const largest = Math.max(...expected({}).flat().map(Math.abs))
  // Solving systems whose condition is some thousands loses as many digits.
  const tolerance = 1e-10 * largest

  it.each<[string, CorrelatedOptions]>([
    ['columns as players', {}],
    ['groups as players', { playerOfColumn: Int32Array.of(0, 1, 0, 2, 2, 1) }],
    ['one player', { playerOfColumn: new Int32Array(6) }],
  ])('agrees with conditioning, coalition by coalition, over all orders: %s', (_title, options) => {
    const game = correlatedGame(model, background, options)
    expect(game.exact).toBe(true)
    const { values, standardErrors } = game.of(rows)
    expect(standardErrors).toBeNull()
    expected(options).forEach((row, i) => {
      row.forEach((value, p) => {
        expect(Math.abs(valuesOf(values, rows.rows, i)[p]! - value)).toBeLessThan(tolerance)
      })
    })
  })

  it('sums to the margin', () => {
    const game = correlatedGame(model, background)
    const { values } = game.of(rows)
    for (let i = 0; i < rows.rows; i++) {
      const margin = rowOf(rows, i).reduce((sum, value, j) => sum + model.coefficients[j]! * value, model.intercept)
      const sum = valuesOf(values, rows.rows, i).reduce((a, b) => a + b, game.base)
      expect(Math.abs(sum - margin)).toBeLessThan(tolerance)
    }
  })

  it('is coefficient x (value - mean) where nothing is correlated, and only there', () => {
    const diagonal = background.covariance.map((c, k) => (k % 7 === 0 ? c : 0))
    const { values } = correlatedGame(model, { ...background, covariance: diagonal }).of(rows)
    const alone = linearShap(
      { kind: 'logistic', ...model, means: background.means },
      rows.values,
      rows.rows,
      0,
      rows.rows,
    )
    alone.forEach((value, k) => {
      expect(Math.abs(values[k]! - value)).toBeLessThan(1e-10 * largest)
    })
    const correlated = correlatedGame(model, background).of(rows).values
    expect(Math.max(...alone.map((value, k) => Math.abs(value - correlated[k]!)))).toBeGreaterThan(0.01 * largest)
  })

  it('gives a column that is not read its share of what it tells: half of a copy', () => {
    const table = blockOf(normalRows(500, 1, random(2)).map(([x]) => [x!, x!]))
    const game = correlatedGame({ intercept: 0, coefficients: Float64Array.of(2, 0) }, gaussianBackground(table))
    const { values } = game.of(blockOf([[3, 3]]))
    // Correlations are a little below 1.
    expect(values[0]! / values[1]!).toBeCloseTo(1, 1)
  })

  it('draws orders beyond enumeration: intervals that hold, smaller errors for more orders, the same for the same stream', () => {
    const truth = correlatedGame(model, background).of(rows).values
    const drawn = (seed: number, permutations = 128) =>
      correlatedGame(model, background, { enumerateUpTo: 0, permutations, random: random(seed) })
    let held = 0
    let narrow = 0
    for (let seed = 0; seed < 200; seed++) {
      const { values, low, high } = drawn(seed).of(rows)
      values.forEach((value, k) => {
        if (low![k]! <= truth[k]! && truth[k]! <= high![k]!) held++
        if (Math.abs(value - truth[k]!) <= (high![k]! - value) / 2) narrow++
      })
    }
    // 200 seeds, whose 30 values go together: 0.95 -+ 4 x 0.0154 in the worst case.
    expect(held / 6000).toBeGreaterThan(0.89)
    expect(held / 6000).toBeLessThan(0.995)
    // The twin that must be caught: intervals of half the error.
    expect(narrow / 6000).toBeLessThan(0.85)
    const game = drawn(1)
    expect(game).toMatchObject({ exact: false, permutations: 128 })
    expect([...game.of(rows).values]).toEqual([...drawn(1).of(rows).values])
    const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0)
    expect(mean(drawn(1, 8192).of(rows).standardErrors!)).toBeLessThan(mean(game.of(rows).standardErrors!) / 4)
    for (let i = 0; i < rows.rows; i++) {
      const margin = rowOf(rows, i).reduce((sum, value, j) => sum + model.coefficients[j]! * value, model.intercept)
      const sum = valuesOf(game.of(rows).values, rows.rows, i).reduce((a, b) => a + b, game.base)
      expect(Math.abs(sum - margin)).toBeLessThan(tolerance)
    }
  })

  it('has 70 columns and 5 groups, or 40 players, in a moment', () => {
    const wide = random('wide')
    const large = gaussianBackground(mixedRows(300, 70, wide))
    const linear = modelOf(70, wide)
    const one = mixedRows(3, 70, wide)
    const grouped = correlatedGame(linear, large, { playerOfColumn: Int32Array.from({ length: 70 }, (_, j) => j % 5) })
    const each = correlatedGame(linear, large, { random: wide, permutations: 64 })
    expect([grouped.exact, each.exact]).toEqual([true, false])
    for (const game of [grouped, each]) {
      const { values } = game.of(one)
      for (let i = 0; i < 3; i++) {
        const margin = rowOf(one, i).reduce((sum, value, j) => sum + linear.coefficients[j]! * value, linear.intercept)
        const sum = valuesOf(values, 3, i).reduce((a, b) => a + b, game.base)
        expect(Math.abs(sum - margin)).toBeLessThan(1e-9 * Math.max(...values.map(Math.abs)))
      }
    }
  })

  it.each<[string, () => unknown, RegExp]>([
    [
      'a background of other columns',
      () => correlatedGame(modelOf(5, random(1)), background),
      /other columns than the model/,
    ],
    ['no stream', () => correlatedGame(model, background, { enumerateUpTo: 3 }), /option random/],
    [
      'a singular covariance',
      () => correlatedGame(model, { ...background, covariance: new Float64Array(36).fill(1) }),
      /positive definite/,
    ],
    ['rows of other columns', () => correlatedGame(model, background).of(blockOf([[1]])), /expected 6/],
    ['missing values', () => correlatedGame(model, background).of(blockOf([[1, 2, 3, Number.NaN, 5, 6]])), /column 3/],
  ])('refuses %s', (_title, act, message) => {
    expect(act).toThrow(message)
  })
})
