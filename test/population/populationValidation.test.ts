import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CALIBRATION_TARGETS, measureCalibration, NINTHS } from '../../src/population/calibration.ts'
import { labelsBySql } from './labels.ts'
import { makePopulation, type Population } from './populationFixture.ts'

const DATE = '2025-01-01'

describe('simulated against target', () => {
  let p: Population
  beforeAll(async () => {
    p = await makePopulation({ people: 3000, seed: 4, months: 13 })
    await labelsBySql(p, DATE)
    await p.engine.run(
      `CREATE TABLE outcomes AS SELECT person_id, DATE '${DATE}' AS observation_date, status FROM labels`,
    )
    // nine people whose factors lie in the published bands as ninths would
    const columns = Object.entries(NINTHS).map(
      ([name, [fourth, eighth]]) =>
        `CASE WHEN k < 4 THEN ${fourth} WHEN k < 8 THEN ${eighth} ELSE ${2 * eighth} END::DOUBLE AS ${name}`,
    )
    await p.engine.run(`CREATE TABLE ninths AS SELECT ${columns.join(', ')} FROM range(9) AS r (k)`)
  }, 120_000)
  afterAll(async () => p?.close())
  const input = { date: DATE, table: (name: string) => name, factors: 'ninths' }

  it('measures every target, and the population is within all that does not need factors', async () => {
    const rows = await measureCalibration(p.engine, input)
    expect(rows.map((r) => r.name)).toEqual(CALIBRATION_TARGETS.map((t) => t.name))
    for (const r of rows) expect(r.n, r.name).toBeGreaterThan(8)
    // the two shares of people have a standard error of about 0.008 here
    const off = rows.filter((r) => Math.abs(r.off) > (r.name === 'bank record' || r.name === 'default rate' ? 0.02 : 0))
    expect(off.map((r) => [r.name, r.simulated])).toEqual([])
  })

  it('sees a population without a rhythm, without a tail and with other bands', async () => {
    await p.engine.run(`CREATE TABLE dull AS SELECT * REPLACE (10::DECIMAL(18, 2) AS amount,
      TIMESTAMP '2024-01-02 04:00:00' + INTERVAL (hash(transaction_id) % 364) DAY AS occurred_at) FROM transactions`)
    await p.engine.run(
      `CREATE TABLE rich AS SELECT ${Object.keys(NINTHS)
        .map((name) => `9 * ${name} AS ${name}`)
        .join(', ')} FROM ninths`,
    )
    const table = (name: string) => (name === 'transactions' ? 'dull' : name)
    const rows = await measureCalibration(p.engine, { ...input, table, factors: 'rich' })
    const off = rows.filter((r) => r.off !== 0 || Number.isNaN(r.simulated) || r.simulated === null).map((r) => r.name)
    for (const name of ['heavy tail of purchases', 'week', 'November', 'night', 'consumption_1m up to 900'])
      expect(off).toContain(name)
  })
})
