import { describe, expect, it } from 'vitest'
import { FACTOR_CATALOGUE } from '../../src/schema/factorCatalogue.ts'
import { random } from '../../src/util/random.ts'
import { bruteFactors } from './bruteForce.ts'
import { dayNumber, isoDay } from './days.ts'
import { randomWorld } from './randomWorld.ts'
import { buildWorld, type Row, type World } from './world.ts'

/**
 * Sums are exact on both sides; the twin divides in another order, and keeps fares unrounded where the plan keeps
 * millionths of a tenth: half a millionth on values up to 10.
 */
const TOLERANCE = 1e-6

const differences = async (world: World, t: string, twin: World = world): Promise<string[]> => {
  const { rows } = await buildWorld(world, [t])
  const found: string[] = []
  for (const row of rows) {
    const expected = bruteFactors(twin, String(row['person_id']), t)
    for (const { name } of FACTOR_CATALOGUE) {
      const [got, want] = [row[name], expected[name]]
      const same =
        typeof got === 'number' && typeof want === 'number'
          ? Math.abs(got - want) <= TOLERANCE * Math.max(1, Math.abs(want))
          : got === want
      if (!same) found.push(`${row['person_id']} ${name}: got ${got}, expected ${want}`)
    }
  }
  return found
}

describe('the 70 factors against their brute-force twin', () => {
  it('covers all 70', () => {
    const names = Object.keys(bruteFactors({}, 'P0', '2024-01-01')).sort()
    expect(names).toEqual(FACTOR_CATALOGUE.map((f) => f.name).sort())
  })

  const seen = new Map<string, Set<unknown>>()

  it.each([1, 2, 3, 4, 5])('random world %i', async (seed) => {
    const t = ['2024-03-01', '2023-12-31', '2024-07-01'][seed % 3]!
    const world = randomWorld(random(seed), t, 16)
    for (const person of world.people!)
      for (const [name, value] of Object.entries(bruteFactors(world, String(person['person_id']), t)))
        seen.set(name, (seen.get(name) ?? new Set()).add(value))
    expect(await differences(world, t)).toEqual([])
  })

  it('saw at least two values of every factor', () => {
    expect([...seen].filter(([, values]) => [...values].filter((v) => v !== null).length < 2)).toEqual([])
  })

  const shifted = (rows: Row[], column: string): Row[] =>
    rows.map((r) => {
      const time = String(r[column])
      return { ...r, [column]: isoDay(dayNumber(time) + 1) + time.slice(10) }
    })
  it.each([
    ['instalments', 'due_on'],
    ['repayments', 'paid_on'],
    ['transactions', 'occurred_at'],
    ['balances', 'valued_on'],
    ['registrations', 'valid_from'],
    ['contacts', 'until'],
  ] as const)('catches a twin that reads %s.%s one day late', async (table, column) => {
    const t = '2024-03-01'
    const world = randomWorld(random(7), t, 30)
    const rows = world[table]!.filter((r) => r[column] !== null)
    const rest = world[table]!.filter((r) => r[column] === null)
    expect(await differences(world, t, { ...world, [table]: [...rest, ...shifted(rows, column)] })).not.toEqual([])
  })
})
