import { existsSync, readdirSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import type { Engine } from '../../src/engines/engine.ts'
import type { Block } from '../../src/population/block.ts'
import { simulateBlocks } from '../../src/population/blocks.ts'
import { datasetRanges, fileCommunities, RANGE_COMMUNITIES } from '../../src/population/fileRanges.ts'
import { simulate } from '../../src/population/simulate.ts'
import type { Setup } from '../../src/population/simulateCommunity.ts'
import { defaultSwitches } from '../../src/population/switches.ts'
import { SIMULATED_TABLES } from '../../src/population/tableQueries.ts'

const SETUP: Setup = { people: 3 * 512, months: 12, lastDay: 20_089, seed: 3, switches: defaultSwitches() }

const collect = async (blocks: AsyncIterable<Block>): Promise<Block[]> => {
  const all: Block[] = []
  for await (const block of blocks) all.push(block)
  return all
}

/** What a promise was rejected with. */
const refusal = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('blocks of communities', () => {
  it('come in order and are the same from threads', async () => {
    const here = await collect(simulateBlocks(SETUP, { threads: 1, size: 1 }))
    expect(here.map((b) => b.first)).toEqual([0, 1, 2])
    expect(await collect(simulateBlocks(SETUP, { threads: 2, size: 1 }))).toEqual(here)
  })

  it('hold what blocks of another size hold', async () => {
    const ones = await collect(simulateBlocks(SETUP, { threads: 1, size: 1 }))
    const [two] = await collect(simulateBlocks(SETUP, { threads: 1, size: 2 }))
    for (const table of SIMULATED_TABLES) {
      const pieces = ones.slice(0, 2).map((b) => b.tables[table])
      expect(two!.tables[table].ends).toEqual([pieces[0]!.ends[0], pieces[0]!.ends[0]! + pieces[1]!.ends[0]!])
      two!.tables[table].columns.forEach((column, j) => {
        expect(column).toEqual(Int32Array.from([...pieces[0]!.columns[j]!, ...pieces[1]!.columns[j]!]))
      })
    }
  })

  it.each([1, 2])('say what has failed, whole, on %d threads', async (threads) => {
    const error = await refusal(collect(simulateBlocks({ ...SETUP, months: -1000 }, { threads, size: 1 })))
    expect(error).toBeInstanceOf(RangeError)
    expect((error as Error).message).toMatch(/Invalid typed array length/)
    expect((error as Error).stack).toMatch(/simulateCommunity|blockWorker/)
  })

  it('end when nobody takes them any more', async () => {
    for await (const block of simulateBlocks(SETUP, { threads: 2, size: 1 })) {
      expect(block.first).toBe(0)
      break
    }
  })
})

describe('ranges of files', () => {
  it.each([12, 24, 60, 120])('of %d months divide the longest one', (months) => {
    for (const communities of Object.values(fileCommunities(months))) {
      expect(communities).toBeGreaterThanOrEqual(1)
      expect(RANGE_COMMUNITIES % communities).toBe(0)
    }
  })

  it('of a longer history hold fewer people', () => {
    expect([12, 24, 48, 120].map((months) => fileCommunities(months).transactions)).toEqual([8, 4, 2, 1])
  })

  it('cut a data set into pieces that are the whole together', () => {
    const tables = Object.fromEntries(
      SIMULATED_TABLES.map((table) => {
        const count = Math.ceil(200 / fileCommunities(24)[table])
        const files = Array.from({ length: count }, (_, k) => `${table}/${k}`)
        return [table, { files, rows: 1, coveredFrom: '2020-01-01', coveredTo: '2025-01-01' }]
      }),
    )
    const pieces = datasetRanges({ tables } as unknown as Parameters<typeof datasetRanges>[0], 24)
    expect(pieces.length).toBe(4)
    for (const table of SIMULATED_TABLES)
      expect(pieces.flatMap((p) => p.tables[table]!.files)).toEqual(tables[table]!.files)
    expect(pieces.map((p) => p.tables.transactions!.files.length)).toEqual([16, 16, 16, 2])
  })
})

describe('a simulation that does not come to its end', () => {
  let engine: Engine
  let out: string
  beforeEach(async () => {
    engine = await openDuckDB({ threads: 2 })
    out = await mkdtemp(join(tmpdir(), 'glasscore-blocks-'))
  })
  afterEach(async () => {
    engine.close()
    await rm(out, { recursive: true, force: true })
  })
  const halves = (): string[] =>
    readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.tmp-'))
  const relations = (): Promise<unknown[]> => engine.rows('SELECT table_name FROM duckdb_tables()')

  it.each([1, 2])('stops when told to, on %d threads, and leaves no half of a file and no table', async (threads) => {
    const controller = new AbortController()
    const work = simulate(engine, {
      people: 6000,
      months: 12,
      seed: 1,
      out,
      threads,
      signal: controller.signal,
      progress: (_, done) => {
        if (done >= 2048) controller.abort()
      },
    })
    await expect(work).rejects.toThrow('stopped by the user')
    expect(halves()).toEqual([])
    expect(await relations()).toEqual([])
    // the engine goes on to work
    expect(await engine.rows('SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('tells the error of a file that cannot be written', async () => {
    await mkdir(join(out, 'balances', 'part-00000.parquet'), { recursive: true })
    const error = await refusal(simulate(engine, { people: 600, months: 12, seed: 1, out, threads: 2 }))
    expect((error as NodeJS.ErrnoException).code).toMatch(/EISDIR|ENOTEMPTY|EEXIST|EPERM/)
    expect(halves()).toEqual([])
    expect(await relations()).toEqual([])
    expect(existsSync(join(out, 'people'))).toBe(true)
  })
})
