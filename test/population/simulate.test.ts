import { describe, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import { observationDates } from '../../src/population/clock.ts'
import { simulate } from '../../src/population/simulate.ts'
import { makePopulation } from './populationFixture.ts'

describe('simulate', () => {
  it.each([
    [{ people: 0 }, 'option people'],
    [{ people: 1.5 }, 'option people'],
    [{ people: Number.NaN }, 'option people'],
    [{ months: 3 }, 'option months'],
    [{ asOf: '2025-02-30' }, 'option asOf'],
    [{ lastObservation: 'soon' }, 'option lastObservation'],
  ])('refuses %j', async (wrong, place) => {
    const engine = await openDuckDB({ threads: 1 })
    await expect(simulate(engine, { people: 1, seed: 1, out: 'unused', ...wrong })).rejects.toThrow(place)
    engine.close()
  })

  it('stops when told to', async () => {
    await expect(makePopulation({ people: 2, seed: 1, signal: AbortSignal.abort() })).rejects.toThrow(
      'stopped by the user',
    )
  })

  it('makes a population of one, at a date that is not the first of a month', async () => {
    const p = await makePopulation({ people: 1, seed: 1, asOf: '2024-08-31', months: 12 })
    expect(p.dataset.observationDates).toEqual(['2024-08-31'])
    expect(p.dataset.extractDate).toBe('2025-08-31')
    expect(p.dataset.tables.transactions!.coveredFrom).toBe('2023-08-31')
    expect(p.dataset.tables.contacts!.rows).toBe(0)
    expect(await p.engine.rows('SELECT * FROM contacts')).toEqual([])
    await p.close()
  })

  it('tells how far it is', async () => {
    const told: number[] = []
    const p = await makePopulation({ people: 600, seed: 1, months: 12, progress: (_, done) => told.push(done) })
    expect(told).toEqual([512, 600])
    await p.close()
  })

  it('takes observation dates by calendar quarters', () => {
    expect(observationDates({ lastObservation: '2024-05-31' })).toEqual([
      '2023-05-31',
      '2023-08-31',
      '2023-11-30',
      '2024-02-29',
      '2024-05-31',
    ])
  })
})
