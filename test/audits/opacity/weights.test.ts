import { describe, expect, it } from 'vitest'
import { explain } from '../../../src/attributions/explain.ts'
import { against } from '../../../src/audits/opacity/againstChance.ts'
import { declaredWeights } from '../../../src/audits/opacity/declaredWeights.ts'
import {
  type DimensionWeights,
  dimensionWeights,
  weighDimensions,
} from '../../../src/audits/opacity/dimensionWeights.ts'
import {
  distanceOf,
  effectiveWeights,
  takePoints,
  weightsOfPlayers,
} from '../../../src/audits/opacity/effectiveWeights.ts'
import { groupParts, LEAST_PERSONS } from '../../../src/audits/opacity/groupParts.ts'
import { maskedDimensions } from '../../../src/audits/opacity/maskedDimensions.ts'
import { permuteDimension, withoutDimension } from '../../../src/audits/opacity/permuteFactors.ts'
import { pointsOfDimensions } from '../../../src/audits/opacity/pointsOfDimensions.ts'
import { refit } from '../../../src/audits/opacity/refit.ts'
import { weightsOfGroups } from '../../../src/audits/opacity/weightsOfGroups.ts'
import type { PointTable } from '../../../src/audits/recovery/attributionAgreement.ts'
import { scoreFrame } from '../../../src/scores/scorer.ts'
import { thisThread } from '../../../src/threads/openPool.ts'
import { random } from '../../../src/util/random.ts'
import { DIMENSION_NAMES, drawnFrom, madePeople, recipes } from './madePeople.ts'

const work = { pool: thisThread() }
const stream = random(11)
const rows = 120
const correlated: PointTable = {
  players: 3,
  rows,
  points: Float64Array.from({ length: 3 * rows }),
}
for (let i = 0; i < rows; i++) {
  const z = stream.normal()
  correlated.points[i] = 20 * z
  // Works against the first: its covariance with the score is negative.
  correlated.points[rows + i] = -6 * z + stream.normal()
  correlated.points[2 * rows + i] = 3 * stream.normal() + 5
}
const people = {
  personId: Array.from({ length: rows }, (_, i) => `P${i >> 1}`),
  target: Uint8Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 1 : 0)),
  replicates: 200,
  random: random(5),
}

/** Two passes over rows that are there as often as their weight says. */
const plainWeights = ({ players, points, rows: n }: PointTable, times: readonly number[]): number[] => {
  const all = times.flatMap((n, i) => new Array<number>(n).fill(i))
  const column = (p: number) => all.map((i) => points[p * n + i]!)
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const columns = Array.from({ length: players }, (_, p) => column(p))
  const score = all.map((_, k) => columns.reduce((sum, c) => sum + c[k]!, 0))
  const absolute = columns.map((c) => mean(c.map(Math.abs)))
  const middle = mean(score)
  const variance = mean(score.map((s) => (s - middle) ** 2))
  const covariance = columns.map((c) => {
    const m = mean(c)
    return mean(c.map((v, k) => (v - m) * (score[k]! - middle))) / variance
  })
  const sum = absolute.reduce((a, b) => a + b, 0)
  return [...absolute.map((a) => a / sum), ...covariance]
}

describe('effective weights', () => {
  it('are those of two passes over the rows, weighted or not, add up to 1 and may be negative', () => {
    const times = Array.from({ length: rows }, (_, i) => i % 4)
    const found = weightsOfPlayers(correlated, Float64Array.from(times))
    plainWeights(correlated, times).forEach((w, k) => {
      expect(found[k]).toBeCloseTo(w, 10)
    })
    const once = weightsOfPlayers(correlated)
    plainWeights(correlated, new Array(rows).fill(1)).forEach((w, k) => {
      expect(once[k]).toBeCloseTo(w, 10)
    })
    expect(once[0]! + once[1]! + once[2]!).toBeCloseTo(1, 12)
    expect(once[3]! + once[4]! + once[5]!).toBeCloseTo(1, 12)
    expect(once[4]).toBeLessThan(0)
    expect(once[1]).toBeGreaterThan(0.1)
  })

  it('would be other ones if points were not taken absolutely, or not about their mean', () => {
    const once = weightsOfPlayers(correlated)
    const sums = [0, 1, 2].map((p) =>
      Math.abs(correlated.points.slice(p * rows, (p + 1) * rows).reduce((a, b) => a + b, 0)),
    )
    const signed = sums.map((s) => s / sums.reduce((a, b) => a + b, 0))
    expect(Math.abs(signed[2]! - once[2]!)).toBeGreaterThan(0.1)
    const moved = { ...correlated, points: correlated.points.map((v, k) => (k >= 2 * rows ? v + 100 : v)) }
    const after = weightsOfPlayers(moved)
    // A constant moves the share and no covariance.
    expect(after[5]).toBeCloseTo(once[5]!, 8)
    expect(Math.abs(after[2]! - once[2]!)).toBeGreaterThan(0.2)
  })

  it('have intervals over persons, and none for a score that is always the same', () => {
    const { share, covariance } = effectiveWeights(correlated, people)
    for (const b of [...share, ...covariance]) {
      expect(b.low!).toBeLessThan(b.value!)
      expect(b.high!).toBeGreaterThan(b.value!)
    }
    expect(covariance[1]!.high).toBeLessThan(0)
    const flat = effectiveWeights({ players: 2, rows, points: new Float64Array(2 * rows).fill(4) }, people)
    expect(flat.share.map((b) => b.value)).toEqual([0.5, 0.5])
    expect(flat.covariance.map((b) => b.value)).toEqual([null, null])
  })

  it('are wider apart from what was declared the more they differ', () => {
    const shares = Array.from(weightsOfPlayers(correlated).slice(0, 3))
    const same = distanceOf(correlated, shares, people)!
    expect(same.value).toBeCloseTo(0, 12)
    const other = distanceOf(correlated, [0, 0, 1], people)!
    expect(other.value).toBeCloseTo(1 - shares[2]!, 12)
    expect(distanceOf(correlated, [null, null, null], people)).toBeNull()
  })

  it('of some rows are those of a table of these rows alone', () => {
    const at = [3, 50, 7, 90]
    const some = takePoints(correlated, at)
    at.forEach((i, k) => {
      for (let p = 0; p < 3; p++) expect(some.points[p * 4 + k]).toBe(correlated.points[p * rows + i])
    })
  })
})

it('a figure is above chance where its interval lies above 0, and above every null', () => {
  const figure = { value: 0.01, low: -0.01, high: 0.03 }
  expect(against(figure, [-0.05, -0.02]).aboveChance).toBe(false)
  expect(against({ ...figure, low: 0.005 }, [-0.05, -0.02]).aboveChance).toBe(true)
  expect(against({ ...figure, low: 0.005 }, [-0.05, 0.006]).aboveChance).toBe(false)
  expect(against(figure, []).aboveChance).toBeNull()
})

describe('declared weights', () => {
  it('are the advertised ones, of a whole of the dimensions that are there, or those given', () => {
    const { shares } = declaredWeights(DIMENSION_NAMES)
    ;[35 / 65, 25 / 65, 5 / 65].forEach((w, k) => {
      expect(shares[k]).toBeCloseTo(w, 12)
    })
    expect(declaredWeights(['money', 'place'], { money: 3, place: 1 }).shares).toEqual([0.75, 0.25])
  })

  it('are not made up where nothing was declared', () => {
    expect(declaredWeights(['money', 'place'])).toEqual({
      shares: [null, null],
      text: 'Nothing was declared for the dimensions of this table.',
      note: null,
    })
    expect(declaredWeights(['other']).shares).toEqual([null])
  })

  it('are refused where they are of no dimension that is there, below 0, or nothing', () => {
    expect(() => declaredWeights(['money', 'place'], { money: 50, credit: 50 })).toThrow(
      /option declared: there is no such dimension.*"credit".*there are: money, place/,
    )
    expect(() => declaredWeights(['money', 'place'], { money: 150, place: -50 })).toThrow('not a weight of place')
    expect(() => declaredWeights(['money', 'place'], { money: 0, place: 0 })).toThrow('add up to 0')
  })

  it('are scaled where they are of no whole, and it is said', () => {
    expect(declaredWeights(['money', 'place'], { money: 45, place: 5 })).toMatchObject({
      shares: [0.9, 0.1],
      note: 'The declared weights (money 45, place 5) add up to 50 and were scaled to 100 %.',
    })
    for (const whole of [100, 1])
      expect(declaredWeights(['money', 'place'], { money: 0.7 * whole, place: 0.3 * whole }).note).toBeNull()
  })
})

describe('dealing a dimension anew', () => {
  const { frame } = madePeople(60, 'additive')
  const pairs = (numbers: Record<string, Float64Array>) =>
    Array.from({ length: 60 }, (_, i) => `${numbers['cre_a']![i]} ${numbers['cre_b']![i]}`)

  it('keeps the factors of the dimension together, and the others where they were', () => {
    const dealt = permuteDimension(frame, 'credit_history', random(2))
    expect(pairs(dealt.numbers)).not.toEqual(pairs(frame.numbers))
    expect(pairs(dealt.numbers).sort()).toEqual(pairs(frame.numbers).sort())
    expect(dealt.numbers['beh_a']).toBe(frame.numbers['beh_a'])
    expect(withoutDimension(frame, 'credit_history').factors.map((f) => f.name)).toEqual([
      'beh_a',
      'beh_b',
      'per_a',
      'per_b',
    ])
  })

  it('is not dealing each factor alone: then pairs come apart', () => {
    const shuffled = (name: string, seed: number) => random(seed).shuffle(frame.numbers[name]!.slice())
    const apart = { cre_a: shuffled('cre_a', 1), cre_b: shuffled('cre_b', 2) }
    expect(pairs(apart).sort()).not.toEqual(pairs(frame.numbers).sort())
  })
})

/** Area under the curve, pair by pair. */
const plainAuc = (scores: ArrayLike<number>, target: Uint8Array): number => {
  let [wins, pairs] = [0, 0]
  target.forEach((bad, i) => {
    if (!bad) return
    target.forEach((other, j) => {
      if (other) return
      pairs++
      wins += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0
    })
  })
  return wins / pairs
}

describe('weights of a model', async () => {
  const train = madePeople(500, 'additive')
  const held = madePeople(300, 'additive', 2)
  const scorer = await refit(recipes.linear, train, random(1), work)
  const at = Int32Array.from({ length: 200 }, (_, i) => i)
  const persons = drawnFrom(held)
  const explainedRows = { personId: persons.personId.slice(0, 200), target: persons.target.slice(0, 200) }
  const { numbers } = held.frame
  const first: typeof held.frame = {
    ...held.frame,
    rows: 200,
    personId: explainedRows.personId,
    observationDate: held.frame.observationDate.slice(0, 200),
    numbers: Object.fromEntries(Object.entries(numbers).map(([name, v]) => [name, v.slice(0, 200)])),
  }
  const table = await pointsOfDimensions(scorer, first, DIMENSION_NAMES, work)
  const explained = {
    table,
    semantics: 'interventional',
    backgroundId: 'training_mean',
    persons: { ...persons, ...explainedRows },
    rows: at,
  }
  const input = {
    scorer,
    recipe: recipes.linear,
    dimensions: DIMENSION_NAMES,
    declared: declaredWeights(DIMENSION_NAMES).shares,
    train,
    held,
    explained,
    permutations: 3,
    repeats: 5,
    random: random(9),
  }
  let found: DimensionWeights

  it('come from the points of its dimensions', async () => {
    const { dimensionPoints, points, factors } = await explain(scorer, first)
    expect(table.points).toEqual(dimensionPoints)
    // A sum of factors for a linear model: another path to the same points.
    const sums = new Float64Array(200)
    factors.forEach(({ dimension }, f) => {
      if (dimension === 'behavior_preference') for (let i = 0; i < 200; i++) sums[i]! += points[f * 200 + i]!
    })
    sums.forEach((s, i) => {
      expect(table.points[200 + i]).toBeCloseTo(s, 9)
    })
    found = await dimensionWeights(input, work)
    const plain = plainWeights(table, new Array(200).fill(1))
    found.dimensions.forEach((d, k) => {
      expect(d.share.value).toBeCloseTo(plain[k]!, 10)
      expect(d.covariance.value).toBeCloseTo(plain[3 + k]!, 10)
    })
    expect(found).toMatchObject({ rows: 200, persons: 200, trained: 500 })
  })

  it('know the dimension that says nothing from those that do, by every measure', () => {
    const [history, behavior, relations] = found.dimensions
    for (const d of [history!, behavior!]) {
      expect(d.share.aboveChance).toBe(true)
      expect(d.covariance.aboveChance).toBe(true)
      expect(d.masked.aboveChance).toBe(true)
      expect(d.without.aboveChance).toBe(true)
      expect(d.share.chance.high!).toBeLessThan(0.3)
    }
    expect(relations!.masked.aboveChance).toBe(false)
    expect(relations!.without.aboveChance).toBe(false)
    expect(relations!.share.value!).toBeLessThan(0.2)
    expect(relations!.share.chance.permutations).toBe(3)
    expect(found.distance!.value).toBeGreaterThan(0)
  })

  it('lose the AUC that shuffles of their own, and a model of the other factors, lose', async () => {
    const margin = scoreFrame(scorer, held.frame).margin
    expect(found.auc).toBeCloseTo(plainAuc(margin, held.target), 12)
    const own = random(77)
    const falls = Array.from({ length: 100 }, (_, k) => {
      const dealt = permuteDimension(held.frame, 'credit_history', own.fork('shuffle', k))
      return found.auc - plainAuc(scoreFrame(scorer, dealt).margin, held.target)
    })
    const mean = falls.reduce((a, b) => a + b, 0) / falls.length
    const spread = Math.sqrt(falls.reduce((s, f) => s + (f - mean) ** 2, 0) / falls.length)
    // Five shuffles there, a hundred here.
    expect(Math.abs(found.dimensions[0]!.masked.value! - mean)).toBeLessThan(4 * spread * Math.sqrt(1 / 5 + 1 / 100))
    const rest = withoutDimension(train.frame, 'credit_history')
    const without = await refit(recipes.linear, { ...train, frame: rest }, random(9).fork('fit'), work)
    const lost = found.aucAgain - plainAuc(scoreFrame(without, held.frame).margin, held.target)
    expect(found.dimensions[0]!.without.value).toBeCloseTo(lost, 12)
    expect(found.dimensions[0]!.without.low!).toBeGreaterThan(0)
  })

  it('mask nothing where the model reads nothing of a dimension', async () => {
    const part = withoutDimension(train.frame, 'personal_relationships')
    const blind = await refit(recipes.linear, { ...train, frame: part }, random(1), work)
    const masked = await maskedDimensions(blind, held.frame, held.target, DIMENSION_NAMES, {
      repeats: 2,
      random: random(1),
      ...work,
    })
    expect(masked.lost[2]).toBeNull()
    expect(masked.lost[0]!.value).toBeGreaterThan(0.02)
  })

  it('of groups are those of their rows beside the null of these rows, and small groups have none', async () => {
    const { score } = scoreFrame(scorer, held.frame)
    const sex = held.frame.personId.map((_, i) => (i < 20 ? 'x' : i % 2 ? 'm' : 'f'))
    const parts = groupParts(score, [{ name: 'sex', values: sex }], at)
    const weighed = await weighDimensions(input, parts, work)
    // The parts change nothing of everybody's.
    expect(weighed.weights).toEqual(found)
    const groups = await weightsOfGroups(
      { scorer, dimensions: DIMENSION_NAMES, held, parts, weighed, explained, repeats: 2, random: random(4) },
      work,
    )
    const f = groups.find((g) => g.by === 'sex' && g.group === 'f')!
    const of = [...at].filter((i) => sex[i] === 'f')
    expect(f.rows).toBe(of.length)
    expect(f.heldRows).toBe(sex.filter((s) => s === 'f').length)
    const plain = plainWeights(takePoints(table, of), new Array(of.length).fill(1))
    f.share!.forEach((b, k) => {
      expect(b.value).toBeCloseTo(plain[k]!, 10)
    })
    const x = groups.find((g) => g.group === 'x')!
    expect(x).toMatchObject({ rows: 20, share: null, covariance: null })
    expect(x.persons).toBeLessThan(LEAST_PERSONS)
    const bands = groups.filter((g) => g.by === 'score band')
    expect(bands.reduce((sum, b) => sum + b.heldRows, 0)).toBe(300)
    const m = groups.find((g) => g.by === 'sex' && g.group === 'm')!
    expect(m.masked![0]!.value).toBeGreaterThan(0)

    // The null again, model by model: trained on a dealt dimension, looked at on dealt people of the group.
    const fit = random(9).fork('fit')
    const own = await Promise.all(
      [0, 1, 2].map(async (p) => {
        const deal = random(9).fork('permutation', 0).fork('deal', p)
        const dealtTrain = { ...train, frame: permuteDimension(train.frame, 'credit_history', deal.fork('train')) }
        const other = await refit(recipes.linear, dealtTrain, fit, work)
        const dealt = permuteDimension(held.frame, 'credit_history', deal.fork('held'))
        const all = await pointsOfDimensions(other, dealt, DIMENSION_NAMES, work)
        const among = plainWeights(takePoints(all, of), new Array(of.length).fill(1))
        return { group: among[0]!, everybody: plainWeights(takePoints(all, at), new Array(200).fill(1))[0]! }
      }),
    )
    const { low, high, permutations } = f.share![0]!.chance
    expect(low).toBeCloseTo(Math.min(...own.map((o) => o.group)), 10)
    expect(high).toBeCloseTo(Math.max(...own.map((o) => o.group)), 10)
    expect(permutations).toBe(3)
    // That of everybody is another.
    expect(Math.abs(high! - Math.max(...own.map((o) => o.everybody)))).toBeGreaterThan(1e-4)

    // And the fall of AUC in the group without the dimension.
    const theirs = [...sex.keys()].filter((i) => sex[i] === 'm')
    const target = Uint8Array.from(theirs, (i) => held.target[i]!)
    const rest = { ...train, frame: withoutDimension(train.frame, 'credit_history') }
    const [again, blind] = await Promise.all([train, rest].map((part) => refit(recipes.linear, part, fit, work)))
    const aucOf = (model: typeof scorer) => {
      const { margin } = scoreFrame(model, held.frame)
      return plainAuc(
        theirs.map((i) => margin[i]!),
        target,
      )
    }
    expect(m.without![0]!.value).toBeCloseTo(aucOf(again!) - aucOf(blind!), 12)
  })
})
