import { describe, expect, it } from 'vitest'
import { drawRows } from '../../src/stages/reportFactorPoints.ts'
import { random } from '../../src/util/random.ts'

/** Persons with one to four rows each, in order. */
const ids = Array.from({ length: 50 }, (_, p) => new Array<string>(1 + (p % 4)).fill(`p${p}`)).flat()

describe('drawRows', () => {
  it('draws one row a person, in order, the same from the same stream', () => {
    const { rows, persons } = drawRows(ids, 20, random(1))
    expect(persons).toBe(50)
    expect(rows).toHaveLength(20)
    expect(new Set(rows.map((row) => ids[row])).size).toBe(20)
    expect(rows).toEqual(rows.toSorted((a, b) => a - b))
    expect(drawRows(ids, 20, random(1)).rows).toEqual(rows)
    expect(drawRows(ids, 20, random(2)).rows).not.toEqual(rows)
  })

  it('takes everybody where there are fewer, and nobody where none are asked for', () => {
    expect(drawRows(ids, 900, random(1)).rows).toHaveLength(50)
    expect(drawRows(ids, 0, random(1)).rows).toEqual([])
    expect(drawRows([], 5, random(1))).toEqual({ rows: [], persons: 0 })
  })

  it('gives each person, and each row of one, the same chance; the twin that takes first rows does not', () => {
    const counts = new Array<number>(ids.length).fill(0)
    for (let k = 0; k < 4000; k++) for (const row of drawRows(ids, 10, random(3).fork('draw', k)).rows) counts[row]!++
    // A fifth of the persons each time: 800 a person; five standard errors of the binomial are 127.
    const uneven = (of: readonly number[]): boolean =>
      ids.some((id, i) => {
        const rows = ids.filter((other) => other === id).length
        return Math.abs(of[i]! - 800 / rows) > 127
      })
    expect(uneven(counts)).toBe(false)
    const first = counts.map((_, i) =>
      ids[i] === ids[i - 1] ? 0 : counts.reduce((sum, c, j) => (ids[j] === ids[i] ? sum + c : sum), 0),
    )
    expect(uneven(first)).toBe(true)
  })
})
