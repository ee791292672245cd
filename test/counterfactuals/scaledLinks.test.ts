/** Means over windows that hold each other, in models of trees and linear ones: the search against every allowed change. */
import { describe, expect, it } from 'vitest'
import { counterfactualSearch } from '../../src/counterfactuals/counterfactualSearch.ts'
import { type ChangeRules, mostBeside } from '../../src/counterfactuals/factorRule.ts'
import type { ChangeReference } from '../../src/counterfactuals/reference.ts'
import type { FactorFrame } from '../../src/matrix/frame.ts'
import type { FactorSpec } from '../../src/schema/factor.ts'
import { scoreFrame } from '../../src/scores/scorer.ts'
import { type Random, random } from '../../src/util/random.ts'
import { type BruteOptions, bruteForce } from './bruteForce.ts'
import { smallScorer } from './smallWorld.ts'

/** Few factors of many values, and more factors of fewer. */
const SHAPES = [
  { days: [30, 90, 180, 365], most: 8 },
  { days: [90, 180, 365], most: 16 },
]
type Shape = (typeof SHAPES)[number]

const nameOf = (days: number): string => `mean_${days}d`
const rulesOf = ({ days }: Shape): ChangeRules => ({
  rules: {},
  links: days.slice(1).map((longer, k) => ({
    kind: 'order',
    lower: nameOf(days[k]!),
    upper: nameOf(longer),
    times: longer / days[k]!,
  })),
})
const spec = (name: string): FactorSpec => ({
  name,
  dimension: 'test',
  kind: 'number',
  unit: '',
  scale: 'linear',
  expectedRisk: 'none',
  definition: name,
})

/** Balances that stand day after day in stretches between the windows; so all means hold each other. */
const frameOf = ({ days, most }: Shape, rows: number, stream: Random): FactorFrame => {
  const numbers: Record<string, Float64Array> = {}
  for (const d of days) numbers[nameOf(d)] = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    let sum = 0
    days.forEach((d, k) => {
      sum += (d - (days[k - 1] ?? 0)) * stream.integer(most + 1) * (stream.next() < 0.3 ? 0 : 1)
      numbers[nameOf(d)]![i] = sum / d
    })
  }
  const ids = Array.from({ length: rows }, (_, i) => `P${i}`)
  const dates = ids.map(() => '2024-01-01')
  return {
    rows,
    personId: ids,
    observationDate: dates,
    factors: days.map((d) => spec(nameOf(d))),
    numbers,
    categories: {},
  }
}

const world = (kind: 'forest' | 'boosting' | 'linear', seed: number) => {
  const stream = random(seed).fork('means')
  const shape = SHAPES[seed % 2]!
  const rules = rulesOf(shape)
  const frame = frameOf(shape, 60, stream.fork('people'))
  const scorer = smallScorer(kind, frame, stream.fork('model'))
  const { score } = scoreFrame(scorer, frame)
  const below = Array.from(score.keys()).filter((i) => score[i]! < 900)
  const row = below[stream.integer(below.length)]!
  const most = Math.max(...score)
  const reference: ChangeReference = Object.fromEntries(
    shape.days.map((d) => [nameOf(d), { low: 0, high: shape.most, step: 1, spread: 1 + stream.integer(3) }]),
  )
  const options: BruteOptions = {
    cutoff: Math.min(950, Math.max(score[row]! + 1, Math.round((score[row]! + 2 * most) / 3))),
    months: 0,
    perFactor: 0.25,
    perMonth: 0.1,
    perCategory: 1,
    weights: {},
    fix: [],
    rules,
  }
  return { frame, scorer, row, reference, options }
}
type World = ReturnType<typeof world>

const costOf = ({ frame, scorer, row, reference, options }: World, rules = options.rules): number => {
  const { options: found } = counterfactualSearch(scorer, reference, { ...options, rules, options: 1 })(frame, row)
  return found[0]?.cost ?? Number.POSITIVE_INFINITY
}

describe.each(['forest', 'boosting', 'linear'] as const)('means over windows in a %s', (kind) => {
  it('are moved so that the days of a window hold those of the shorter one, at the least cost', () => {
    const worlds = Array.from({ length: 50 }, (_, seed) => world(kind, seed))
    let [links, reached, moved] = [0, 0, 0]
    for (const [seed, w] of worlds.entries()) {
      const expected = bruteForce(w.scorer, w.frame, w.row, w.reference, w.options)
      const found = costOf(w)
      if (expected === Number.POSITIVE_INFINITY) expect(found, `seed ${seed}`).toBe(expected)
      else expect(found, `seed ${seed}`).toBeCloseTo(expected, 9)
      if (expected < Number.POSITIVE_INFINITY) reached++
      // The own means never break a link, whatever their last digits.
      for (const link of w.options.rules.links) {
        const [a, b] = [link.lower, link.upper].map((name) => w.frame.numbers[name]![w.row]!)
        expect(a).toBeLessThanOrEqual(mostBeside(link, b!))
        links++
      }
      // A twin that forgets the links finds what no balance has.
      if (costOf(w, { rules: {}, links: [] }) < found - 1e-9) moved++
    }
    expect(links).toBe(25 * 3 + 25 * 2)
    expect(reached).toBeGreaterThan(10)
    expect(moved).toBeGreaterThan(0)
  })
})
