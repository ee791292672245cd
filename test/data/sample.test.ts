/** The sample of data/: what its README says of it holds, and the stated command makes the same bytes. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import { readDataset } from '../../src/engines/folders.ts'
import { TABLE_NAMES } from '../../src/schema/tables.ts'
import { simulate } from '../../src/stages/simulate.ts'
import { sha256 } from '../../src/util/hash.ts'

const sample = fileURLToPath(new URL('../../data/sample/', import.meta.url))
const readme = readFileSync(join(sample, 'README.md'), 'utf8')

/** path -> SHA-256, of every file under a folder */
const hashesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    (readdirSync(folder, { recursive: true }) as string[])
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => statSync(join(folder, path)).isFile())
      .sort()
      .map((path) => [path, sha256(readFileSync(join(folder, path)))]),
  )

/** path -> SHA-256, as a README's table has them */
const statedHashes = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/^\| `population\/([^`]+)` \| \d+ \| `([0-9a-f]{64})` \|$/gm)].map((m) => [m[1]!, m[2]!]),
  )

describe('data/sample', () => {
  let work = ''
  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), 'glasscore-sample-'))
  })
  afterAll(() => rmSync(work, { recursive: true, force: true }))

  it('is the files that its README names, byte for byte', () => {
    const stated = statedHashes(readme)
    expect(Object.keys(stated)).toHaveLength(TABLE_NAMES.length + 1)
    expect(hashesOf(join(sample, 'population'))).toEqual(stated)
    const one = Object.values(stated)[0]!
    expect(statedHashes(readme.replace(one, '0'.repeat(64)))).not.toEqual(stated)
  })

  it('is what the command in its README makes', async () => {
    const command = /simulate --people (\d+) --as-of ([\d-]+) --seed (\d+)/.exec(readme)!
    const [people, asOf, seed] = [Number(command[1]), command[2]!, Number(command[3])]
    const { folder } = await simulate({ people, asOf, seed, out: join(work, 'again'), threads: 2 })
    const again = hashesOf(folder)
    for (const name of ['manifest.json', 'summary.json', 'summary.html']) delete again[name]
    expect(again).toEqual(statedHashes(readme))
    // Another seed makes other people: the comparison could fail.
    const other = await simulate({ people, asOf, seed: seed + 1, out: join(work, 'other'), threads: 2 })
    expect(hashesOf(other.folder)['transactions/part-00000.parquet']).not.toBe(again['transactions/part-00000.parquet'])
  })

  it('has the outcomes that its README counts, and stays small', async () => {
    const dataset = await readDataset(join(sample, 'population'))
    const engine = await openDuckDB({ threads: 1, temporaryFolder: work })
    try {
      const file = join(sample, 'population', dataset.tables.outcomes!.files[0]!).replaceAll("'", "''")
      const rows = await engine.rows<{ status: string; n: number }>(
        `SELECT status, count(*) AS n FROM read_parquet('${file}') GROUP BY status ORDER BY status`,
      )
      const stated = [...readme.matchAll(/^\| (good|bad|indeterminate|excluded|not eligible) \| (\d+) \|$/gm)]
      expect(Object.fromEntries(rows.map((r) => [r.status.replaceAll('_', ' '), Number(r.n)]))).toEqual(
        Object.fromEntries(stated.map((m) => [m[1]!, Number(m[2])])),
      )
    } finally {
      engine.close()
    }
    const size = Object.keys(hashesOf(sample)).reduce((sum, path) => sum + statSync(join(sample, path)).size, 0)
    expect(size).toBeLessThan(1_000_000)
    expect(existsSync(join(sample, 'population', 'manifest.json'))).toBe(false)
  })
})
