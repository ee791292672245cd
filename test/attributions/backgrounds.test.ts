import { describe, expect, it } from 'vitest'
import type { BackgroundSpec } from '../../src/attributions/backgroundSpec.ts'
import { type BackgroundSource, chooseBackground } from '../../src/attributions/backgrounds.ts'
import { slug } from '../../src/attributions/slug.ts'
import { random } from '../../src/util/random.ts'
import { FACTORS } from './madeScorers.ts'

/** 1,000 rows: scores 500 to 699, each five times; months of 2024; two groups and some unknown. */
const ROWS = 1000
const source: BackgroundSource = {
  frame: {
    rows: ROWS,
    observationDate: Array.from({ length: ROWS }, (_, i) => `2024-${String(1 + (i % 12)).padStart(2, '0')}-01`),
    factors: FACTORS,
  },
  scores: Int32Array.from({ length: ROWS }, (_, i) => 500 + (i % 200)),
  groups: [{ name: 'sex', values: Array.from({ length: ROWS }, (_, i) => ['female', 'male', null][i % 3]!) }],
}
const scoresOf = (rows: Int32Array): number[] => Array.from(rows, (i) => source.scores![i]!)

describe('chooseBackground', () => {
  it('all applicants', () => {
    const all = chooseBackground({ kind: 'all' }, source)
    expect(all).toMatchObject({
      id: 'all_applicants',
      size: ROWS,
      outOf: ROWS,
      sentence: '1,000 rows: all applicants.',
    })
    expect(all.rows[999]).toBe(999)
  })

  it('at or just above a cut-off, its end left out', () => {
    const near = chooseBackground({ kind: 'near_cutoff', cutoff: 600 }, source)
    expect(near).toMatchObject({ id: 'near_cutoff_600_25', size: 125 })
    expect(near.sentence).toBe('125 rows: applicants with a score from 600 to less than 625.')
    const scores = scoresOf(near.rows)
    expect([Math.min(...scores), Math.max(...scores)]).toEqual([600, 624])
    expect([...near.rows]).toEqual([...near.rows].sort((a, b) => a - b))
  })

  it('widens by whole widths until there are enough, and says so', () => {
    const near = chooseBackground({ kind: 'near_cutoff', cutoff: 600, width: 10, least: 101 }, source)
    // 50 rows a width: two have 100.
    expect(near).toMatchObject({ id: 'near_cutoff_600_30', size: 150 })
    expect(near.sentence).toMatch(/less than 630, widened from 10 points to have at least 101 rows\.$/)
    expect(chooseBackground({ kind: 'near_cutoff', cutoff: 600, width: 10, least: 100 }, source).id).toBe(
      'near_cutoff_600_20',
    )
    const top = chooseBackground({ kind: 'near_cutoff', cutoff: 690, width: 25, least: 100 }, source)
    expect(top.size).toBe(50)
    expect(top.sentence).toMatch(/there are fewer than 100 at or above the cut-off/)
    // Scores that are not known are nowhere.
    const unknown = { ...source, scores: Array.from(source.scores!, (s, i) => (i % 2 ? Number.NaN : s)) }
    expect(
      chooseBackground({ kind: 'near_cutoff', cutoff: 600, least: 1 }, unknown).rows.every((i) => i % 2 === 0),
    ).toBe(true)
  })

  it('agrees with a slow search for the width', () => {
    const stream = random('widths')
    let caught = 0
    for (let n = 0; n < 300; n++) {
      const scores = Float64Array.from({ length: 200 }, () => 400 + stream.integer(300) / (1 + stream.integer(2)))
      const spec = {
        kind: 'near_cutoff',
        cutoff: 450 + stream.integer(100),
        width: 1 + stream.integer(30),
        least: 1 + stream.integer(120),
      } as const
      const found = chooseBackground(spec, { frame: { ...source.frame, rows: 200 }, scores })
      const within = (width: number): number[] =>
        [...scores.keys()].filter((i) => scores[i]! >= spec.cutoff && scores[i]! < spec.cutoff + width)
      let width = spec.width
      while (within(width).length < spec.least && within(width).length < within(1000).length) width += spec.width
      expect([...found.rows]).toEqual(within(width))
      expect(found.id).toBe(`near_cutoff_${spec.cutoff}_${width}`)
      // The twin that must be caught: one that never widens.
      if (within(spec.width).length !== found.size) caught++
    }
    expect(caught).toBeGreaterThan(50)
  })

  it('a reference group, of a column that is no factor', () => {
    const group = chooseBackground({ kind: 'reference_group', column: 'sex', level: 'male' }, source)
    expect(group).toMatchObject({ id: 'reference_group_sex_male', size: 333 })
    expect([...group.rows].every((i) => i % 3 === 1)).toBe(true)
    expect(group.sentence).toMatch(/whose sex is male; it chooses reference rows and is no input of a score/)
    const asFactor = { ...source, groups: [{ name: 'Age', values: source.groups![0]!.values }] }
    expect(() => chooseBackground({ kind: 'reference_group', column: 'Age', level: 'male' }, asFactor)).toThrow(
      /protected attribute/,
    )
  })

  it('a period, both days included', () => {
    const spring = chooseBackground({ kind: 'period', from: '2024-03-01', to: '2024-05-01' }, source)
    expect(spring.id).toBe('period_2024-03-01_2024-05-01')
    expect(new Set(Array.from(spring.rows, (i) => i % 12))).toEqual(new Set([2, 3, 4]))
    const later = chooseBackground(
      { kind: 'period', from: '2025-01-01', to: '2025-12-31' },
      { ...source, observationDate: new Array(ROWS).fill('2025-06-30') },
    )
    expect(later.size).toBe(ROWS)
  })

  it('draws a sample: the same for the same stream, another identity for another', () => {
    const spec = { kind: 'near_cutoff', cutoff: 600 } as const
    const some = chooseBackground(spec, source, { rows: 50, random: random(1) })
    expect(some).toMatchObject({ size: 50, outOf: 125 })
    expect(some.id).toMatch(/^near_cutoff_600_25_sample_50_[0-9a-f]{8}$/)
    expect(some.sentence).toMatch(/^A random sample of 50 of 125 rows: applicants with/)
    expect(new Set(some.rows).size).toBe(50)
    expect(scoresOf(some.rows).every((s) => s >= 600 && s < 625)).toBe(true)
    expect(chooseBackground(spec, source, { rows: 50, random: random(1) })).toEqual(some)
    const other = chooseBackground(spec, source, { rows: 50, random: random(2) })
    expect(other.id).not.toBe(some.id)
    expect([...other.rows]).not.toEqual([...some.rows])
    expect(chooseBackground(spec, source, { rows: 125, random: random(1) }).id).toBe('near_cutoff_600_25')
    const hits = new Int32Array(10)
    const ten = { frame: { ...source.frame, rows: 10, observationDate: [] } }
    for (let seed = 0; seed < 1000; seed++)
      for (const i of chooseBackground({ kind: 'all' }, ten, { rows: 5, random: random(seed) }).rows) hits[i]!++
    // 500 with a standard deviation of 15.8
    for (const n of hits) expect(Math.abs(n - 500)).toBeLessThan(75)
  })

  it.each<[string, unknown, Partial<BackgroundSource>, RegExp]>([
    ['an unknown rule', { kind: 'near_cutof' }, {}, /expected one of all, near_cutoff, reference_group, period/],
    ['no rule', 'all', {}, /this is no background/],
    ['an option of another rule', { kind: 'all', cutoff: 600 }, {}, /option background.cutoff/],
    ['no cut-off', { kind: 'near_cutoff' }, {}, /option background.cutoff/],
    ['no width', { kind: 'near_cutoff', cutoff: 600, width: 0 }, {}, /option background.width/],
    ['no scores', { kind: 'near_cutoff', cutoff: 600 }, { scores: [1, 2] }, /option scores.*expected 1000/],
    ['nobody above', { kind: 'near_cutoff', cutoff: 900 }, {}, /the background has no rows/],
    ['a column that there is not', { kind: 'reference_group', column: 'race', level: 'x' }, {}, /one of sex/],
    ['a level that there is not', { kind: 'reference_group', column: 'sex', level: 'x' }, {}, /one of female, male/],
    ['no day', { kind: 'period', from: '2024-02-30', to: '2024-05-01' }, {}, /option background.from/],
    [
      'an end before the beginning',
      { kind: 'period', from: '2024-05-01', to: '2024-02-01' },
      {},
      /ends before it begins/,
    ],
    [
      'a period without rows',
      { kind: 'period', from: '2023-01-01', to: '2023-02-01' },
      {},
      /the background has no rows/,
    ],
  ])('refuses %s', (_title, spec, other, message) => {
    expect(() => chooseBackground(spec as BackgroundSpec, { ...source, ...other })).toThrow(message)
  })

  it('refuses a sample that cannot be drawn', () => {
    expect(() => chooseBackground({ kind: 'all' }, source, { rows: 0, random: random(1) })).toThrow(/sample.rows/)
    expect(() => chooseBackground({ kind: 'all' }, source, { rows: 5 } as never)).toThrow(/sample.random/)
  })
})

describe('slug', () => {
  it('keeps texts apart that look alike', () => {
    expect(slug('female')).toBe('female')
    const all = ['a b', 'a_b', 'A b', 'a-b', 'ä', '男', '女']
    expect(new Set(all.map(slug)).size).toBe(all.length)
    for (const text of all) expect(slug(text)).toMatch(/^[a-z0-9_]+$/)
  })
})
