import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { reportRows } from '../../src/sources/rejects.ts'
import { keysOf } from '../../src/sources/validate.ts'
import { type Random, random } from '../../src/util/random.ts'
import { check, messageOf, temporaryFolder, writeText } from './helpers.ts'
import { type Faults, type NaiveRow, naiveTransactions } from './naiveValidate.ts'

let engine: Engine
const folder = temporaryFolder()
let people: string
beforeAll(async () => {
  engine = await openDuckDB({ threads: 2 })
  const file = writeText(folder, 'people.csv', 'person_id,account_opened_on\np1,2020-01-01\np2,2021-05-01\n')
  people = keysOf(await check(engine, file, 'people'), 'person_id')
})
afterAll(() => engine.close())

const HEADER = 'transaction_id,person_id,occurred_at,amount,direction,scenario'
const transactions = (...lines: string[]): string =>
  writeText(folder, 'transactions.csv', `${[HEADER, ...lines].join('\n')}\n`)
const reasons = async (...lines: string[]) => {
  const done = await check(engine, transactions('ok,p1,2023-01-01,1.00,in,salary', ...lines), 'transactions', {
    known: { people },
  })
  return done.report.rejected.map(
    (r) => `${r.reason} ${r.column} x${r.count} @${r.examples.map((e) => e.row).join(',')}`,
  )
}

describe('each reason', () => {
  it.each([
    [',p1,2023-01-01,1,in,salary', 'missing key transaction_id x1 @3'],
    ['a,,2023-01-01,1,in,salary', 'missing value person_id x1 @3'],
    ['a,p1,2023-02-30,1,in,salary', 'bad date occurred_at x1 @3'],
    ['a,p1,2023-01-01x,1,in,salary', 'bad date occurred_at x1 @3'],
    ['a,p1,infinity,1,in,salary', 'bad date occurred_at x1 @3'],
    ['a,p1,epoch,1,in,salary', 'bad date occurred_at x1 @3'],
    ['a,p1,20230101,1,in,salary', 'bad date occurred_at x1 @3'],
    ['a,p1,2023-01-01,ten,in,salary', 'wrong type amount x1 @3'],
    ['a,p1,2023-01-01,1_000,in,salary', 'wrong type amount x1 @3'],
    ['a,p1,2023-01-01,NaN,in,salary', 'NaN amount x1 @3'],
    ['a,p1,2023-01-01,-inf,in,salary', 'infinity amount x1 @3'],
    ['a,p1,2023-01-01,1e30,in,salary', 'out of range amount x1 @3'],
    ['a,p1,2023-01-01,-1,in,salary', 'negative amount amount x1 @3'],
    ['a,p1,2023-01-01,1,sideways,salary', 'not in closed list direction x1 @3'],
    ['a,p1,2024-01-01,1,in,salary', 'at or after the extract date occurred_at x1 @3'],
    ['a,p9,2023-01-01,1,in,salary', 'unknown person person_id x1 @3'],
    ['ok,p1,2023-01-01,1.0,in,salary', 'duplicate row transaction_id x1 @3'],
    ['ok,p2,2023-01-01,1,in,salary', 'duplicate key transaction_id x2 @2,3'],
  ])('%s', async (line, expected) => {
    expect(
      await reasons('z,p2,2023-01-01,5,out,dining', line).then((all) =>
        all.map((r) => r.replace('@4', '@3').replace('2,4', '2,3')),
      ),
    ).toEqual([expected])
  })

  it('accepts what is unusual and right', async () => {
    expect(
      await reasons(
        'a, p1 ,2023-12-31 23:59:59,1e2,in,salary',
        'b,p2,2023-12-31T23:59:59Z,0,out,dining',
        'c,p2,2024-01-01 01:00:00+02:00,3.005,out,dining',
      ),
    ).toEqual([])
  })

  it('finds intervals that end before they start, and shares out of range', async () => {
    const file = writeText(
      folder,
      'contacts.csv',
      'person_id,other_person_id,since,until,closeness\np1,p2,2022-02-02,2022-02-01,0.5\np1,p2,2022-03-02,,1.5\np2,p1,2022-02-02,2030-01-01,1\n',
    )
    const { report } = await check(engine, file, 'contacts', { known: { people } })
    expect(report.rejected.map((r) => `${r.reason} ${r.column}`).sort()).toEqual([
      'ends before it starts until',
      'out of range closeness',
    ])
    expect(report.accepted).toBe(1)
  })
})

describe('the report', () => {
  it('gives counts, the first three examples with rows of the file, and rows for a table', async () => {
    const bad = Array.from({ length: 5 }, (_, i) => `b${i},p1,2023-01-01,-${i + 1},in,salary`)
    const done = await check(engine, transactions('a,p1,2023-01-01,1,in,salary', ...bad), 'transactions', {
      known: { people },
    })
    expect(done.report).toMatchObject({ read: 6, accepted: 1 })
    expect(done.report.rejected).toEqual([
      {
        reason: 'negative amount',
        column: 'amount',
        count: 5,
        examples: [
          { row: 3, value: '-1' },
          { row: 4, value: '-2' },
          { row: 5, value: '-3' },
        ],
      },
    ])
    expect(reportRows([done.report])).toEqual([
      ['transactions', '6', '1', '5', 'negative amount', 'amount', 'row 3: "-1", row 4: "-2", row 5: "-3"'],
    ])
    expect(await engine.rows(`${done.rejects} ORDER BY "row" LIMIT 1`)).toEqual([
      {
        table: 'transactions',
        file: 'transactions.csv',
        row: 3,
        column: 'amount',
        reason: 'negative amount',
        value: '-1',
      },
    ])
  })

  it('stops at the first reject under strict, with file, row, column, expected and got', async () => {
    const file = transactions(
      'a,p1,2023-01-01,1,in,salary',
      'b,p1,2023-01-01,x,in,salary',
      'c,p1,2023-01-01,y,in,salary',
    )
    expect(await messageOf(() => check(engine, file, 'transactions', { strict: true }))).toMatch(
      /transactions\.csv, table transactions, row 3, column amount: wrong type; expected an amount such as 1234\.50; got "x"$/,
    )
  })

  it('stops when no row can be used', async () => {
    const file = transactions('a,p1,yesterday,1,in,salary')
    expect(await messageOf(() => check(engine, file, 'transactions'))).toMatch(
      /row 2, column occurred_at: no row can be used/,
    )
  })
})

const CELLS = {
  id: ['t1', 't2', 't3', 't4', 't5', '', ' '],
  person: ['p1', 'p1', 'p2', 'p2', 'p3', ''],
  time: ['2023-01-01', '2023-06-01', '2023-12-31', '2024-01-01', '2023-13-01', ''],
  amount: ['1', '2.5', '2.50', '-1', 'NaN', 'inf', 'x', '1e40', ''],
  direction: ['in', 'out', 'out', 'up'],
}
const pick = (stream: Random, list: readonly string[]): string =>
  // Mostly the first three, which are right, so that rows survive to the checks of keys.
  stream.next() < 0.75 ? list[stream.integer(3)]! : list[stream.integer(list.length)]!
const table = (stream: Random): NaiveRow[] =>
  Array.from({ length: 40 }, () => ({
    id: stream.next() < 0.5 ? `u${stream.integer(60)}` : pick(stream, CELLS.id),
    person: pick(stream, CELLS.person),
    time: pick(stream, CELLS.time),
    amount: pick(stream, CELLS.amount),
    direction: pick(stream, CELLS.direction),
  }))

describe('against a plain validator in TypeScript, on random tables', () => {
  const compare = async (faults: Faults): Promise<number> => {
    let differing = 0
    for (let i = 0; i < 25; i++) {
      const rows = table(random(7).fork('table', i))
      const file = join(folder, 'random.csv')
      const lines = rows.map((r) => `${r.id},${r.person},${r.time},${r.amount},${r.direction},other`)
      writeFileSync(file, `${[HEADER, ...lines].join('\n')}\n`)
      const done = await check(engine, file, 'transactions', { known: { people } })
      const accepted = await engine.rows<{ file_row: number }>(`SELECT file_row FROM (${done.accepted}) ORDER BY 1`)
      const counts = Object.fromEntries(done.report.rejected.map((r) => [`${r.reason}/${r.column}`, r.count]))
      const naive = naiveTransactions(rows, ['p1', 'p2'], '2024-01-01', faults)
      expect(done.report.accepted + done.report.rejected.reduce((s, r) => s + r.count, 0)).toBe(40)
      const same =
        JSON.stringify(accepted.map((a) => a.file_row)) === JSON.stringify(naive.accepted) &&
        JSON.stringify(Object.entries(counts).sort()) === JSON.stringify(Object.entries(naive.counts).sort())
      if (!same) differing++
    }
    return differing
  }

  it('accepts the same rows and gives the same reasons', async () => {
    expect(await compare({})).toBe(0)
  })

  it('differs from twins that are wrong on purpose', async () => {
    expect(await compare({ keepFirstOfConflict: true })).toBeGreaterThan(0)
    expect(await compare({ allowExtractDay: true })).toBeGreaterThan(0)
    expect(await compare({ keysBeforeReferences: true })).toBeGreaterThan(0)
  })
})
