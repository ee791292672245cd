import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { simulate } from '../../src/stages/simulate.ts'
import { sha256File } from '../../src/util/hash.ts'

describe('the causal truth beside simulated data', () => {
  let folder: string
  let engine: Engine
  const options = { people: 800, months: 13, seed: 3 }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'glasscore-truth-'))
    engine = await openDuckDB({ threads: 1 })
    await simulate({ ...options, out: join(folder, 'one'), threads: 1 })
    await simulate({ ...options, out: join(folder, 'two'), threads: 2 })
    await engine.run(`CREATE TABLE truth AS SELECT * FROM '${join(folder, 'one.truth', 'causal.parquet')}'`)
    await engine.run(`CREATE TABLE outcomes AS SELECT * FROM '${join(folder, 'one', 'outcomes', '*.parquet')}'`)
  }, 300_000)
  afterAll(async () => {
    engine.close()
    await rm(folder, { recursive: true, force: true })
  })
  const one = async (sql: string) => (await engine.rows<Record<string, number>>(sql))[0]!

  it('has the rows of the outcomes, and a probability for all who are labelled and not for the excluded', async () => {
    const joined = `truth FULL JOIN outcomes USING (person_id, observation_date)`
    expect(
      await one(
        `SELECT count(*) FILTER (status IS NULL) AS a, count(*) FILTER (truth.person_id IS NULL) AS b FROM ${joined}`,
      ),
    ).toEqual({ a: 0, b: 0 })
    const counts = await one(`SELECT
      count(*) FILTER (status IN ('good', 'bad', 'indeterminate') AND p_bad IS NULL) AS missing,
      count(*) FILTER (status = 'excluded' AND p_bad IS NOT NULL) AS excluded,
      count(*) FILTER (p_bad < 0 OR p_bad + p_indeterminate > 1.000001 OR standard_error < 0) AS wrong,
      count(*) FILTER (status = 'excluded') AS some FROM ${joined}`)
    expect(counts).toMatchObject({ missing: 0, excluded: 0, wrong: 0 })
    expect(counts['some']).toBeGreaterThan(20)
  })

  it('orders people by their risk, and its Monte Carlo error is small against the spread', async () => {
    const joined = `truth JOIN outcomes USING (person_id, observation_date) WHERE status IN ('good', 'bad')`
    const row =
      await one(`SELECT avg(p_bad) FILTER (status = 'bad') AS bad, avg(p_bad) FILTER (status = 'good') AS good,
      stddev(p_bad) AS spread, sqrt(avg(standard_error ** 2)) AS error FROM ${joined}`)
    expect(row['bad']).toBeGreaterThan(3 * row['good']!)
    expect(row['error']).toBeLessThan(0.15 * row['spread']!)
  })

  it('lies beside the data and not in them, the same bytes for one thread and two', async () => {
    expect(existsSync(join(folder, 'one', 'causal.parquet'))).toBe(false)
    expect(await readFile(join(folder, 'one', 'manifest.json'), 'utf8')).not.toContain('causal.parquet')
    const hash = (name: string) => sha256File(join(folder, `${name}.truth`, 'causal.parquet'))
    expect(await hash('two')).toBe(await hash('one'))
    const head = JSON.parse(await readFile(join(folder, 'one.truth', 'causal.json'), 'utf8'))
    expect(head).toMatchObject({ format: 'glasscore.truth', kind: 'causal', seed: 3, sha256: await hash('one') })
    expect(head.details.paths).toBe(16)
  })

  it('says what each cause does: nothing where there is no path, and what the claim says of both together', async () => {
    const file = JSON.parse(await readFile(join(folder, 'one.truth', 'effects.json'), 'utf8'))
    const change = Object.fromEntries(
      (file.effects as { name: string; change: number }[]).map((e) => [e.name, e.change]),
    ) as Record<string, number>
    for (const without of ['sex', 'income', 'churn']) expect(change[without]).toBe(0)
    expect(change['willingness']).toBeLessThan(-0.03)
    expect(change['leverage']).toBeGreaterThan(0.015)
    expect(change['jobLoss']).toBeGreaterThan(0.01)
    expect(change['responsibilityWithDonation']).toBeLessThan(-0.02)
    expect(change['responsibilityWithoutDonation']).toBeGreaterThan(0.01)
  })

  it('is made again when it is gone', async () => {
    await rm(join(folder, 'one.truth'), { recursive: true })
    const again = await simulate({ ...options, out: join(folder, 'one'), threads: 2 })
    expect(again.skipped).toBe(false)
    expect(existsSync(join(folder, 'one.truth', 'causal.json'))).toBe(true)
    expect((await simulate({ ...options, out: join(folder, 'one'), threads: 2 })).skipped).toBe(true)
  })
})
