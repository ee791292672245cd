import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import { literal } from '../../src/engines/sql.ts'
import { buildFactors } from '../../src/features/buildFactors.ts'
import type { Dataset } from '../../src/schema/dataset.ts'
import { sha256File } from '../../src/util/hash.ts'
import { makePopulation, type Population } from '../population/populationFixture.ts'

let population: Population
let work: string
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'glasscore-protected-'))
  population = await makePopulation({ people: 80, months: 13, seed: 4, asOf: '2025-01-01' })
})
afterAll(async () => {
  await population?.close()
  await rm(work, { recursive: true, force: true })
})

/** Hashes of the factors and of the groups when the people are `people` instead. */
const build = async (name: string, people: string): Promise<{ factors: string; groups: string }> => {
  const folder = join(work, name)
  await cp(population.folder, folder, { recursive: true })
  const dataset: Dataset = {
    ...population.dataset,
    tables: {
      ...population.dataset.tables,
      people: { ...population.dataset.tables.people!, files: ['people.parquet'] },
    },
  }
  await population.engine.run(`COPY (${people}) TO ${literal(join(folder, 'people.parquet'))} (FORMAT parquet)`)
  const engine = await openDuckDB({ threads: 2 })
  try {
    await buildFactors(engine, { folder, dataset, dates: ['2025-01-01'], out: join(folder, 'out') })
  } finally {
    engine.close()
  }
  return {
    factors: await sha256File(join(folder, 'out', 'features.parquet')),
    groups: await sha256File(join(folder, 'out', 'groups.parquet')),
  }
}

it('protected columns are told to audits and change no factor', async () => {
  const plain = await build('plain', 'SELECT * FROM people ORDER BY person_id')
  const swapped = await build(
    'swapped',
    `SELECT * REPLACE (DATE '1990-01-01' AS born_on, CASE sex WHEN 'male' THEN 'female' ELSE 'male' END AS sex,
       CASE household_registration WHEN 'local' THEN 'migrant' ELSE 'local' END AS household_registration)
     FROM people ORDER BY person_id`,
  )
  expect(swapped.factors).toBe(plain.factors)
  expect(swapped.groups).not.toBe(plain.groups)
  // the broken twin: a column that factors do read
  const later = await build(
    'later',
    'SELECT * REPLACE (account_opened_on - 100 AS account_opened_on) FROM people ORDER BY person_id',
  )
  expect(later.factors).not.toBe(plain.factors)
}, 300_000)
