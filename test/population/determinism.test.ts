import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileCommunities, partFile } from '../../src/population/fileRanges.ts'
import { SIMULATED_TABLES, type SimulatedTable } from '../../src/population/tableQueries.ts'
import { TABLES } from '../../src/schema/tables.ts'
import { sha256, sha256File } from '../../src/util/hash.ts'
import { makePopulation, type Population } from './populationFixture.ts'

/** Five communities, the last cut off: more than one file of transactions at 24 months. */
const PEOPLE = 2100
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
  let others: Record<string, Population>
  let fewer: Population
  let seeded: Population
  beforeAll(async () => {
    one = await makePopulation({ people: PEOPLE, seed: 5, threads: 1 })
    others = {
      'two threads': await makePopulation({ people: PEOPLE, seed: 5, threads: 2 }),
      'three threads': await makePopulation({ people: PEOPLE, seed: 5, threads: 3 }),
      'two threads, blocks of three communities': await makePopulation({
        people: PEOPLE,
        seed: 5,
        threads: 2,
        block: 3,
      }),
      'one thread, one block': await makePopulation({ people: PEOPLE, seed: 5, threads: 1, block: 1000 }),
    }
    fewer = await makePopulation({ people: FEWER, seed: 5 })
    seeded = await makePopulation({ people: FEWER, seed: 6 })
  })
  afterAll(async () => {
    for (const p of [one, fewer, seeded, ...Object.values(others ?? {})]) await p?.close()
  })

  it('writes the same bytes however many threads and whatever the blocks', async () => {
    expect(one.dataset.tables.transactions!.files).toEqual([partFile('transactions', 0), partFile('transactions', 1)])
    const hashes = await fileHashes(one)
    for (const [how, other] of Object.entries(others)) {
      expect([how, await fileHashes(other)]).toEqual([how, hashes])
      expect([how, other.dataset]).toEqual([how, one.dataset])
    }
  })

  it('cuts files at numbers of people, one row group each', async () => {
    const communities = fileCommunities(24)
    for (const table of SIMULATED_TABLES.filter((t) => 'person_id' in TABLES[t].columns))
      for (const [k, file] of one.dataset.tables[table]!.files.entries()) {
        const path = join(one.folder, file)
        const [range] = await one.engine.rows<{ first: number; last: number; groups: number }>(
          `SELECT min(substr(person_id, 2)::INTEGER) - 10000000 AS first, max(substr(person_id, 2)::INTEGER) - 10000000 AS last,
           (SELECT count(DISTINCT row_group_id) FROM parquet_metadata('${path}')) AS groups FROM '${path}'`,
        )
        const size = 512 * communities[table]
        expect([table, range!.groups]).toEqual([table, 1])
        expect(range!.first).toBeGreaterThanOrEqual(k * size)
        expect(range!.last).toBeLessThan((k + 1) * size)
      }
  })

  it('writes the same file where a range is full, and the same rows of a person, however many people there are', async () => {
    const whole = await makePopulation({ people: 2048, seed: 5 })
    const file = partFile('transactions', 0)
    // But for the letter of counterparties beyond the last person: there is none, since they live in one community.
    expect(await sha256File(join(whole.folder, file))).toBe(await sha256File(join(one.folder, file)))
    await whole.close()
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
    const [before, after] = [await fileHashes(fewer), await fileHashes(seeded)]
    for (const file of Object.keys(before)) expect([file, after[file]]).not.toEqual([file, before[file]])
  })

  it('would see one person missing', async () => {
    for (const table of SIMULATED_TABLES.filter((t) => t !== 'public_records'))
      expect(await rowHash(one, table, FEWER - 20)).not.toBe(await rowHash(one, table, FEWER))
  })
})
