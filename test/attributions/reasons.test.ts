import { describe, expect, it } from 'vitest'
import { explain } from '../../src/attributions/explain.ts'
import { reasonFactors } from '../../src/attributions/reasonFactors.ts'
import { reasonStability } from '../../src/attributions/reasonStability.ts'
import { type PrincipalReason, principalReasons, type ReasonFactor } from '../../src/attributions/reasons.ts'
import { reasonWords } from '../../src/attributions/reasonWords.ts'
import { referenceValues } from '../../src/attributions/referenceValues.ts'
import { usedFactors } from '../../src/attributions/usedFactors.ts'
import { wilson } from '../../src/metrics/wilson.ts'
import type { MissingReason } from '../../src/schema/factor.ts'
import { FACTOR_CATALOGUE } from '../../src/schema/factorCatalogue.ts'
import { type Random, random } from '../../src/util/random.ts'
import { FACTORS, madeFrame, madeScorer } from './madeScorers.ts'

const factor = (name: string, points: number, more: Partial<ReasonFactor> = {}): ReasonFactor => {
  const { dimension, unit, definition } = FACTOR_CATALOGUE.find((f) => f.name === name)!
  return { factor: name, dimension, points, value: 1, unit, definition, ...more }
}

/** A person with points of every factor of the catalogue, some of them not scored. */
const madePerson = (stream: Random): ReasonFactor[] =>
  FACTOR_CATALOGUE.map((f) =>
    factor(f.name, stream.normal() * 10, {
      scored: stream.next() > 0.2,
      value: stream.next() < 0.1 ? null : 1,
    }),
  )

/** What is wrong with reasons, from the factors alone; empty when they are in order. */
const faults = (
  factors: readonly ReasonFactor[],
  reasons: readonly Pick<PrincipalReason, 'factor' | 'group' | 'points'>[],
): string[] => {
  const found: string[] = []
  const sums = new Map<string, number>()
  for (const f of factors)
    if (f.scored !== false) sums.set(reasonWords(f).group, (sums.get(reasonWords(f).group) ?? 0) + f.points)
  if (reasons.length > 4) found.push('more than four')
  if (new Set(reasons.map((r) => r.group)).size < reasons.length) found.push('a group twice')
  for (const { factor: name, group, points } of reasons) {
    const own = factors.find((f) => f.factor === name)!
    if (own.scored === false) found.push(`${name} was not scored`)
    if (reasonWords(own).group !== group) found.push(`${name} is of another group`)
    if (!(points < 0)) found.push(`${group} took nothing`)
    if (Math.abs((sums.get(group) ?? 0) - points) > 1e-9) found.push(`${group} has other points`)
    const worse = factors.some((f) => f.scored !== false && reasonWords(f).group === group && f.points < own.points)
    if (worse) found.push(`${name} is not what took most in ${group}`)
  }
  const least = reasons.length < 4 ? 0 : Math.max(...reasons.map((r) => r.points))
  for (const [group, points] of sums)
    if (points < least && !reasons.some((r) => r.group === group)) found.push(`${group} was skipped`)
  return found
}

/** Reasons that a twin gives for the same person. */
type Twin = (factors: readonly ReasonFactor[]) => PrincipalReason[]
const TWINS: [string, Twin, RegExp][] = [
  ['skips the largest', (factors) => principalReasons(factors, 5).reasons.slice(1), /was skipped/],
  [
    'names factors that were not scored',
    (factors) => principalReasons(factors.map((f) => ({ ...f, scored: true }))).reasons,
    /was not scored|other points/,
  ],
  [
    'takes each factor for itself',
    (factors) =>
      factors
        .filter((f) => f.scored !== false && f.points < 0)
        .sort((a, b) => a.points - b.points)
        .slice(0, 4)
        .map((f) => ({ ...principalReasons([f]).reasons[0]! })),
    /a group twice|other points|was skipped/,
  ],
  [
    'takes the sizes of points',
    (factors) => principalReasons(factors.map((f) => ({ ...f, points: -Math.abs(f.points) }))).reasons,
    /other points|was skipped/,
  ],
]

describe('principalReasons', () => {
  it('names the largest losses, a group once, nothing larger skipped, nothing that was not scored', () => {
    const stream = random('persons')
    for (let n = 0; n < 300; n++) {
      const factors = madePerson(stream)
      const { reasons, further, notScored } = principalReasons(factors)
      expect(faults(factors, reasons)).toEqual([])
      expect(reasons.length).toBe(4)
      expect(principalReasons(factors, 100).reasons.length).toBe(4 + further)
      expect(notScored.map((f) => f.factor)).toEqual(factors.filter((f) => f.scored === false).map((f) => f.factor))
    }
  })

  it.each(TWINS)('a broken twin is caught: one that %s', (_title, twin, complaint) => {
    const stream = random('persons')
    let caught = 0
    for (let n = 0; n < 300; n++) {
      const factors = madePerson(stream)
      if (complaint.test(faults(factors, twin(factors)).join('; '))) caught++
    }
    expect(caught).toBeGreaterThan(200)
  })

  it('has words of the catalogue, the own value and the reference', () => {
    const { reasons } = principalReasons([
      factor('institutions_visited_3m', -12, { value: 6, reference: 1 }),
      factor('institutions_visited_1m', -2, { value: 3, reference: 0 }),
      factor('flights_1y', -1, { value: null, missing: 'no_rows' }),
    ])
    expect(reasons).toEqual([
      {
        factor: 'institutions_visited_3m',
        points: -14,
        group: 'enquiries',
        text: 'Number of institutions where credit was sought recently',
        value: 6,
        unit: 'institutions',
        missing: undefined,
        reference: 1,
      },
      expect.objectContaining({
        group: 'travel_bookings',
        text: expect.stringMatching(/^No value: /),
        missing: 'no_rows',
        reference: null,
      }),
    ])
  })

  it('keeps what was not scored out of its group, and tells of it', () => {
    const found = principalReasons([
      factor('overdue_cases_1m', -50, { scored: false }),
      factor('overdue_cases_6m', -2),
      factor('flights_1y', -1, { scored: false }),
      factor('flights_1y', 0, { scored: false }),
    ])
    expect(found.reasons.map((r) => [r.factor, r.points])).toEqual([['overdue_cases_6m', -2]])
    expect(found.notScored).toEqual([
      { factor: 'overdue_cases_1m', points: -50 },
      { factor: 'flights_1y', points: -1 },
    ])
  })

  it('refuses points that are no number', () => {
    expect(() => principalReasons([factor('flights_1y', Number.NaN)])).toThrow(/has no points/)
    expect(() => principalReasons([], 0)).toThrow(/option most/)
  })
})

describe('usedFactors', () => {
  it('are those that a tree splits on, or that have a coefficient', () => {
    for (const kind of ['linear', 'forest', 'tree'] as const) {
      const scorer = madeScorer({ kind })
      const used = usedFactors(scorer)
      const read = scorer.encoding.columns.flatMap(({ factor: f }, j) => {
        const { model } = scorer
        if ('trees' in model)
          return model.trees.some((t) =>
            [...t.feature].some((column, node) => column === j && t.childrenLeft[node]! >= 0),
          )
            ? [f]
            : []
        return model.coefficients[j] !== 0 ? [f] : []
      })
      expect(used).toEqual(FACTORS.map((_, f) => read.includes(f)))
      expect(used[FACTORS.findIndex((f) => f.name === 'never')], kind).toBe(false)
    }
    const scorer = madeScorer({ kind: 'linear' })
    const none = {
      ...scorer.model,
      coefficients: new Float64Array(scorer.encoding.columns.length),
    } as typeof scorer.model
    expect(usedFactors({ ...scorer, model: none })).toEqual(FACTORS.map(() => false))
  })
})

describe('referenceValues', () => {
  const frame = madeFrame(7)
  it('are medians of what is there, and the most frequent category', () => {
    frame.numbers['age']!.set([20, 30, 40, 50, 60, 70, 80])
    frame.numbers['debt']!.set([1, Number.NaN, 5, Number.NaN, 9, 2, 2])
    frame.categories['job']!.splice(0, 7, 'nurse', 'clerk', null, 'clerk', 'nurse', 'driver', null)
    const all = Int32Array.of(0, 1, 2, 3, 4, 5, 6)
    const found = referenceValues(frame, FACTORS, all)
    expect(found.slice(0, 2)).toEqual([2, 50])
    expect(found[3]).toBe('clerk')
    expect(found[5]).toBeNull()
    // Whole numbers have no middle between two of them.
    expect(referenceValues(frame, FACTORS, [0, 1])[1]).toBe(20)
    const parts = { ...frame, numbers: { ...frame.numbers, [FACTORS[1]!.name]: Float64Array.of(20.5, 30, 0, 0, 0) } }
    expect(referenceValues(parts, FACTORS, [0, 1])[1]).toBe(25.25)
    frame.numbers['late']!.set([0, 1])
    // Nobody has half a flag.
    expect(referenceValues(frame, FACTORS, [0, 1])[2]).toBe(0)
    expect(referenceValues(frame, [{ ...FACTORS[0]!, name: 'elsewhere' }], all)).toEqual([null])
    expect(() => referenceValues(frame, FACTORS, [7])).toThrow(/no such row/)
  })
})

describe('reasonFactors', () => {
  it('puts together an explanation, its frame and its background; what could not be known was not scored', async () => {
    const scorer = madeScorer({ kind: 'linear' })
    const frame = madeFrame(50)
    const explanation = await explain(scorer, frame)
    const row = [...frame.numbers['assets']!.keys()].find((i) => Number.isNaN(frame.numbers['assets']![i]!))!
    const missing: (MissingReason | null)[] = FACTORS.map(({ name }) => (name === 'assets' ? 'not_covered' : null))
    const source = {
      factors: explanation.factors,
      points: FACTORS.map((_, f) => explanation.points[f * 50 + row]!),
      frame,
      row,
      used: usedFactors(scorer),
      references: referenceValues(
        frame,
        FACTORS,
        Int32Array.from({ length: 50 }, (_, i) => i),
      ),
    }
    const known = reasonFactors({ ...source, missing })
    expect(known.map((f) => f.scored)).toEqual([true, true, true, true, false, false])
    expect(known[4]).toMatchObject({ value: null, missing: 'not_covered' })
    expect(known[1]).toMatchObject({ value: frame.numbers['age']![row]!, missing: null })
    expect(reasonFactors(source)[4]!.scored).toBe(true)
    const { reasons } = principalReasons(known)
    expect(faults(known, reasons)).toEqual([])
    expect(reasons.every((r) => !['assets', 'never'].includes(r.factor))).toBe(true)
    expect(() => reasonFactors({ ...source, points: [1] })).toThrow(/option points/)
    expect(() => reasonFactors({ ...source, row: 50 })).toThrow(/no such row/)
  })
})

describe('reasonStability', () => {
  const person = [
    factor('overdue_cases_1m', -30),
    factor('flights_1y', -20),
    factor('institutions_visited_1m', -1),
    factor('product_return_1y', 5),
  ]

  it('counts how often each reason stays, with Wilson’s interval, and what comes in its place', () => {
    const draws = Array.from({ length: 40 }, (_, b) => ({ points: b < 30 ? [-30, -20, -1, 5] : [-30, 4, -1, -9] }))
    const found = reasonStability(person, draws, { most: 2 })
    expect(found.draws).toBe(40)
    expect(found.reasons).toEqual([
      { group: 'overdue', kept: 40, share: wilson(40, 40) },
      { group: 'travel_bookings', kept: 30, share: wilson(30, 40) },
    ])
    expect(found.others).toEqual([{ group: 'product_return', kept: 10, share: wilson(10, 40) }])
  })

  it('knows that a factor may not be scored in a draw', () => {
    const draws = [{ points: [-30, -20, -1, 5], scored: [false, true, true, true] }]
    const found = reasonStability(person, draws)
    expect(found.reasons.map((r) => r.kept)).toEqual([0, 1, 1])
  })

  it('agrees with a slow count on random draws', () => {
    const stream = random('draws')
    const factors = madePerson(stream)
    const draws = Array.from({ length: 100 }, () => ({ points: factors.map((f) => f.points + 5 * stream.normal()) }))
    const found = reasonStability(factors, draws)
    for (const { group, kept } of [...found.reasons, ...found.others]) {
      const slow = draws.filter(({ points }) => {
        const again = principalReasons(factors.map((f, k) => ({ ...f, points: points[k]! }))).reasons
        return again.some((r) => r.group === group)
      })
      expect(kept).toBe(slow.length)
    }
    expect([...found.reasons, ...found.others].reduce((sum, { kept }) => sum + kept, 0)).toBe(400)
    expect(found.others.length).toBeGreaterThan(0)
  })

  it('asks for draws of the same factors', () => {
    expect(() => reasonStability(person, [])).toThrow(/option draws/)
    expect(() => reasonStability(person, [{ points: [1] }])).toThrow(/draws\[0\].points/)
  })
})
