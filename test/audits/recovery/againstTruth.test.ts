import { describe, expect, it } from 'vitest'
import { againstTruth } from '../../../src/audits/recovery/againstTruth.ts'
import {
  attributionAgreement,
  importanceAgreement,
  type PointTable,
} from '../../../src/audits/recovery/attributionAgreement.ts'
import { correlation, rankCorrelation, ranksOf } from '../../../src/metrics/correlation.ts'
import { random } from '../../../src/util/random.ts'

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

const r = random(7)
const N = 4000
const f = Float64Array.from({ length: N }, () => -2 + 1.2 * r.normal())
const truth = f.map(sigmoid)
const target = Uint8Array.from(truth, (p) => (r.next() < p ? 1 : 0))
const personId = Array.from({ length: N }, (_, i) => `p${i >> 1}`)
const options = { replicates: 300, random: random(1) }
const modelOf = (model: string, logOdds: Float64Array) => ({
  model,
  margin: logOdds,
  probability: logOdds.map(sigmoid),
})

/** Pairs of a bad and a good row, one by one. */
const slowAuc = (scores: Float64Array): number => {
  let [wins, pairs] = [0, 0]
  for (let i = 0; i < N; i++)
    for (let j = 0; j < N; j++) {
      if (!target[i] || target[j]) continue
      pairs++
      wins += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0
    }
  return wins / pairs
}

describe('models beside the truth', () => {
  const noise = f.map((v) => v + r.normal())
  const found = againstTruth(
    { personId, target, truth },
    [
      modelOf('truth', f),
      modelOf(
        'twice',
        f.map((v) => 2 * v),
      ),
      modelOf('noisy', noise),
      modelOf(
        'chance',
        f.map(() => r.normal()),
      ),
    ],
    options,
  )
  const of = (name: string) => found.models.find((m) => m.model === name)!

  it('have the ceiling that pairs of rows have, with an interval around it', () => {
    expect(found.ceiling.value).toBeCloseTo(slowAuc(f), 12)
    expect(found.ceiling.low!).toBeLessThan(found.ceiling.value!)
    expect(found.ceiling.high!).toBeGreaterThan(found.ceiling.value!)
  })

  it('have no gap, no error and a slope of 1 when they are the truth', () => {
    const same = of('truth')
    expect(same.gap).toEqual({ value: 0, low: 0, high: 0 })
    expect(same.auc).toEqual(found.ceiling)
    expect(same.logOddsCorrelation.value).toBeCloseTo(1, 12)
    // Outcomes play no part in it: this is no estimate with the noise of drawn outcomes.
    expect(same.slope.value).toBeCloseTo(1, 5)
    expect(same.slope.high! - same.slope.low!).toBeLessThan(1e-4)
    expect(same.probabilityError.value).toBeLessThan(1e-12)
  })

  it('are seen to be too sure, too noisy, or at chance', () => {
    expect(of('twice').gap.value).toBe(0)
    expect(of('twice').slope.value).toBeCloseTo(0.5, 5)
    expect(of('twice').probabilityError.value).toBeGreaterThan(0.03)
    const noisy = of('noisy')
    expect(noisy.gap.value).toBeCloseTo(slowAuc(f) - slowAuc(noise), 12)
    expect(noisy.gap.low).toBeGreaterThan(0)
    // Variance 1.44 of 2.44.
    expect(noisy.logOddsCorrelation.value).toBeCloseTo(Math.sqrt(1.44 / 2.44), 1)
    expect(noisy.slope.value).toBeLessThan(0.8)
    expect(noisy.slope.low!).toBeLessThan(noisy.slope.value!)
    const chance = of('chance')
    expect(chance.gap.value).toBeGreaterThan(0.2)
    expect(Math.abs(chance.logOddsCorrelation.value!)).toBeLessThan(0.05)
  })

  it('cover the ceiling of the population about as often as they say', () => {
    // The AUC of f among many more rows stands for that of the population.
    const big = random(99)
    const area = (rows: number, stream: typeof big) => {
      const values = Float64Array.from({ length: rows }, () => -2 + 1.2 * stream.normal())
      const bad = Uint8Array.from(values, (v) => (stream.next() < sigmoid(v) ? 1 : 0))
      return { values, bad }
    }
    const many = area(200_000, big)
    const order = ranksOf(many.values)
    const bads = many.bad.reduce((a, b) => a + b, 0)
    const sum = order.reduce((s, rank, i) => s + (many.bad[i] ? rank : 0), 0)
    const population = (sum - (bads * (bads + 1)) / 2) / (bads * (many.bad.length - bads))
    let covered = 0
    const times = 60
    for (let k = 0; k < times; k++) {
      const { values, bad } = area(500, random(k).fork('sample'))
      const { ceiling } = againstTruth(
        { personId: Array.from(values, (_, i) => String(i)), target: bad, truth: values.map(sigmoid) },
        [],
        { replicates: 200, random: random(k) },
      )
      if (ceiling.low! <= population && population <= ceiling.high!) covered++
    }
    // 57 expected; fewer than 50 of 60 at 95 % come once in some 1,500 times.
    expect(covered).toBeGreaterThanOrEqual(50)
  })
})

describe('attributions beside the closed form', () => {
  const [rows, players] = [300, 6]
  const table = (of: (j: number, i: number) => number): PointTable => ({
    players,
    rows,
    points: Float64Array.from({ length: players * rows }, (_, k) => of(Math.floor(k / rows), k % rows)),
  })
  const size = [8, 5, 3, 1, 0, 0]
  const true_ = table((j) => size[j]! * r.normal() + 0)
  const drawn = {
    personId: personId.slice(0, rows),
    target: target.slice(0, rows),
    replicates: 200,
    random: random(3),
  }
  const agreement = (model: PointTable) =>
    attributionAgreement({ factors: true_, dimensions: true_ }, { factors: model, dimensions: model }, drawn)
  const one = { value: 1, low: 1, high: 1 }

  it('agree wholly with themselves', () => {
    const a = agreement(true_)
    expect(a.misplaced).toEqual({ value: 0, low: 0, high: 0 })
    expect(a.sameFirstReason).toEqual(one)
    expect(a.withinRows.value).toBeCloseTo(1, 12)
    a.factors.slice(0, 4).forEach((p) => {
      expect(p.gap).toBe(0)
      expect(p.model).toBe(p.truth)
      expect(p.correlation.value).toBeCloseTo(1, 12)
    })
    // What is 0 in every row goes with nothing.
    expect(a.factors[4]).toEqual({ truth: 0, model: 0, gap: 0, correlation: { value: null, low: null, high: null } })
    expect(a.dimensions).toEqual(a.factors)
  })

  it('are told from twice as much, from another factor, and from the other sign', () => {
    const at = (j: number, i: number) => true_.points[j * rows + i]!
    const twice = agreement(table((j, i) => 2 * at(j, i)))
    expect(twice.misplaced.value).toBeCloseTo(1, 12)
    expect(twice.withinRows.value).toBeCloseTo(1, 12)
    expect(twice.factors[0]!.gap).toBeCloseTo(twice.factors[0]!.truth, 12)
    const turned = agreement(table((j, i) => -at(j, i)))
    expect(turned.factors[0]!.correlation.value).toBeCloseTo(-1, 12)
    expect(turned.misplaced.value).toBeCloseTo(2, 12)
    const other = agreement(table((j, i) => at((j + 1) % players, i)))
    expect(Math.abs(other.factors[0]!.correlation.value!)).toBeLessThan(0.2)
    expect(other.sameFirstReason.value).toBeLessThan(0.7)
    // By hand: mean of the sum of differences over the mean of the sum of sizes.
    let [gap, all] = [0, 0]
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < players; j++) {
        gap += Math.abs(at((j + 1) % players, i) - at(j, i))
        all += Math.abs(at(j, i))
      }
    expect(other.misplaced.value).toBeCloseTo(gap / all, 10)
    expect(other.misplaced.low!).toBeLessThan(gap / all)
    expect(other.misplaced.high!).toBeGreaterThan(gap / all)
  })

  it('are an order of factors, beside other orders, with a share for what says nothing', () => {
    const spoken = [0, 1, 2, 3]
    const orders = importanceAgreement(
      true_,
      [
        { kind: 'attributions', text: '', values: true_ },
        { kind: 'split', text: '', values: Float64Array.of(8, 5, 3, 1, 1, 2) },
        { kind: 'permutation', text: '', values: Float64Array.of(1, 2, 3, 4, -1, 0) },
      ],
      spoken,
      drawn,
    )
    expect(orders[0]).toMatchObject({ rankCorrelation: one, rankCorrelationOfSpoken: one })
    expect(orders[0]!.imagined.value).toBe(0)
    expect(orders[1]!.rankCorrelationOfSpoken.value).toBeCloseTo(1, 12)
    expect(orders[1]!.rankCorrelation.value!).toBeLessThan(1)
    expect(orders[1]!.imagined.value).toBeCloseTo(3 / 20, 12)
    expect(orders[2]!.rankCorrelationOfSpoken.value).toBeCloseTo(-1, 12)
    // A fall below 0 is no importance.
    expect(orders[2]!.imagined.value).toBe(0)
    expect(orders[1]!.values).toEqual([8, 5, 3, 1, 1, 2])
  })
})

describe('correlations', () => {
  it('are those of the textbooks, with weights as repeated rows', () => {
    const [x, y] = [
      [1, 2, 3, 4, 9],
      [2, 1, 4, 3, 7],
    ]
    const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length
    const dot = (a: number[], b: number[]) => a.reduce((s, v, i) => s + (v - mean(a)) * (b[i]! - mean(b)), 0)
    expect(correlation(x, y)).toBeCloseTo(dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y)), 14)
    expect(correlation(x, y, [1, 2, 0, 1, 3])).toBeCloseTo(
      correlation([1, 2, 2, 4, 9, 9, 9], [2, 1, 1, 3, 7, 7, 7]),
      14,
    )
    expect(correlation([1, 1, 1], [1, 2, 3])).toBeNaN()
    expect(correlation([0.1, 0.1, 0.1], [1, 2, 3])).toBeNaN()
    expect([...ranksOf([3, 1, 3, 2])]).toEqual([3.5, 1, 3.5, 2])
    expect(rankCorrelation([1, 2, 3, 4], [1, 4, 9, 100])).toBeCloseTo(1, 14)
    expect(rankCorrelation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 14)
    expect(rankCorrelation([1, 2, 3], [5, 5, 5])).toBeNaN()
  })
})
