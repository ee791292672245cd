import { expect, test } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import {
  CODES,
  categoryOf,
  directionOf,
  paymentCode,
  paymentParts,
  withCategory,
} from '../../src/population/paymentCode.ts'
import { DISTRICTS } from '../../src/population/person.ts'
import { NONE } from '../../src/population/rows.ts'
import { CATEGORIES, DIRECTIONS, SCENARIOS } from '../../src/schema/vocabulary.ts'

test('the vocabulary fits into a code, and every part comes back, in SQL too', async () => {
  expect(Math.max(CATEGORIES.length, SCENARIOS.length)).toBeLessThanOrEqual(CODES)
  expect(DIRECTIONS).toHaveLength(2)
  const parts = [DIRECTIONS.length, CATEGORIES.length, SCENARIOS.length, DISTRICTS + 1]
  const codes: number[] = []
  const expected: number[][] = []
  // a spread over all parts: steps that share no factor with their sizes
  for (let k = 0; k < 5000; k++) {
    const [direction, category, scenario, place] = parts.map((size, j) => (k * [1, 7, 11, 13][j]!) % size) as [
      number,
      number,
      number,
      number,
    ]
    const code = paymentCode(direction, category, scenario, place === 0 ? NONE : place - 1)
    expect([directionOf(code), categoryOf(code)]).toEqual([direction, category])
    const moved = withCategory(code, (category + 5) % CATEGORIES.length)
    expect(moved).toBe(
      paymentCode(direction, (category + 5) % CATEGORIES.length, scenario, place === 0 ? NONE : place - 1),
    )
    codes.push(code)
    expected.push([direction, category, scenario, place - 1])
  }
  expect(Math.max(...codes)).toBeLessThan(2 ** 31)
  const engine = await openDuckDB({ threads: 1 })
  try {
    await engine.createTable('coded', { code: { type: 'INTEGER', values: Int32Array.from(codes) } })
    const sql = Object.entries(paymentParts('code')).map(([name, part]) => `${part} AS ${name}`)
    const rows = await engine.rows<Record<string, number>>(`SELECT ${sql.join(', ')} FROM coded`)
    expect(rows.map((r) => [r.direction, r.category, r.scenario, r.district])).toEqual(expected)
  } finally {
    engine.close()
  }
})
