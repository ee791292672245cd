import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { sha256File } from '../../src/util/hash.ts'

let engine: Engine
let folder = ''
beforeAll(async () => {
  engine = await openDuckDB({ threads: 2 })
  folder = mkdtempSync(join(tmpdir(), 'glasscore-engine-'))
})
afterAll(() => {
  engine.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('createTable and columns', () => {
  it('give back what was stored, over several chunks, NaN as NULL as NaN', async () => {
    // more than two chunks of 2,048 rows, the last one not full
    const n = 5000
    const double = Float64Array.from({ length: n }, (_, i) => (i % 7 === 3 ? Number.NaN : i * 1.1 - 2000))
    const integer = Int32Array.from({ length: n }, (_, i) => (i - 2500) * 850_000)
    const date = Int32Array.from({ length: n }, (_, i) => i * 7 - 10_000)
    const byte = Uint8Array.from({ length: n }, (_, i) => i % 256)
    const text = Array.from({ length: n }, (_, i) => (i % 5 === 1 ? null : `p'${i}"`))
    await engine.createTable('round "trip"', {
      double: { type: 'DOUBLE', values: double },
      integer: { type: 'INTEGER', values: integer },
      'a "date"': { type: 'DATE', values: date },
      byte: { type: 'UTINYINT', values: byte },
      text: { type: 'VARCHAR', values: text },
    })
    const back = await engine.columns(
      `SELECT *, date_diff('day', DATE '1970-01-01', "a ""date""") AS day FROM "round ""trip""" ORDER BY integer`,
      ['double', 'integer', 'day', 'byte'],
      ['text', 'a "date"'],
    )
    expect(back.rows).toBe(n)
    expect(back.numbers['double']).toEqual(double)
    expect(back.numbers['integer']).toEqual(Float64Array.from(integer))
    expect(back.numbers['day']).toEqual(Float64Array.from(date))
    expect(back.numbers['byte']).toEqual(Float64Array.from(byte))
    expect(back.texts['text']).toEqual(text)
    expect(back.texts['a "date"']![0]).toBe('1942-08-16')
    const [counts] = await engine.rows(
      `SELECT count(*) FILTER (double IS NULL) AS nulls, count(*) FILTER (isnan(double)) AS nans, count(text) AS texts
       FROM "round ""trip"""`,
    )
    expect(counts).toEqual({ nulls: double.filter(Number.isNaN).length, nans: 0, texts: n - n / 5 })
  })

  it('keeps infinities, signed zero and the smallest numbers', async () => {
    const values = Float64Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 5e-324, Number.MAX_VALUE)
    await engine.createTable('edges', {
      i: { type: 'INTEGER', values: Int32Array.of(0, 1, 2, 3, 4) },
      x: { type: 'DOUBLE', values },
    })
    const back = await engine.columns('SELECT * FROM edges ORDER BY i', ['x'])
    expect([...back.numbers['x']!].map((v) => Object.is(v, -0) || v)).toEqual(
      [...values].map((v) => Object.is(v, -0) || v),
    )
  })

  it('a table and a result without rows', async () => {
    await engine.createTable('empty', { x: { type: 'DOUBLE', values: new Float64Array(0) } })
    const back = await engine.columns('SELECT * FROM empty', ['x'])
    expect(back).toEqual({ rows: 0, numbers: { x: new Float64Array(0) }, texts: {} })
    expect(await engine.columns("SELECT 1 AS x, 'a' AS t WHERE false", ['x'], ['t'])).toEqual({
      rows: 0,
      numbers: { x: new Float64Array(0) },
      texts: { t: [] },
    })
  })

  it('replaces a table of the same name', async () => {
    await engine.createTable('twice', { x: { type: 'INTEGER', values: Int32Array.of(1, 2) } })
    await engine.createTable('twice', { y: { type: 'INTEGER', values: Int32Array.of(3) } })
    expect(await engine.rows('SELECT * FROM twice')).toEqual([{ y: 3 }])
  })
})

describe('rows', () => {
  it('are plain JavaScript, times in UTC', async () => {
    const [row] = await engine.rows(`SELECT 9007199254740991::BIGINT AS big, 1234567.89::DECIMAL(18,2) AS money,
      DATE '2024-02-29' AS day, TIMESTAMP '2024-02-29 23:59:59' AS at, NULL::DOUBLE AS nothing, true AS yes`)
    expect(row).toEqual({
      big: 9007199254740991,
      money: 1234567.89,
      day: '2024-02-29',
      at: '2024-02-29T23:59:59.000Z',
      nothing: null,
      yes: true,
    })
    expect(await engine.rows('SELECT current_setting($$TimeZone$$) AS zone')).toEqual([{ zone: 'UTC' }])
  })

  it('loads no extension from outside', async () => {
    expect(await engine.rows("SELECT current_setting('autoinstall_known_extensions') AS auto")).toEqual([
      { auto: false },
    ])
  })
})

/** Money per person, one row a person: the shape of every export of ours. */
const EXPORT = (sum: string): string =>
  `SELECT i % 5000 AS person_id, count(*) AS n, ${sum} AS total
   FROM (SELECT range AS i, (hash(range) % 1000003)::DECIMAL(18,2) / 100 AS cents FROM range(600000)) GROUP BY 1 ORDER BY 1`

describe('writeParquet', () => {
  it('writes the same bytes for 1 and 2 threads, every time', async () => {
    const hashes = new Set<string>()
    for (const [i, threads] of [1, 2, 2, 2].entries()) {
      const other = await openDuckDB({ threads })
      const path = join(folder, `same-${i}.parquet`)
      expect(await other.writeParquet(EXPORT('sum(cents::DECIMAL(18,2))'), path, { rowGroupSize: 2048 })).toBe(5000)
      hashes.add(await sha256File(path))
      other.close()
    }
    expect(hashes.size).toBe(1)
  })

  it('shows it when the rows come in another order', async () => {
    const up = join(folder, 'up.parquet')
    const down = join(folder, 'down.parquet')
    await engine.writeParquet('SELECT range AS x FROM range(3000) ORDER BY x', up)
    await engine.writeParquet('SELECT range AS x FROM range(3000) ORDER BY x DESC', down)
    expect(await sha256File(up)).not.toBe(await sha256File(down))
  })

  it('leaves nothing behind when the query fails', async () => {
    const path = join(folder, 'failed.parquet')
    // row 2,999 cannot be cast: the error comes after the first rows were written
    await expect(
      engine.writeParquet("SELECT CASE WHEN x = 2999 THEN 'x' ELSE '1' END::INTEGER AS y FROM range(3000) t(x)", path),
    ).rejects.toThrow(/Conversion/)
    expect(existsSync(path)).toBe(false)
    expect(readdirSync(folder).filter((name) => name.includes('tmp'))).toEqual([])
  })

  it('takes a path with quotes', async () => {
    const path = join(folder, `it's "here".parquet`)
    expect(await engine.writeParquet('SELECT 1 AS x', path)).toBe(1)
    expect(existsSync(path)).toBe(true)
  })
})

describe('the trap that DECIMAL avoids', () => {
  it('floating sums depend on the order of the rows, decimal sums do not', async () => {
    const one = await openDuckDB({ threads: 1 })
    const run = async (type: string, order: string) =>
      one.rows<{ s: string }>(
        `SELECT sum(x)::VARCHAR AS s FROM (SELECT (hash(range) % 1000003)::DECIMAL(18,2) / 100 AS y, y::${type} AS x
         FROM range(300000) ORDER BY ${order})`,
      )
    expect(await run('DECIMAL(18,2)', 'range')).toEqual(await run('DECIMAL(18,2)', 'hash(range, 1)'))
    expect(await run('DOUBLE', 'range')).not.toEqual(await run('DOUBLE', 'hash(range, 1)'))
    one.close()
  })
})
