import { describe, expect, it } from 'vitest'
import { deriveOutcomes } from '../../src/features/outcomes.ts'
import { DEFAULT_OUTCOME } from '../../src/schema/outcome.ts'
import { labelsByAccount } from '../population/labels.ts'
import { makePopulation } from '../population/populationFixture.ts'

describe('labels of the synthetic population', () => {
  it('are those of the outcome definition, by a second path that goes account by account', async () => {
    const population = await makePopulation({ people: 1024, seed: 3, asOf: '2025-01-01' })
    const date = '2025-01-01'
    const sql = await deriveOutcomes(population.engine, { dates: [date], definition: DEFAULT_OUTCOME })
    const derived = await population.engine.rows<{ person_id: string; status: string }>(sql)
    const expected = await labelsByAccount(population, date)
    const wrong = derived.filter((o) => o.status !== (expected.get(o.person_id) ?? 'not_eligible'))
    expect(wrong).toEqual([])
    expect(derived.length).toBe(1024)
    // all five statuses occur, so that each is checked
    expect(new Set(derived.map((o) => o.status)).size).toBe(5)
    await population.close()
  })
})
