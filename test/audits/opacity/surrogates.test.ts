import { describe, expect, it } from 'vitest'
import { fitReader } from '../../../src/audits/opacity/boostedReader.ts'
import { factorBins } from '../../../src/audits/opacity/factorBins.ts'
import {
  type CodedColumns,
  growRegressionTree,
  leavesOf,
  readRegressionTree,
} from '../../../src/audits/opacity/regressionTree.ts'
import { growCard } from '../../../src/audits/opacity/surrogateCard.ts'
import { r2Of, surrogatesOf } from '../../../src/audits/opacity/surrogates.ts'
import type { FactorFrame } from '../../../src/matrix/frame.ts'
import { random } from '../../../src/util/random.ts'
import { drawnFrom, madePeople } from './madePeople.ts'

const stream = random(4)
const rows = 150
/** Three columns of up to six bins, of which the first has missing values. */
const columns: CodedColumns = {
  rows,
  bins: [6, 5, 4],
  codes: [6, 5, 4].map((size, c) =>
    Uint8Array.from({ length: rows }, () => (c === 0 && stream.next() < 0.2 ? 0 : 1 + stream.integer(size - 1))),
  ),
}
const y = Float64Array.from(
  { length: rows },
  (_, i) =>
    (columns.codes[0]![i] === 0 ? 8 : 2 * columns.codes[0]![i]!) -
    3 * columns.codes[1]![i]! * (columns.codes[2]![i]! > 2 ? 1 : 0) +
    stream.normal(),
)
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
const errorOf = (values: readonly number[]) => values.reduce((sum, v) => sum + (v - mean(values)) ** 2, 0)

const groupBy = (rows_: readonly number[], of: (i: number) => number): Map<number, number[]> => {
  const groups = new Map<number, number[]>()
  for (const i of rows_) groups.set(of(i), [...(groups.get(of(i)) ?? []), i])
  return groups
}

/** Least squared error that any split of these rows leaves. */
const plainBest = (at: readonly number[], minLeaf: number): { error: number; left: number[]; right: number[] } => {
  let best = { error: Number.POSITIVE_INFINITY, left: [] as number[], right: [] as number[] }
  for (let c = 0; c < 3; c++)
    for (let upTo = 0; upTo < columns.bins[c]!; upTo++)
      for (const missingLeft of [false, true]) {
        const isLeft = (i: number) => {
          const code = columns.codes[c]![i]!
          return code === 0 ? missingLeft : code <= upTo
        }
        const left = at.filter(isLeft)
        const right = at.filter((i) => !isLeft(i))
        if (left.length < minLeaf || right.length < minLeaf) continue
        const error = errorOf(left.map((i) => y[i]!)) + errorOf(right.map((i) => y[i]!))
        if (error < best.error - 1e-9) best = { error, left, right }
      }
  return best
}

describe('a regression tree', () => {
  const tree = growRegressionTree(columns, y, { depth: 3, minLeaf: 5 })
  const all = [...new Array(rows).keys()]

  it('splits where every split that there is leaves no smaller error, on two levels', () => {
    const first = plainBest(all, 5)
    const one = readRegressionTree(tree, columns, 1)
    expect(one.reduce((sum, v, i) => sum + (v - y[i]!) ** 2, 0)).toBeCloseTo(first.error, 8)
    const second = plainBest(first.left, 5).error + plainBest(first.right, 5).error
    const two = readRegressionTree(tree, columns, 2)
    expect(two.reduce((sum, v, i) => sum + (v - y[i]!) ** 2, 0)).toBeCloseTo(second, 8)
  })

  it('has the mean of its rows in every leaf, missing values where they fit best, and as many leaves as it says', () => {
    const said = readRegressionTree(tree, columns)
    const groups = groupBy(all, (i) => said[i]!)
    for (const [value, members] of groups) expect(value).toBeCloseTo(mean(members.map((i) => y[i]!)), 9)
    expect(groups.size).toBe(leavesOf(tree, 3))
    expect(leavesOf(tree, 0)).toBe(1)
    expect(leavesOf(tree, 1)).toBe(2)
    // Missing values are as the greatest codes; sending them with the least would cost.
    const wrong = { ...tree, missingLeft: tree.missingLeft.map((m) => !m) }
    expect(r2Of(y, readRegressionTree(wrong, columns))).toBeLessThan(r2Of(y, said) - 0.02)
  })

  it('keeps its least number of rows, and is a constant for a constant', () => {
    const said = readRegressionTree(growRegressionTree(columns, y, { depth: 8, minLeaf: 20 }), columns)
    for (const members of groupBy(all, (i) => said[i]!).values()) expect(members.length).toBeGreaterThanOrEqual(20)
    const flat = growRegressionTree(columns, new Float64Array(rows).fill(3), { depth: 4, minLeaf: 1 })
    expect(flat.left).toEqual([-1])
  })

  it('is a reader of drawings once boosted: it learns what one tree cannot, and nothing of noise on other rows', () => {
    const half = (from: number): CodedColumns => ({
      ...columns,
      rows: 75,
      codes: columns.codes.map((c) => c.slice(from, from + 75)),
    })
    const reader = fitReader(half(0), y.slice(0, 75), { rounds: 60, minLeaf: 3 })
    expect(r2Of(y.slice(0, 75), reader(half(0)))).toBeGreaterThan(0.9)
    expect(r2Of(y.slice(75), reader(half(75)))).toBeGreaterThan(0.7)
    const noise = Float64Array.from({ length: 75 }, () => stream.normal())
    expect(r2Of(noise, fitReader(half(0), noise, { rounds: 60, minLeaf: 3 })(half(75)))).toBeLessThan(0.2)
  })
})

/** Least squares on ones and zeros, by elimination with pivots; what depends on others is left at 0. */
const plainLeastSquares = (chosen: readonly number[]): Float64Array => {
  const design = Array.from({ length: rows }, (_, i) => [
    1,
    ...chosen.flatMap((c) => Array.from({ length: columns.bins[c]! }, (_b, k) => (columns.codes[c]![i] === k ? 1 : 0))),
  ])
  const n = design[0]!.length
  const a = Array.from({ length: n }, (_, j) => [
    ...Array.from({ length: n }, (_k, k) => design.reduce((sum, row) => sum + row[j]! * row[k]!, 0)),
    design.reduce((sum, row, i) => sum + row[j]! * y[i]!, 0),
  ])
  const pivots: number[] = []
  for (let column = 0, row = 0; column < n && row < n; column++) {
    let most = row
    for (let r = row; r < n; r++) if (Math.abs(a[r]![column]!) > Math.abs(a[most]![column]!)) most = r
    if (Math.abs(a[most]![column]!) < 1e-8) continue
    ;[a[row], a[most]] = [a[most]!, a[row]!]
    for (let r = 0; r < n; r++) {
      if (r === row) continue
      const factor = a[r]![column]! / a[row]![column]!
      for (let k = column; k <= n; k++) a[r]![k]! -= factor * a[row]![k]!
    }
    pivots[row] = column
    row++
  }
  const solution = new Float64Array(n)
  pivots.forEach((column, row) => {
    solution[column] = a[row]![n]! / a[row]![column]!
  })
  return Float64Array.from(design, (row) => row.reduce((sum, v, j) => sum + v * solution[j]!, 0))
}

describe('a scorecard of few factors', () => {
  const steps = growCard(columns, y, 10)

  it('takes in the factor that leaves the least error, and fits all points again, as elimination does', () => {
    const chosen: number[] = []
    for (const step of steps) {
      const left = [0, 1, 2].filter((c) => !chosen.includes(c))
      const errors = left.map((c) => 1 - r2Of(y, plainLeastSquares([...chosen, c])))
      expect(step.column).toBe(left[errors.indexOf(Math.min(...errors))])
      chosen.push(step.column)
      const plain = plainLeastSquares(chosen)
      step.read(columns).forEach((v, i) => {
        expect(v).toBeCloseTo(plain[i]!, 7)
      })
    }
    expect(steps).toHaveLength(3)
  })

  it('does not tell what two factors say together only', () => {
    const last = r2Of(y, steps[2]!.read(columns))
    const tree = r2Of(y, readRegressionTree(growRegressionTree(columns, y, { depth: 6, minLeaf: 3 }), columns))
    expect(tree).toBeGreaterThan(last + 0.02)
  })
})

describe('bins of factors', () => {
  it('part numbers at quantiles of training rows, levels by what is fitted, and keep missing values apart', () => {
    const values = Float64Array.from({ length: 60 }, (_, i) => (i % 6 === 0 ? Number.NaN : i))
    const frame: FactorFrame = {
      rows: 60,
      personId: Array.from({ length: 60 }, (_, i) => `P${i}`),
      observationDate: new Array<string>(60).fill('2024-01-01'),
      factors: [
        { name: 'n', dimension: 'd', kind: 'number', unit: '', scale: 'linear', expectedRisk: 'none', definition: '' },
        {
          name: 'c',
          dimension: 'd',
          kind: 'category',
          unit: '',
          scale: 'linear',
          expectedRisk: 'none',
          definition: '',
        },
      ],
      numbers: { n: values },
      categories: {
        c: Array.from({ length: 60 }, (_, i) => (i === 0 ? null : i < 25 ? 'high' : i < 55 ? 'low' : 'rare')),
      },
    }
    const scores = Float64Array.from({ length: 60 }, (_, i) => (i < 25 ? 9 : 1))
    const [n, c] = factorBins(frame, scores, 5)
    expect(n!.bins).toBe(6)
    const codes = n!.codes(frame)
    expect([codes[0], codes[6]]).toEqual([0, 0])
    for (let i = 1; i < 59; i++) if (codes[i] && codes[i + 1]) expect(codes[i]!).toBeLessThanOrEqual(codes[i + 1]!)
    expect([...new Set(codes)].length).toBe(6)
    expect([...new Set(c!.codes(frame))]).toEqual([0, 2, 1, 3])
    const other: FactorFrame = { ...frame, categories: { c: new Array<string>(60).fill('never seen') } }
    expect(c!.codes(other)[5]).toBe(3)
  })
})

describe('surrogates of scores', () => {
  const train = madePeople(600, 'pairwise')
  const held = madePeople(200, 'pairwise', 2)
  const of = ({ numbers }: FactorFrame) =>
    numbers['cre_a']!.map((a, i) => 650 + 20 * a + 40 * a * numbers['beh_a']![i]! + 5 * numbers['per_a']![i]!)
  const found = surrogatesOf(
    { frame: train.frame, score: of(train.frame) },
    { frame: held.frame, score: of(held.frame) },
    650,
    drawnFrom(held),
  )

  it('are nearer the larger they are, on people they did not see, each with an interval', () => {
    expect(found).toMatchObject({ trained: 600, rows: 200 })
    expect(found.trees.map((t) => t.depth)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(found.cards).toHaveLength(6)
    expect(found.trees[5]!.r2.value!).toBeGreaterThan(found.trees[0]!.r2.value! + 0.2)
    // What is in the product is in no sum: six factors tell less than a tree.
    expect(found.cards[5]!.r2.value!).toBeLessThan(found.trees[5]!.r2.value!)
    for (const { r2, agreement } of [...found.trees, ...found.cards]) {
      expect(r2.low!).toBeLessThanOrEqual(r2.value!)
      expect(r2.high!).toBeGreaterThanOrEqual(r2.value!)
      expect(agreement.value!).toBeGreaterThanOrEqual(0.4)
    }
    expect(found.trees[5]!.agreement.value!).toBeGreaterThan(found.sameForAll.value! + 0.1)
  })

  it('have the R2 and the agreement that are counted again, and not those of the rows they were fitted on', () => {
    const bins = factorBins(train.frame, of(train.frame), 63)
    const coded = (frame: FactorFrame): CodedColumns => ({
      rows: frame.rows,
      bins: bins.map((b) => b.bins),
      codes: bins.map((b) => b.codes(frame)),
    })
    const tree = growRegressionTree(coded(train.frame), of(train.frame), { depth: 8, minLeaf: 10 })
    const said = readRegressionTree(tree, coded(held.frame), 4)
    const truth = of(held.frame)
    const middle = mean([...truth])
    const error = mean([...truth].map((t, i) => (t - said[i]!) ** 2))
    expect(found.trees[3]!.r2.value).toBeCloseTo(1 - error / mean([...truth].map((t) => (t - middle) ** 2)), 10)
    const agree = [...truth].filter((t, i) => t >= 650 === said[i]! >= 650).length / 200
    expect(found.trees[3]!.agreement.value).toBeCloseTo(agree, 12)
    const inside = r2Of(of(train.frame), readRegressionTree(tree, coded(train.frame), 8))
    expect(inside).toBeGreaterThan(found.trees[7]!.r2.value! + 0.01)
  })
})
