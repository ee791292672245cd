import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SIMULATED_TABLES, type SimulatedTable } from '../../src/population/tableQueries.ts'
import { TABLES } from '../../src/schema/tables.ts'
import { sha256, sha256File } from '../../src/util/hash.ts'
import { makePopulation, type Population } from './populationFixture.ts'

/** More than one community, and more transactions than one Parquet row group holds. */
const PEOPLE = 560
const FEWER = 520

const fileHashes = async (p: Population): Promise<Record<string, string>> => {
  const hashes: Record<string, string> = {}
  for (const table of SIMULATED_TABLES)
    for (const file of p.dataset.tables[table]!.files) hashes[file] = await sha256File(join(p.folder, file))
  return hashes
}

/**
 * Hash of the rows of the first `people` people, in the order in which they were written. A counterparty beyond the last person
 * of a run begins with X instead of P (docs/population.md): the letter is left out, the number is compared.
 */
const rowHash = async (p: Population, table: SimulatedTable, people: number): Promise<string> => {
  const last = `'P' || (10000000 + ${people})`
  const columns = Object.keys(TABLES[table].columns)
  const owner = columns.includes('person_id') ? 'person_id' : `'P' || substr(account_id, 2, 8)`
  const others = table === 'contacts' ? ` AND other_person_id < ${last}` : ''
  const written = (c: string) => (c === 'counterparty_id' ? `regexp_replace(${c}, '^[PX]', '')` : `${c}::VARCHAR`)
  const { texts } = await p.engine.columns(
    `SELECT concat_ws('|', ${columns.map((c) => `coalesce(${written(c)}, '-')`).join(', ')}) AS line FROM ${table}
     WHERE ${owner} < ${last}${others}`,
    [],
    ['line'],
  )
  return sha256(texts['line']!.join('\n'))
}

describe('the same seed gives the same population', () => {
  let one: Population
  let two: Population
  let cut: Population
  let fewer: Population
  let seeded: Population
  beforeAll(async () => {
    one = await makePopulation({ people: PEOPLE, seed: 5, threads: 1 })
    two = await makePopulation({ people: PEOPLE, seed: 5, threads: 2 })
    cut = await makePopulation({ people: PEOPLE, seed: 5, threads: 2, partRows: 2000 })
    fewer = await makePopulation({ people: FEWER, seed: 5 })
    seeded = await makePopulation({ people: FEWER, seed: 6 })
  })
  afterAll(async () => {
    for (const p of [one, two, cut, fewer, seeded]) await p?.close()
  })

  it('writes the same bytes on one and on two threads', async () => {
    expect(await fileHashes(two)).toEqual(await fileHashes(one))
  })

  it('describes itself alike', () => {
    expect(two.dataset).toEqual(one.dataset)
  })

  it('writes the same rows however the tables are cut into files', async () => {
    expect(cut.dataset.tables.transactions!.files.length).toBeGreaterThan(1)
    expect(one.dataset.tables.transactions!.files.length).toBe(1)
    for (const table of SIMULATED_TABLES)
      expect([table, await rowHash(cut, table, PEOPLE)]).toEqual([table, await rowHash(one, table, PEOPLE)])
  })

  it('writes the same rows of a person however many people there are', async () => {
    for (const table of SIMULATED_TABLES)
      expect([table, await rowHash(fewer, table, FEWER)]).toEqual([table, await rowHash(one, table, FEWER)])
  })

  it('calls a counterparty X who would be P if there were more people, and in nothing else', async () => {
    const outside = async (p: Population) =>
      (
        await p.engine.rows<{ n: number }>(
          `SELECT count(*) AS n FROM transactions WHERE person_id < 'P' || (10000000 + ${FEWER})
           AND counterparty_id BETWEEN 'X' || (10000000 + ${FEWER}) AND 'X' || (10000000 + ${PEOPLE} - 1)`,
        )
      )[0]!.n
    expect(await outside(fewer)).toBeGreaterThan(0)
    expect(await outside(one)).toBe(0)
  })

  it('changes every table with the seed, and the comparison sees it', async () => {
    for (const table of SIMULATED_TABLES)
      expect([table, await rowHash(seeded, table, FEWER)]).not.toEqual([table, await rowHash(fewer, table, FEWER)])
  })

  it('would see one person missing', async () => {
    for (const table of SIMULATED_TABLES.filter((t) => t !== 'public_records'))
      expect(await rowHash(one, table, FEWER - 20)).not.toBe(await rowHash(one, table, FEWER))
  })
})
