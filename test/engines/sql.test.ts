import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { dateLiteral, identifier, literal, literalList } from '../../src/engines/sql.ts'

let engine: Engine
beforeAll(async () => {
  engine = await openDuckDB({ threads: 1 })
})
afterAll(() => engine.close())

const NASTY = [
  "'; DROP TABLE t; --",
  '"; DROP TABLE t; --',
  "''",
  '""',
  '\\',
  "\\'",
  '%',
  '$1',
  '?',
  '{}',
  '\n',
  '老赖',
  '😀',
]
/** Any text of whole code points: an unpaired surrogate has no UTF-8 and cannot reach the engine. */
const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom(...NASTY))
const withoutNul = (text: string): string => text.replaceAll('\0', '')

/** Whether a text comes back from the engine as it was sent; an engine that refuses it counts as no. */
const returns = async (quote: (text: string) => string, text: string): Promise<boolean> => {
  try {
    const [row] = await engine.rows<{ x: string }>(`SELECT ${quote(text)} AS x`)
    return row?.x === withoutNul(text)
  } catch {
    return false
  }
}

describe('quoting', () => {
  it('literal: every text comes back from the engine', async () => {
    await fc.assert(
      fc.asyncProperty(texts, (text) => returns(literal, text)),
      { numRuns: 300, seed: 1 },
    )
  })

  it('identifier: every name comes back as the name of a column', async () => {
    const names = texts.filter((text) => withoutNul(text).length > 0)
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        const [row] = await engine.rows(`SELECT 1 AS ${identifier(name)}`)
        expect(Object.keys(row!)).toEqual([withoutNul(name)])
      }),
      { numRuns: 300, seed: 2 },
    )
  })

  it('quotes without doubling are caught', async () => {
    const broken = await fc.check(
      fc.asyncProperty(texts, (text) => returns((t) => `'${withoutNul(t)}'`, text)),
      { numRuns: 300, seed: 1 },
    )
    expect(broken.failed).toBe(true)
  })

  it('a nasty name of a table and of a column harms nothing', async () => {
    for (const name of NASTY) {
      const table = identifier(`t${name}`)
      await engine.run(`CREATE OR REPLACE TABLE ${table} (${identifier(name)} VARCHAR)`)
      await engine.run(`INSERT INTO ${table} VALUES (${literal(name)})`)
      expect(await engine.rows(`SELECT * FROM ${table}`)).toEqual([{ [name]: name }])
      await engine.run(`DROP TABLE ${table}`)
    }
  })
})

describe('literalList and dateLiteral', () => {
  it('match what is in the list; an empty list matches nothing', async () => {
    const among = (list: string[]) =>
      engine.rows(`SELECT x FROM (VALUES ('a'), ('b''c'), ('NULL')) t(x) WHERE x IN ${literalList(list)} ORDER BY x`)
    expect(await among(['a', "b'c"])).toEqual([{ x: 'a' }, { x: "b'c" }])
    expect(await among([])).toEqual([])
  })

  it('a day is a DATE', async () => {
    expect(
      await engine.rows(`SELECT ${dateLiteral('2024-02-29')} AS d, typeof(${dateLiteral('2024-02-29')}) AS t`),
    ).toEqual([{ d: '2024-02-29', t: 'DATE' }])
  })
})
