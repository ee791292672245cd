import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutoffApproving, type SwapSet, shareDifference, swapOf } from '../../src/comparison/compareSwaps.ts'
import { wilson } from '../../src/metrics/wilson.ts'

const rowsOf = (target: readonly number[]) => ({
  personId: target.map((_, i) => `p${i}`),
  target: Uint8Array.from(target),
})
const model = (name: string, score: readonly number[]) => ({ name, score: Int32Array.from(score) })

/** Counts by looking at each row, as a reader of the definition would. */
const bruteForce = (
  target: readonly number[],
  a: readonly number[],
  b: readonly number[],
  cutA: number,
  cutB: number,
) => {
  const cell = (keep: (i: number) => boolean) => {
    const rows = target.map((_, i) => i).filter(keep)
    return { rows: rows.length, bads: rows.filter((i) => target[i] === 1).length }
  }
  return {
    both: cell((i) => a[i]! >= cutA && b[i]! >= cutB),
    onlyA: cell((i) => a[i]! >= cutA && b[i]! < cutB),
    onlyB: cell((i) => a[i]! < cutA && b[i]! >= cutB),
    neither: cell((i) => a[i]! < cutA && b[i]! < cutB),
  }
}
const countsOf = ({ both, onlyA, onlyB, neither }: SwapSet) =>
  Object.fromEntries(Object.entries({ both, onlyA, onlyB, neither }).map(([k, { rows, bads }]) => [k, { rows, bads }]))

const people = fc.array(
  fc.record({
    y: fc.integer({ min: 0, max: 1 }),
    a: fc.integer({ min: 350, max: 950 }),
    b: fc.integer({ min: 350, max: 950 }),
  }),
  { minLength: 1, maxLength: 40 },
)
const cutoffs = fc.integer({ min: 350, max: 950 })

describe('swap sets', () => {
  it('are those of counting, at one cutoff and at equal approval', () => {
    fc.assert(
      fc.property(people, cutoffs, (all, cutoff) => {
        const [y, a, b] = [all.map((p) => p.y), all.map((p) => p.a), all.map((p) => p.b)]
        const swap = swapOf(rowsOf(y), model('a', a), model('b', b), cutoff)
        expect(countsOf(swap.sameCutoff)).toEqual(bruteForce(y, a, b, cutoff, cutoff))
        const own = swap.sameApproval.cutoffA
        expect(countsOf(swap.sameApproval)).toEqual(bruteForce(y, a, b, own, cutoff))
        const approvals = (cut: number) => a.filter((s) => s >= cut).length
        const distance = (cut: number) => Math.abs(approvals(cut) - swap.sameCutoff.approvedB)
        for (let cut = 350; cut <= 951; cut++) expect(distance(own)).toBeLessThanOrEqual(distance(cut))
      }),
      { numRuns: 60 },
    )
  })

  it('count somebody at the cutoff as approved: the twin with > is caught', () => {
    const swap = swapOf(rowsOf([1, 0]), model('a', [650, 649]), model('b', [649, 650]), 650)
    expect(countsOf(swap.sameCutoff)).toEqual({
      both: { rows: 0, bads: 0 },
      onlyA: { rows: 1, bads: 1 },
      onlyB: { rows: 1, bads: 0 },
      neither: { rows: 0, bads: 0 },
    })
    expect(swap.sameCutoff.both.badRate).toBeNull()
  })

  it('give Wilson intervals, by persons where they have several rows', () => {
    const target = Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? 1 : 0))
    const scores = model(
      'a',
      target.map(() => 700),
    )
    const alone = swapOf(rowsOf(target), scores, scores, 650).sameCutoff.both.badRate!
    expect(alone).toEqual(wilson(10, 40))
    // Each person four times with one outcome: 40 rows tell as much as 10 persons.
    const personId = target.map((_, i) => `p${i % 10}`)
    const clustered = { personId, target: Uint8Array.from(personId, (id) => (Number(id.slice(1)) < 3 ? 1 : 0)) }
    const wide = swapOf(clustered, scores, scores, 650).sameCutoff.both.badRate!
    const ten = wilson(3, 10)
    expect(wide.value).toBeCloseTo(ten.value, 12)
    expect(wide.low).toBeCloseTo(ten.low, 12)
    expect(wide.high).toBeCloseTo(ten.high, 12)
  })

  it('give the difference of bad rates as Newcombe published it', () => {
    // Table II of the paper, example a: 56 of 70 against 48 of 80, method 10.
    const { value, low, high } = shareDifference(wilson(56, 70), wilson(48, 80))
    expect(value).toBeCloseTo(0.2, 12)
    expect(low).toBeCloseTo(0.0524, 4)
    expect(high).toBeCloseTo(0.3339, 4)
  })

  it('of a model with itself swap nobody', () => {
    const a = model('a', [600, 650, 700, 800])
    const { sameCutoff, sameApproval, scores } = swapOf(rowsOf([1, 0, 0, 1]), a, { ...a, name: 'b' }, 650)
    for (const set of [sameCutoff, sameApproval]) {
      expect(set.onlyA.rows + set.onlyB.rows).toBe(0)
      expect(set.approvedA).toBe(3)
      expect(set.badRateDifference).toBeNull()
    }
    expect(scores).toEqual({ mean: 0, low: 0, median: 0, high: 0, agreement: 1 })
  })

  it('find the cutoff for none and for all', () => {
    const score = Int32Array.of(350, 500, 950)
    expect(cutoffApproving(score, 0)).toBe(951)
    expect(cutoffApproving(score, 1)).toBe(950)
    expect(cutoffApproving(score, 3)).toBe(350)
  })
})
