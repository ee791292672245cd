import { beforeAll, describe, expect, it } from 'vitest'
import { clock, dayNumber } from '../../src/population/clock.ts'
import { COMMUNITY, drawCommunity } from '../../src/population/community.ts'
import { defaultProbability } from '../../src/population/defaultProbability.ts'
import { type Life, live, makeLife } from '../../src/population/life.ts'
import type { Person } from '../../src/population/person.ts'
import { random } from '../../src/util/random.ts'
import { continuations, statusOf } from './continuations.ts'

const time = clock(dayNumber('2025-01-01', 'date'), 24)
const root = random(7).fork('population')
const T = time.start[time.last]!

/** A person's life up to the beginning of month `next`, in the data. */
const lifeUntil = (person: Person, next: number, life: Life): Life => {
  live(root.fork('person', person.index), person, time, life, undefined, next)
  return life
}

describe('the probability of default given the state at a date', () => {
  const PEOPLE = 140
  const DRAWS = 600
  interface Row {
    person: Person
    count: number
    bad: number
    indeterminate: number
  }
  const rows: Row[] = []
  let excludedWrong = 0
  const life = makeLife(time)

  beforeAll(() => {
    for (let c = 0; rows.length < PEOPLE; c++)
      for (const person of drawCommunity(root, c, time).people) {
        lifeUntil(person, time.last, life)
        const prospect = defaultProbability(random('any').fork('p', person.index), person, time, life, 4)
        if (!(prospect.eligible > 0) && !prospect.excluded) continue
        const n = continuations(
          random('futures').fork('p', person.index),
          person,
          time,
          life,
          prospect.excluded ? 5 : DRAWS,
        )
        if (n.excluded > 0 !== prospect.excluded && n.not_eligible < 5) excludedWrong++
        const count = n.good + n.bad + n.indeterminate
        if (!prospect.excluded && count > 0) rows.push({ person, count, bad: n.bad, indeterminate: n.indeterminate })
        if (rows.length === PEOPLE) return
      }
  }, 300_000)

  /** Deviations of simulated shares from estimates, in standard errors; by how much the means differ, likewise. */
  const compare = (lag: number) => {
    let squares = 0
    let difference = 0
    let variance = 0
    let doubtful = 0
    for (const { person, count, bad, indeterminate } of rows) {
      lifeUntil(person, time.last + lag, life)
      const p = defaultProbability(random('paths').fork('p', person.index), person, time, life, 64)
      const e = p.excluded ? 1 : Number.isNaN(p.badIfEligible) ? 0 : p.badIfEligible
      const spread = Math.max(e * (1 - e), 1 / count) / count + (p.standardError > 0 ? p.standardError ** 2 : 0)
      squares += (bad / count - e) ** 2 / spread
      difference += bad / count - e
      variance += spread
      if (!p.excluded && p.eligible > 0) doubtful += indeterminate / count - p.indeterminateIfEligible
    }
    const rms = Math.sqrt(squares / rows.length)
    return { rms, z: difference / Math.sqrt(variance), doubtful: doubtful / rows.length }
  }

  it('agrees with running the generator on, within Monte Carlo error, person by person and together', () => {
    expect(excludedWrong).toBe(0)
    const { rms, z, doubtful } = compare(0)
    expect(rms).toBeGreaterThan(0.7)
    expect(rms).toBeLessThan(1.25)
    expect(Math.abs(z)).toBeLessThan(3.5)
    expect(Math.abs(doubtful)).toBeLessThan(0.006)
  })

  it('would not agree if the state were six months old, or knew what comes in the next three months', () => {
    expect(compare(-6).rms).toBeGreaterThan(2.5)
    expect(compare(3).rms).toBeGreaterThan(2.5)
  })

  it('leaves the life that it looks at alone, and depends on the stream only', () => {
    const { person } = rows[0]!
    lifeUntil(person, time.last, life)
    const before = JSON.stringify({ ...life, months: { ...life.months, stress: [...life.months.stress] } })
    const first = defaultProbability(random(1), person, time, life)
    const second = defaultProbability(random(1), person, time, life)
    expect(second).toEqual(first)
    expect(JSON.stringify({ ...life, months: { ...life.months, stress: [...life.months.stress] } })).toBe(before)
  })
})

describe('the probability of default is calibrated', () => {
  it('equals the share of bads in every tenth of people by it', () => {
    const life = makeLife(time)
    const rows: { p: number; bad: number }[] = []
    for (let c = 0; c < 24; c++)
      for (const person of drawCommunity(root, c, time).people) {
        let p = Number.NaN
        live(root.fork('person', person.index), person, time, life, (m) => {
          if (m !== time.last) return
          const prospect = defaultProbability(random('paths').fork('p', person.index), person, time, life, 16)
          p = prospect.badIfEligible
        })
        const status = statusOf(life, time, T)
        if (status === 'good' || status === 'bad' || status === 'indeterminate')
          rows.push({ p, bad: status === 'bad' ? 1 : 0 })
      }
    expect(rows.length).toBeGreaterThan(0.55 * 24 * COMMUNITY)
    expect(rows.filter((r) => Number.isNaN(r.p)).length).toBe(0)
    /** sum over tenths of squared deviations in standard errors */
    const chiSquare = (of: (p: number) => number): number => {
      const sorted = [...rows].sort((a, b) => a.p - b.p)
      let sum = 0
      for (let d = 0; d < 10; d++) {
        const part = sorted.slice(Math.floor((d * rows.length) / 10), Math.floor(((d + 1) * rows.length) / 10))
        const mean = part.reduce((s, r) => s + of(r.p), 0)
        const variance = part.reduce((s, r) => s + of(r.p) * (1 - of(r.p)), 0)
        sum += (part.reduce((s, r) => s + r.bad, 0) - mean) ** 2 / variance
      }
      return sum
    }
    // 99.9 % of a chi-square with ten degrees of freedom
    expect(chiSquare((p) => p)).toBeLessThan(29.6)
    // the broken twin: two fifths too much
    expect(chiSquare((p) => Math.min(0.999, 1.4 * p))).toBeGreaterThan(29.6)
  })
})
