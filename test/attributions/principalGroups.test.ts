import { describe, expect, it } from 'vitest'
import { checkReasons, type GivenReason, type ReasonEvidence } from '../../src/attributions/checkReasons.ts'
import { KeptReasons } from '../../src/attributions/keptReasons.ts'
import { principalGroups, type ReasonsOfRows, reasonGroups } from '../../src/attributions/principalGroups.ts'
import { reasonStability } from '../../src/attributions/reasonStability.ts'
import { principalReasons, type ReasonFactor } from '../../src/attributions/reasons.ts'
import { withReferences } from '../../src/attributions/withReferences.ts'
import { bootstrapRows } from '../../src/matrix/bootstrapRows.ts'
import type { FactorSpec } from '../../src/schema/factor.ts'
import { FACTOR_CATALOGUE } from '../../src/schema/factorCatalogue.ts'
import { type Random, random } from '../../src/util/random.ts'
import { FACTORS, madeFrame } from './madeScorers.ts'

const SPECS: FactorSpec[] = FACTOR_CATALOGUE.map((f) => ({ ...f, scale: 'linear', definition: f.name }))
const GROUPS = reasonGroups(SPECS)
const ROWS = 60

/** Points, what was scored and what has a value, of rows made at random. */
const madeRows = (stream: Random, whole = true) => {
  const cells = SPECS.length * ROWS
  const points = Float64Array.from({ length: cells }, () => (whole ? stream.integer(13) - 6 : stream.normal()))
  const scored = Uint8Array.from({ length: cells }, () => (stream.next() < 0.8 ? 1 : 0))
  const present = Uint8Array.from({ length: cells }, () => (stream.next() < 0.7 ? 1 : 0))
  return { points, scored, present }
}
type Made = ReturnType<typeof madeRows>

const chosen = ({ points, scored, present }: Made): ReasonsOfRows =>
  principalGroups({
    rows: ROWS,
    points,
    groupOf: GROUPS.groupOf,
    scored: (f, i) => scored[f * ROWS + i] === 1,
    present: (f, i) => present[f * ROWS + i] === 1,
  })

const factorsOf = ({ points, scored, present }: Made, i: number): ReasonFactor[] =>
  SPECS.map(({ name, dimension, definition, unit }, f) => ({
    factor: name,
    dimension,
    definition,
    unit,
    points: points[f * ROWS + i]!,
    value: present[f * ROWS + i] === 1 ? 1 : null,
    scored: scored[f * ROWS + i] === 1,
  }))

/** Reasons of a row, by names. */
const namesOf = (of: ReasonsOfRows, i: number) =>
  Array.from({ length: of.most }, (_, k) => i * of.most + k)
    .filter((at) => of.group[at]! >= 0)
    .map((at) => ({
      group: GROUPS.names[of.group[at]!]!,
      factor: SPECS[of.factor[at]!]!.name,
      points: of.points[at]!,
      text: `${of.known[at] === 1 ? '' : 'No value: '}${GROUPS.texts[of.group[at]!]}`,
    }))

describe('principalGroups', () => {
  it.each([true, false])('chooses what principalReasons chooses, ties of whole points included (%s)', (whole) => {
    const made = madeRows(random('rows'), whole)
    const of = chosen(made)
    for (let i = 0; i < ROWS; i++) {
      const { reasons, further } = principalReasons(factorsOf(made, i))
      expect(namesOf(of, i)).toEqual(
        reasons.map(({ group, factor, points, text }) => ({ group, factor, points, text })),
      )
      expect(of.further[i]).toBe(further)
    }
  })

  it('refuses points that are no number', () => {
    const made = madeRows(random('rows'))
    made.points[7] = Number.NaN
    expect(() => chosen(made)).toThrow(/has no points/)
  })
})

describe('checkReasons', () => {
  const evidenceOf = ({ points, scored }: Made, i: number): ReasonEvidence[] =>
    SPECS.map((factor, f) => ({
      factor,
      points: points[f * ROWS + i]!,
      read: scored[f * ROWS + i] === 1 || f % 2 === 0,
      missing: scored[f * ROWS + i] === 1 || f % 2 === 1 ? null : f % 4 === 0 ? 'not_covered' : 'absent_table',
    }))
  const made = madeRows(random('checked'))
  const of = chosen(made)
  const faults = (twin: (given: GivenReason[], i: number) => GivenReason[]): string[][] =>
    Array.from({ length: ROWS }, (_, i) => checkReasons(evidenceOf(made, i), twin(namesOf(of, i), i)))

  it('finds no fault in what was chosen', () => {
    expect(faults((given) => given).every((found) => found.length === 0)).toBe(true)
    expect(checkReasons([], [])).toEqual([])
  })

  const everything = (i: number): GivenReason[] =>
    principalReasons(
      factorsOf(made, i).map((f) => ({ ...f, scored: true })),
      4,
    ).reasons
  const TWINS: [string, (given: GivenReason[], i: number) => GivenReason[], RegExp][] = [
    ['skips the largest', (_, i) => principalReasons(factorsOf(made, i), 5).reasons.slice(1), /was skipped|left out/],
    ['names what was not scored', (_, i) => everything(i), /was not scored|other points|skipped|took most/],
    ['gives five', (_, i) => principalReasons(factorsOf(made, i), 5).reasons, /more than 4/],
    ['gives three', (given) => given.slice(0, 3), /left out, though there is room/],
    ['turns the order around', (given) => [...given].reverse(), /than the reason before it/],
    ['names a group twice', (given) => [given[0]!, ...given.slice(0, 3)], /twice/],
    ['has other points', (given) => given.map((r) => ({ ...r, points: r.points - 1 })), /other points/],
  ]
  it.each(TWINS)('catches a twin that %s', (_title, twin, complaint) => {
    const found = faults(twin).filter((list) => list.some((text) => complaint.test(text)))
    // Equal losses may be turned around or left aside without fault.
    expect(found.length).toBeGreaterThan(ROWS * 0.7)
  })
})

describe('KeptReasons', () => {
  const first = madeRows(random('first'))
  const drawn = Array.from({ length: 9 }, (_, b) => {
    const noise = random('draws').fork('draw', b)
    return { ...first, points: first.points.map((p) => p + noise.integer(5) - 2) }
  })

  it('counts as reasonStability does, one row after the other', () => {
    const of = chosen(first)
    const kept = new KeptReasons(of, { others: true })
    expect(kept.of(0, 0)).toBeUndefined()
    expect(kept.mean()).toBeUndefined()
    for (const draw of drawn) kept.add(chosen(draw))
    let sum = 0
    let reasons = 0
    for (let i = 0; i < ROWS; i++) {
      const draws = drawn.map(({ points }) => ({ points: SPECS.map((_, f) => points[f * ROWS + i]!) }))
      const slow = reasonStability(factorsOf(first, i), draws)
      slow.reasons.forEach(({ kept: n, share }, k) => {
        expect(kept.of(i, k)).toEqual({ kept: n, share })
        sum += share.value
        reasons++
      })
      const others = kept.othersOf(i).map(({ group, ...rest }) => ({ group: GROUPS.names[group]!, ...rest }))
      const byName = (a: { kept: number; group: string }, b: { kept: number; group: string }) =>
        b.kept - a.kept || (a.group < b.group ? -1 : 1)
      expect(others.sort(byName)).toEqual(slow.others)
    }
    const mean = kept.mean()!
    expect(mean).toMatchObject({ draws: 9, reasons })
    expect(mean.share.value).toBeCloseTo(sum / reasons, 12)
    expect(mean.byRank.reduce((n, rank) => n + rank.reasons, 0)).toBe(reasons)
    expect(mean.share.low).toBeLessThan(mean.share.value)
    // The twin: one that takes a reason for kept when it keeps its rank alone.
    const ranks = new KeptReasons(of)
    for (const draw of drawn) {
      const other = chosen(draw)
      ranks.add({ ...other, group: other.group.map((g, at) => (g === of.group[at] ? g : -1)) })
    }
    expect(ranks.mean()!.share.value).toBeLessThan(mean.share.value)
    expect(() => kept.add({ rows: 1, most: 4, group: new Int32Array(4) })).toThrow(/other rows/)
  })

  it('tells a reason that is certain from one that is a toss', () => {
    const of = (points: number[]) =>
      principalGroups({
        rows: 1,
        points,
        groupOf: Int32Array.of(0, 1),
        scored: () => true,
        present: () => true,
      })
    const kept = new KeptReasons(of([-40, -1]))
    const stream = random('toss')
    for (let b = 0; b < 200; b++) kept.add(of([-40 + stream.normal(), stream.next() < 0.5 ? -1 : 1]))
    expect(kept.of(0, 0)!.share).toMatchObject({ value: 1, high: 1 })
    const toss = kept.of(0, 1)!.share
    expect(toss.low).toBeLessThan(0.5)
    expect(toss.high).toBeGreaterThan(0.5)
    expect(toss.high - toss.low).toBeLessThan(0.2)
  })
})

describe('bootstrapRows', () => {
  const person = ['a', 'b', 'b', 'c', 'd', 'd', 'e', 'f']
  const target = [1, 0, 0, 0, 0, 1, 0, 0]

  it('draws whole persons, as many of each outcome as there are, the same from the same stream', () => {
    const times = new Map<string, number>()
    for (let b = 0; b < 300; b++) {
      const rows = [...bootstrapRows(person, random(1).fork('b', b), target)]
      expect(rows).toEqual([...rows].sort((x, y) => x - y))
      const count = (row: number): number => rows.filter((r) => r === row).length
      expect(count(1)).toBe(count(2))
      expect(count(4)).toBe(count(5))
      expect(count(0) + count(4)).toBe(2)
      expect(count(1) + count(3) + count(6) + count(7)).toBe(4)
      for (const row of [0, 1, 3, 4, 6, 7]) times.set(person[row]!, (times.get(person[row]!) ?? 0) + count(row))
    }
    // Each person once a draw on average; five standard errors.
    for (const n of times.values()) expect(Math.abs(n / 300 - 1)).toBeLessThan(5 / Math.sqrt(300))
    expect(bootstrapRows(person, random(2))).toEqual(bootstrapRows(person, random(2)))
    expect(() => bootstrapRows(person, random(1), [1])).toThrow(/differ in number/)
  })
})

describe('withReferences', () => {
  it('replaces what is asked for, and shares the rest', () => {
    const frame = madeFrame(6)
    const references = [7, 50, 1, 'nurse', null, null]
    const repaired = withReferences(frame, FACTORS, references, (f, i) => (f === 0 && i < 2) || (f > 2 && i === 3))
    expect([...repaired.numbers['debt']!.slice(0, 2)]).toEqual([7, 7])
    expect(repaired.numbers['debt']!.slice(2)).toEqual(frame.numbers['debt']!.slice(2))
    expect(repaired.numbers['age']).toBe(frame.numbers['age'])
    expect(repaired.categories['job']![3]).toBe('nurse')
    expect(repaired.numbers['assets']![3]).toBeNaN()
    expect(frame.numbers['debt']![0]).not.toBe(7)
    expect(() => withReferences(frame, FACTORS, [1], () => true)).toThrow(/differ in number/)
    expect(() => withReferences(frame, FACTORS, ['x', 1, 1, 'a', 1, 1], () => true)).toThrow(/of another kind/)
  })
})
