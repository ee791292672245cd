import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { binMatrix } from '../../src/kernels/binning/binMatrix.ts'
import type { BinnedMatrix } from '../../src/kernels/binning/binnedMatrix.ts'
import { binQuery } from '../../src/stages/binQuery.ts'
import { openPool } from '../../src/threads/openPool.ts'

const ROWS = 20_001
const NAMES = ['age', 'balance "now"', 'flag', 'none']
/** More than two chunks, the last one not full; NULL, NaN, decimals, whole numbers and truth values. */
const QUERY = `SELECT i, (i * 7919) % 83 AS age,
  CASE WHEN i % 5 = 0 THEN NULL WHEN i % 7 = 0 THEN 'nan'::DOUBLE ELSE sin(i) * 1e6 END AS "balance ""now""",
  CASE WHEN i % 3 = 0 THEN NULL ELSE i % 2 = 0 END AS flag, NULL::DECIMAL(18, 2) AS none
  FROM range(${ROWS}) AS t(i) ORDER BY i`

let engine: Engine
const pool = openPool(1)
beforeAll(async () => {
  engine = await openDuckDB({ threads: 2 })
})
afterAll(() => engine.close())

const taken = (matrix: BinnedMatrix) => {
  const out = { columns: matrix.columns, bytes: Buffer.from(matrix.bytes()) }
  matrix.close()
  return out
}
const ofColumns = async () => {
  const { numbers, rows } = await engine.columns(QUERY, NAMES)
  const values = new Float64Array(rows * NAMES.length)
  NAMES.forEach((name, j) => {
    values.set(numbers[name]!, j * rows)
  })
  return { values, got: taken(await binMatrix({ values, rows, columns: NAMES.length }, pool)) }
}

describe('binQuery', () => {
  it('gives the bytes of the same columns read whole, where the result is small', async () => {
    const { got } = await ofColumns()
    const binned = taken(await binQuery(engine, QUERY, NAMES, pool))
    expect(binned.columns).toEqual(got.columns)
    expect(binned.bytes.equals(got.bytes)).toBe(true)
    expect(binned.columns.map((c) => c.bins)).toEqual([83, 255, 2, 1])
  })

  it('reads a large result twice: the same for columns of few values, quantiles for the others', async () => {
    const { got, values } = await ofColumns()
    const binned = taken(await binQuery(engine, QUERY, NAMES, pool, { held: 0 }))
    for (const j of [0, 2, 3]) {
      expect(binned.columns[j]).toEqual(got.columns[j])
      const of = ({ bytes }: typeof got) => bytes.subarray(j * ROWS, (j + 1) * ROWS)
      expect(of(binned).equals(of(got))).toBe(true)
    }
    const counts = new Int32Array(256)
    const balance = values.subarray(ROWS, 2 * ROWS)
    balance.forEach((x, i) => {
      const bin = binned.bytes[ROWS + i]!
      counts[bin]!++
      expect(bin === 255).toBe(Number.isNaN(x))
    })
    const share = balance.filter((x) => !Number.isNaN(x)).length / 255
    // A value of the sketch stands for 2 or 4 of some 14,000 rows: bins of 54 rows are off by a few of them.
    expect(Math.max(...counts.subarray(0, 255))).toBeLessThan(1.3 * share)
  })
})

describe('chunks of a query', () => {
  it('hold its rows in order, NULL as NaN, and nothing where there are none', async () => {
    const whole = await engine.columns(QUERY, NAMES)
    let from = 0
    for await (const { rows, columns } of engine.chunks(QUERY, NAMES)) {
      columns.forEach((column, j) => {
        expect(column.subarray(0, rows)).toEqual(whole.numbers[NAMES[j]!]!.subarray(from, from + rows))
      })
      from += rows
    }
    expect(from).toBe(ROWS)
    for await (const _ of engine.chunks('SELECT 1 AS x WHERE false', ['x'])) expect.unreachable()
    expect((await engine.rows('SELECT 1 AS x')).length).toBe(1)
  })
})
