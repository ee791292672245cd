/**
 * Every kind of bad input, with the message that it gets. The table is a snapshot: docs/bad-inputs.md.
 * After a change of words, `npx vitest run test/sources/badInputs -u` writes it anew.
 */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { ingestBerka } from '../../src/sources/berka.ts'
import { ingestTables } from '../../src/sources/mappedTables.ts'
import { parseMapping } from '../../src/sources/mapping.ts'
import { ingestReadyTable } from '../../src/sources/readyTable.ts'
import { keysOf } from '../../src/sources/validate.ts'
import { BAD_INPUTS, badInputLine, withPart } from './badInputsDocument.ts'
import { check, fixture, messageOf, temporaryFolder, writeText } from './helpers.ts'

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
const GOOD = 't1,p1,2023-01-01,12.50,in,salary'

/** A file of transactions, checked strictly. */
const file =
  (content: string | Uint8Array, name = 'transactions.csv') =>
  async (): Promise<unknown> =>
    check(engine, writeText(folder, name, content), 'transactions', { strict: true, known: { people } })
const rows = (...lines: string[]) => file(`${[HEADER, GOOD, ...lines].join('\n')}\n`)

const READY = `format: glasscore.mapping
version: 1
kind: features
name: small
file: small.csv
currency: EUR
id: id
observationDate: '2023-01-01'
target: { column: bad, bad: 1, good: 0 }
outcome: { text: as labeled }
`
const SMALL = 'id,income,sex,bad\n1,10,f,0\n2,20,m,1\n3,30,f,0\n'
const ready =
  (mapping: string, data = SMALL) =>
  async (): Promise<unknown> => {
    writeText(folder, 'small.csv', data)
    const parsed = parseMapping(mapping, 'small.mapping.yaml')
    if (parsed.kind !== 'features') return null
    return ingestReadyTable(engine, { mapping: parsed, input: folder, out: join(folder, 'out'), strict: true })
  }
const tables = (yaml: string) => async (): Promise<unknown> => {
  const parsed = parseMapping(yaml, 'bank.mapping.yaml')
  if (parsed.kind !== 'tables') return null
  return ingestTables(engine, {
    mapping: parsed,
    input: folder,
    out: join(folder, 'out'),
    mappingFile: 'bank.mapping.yaml',
  })
}
const TABLES_HEAD = `format: glasscore.mapping
version: 1
kind: tables
name: bank
currency: EUR
extractDate: '2024-01-01'
`

const CASES: [string, () => Promise<unknown>][] = [
  ['no such file', () => check(engine, join(folder, 'nothing.csv'), 'transactions')],
  [
    'a folder',
    () => {
      mkdirSync(join(folder, 'folder.csv'), { recursive: true })
      return check(engine, join(folder, 'folder.csv'), 'transactions')
    },
  ],
  ['an empty file', file('')],
  ['a header and no rows', file(`${HEADER}\n`)],
  ['a kind of file we do not read', file('x', 'transactions.xlsx')],
  ['a spreadsheet with the name of a CSV', file(new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]))],
  ['a web page with the name of a CSV', file('<!DOCTYPE html><html><body>Not found</body></html>\n')],
  ['a binary file', file(new Uint8Array([1, 2, 0, 3, 4, 10, 0, 0]))],
  ['a Parquet file with the name of a CSV', file('PAR1....PAR1')],
  ['a text with the name of a Parquet file', file('a,b\n1,2\n', 'transactions.parquet')],
  ['JSON cut in the middle', file('[{"transaction_id":"t1","person_id"', 'transactions.json')],
  ['a text with the name of a DuckDB file', file('a,b\n1,2\n', 'transactions.duckdb')],
  ['a text with a name in .gz', file('a,b\n1,2\n', 'transactions.csv.gz')],
  ['a gzip file that is cut', file(gzipSync(`${HEADER}\n${GOOD}\n`.repeat(50)).subarray(0, 60), 'transactions.csv.gz')],
  ['Latin-1 instead of UTF-8', file(Buffer.from(`${HEADER}\nt1,p1,2023-01-01,1,in,caf\u00e9\n`, 'latin1'))],
  [
    'a missing column',
    file('transaction_id,person_id,occured_at,amount,direction,scenario\nt1,p1,2023-01-01,1,in,salary\n'),
  ],
  ['two columns of the same name', file('amount,person_id,Amount\n1,p1,2\n')],
  ['a line end inside the name of a column', file('transaction_id,"person\nid",amount\nt1,p1,2\n')],
  ['a column without a name', file('transaction_id,,amount\nt1,p1,2\n')],
  ['a file cut in the middle of a line', file(`${HEADER}\n${GOOD}\nt2,p1,2023-0`)],
  ['a file cut in the last value', file(`${HEADER}\n${GOOD}\nt2,p1,2023-01-02,5,in,sal`)],
  ['a whole last line without a line end', file(`${HEADER}\n${GOOD}\nt2,p1,2023-01-02,5,in,salary`)],
  ['a line with too few columns', rows('t2,p1,2023-01-02', 't3,p1,2023-01-02,5,in,salary')],
  ['a line with too many columns', rows('t2,p1,2023-01-02,1,234.00,in,salary')],
  ['a quote that is not closed', rows('t2,"p1,2023-01-02,5,in,salary')],
  [
    'lines that end differently',
    file(`${HEADER}\r\n${GOOD}\r\nt2,p1,2023-01-02,5,in,salary\nt3,p1,2023-01-02,5,in,salary\r\n`),
  ],
  ['a missing key', rows(',p1,2023-01-02,5,in,salary')],
  ['a missing value', rows('t2,p1,2023-01-02,,in,salary')],
  ['a wrong type', rows('t2,p1,2023-01-02,twelve,in,salary')],
  ['a decimal comma', rows('t2,p1,2023-01-02,"12,50",in,salary')],
  ['a bad date', rows('t2,p1,2023-02-30,5,in,salary')],
  ['a date of another form', rows('t2,p1,31/01/2023,5,in,salary')],
  ['NaN', rows('t2,p1,2023-01-02,NaN,in,salary')],
  ['infinity', rows('t2,p1,2023-01-02,inf,in,salary')],
  ['an amount beyond 16 digits', rows('t2,p1,2023-01-02,1e20,in,salary')],
  ['a negative amount', rows('t2,p1,2023-01-02,-5,in,salary')],
  ['a code that is not in the closed list', rows('t2,p1,2023-01-02,5,inward,salary')],
  ['an event at the extract date', rows('t2,p1,2024-01-01,5,in,salary')],
  ['an unknown person', rows('t2,p7,2023-01-02,5,in,salary')],
  ['the same row twice', rows(GOOD)],
  ['two different rows with one key', rows('t1,p2,2023-01-01,12.50,in,salary')],
  ['a text that would be SQL', rows(`t2,p1,2023-01-02,5,"in'); DROP TABLE people; --",salary`)],
  [
    'a date of closing before that of opening',
    () =>
      check(
        engine,
        writeText(
          folder,
          'credit_accounts.csv',
          'account_id,person_id,institution_id,product,opened_on,closed_on,principal_or_limit\na1,p1,b,loan,2023-05-01,2023-04-30,100\n',
        ),
        'credit_accounts',
        { strict: true },
      ),
  ],
  ['a mapping that is not YAML', ready('name: [a, b\ntarget: {')],
  ['a mapping with an alias that does not exist', ready(`${READY}missing: *.csv\n`)],
  ['a mapping with an unknown key', ready(`${READY}protectd: [sex]\n`)],
  ['a mapping with an unknown key in a column', ready(`${READY}columns: { income: { scael: log } }\n`)],
  ['a mapping without a target', ready(READY.replace(/target:.*\n/, ''))],
  ['a mapping without a currency', ready(READY.replace(/currency:.*\n/, ''))],
  ['a target without a code for bad', ready(READY.replace('bad: 1', 'bad: []'))],
  ['a target whose code for bad is not filled in', ready(READY.replace('bad: 1', 'bad: FILL_IN'))],
  ['a mapping that names an absent column', ready(`${READY}protected: [sexe]\n`)],
  ['a mapping of an absent column __proto__', ready(`${READY}columns: { __proto__: { kind: number } }\n`)],
  ['a factor called __proto__', ready(READY, 'id,__proto__,bad\n1,10,0\n2,20,1\n')],
  ['a column that is protected and a factor', ready(`${READY}protected: [sex]\ngroups: { who: [sex] }\n`)],
  ['a code of the target that is neither bad nor good', ready(READY, 'id,income,sex,bad\n1,10,f,0\n2,20,m,2\n')],
  ['an empty target', ready(READY, 'id,income,sex,bad\n1,10,f,0\n2,20,m,\n')],
  [
    'a number column with a word in it',
    ready(`${READY}columns: { income: { kind: number } }\n`, 'id,income,sex,bad\n1,10,f,0\n2,?,m,1\n'),
  ],
  [
    'a table that does not exist',
    tables(`${TABLES_HEAD}tables:\n  payments: { coveredFrom: '2023-01-01', columns: {} }\n`),
  ],
  [
    'a table with an unknown column',
    tables(
      `${TABLES_HEAD}tables:\n  people: { file: people.csv, coveredFrom: '2020-01-01', columns: { person_id: person_id, opened: x } }\n`,
    ),
  ],
  [
    'a table without a required column',
    tables(
      `${TABLES_HEAD}tables:\n  people: { file: people.csv, coveredFrom: '2020-01-01', columns: { person_id: person_id } }\n`,
    ),
  ],
  ['a folder without the Berka files', () => ingestBerka(engine, { input: folder, out: join(folder, 'out') })],
  [
    'a folder that does not exist',
    () => ingestBerka(engine, { input: join(folder, 'nowhere'), out: join(folder, 'out') }),
  ],
]

it('gives one clear message for each bad input', async () => {
  const lines: string[] = []
  for (const [name, work] of CASES) {
    const message = (await messageOf(work)).replaceAll(`${folder}/`, '').replaceAll(folder, 'raw')
    expect(message, name).not.toMatch(/\n|undefined|\[object|Error:.*Error:/)
    expect(message.length, name).toBeLessThan(420)
    lines.push(badInputLine(name, message))
  }
  const text = [
    '# Bad inputs and the message each gets',
    '',
    'Made by `test/sources/badInputs.test.ts`, which fails when a message changes. Rows are those of the file: the header is',
    'row 1 (in Parquet, JSON and DuckDB tables the first row is 1). The rows below are checked with `--strict`, which stops at the first; without it rows',
    'are rejected by reason and listed in `rejects.csv`, while faults of a whole file always stop.',
    '',
    '| input | message |',
    '|---|---|',
    ...lines,
    '',
  ].join('\n')
  await expect(withPart(undefined, text)).toMatchFileSnapshot(BAD_INPUTS)
})

it('would not pass a message that says nothing', async () => {
  // The broken twin of the test above: a case that throws nothing is a failure, not a row of the table.
  await expect(
    messageOf(() => ingestBerka(engine, { input: fixture('berka'), out: join(folder, 'fine') })),
  ).rejects.toThrow('nothing was thrown')
})
