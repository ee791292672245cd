import { describe, expect, it } from 'vitest'
import { interactions } from '../../../src/attributions/interactions.ts'
import { claimedPairs, pairStanding } from '../../../src/audits/opacity/claimedPairs.ts'
import { refit } from '../../../src/audits/opacity/refit.ts'
import { thisThread } from '../../../src/threads/openPool.ts'
import { random } from '../../../src/util/random.ts'
import { drawnFrom, madePeople, recipes } from './madePeople.ts'

const work = { pool: thisThread() }

describe('a claimed pair', async () => {
  const held = madePeople(120, 'pairwise', 2)
  const persons = drawnFrom(held)
  const scorer = await refit(recipes.pairs, madePeople(900, 'pairwise'), random(1), work)
  const [claim, other] = await claimedPairs(scorer, held.frame, persons, [
    ['beh_a', 'cre_a'],
    ['per_a', 'per_b'],
  ])

  /** Mean absolute values of every pair and the values of one, from the whole matrices. */
  const matrices = async () => {
    const sizes = new Map<string, number>()
    const values: number[] = []
    for await (const { players, rows, values: all } of interactions(scorer, held.frame)) {
      const n = players.length
      const both = (i: number, j: number, r: number) => all[(i * n + j) * rows + r]! + all[(j * n + i) * rows + r]!
      for (let i = 0; i < n; i++)
        for (let j = i + 1; j < n; j++) {
          const key = [players[i]!, players[j]!].sort().join(' ')
          for (let r = 0; r < rows; r++) sizes.set(key, (sizes.get(key) ?? 0) + Math.abs(both(i, j, r)) / 120)
          if (key === 'beh_a cre_a') for (let r = 0; r < rows; r++) values.push(both(i, j, r))
        }
    }
    return { sizes, values }
  }

  it('is found where people were made by it, with the numbers that whole matrices give', async () => {
    const { sizes, values } = await matrices()
    const theirs = [...sizes].filter(([key]) => /beh_a|cre_a/.test(key)).sort(([, a], [, b]) => b - a)
    expect(claim).toMatchObject({ first: 'beh_a', second: 'cre_a', unit: 'points', found: true })
    expect(claim!.standing).toMatchObject({ rank: 1, of: 9 })
    expect(theirs[0]![0]).toBe('beh_a cre_a')
    expect(claim!.standing!.meanAbsolute).toBeCloseTo(theirs[0]![1], 9)
    expect(claim!.standing!.strongestOther.meanAbsolute).toBeCloseTo(theirs[1]![1], 9)

    const side = (name: string) => {
      const all = [...held.frame.numbers[name]!]
      const median = [...all].sort((a, b) => a - b)[60]!
      return all.map((v) => v > median)
    }
    const [one, two] = [side('beh_a'), side('cre_a')]
    const mean = (alike: boolean) => {
      const some = values.filter((_, i) => (one[i] === two[i]) === alike)
      return some.reduce((a, b) => a + b, 0) / some.length
    }
    expect(claim!.direction.value).toBeCloseTo(mean(true) - mean(false), 9)
    expect(claim!.directionRank).toMatchObject({ rank: 1, of: 9 })
    expect(claim!.directionRank!.largestOther).toBeLessThan(-claim!.direction.value!)
    // Both together are riskier here, and that is told from chance; sizes alone would not say it.
    expect(claim!.direction.high!).toBeLessThan(0)
  })

  it('is not found where nobody made it, nor in people without interactions', async () => {
    expect(other!.found).toBe(false)
    expect(other!.standing!.rank).toBeGreaterThan(1)
    expect(other!.directionRank!.rank).toBeGreaterThan(1)
    const sum = madePeople(900, 'additive')
    const [silent] = await claimedPairs(
      await refit(recipes.pairs, sum, random(1), work),
      madePeople(120, 'additive', 2).frame,
      persons,
      [['cre_a', 'beh_a']],
    )
    expect(silent!.standing!.meanAbsolute).toBeLessThan(claim!.standing!.meanAbsolute / 3)
    const [linear] = await claimedPairs(await refit(recipes.linear, sum, random(1), work), held.frame, persons, [
      ['cre_a', 'beh_a'],
    ])
    expect(linear).toMatchObject({ standing: null, directionRank: null, found: false })
  })

  it('loses ties', () => {
    const pair = (first: string, second: string, meanAbsolute: number) => ({ first, second, meanAbsolute })
    const pairs = [pair('a', 'c', 2), pair('a', 'b', 2), pair('c', 'd', 9), pair('b', 'd', 1)]
    expect(pairStanding({ pairs }, ['b', 'a'])).toEqual({
      rank: 2,
      of: 3,
      meanAbsolute: 2,
      strongestOther: pair('a', 'c', 2),
      medianOther: 1,
    })
    expect(pairStanding({ pairs }, ['x', 'y'])).toBeNull()
  })
})
