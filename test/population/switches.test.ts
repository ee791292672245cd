import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clock } from '../../src/population/clock.ts'
import { COMMUNITY, drawCommunity } from '../../src/population/community.ts'
import { live, makeLife } from '../../src/population/life.ts'
import { downturn } from '../../src/population/switches/drift.ts'
import { inGroup } from '../../src/population/switches/inGroup.ts'
import { nextAttention, watchCommunity } from '../../src/population/switches/surveillance.ts'
import {
  defaultSwitches,
  SWITCH_NAMES,
  SWITCHES,
  type Switches,
  type SwitchName,
} from '../../src/population/switches.ts'
import { SIMULATED_TABLES, type SimulatedTable } from '../../src/population/tableQueries.ts'
import { TABLES } from '../../src/schema/tables.ts'
import { sha256, sha256File } from '../../src/util/hash.ts'
import { random } from '../../src/util/random.ts'
import { makePopulation, type Population } from './populationFixture.ts'
import { disparityByRound, MEASURES, type Measure, makeSwitched } from './switchMeasures.ts'

const SEED = 1
/** The off run is larger than most on runs: what it does not show is not for want of people. */
const OFF_PEOPLE = 2048

const worlds = new Map<string, Population>()
const keyOf = ({ switch: name, strength }: Measure): string => `${name}=${strength}`

describe('every switch shows in the raw data, and not when it is off', () => {
  let off: Population
  beforeAll(async () => {
    off = await makeSwitched(OFF_PEOPLE, SEED)
    for (const m of MEASURES)
      if (!worlds.has(keyOf(m))) worlds.set(keyOf(m), await makeSwitched(m.people, SEED, { [m.switch]: m.strength }))
  }, 300_000)
  afterAll(async () => {
    for (const p of [off, ...worlds.values()]) await p?.close()
  })

  it('measures all but the interaction, which has tests of its own', () => {
    expect([...new Set(MEASURES.map((m) => m.switch))].sort()).toEqual(
      SWITCH_NAMES.filter((name) => name !== 'interaction').sort(),
    )
  })

  it.each(MEASURES.map((m) => [m.switch, m.what, m] as const))('%s: %s', async (_, _what, m) => {
    expect(await m.figure(worlds.get(keyOf(m))!.engine)).toBeGreaterThanOrEqual(m.seen)
    // the broken twin
    expect(await m.figure(off.engine)).toBeLessThan(m.seen)
  })

  it('surveillance: the disparity grows round by round', async () => {
    const ratios = await disparityByRound(worlds.get('surveillance=1')!.engine)
    expect(ratios).toHaveLength(8)
    const mean = (from: number) => ratios.slice(from, from + 2).reduce((a, b) => a + b, 0) / 2
    for (const from of [2, 4, 6]) expect(mean(from)).toBeGreaterThan(mean(from - 2))
    expect(ratios.at(-1)! / ratios[0]!).toBeGreaterThan(1.5)
  })

  it('is about women where that is the group', async () => {
    const women = await makeSwitched(1024, SEED, { thinFiles: 0.5, group: 'female' })
    const lost = async (p: Population, who: string) =>
      (
        await p.engine.rows<{ n: number }>(
          `SELECT count(t.person_id) / count(DISTINCT p.person_id) AS n FROM people AS p LEFT JOIN transactions AS t USING (person_id) WHERE ${who}`,
        )
      )[0]!.n
    expect((await lost(women, `sex = 'female'`)) / (await lost(women, `sex = 'male'`))).toBeLessThan(0.65)
    expect((await lost(off, `sex = 'female'`)) / (await lost(off, `sex = 'male'`))).toBeGreaterThan(0.9)
    await women.close()
  })
})

describe('surveillance is a loop of attention, not of conduct', () => {
  const time = clock(20_089, 24)
  const root = random(5).fork('population')
  const communities = Array.from({ length: 12 }, (_, c) => drawCommunity(root, c, time, defaultSwitches()).people)
  const watch = (strength: number, next = nextAttention) =>
    communities.map((people) => watchCommunity(root, people, time, 'migrant', strength, next))

  /** Means of the group and of the others, and how many standard errors they lie apart. */
  const compare = (worlds: ReturnType<typeof watch>, of: (list: ReturnType<typeof watch>[0][0]) => number) => {
    const sides: [number[], number[]] = [[], []]
    worlds.forEach((done, c) => {
      done.forEach((list, k) => {
        sides[inGroup(communities[c]![k]!, 'migrant') ? 0 : 1].push(of(list))
      })
    })
    const [a, b] = sides.map((x) => {
      const mean = x.reduce((sum, v) => sum + v, 0) / x.length
      return { mean, error: x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (x.length - 1) / x.length }
    }) as [{ mean: number; error: number }, { mean: number; error: number }]
    return { ratio: a.mean / b.mean, z: (a.mean - b.mean) / Math.sqrt(a.error + b.error) }
  }
  const grown = (list: ReturnType<typeof watch>[0][0]) =>
    list.reduce((sum, one) => sum + (one.found ? (one.round < 4 ? -1 : 1) : 0), 0)
  const found = (list: ReturnType<typeof watch>[0][0]) => list.filter((one) => one.found).length

  it('all misbehave alike; what is found differs, and grows', () => {
    const on = watch(1)
    expect(Math.abs(compare(on, (list) => list.length).z)).toBeLessThan(3.3)
    expect(compare(on, found).ratio).toBeGreaterThan(1.8)
    expect(compare(on, grown).z).toBeGreaterThan(8)
  })

  it('without the loop the disparity stays what it was', () => {
    // the broken twin: attention does not follow what was found
    const still = watch(1, (attention) => attention)
    expect(compare(still, found).z).toBeGreaterThan(8)
    expect(Math.abs(compare(still, grown).z)).toBeLessThan(3.3)
  })

  it('spreads a fixed effort', () => {
    const total = (worlds: ReturnType<typeof watch>) => worlds.flat().reduce((sum, list) => sum + found(list), 0)
    expect(total(watch(1)) / total(watch(0))).toBeCloseTo(1, 1)
  })

  it('follows what was found', () => {
    const heads = { group: 164, others: 348 }
    expect(nextAttention(2, { group: 16.4, others: 34.8 }, heads, 1)).toBeCloseTo(2, 12)
    expect(nextAttention(2, { group: 30, others: 20 }, heads, 1)).toBeGreaterThan(2)
    expect(nextAttention(2, { group: 5, others: 40 }, heads, 1)).toBeLessThan(2)
    expect(nextAttention(2, { group: 30, others: 20 }, heads, 0)).toBe(2)
    expect(nextAttention(7.9, { group: 300, others: 0 }, heads, 2)).toBe(8)
  })
})

describe('a switch leaves alone what it is not about', () => {
  const PEOPLE = COMMUNITY + 28
  const FEWER = COMMUNITY + 8
  const make = (given: Partial<Switches>, people = PEOPLE, threads = 1) =>
    makePopulation({ people, months: 13, seed: 7, threads, switches: { ...defaultSwitches(), ...given } })
  const hashes = async (p: Population): Promise<Record<string, string>> => {
    const all: Record<string, string> = {}
    for (const table of SIMULATED_TABLES) {
      const files = await Promise.all(p.dataset.tables[table]!.files.map((f) => sha256File(join(p.folder, f))))
      all[table] = files.join()
    }
    return all
  }
  /** Rows of the first people; ties and counterparties beyond them are told by their number alone. */
  const rowHash = async (p: Population, table: SimulatedTable): Promise<string> => {
    const last = `'P' || (10000000 + ${FEWER})`
    const columns = Object.keys(TABLES[table].columns)
    const owner = columns.includes('person_id') ? 'person_id' : `'P' || substr(account_id, 2, 8)`
    const others = table === 'contacts' ? ` AND other_person_id < ${last}` : ''
    const text = (c: string) => (c === 'counterparty_id' ? `regexp_replace(${c}, '^[PX]', '')` : `${c}::VARCHAR`)
    const { texts } = await p.engine.columns(
      `SELECT concat_ws('|', ${columns.map((c) => `coalesce(${text(c)}, '-')`).join(', ')}) AS line FROM ${table}
       WHERE ${owner} < ${last}${others} ORDER BY line`,
      [],
      ['line'],
    )
    return sha256(texts['line']!.join('\n'))
  }
  const halfOn = Object.fromEntries(SWITCH_NAMES.map((name) => [name, SWITCHES[name].most / 2]))

  let off: Population
  let plain: Record<string, string>
  beforeAll(async () => {
    off = await makePopulation({ people: PEOPLE, months: 13, seed: 7, threads: 1 })
    plain = await hashes(off)
  })
  afterAll(async () => off?.close())

  it('at 0 the bytes are those without it, whatever the group', async () => {
    const zero = Object.fromEntries(SWITCH_NAMES.filter((n) => n !== 'interaction').map((n) => [n, 0]))
    const p = await make({ ...zero, group: 'female' })
    expect(await hashes(p)).toEqual(plain)
    await p.close()
  })

  it.each<[SwitchName, number, SimulatedTable[]]>([
    ['labelBias', 1, []],
    ['proxy', 0.5, ['transactions', 'registrations']],
    ['thinFiles', 0.3, ['transactions', 'credit_accounts', 'instalments', 'repayments']],
    ['surveillance', 1, ['public_records']],
    ['gaming', 0.5, ['transactions', 'contacts']],
    ['missingAtRandom', 0.5, ['registrations', 'balances', 'inferred_attributes']],
    ['missingNotAtRandom', 0.5, ['balances']],
    ['wrongPerson', 0.1, ['credit_accounts', 'repayments', 'public_records']],
    ['staleRecords', 0.5, ['credit_accounts', 'repayments']],
  ])('%s changes these tables and no other', async (name, strength, tables) => {
    const p = await make({ [name]: strength })
    const now = await hashes(p)
    expect(SIMULATED_TABLES.filter((t) => now[t] !== plain[t]).sort()).toEqual([...tables].sort())
    await p.close()
  })

  it('drift is felt from the middle of the dense history on, and not before', () => {
    const time = clock(20_089, 24)
    const middle = 84
    const root = random(5).fork('population')
    expect(downturn(time, 0).every((d) => d === 0)).toBe(true)
    const [calm, hard] = [makeLife(time), makeLife(time, downturn(time, 1))]
    for (const person of drawCommunity(root, 0, time, defaultSwitches()).people.slice(0, 50)) {
      const stream = root.fork('person', person.index)
      live(stream, person, time, calm)
      live(stream, person, time, hard)
      expect(hard.months.stress.slice(0, middle)).toEqual(calm.months.stress.slice(0, middle))
      expect(hard.months.stress[middle]).not.toBe(calm.months.stress[middle])
    }
  })

  it('with all of them on, bytes do not depend on threads, nor rows on how many people there are', async () => {
    const one = await make(halfOn)
    const two = await make(halfOn, PEOPLE, 2)
    const fewer = await make(halfOn, FEWER)
    expect(await hashes(two)).toEqual(await hashes(one))
    for (const table of SIMULATED_TABLES) {
      expect([table, await rowHash(fewer, table)]).toEqual([table, await rowHash(one, table)])
      // as it would differ with another strength of anything
      if (table !== 'people' && table !== 'bookings' && table !== 'enquiries')
        expect([table, await rowHash(off, table)]).not.toEqual([table, await rowHash(one, table)])
    }
    for (const p of [one, two, fewer]) await p.close()
  })
})
