import { describe, expect, it } from 'vitest'
import { explain } from '../../../src/attributions/explain.ts'
import { factorsNeeded, fewestFor, neededByRow } from '../../../src/audits/opacity/factorsNeeded.ts'
import { interactionShare } from '../../../src/audits/opacity/interactionShare.ts'
import { personsOf } from '../../../src/audits/opacity/overPersons.ts'
import { refit } from '../../../src/audits/opacity/refit.ts'
import type { PointTable } from '../../../src/audits/recovery/attributionAgreement.ts'
import { type FactorFrame, sliceRows } from '../../../src/matrix/frame.ts'
import { type Scorer, scoreFrame } from '../../../src/scores/scorer.ts'
import { thisThread } from '../../../src/threads/openPool.ts'
import { random } from '../../../src/util/random.ts'
import { drawnFrom, MADE_FACTORS, madePeople, recipes } from './madePeople.ts'

const work = { pool: thisThread() }
const names = MADE_FACTORS.map((f) => f.name)
const n = names.length

/** Mean raw score where factors of the coalition are the person's and the others those of each background row: for all coalitions. */
const plainGame = (scorer: Scorer, frame: FactorFrame, row: number, background: FactorFrame): Float64Array => {
  const worth = new Float64Array(2 ** n)
  for (let coalition = 0; coalition < 2 ** n; coalition++) {
    const numbers = Object.fromEntries(
      names.map((name, j) => [
        name,
        background.numbers[name]!.map((v) => ((coalition >> j) & 1 ? frame.numbers[name]![row]! : v)),
      ]),
    )
    const { rawScore } = scoreFrame(scorer, { ...background, numbers })
    worth[coalition] = rawScore.reduce((a, b) => a + b, 0) / rawScore.length
  }
  return worth
}

const factorial = (k: number): number => (k <= 1 ? 1 : k * factorial(k - 1))
const size = (s: number): number => (s === 0 ? 0 : (s & 1) + size(s >> 1))

/** Shapley values, and interactions by their definition: both halves of a pair are alike, and rows add up to Shapley values. */
const plainInteractions = (worth: Float64Array): number[][] => {
  const all = [...worth.keys()]
  const shapley = names.map((_, i) =>
    all
      .filter((s) => !((s >> i) & 1))
      .reduce(
        (sum, s) =>
          sum + ((factorial(size(s)) * factorial(n - 1 - size(s))) / factorial(n)) * (worth[s | (1 << i)]! - worth[s]!),
        0,
      ),
  )
  const matrix = names.map((_, i) =>
    names.map((_n, j) => {
      if (i === j) return 0
      const both = (1 << i) | (1 << j)
      return all
        .filter((s) => !(s & both))
        .reduce((sum, s) => {
          const weight = (factorial(size(s)) * factorial(n - 2 - size(s))) / (2 * factorial(n - 1))
          return sum + weight * (worth[s | both]! - worth[s | (1 << i)]! - worth[s | (1 << j)]! + worth[s]!)
        }, 0)
    }),
  )
  return matrix.map((row, i) => row.map((v, j) => (i === j ? shapley[i]! - row.reduce((a, b) => a + b, 0) : v)))
}

describe('the share of interactions', async () => {
  const train = madePeople(500, 'pairwise')
  const held = madePeople(80, 'pairwise', 2)
  const models = {
    linear: await refit(recipes.linear, train, random(1), work),
    stumps: await refit(recipes.stumps, train, random(1), work),
    pairs: await refit(recipes.pairs, train, random(1), work),
    deep: await refit(recipes.deep, train, random(1), work),
  }
  const share = (scorer: Scorer) => interactionShare(scorer, held.frame, drawnFrom(held), work)

  it('is that of interactions by their definition, over all coalitions', async () => {
    const background = sliceRows(train.frame, 0, 6)
    const few = sliceRows(held.frame, 0, 4)
    const { figures, byRow } = await interactionShare(models.deep, few, personsOf(drawnFrom(held), [0, 1, 2, 3]), {
      ...work,
      background: { id: 'six', frame: background },
    })
    let [together, all, halves] = [0, 0, 0]
    for (let r = 0; r < 4; r++) {
      const matrix = plainInteractions(plainGame(models.deep, few, r, background))
      let [own, whole] = [0, 0]
      matrix.forEach((row, i) => {
        row.forEach((v, j) => {
          whole += Math.abs(v)
          if (i !== j) own += Math.abs(v)
          if (i < j) halves += Math.abs(v)
        })
      })
      expect(byRow[r]).toBeCloseTo(own / whole, 8)
      together += own
      all += whole
    }
    expect(figures.share.value).toBeCloseTo(together / all, 8)
    // Counting each pair once is another figure.
    expect(Math.abs(figures.share.value! - halves / (all - halves))).toBeGreaterThan(0.02)
    expect(figures).toMatchObject({ semantics: 'interventional', backgroundId: 'six' })
  })

  it('is 0 for sums of functions of one factor, and grows with what trees may put together', async () => {
    expect((await share(models.linear)).figures.share).toEqual({ value: 0, low: 0, high: 0 })
    const stumps = (await share(models.stumps)).figures
    expect(stumps.share.value).toBeLessThan(1e-9)
    const pairs = (await share(models.pairs)).figures
    const deep = (await share(models.deep)).figures
    expect(pairs.share.low!).toBeGreaterThan(0.1)
    expect(deep.share.value!).toBeGreaterThan(pairs.share.value!)
    // The two pairs that the people were made with.
    expect(
      pairs.pairs
        .slice(0, 2)
        .map((p) => `${p.first} ${p.second}`)
        .sort(),
    ).toEqual(['cre_a beh_a', 'cre_b beh_b'])
  })

  it('has dimensions as players, too', async () => {
    const { figures } = await interactionShare(models.pairs, held.frame, drawnFrom(held), {
      ...work,
      players: 'dimensions',
    })
    expect(figures.players).toBe('dimensions')
    expect(figures.pairs[0]).toMatchObject({ first: 'credit_history', second: 'behavior_preference' })
  })
})

describe('factors needed', async () => {
  it('are the fewest whose points reach the share: no smaller choice does', () => {
    const sizes = Float64Array.of(0.5, 7, 1, 3, 0, 2.5)
    for (const share of [0.3, 0.5, 0.71, 0.95, 1]) {
      const all = sizes.reduce((a, b) => a + b, 0)
      let least = Number.POSITIVE_INFINITY
      for (let s = 1; s < 64; s++) {
        const sum = sizes.reduce((t, v, j) => ((s >> j) & 1 ? t + v : t), 0)
        if (sum >= share * all) least = Math.min(least, size(s))
      }
      expect(fewestFor(sizes, share)).toBe(least)
    }
    // The smallest first would need more.
    expect(fewestFor(sizes, 0.5)).toBe(1)
    expect(fewestFor(new Float64Array(4), 0.95)).toBe(0)
    expect(fewestFor(Float64Array.of(0.1, 0.2, 0.3), 1)).toBe(3)
  })

  it('are more for people one by one than for all at once only where people differ', () => {
    const rows = 40
    const table: PointTable = { players: 4, rows, points: new Float64Array(4 * rows) }
    // Half of the people are scored by the first factor alone, half by the second.
    for (let i = 0; i < rows; i++) table.points[(i % 2) * rows + i] = -5
    const people = {
      personId: Array.from({ length: rows }, (_, i) => `P${i}`),
      target: new Uint8Array(rows).map((_, i) => (i % 3 === 0 ? 1 : 0)),
      replicates: 50,
      random: random(1),
    }
    const found = factorsNeeded(table, people)
    expect(found.people).toEqual({ value: 1, low: 1, high: 1 })
    expect(found.population.value).toBe(2)
    expect(found.used).toBe(2)
    expect([...neededByRow(table)]).toEqual(new Array(rows).fill(1))
  })

  it('are those of the points of a model, counted again by sorting', async () => {
    const train = madePeople(400, 'additive')
    const held = madePeople(60, 'additive', 2)
    const scorer = await refit(recipes.deep, train, random(1), work)
    const { points, factors } = await explain(scorer, held.frame)
    const counts = held.frame.personId.map((_, i) => {
      const sizes = factors.map((_f, j) => Math.abs(points[j * 60 + i]!)).sort((a, b) => b - a)
      const all = sizes.reduce((a, b) => a + b, 0)
      let k = 0
      for (let sum = 0; sum < 0.95 * all - 1e-9; k++) sum += sizes[k]!
      return k
    })
    const found = factorsNeeded({ players: factors.length, rows: 60, points }, drawnFrom(held))
    expect(found.people.value).toBeCloseTo(counts.reduce((a, b) => a + b, 0) / 60, 12)
    expect(found.people.low!).toBeLessThan(found.people.value!)
  })
})
