import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { readDataset } from '../../src/engines/folders.ts'
import { ingestTables } from '../../src/sources/mappedTables.ts'
import { parseMapping, type TablesMapping } from '../../src/sources/mapping.ts'
import { messageOf, temporaryFolder, writeText } from './helpers.ts'

let engine: Engine
// A quote in the path must reach no query unquoted.
const folder = join(temporaryFolder(), "it's [here]")
mkdirSync(folder)
beforeAll(async () => {
  engine = await openDuckDB({ threads: 2 })
  writeText(
    folder,
    'customers.csv',
    'no;since;"M/F";born\n7;2020-01-31;F;1980-02-03\n8;2021-05-01;M;\n8;2021-06-01;M;\n9;2022-01-01;F;1990-01-01\n',
  )
  writeText(
    folder,
    'payments.json',
    JSON.stringify([
      { ref: 1, no: 7, at: '2023-03-01 08:00:00', crowns: 12.345, sign: 'D', shop: 'ESHOP' },
      { ref: 2, no: 9, at: '2023-03-02 08:00:00', crowns: 99, sign: 'C', shop: 'SOMETHING NEW' },
      { ref: 3, no: 8, at: '2023-03-02 08:00:00', crowns: 99, sign: 'C', shop: 'ESHOP' },
      { ref: 4, no: 7, at: '2024-06-01 00:00:00', crowns: 1, sign: 'C', shop: 'ESHOP' },
    ]),
  )
  const target = join(folder, 'loans.parquet').replaceAll("'", "''")
  await engine.run(
    `COPY (SELECT * FROM (VALUES (5, 7, DATE '2022-02-01', 1000.0::DOUBLE), (6, 9, DATE '2022-02-01', 'nan'::DOUBLE)) AS v(loan, no, day, sum)) TO '${target}' (FORMAT parquet)`,
  )
})
afterAll(() => engine.close())

const YAML = `format: glasscore.mapping
version: 1
kind: tables
name: bank
currency: CZK
extractDate: '2024-01-01'
protected: [sex]
missing: ['-']
tables:
  people:
    file: customers.csv
    coveredFrom: '2020-01-01'
    columns: { person_id: no, account_opened_on: since, born_on: born, sex: { column: M/F, values: { F: female, M: male } } }
  transactions:
    file: payments.json
    coveredFrom: '2023-01-01'
    coveredTo: '2023-12-01'
    columns:
      transaction_id: ref
      person_id: no
      occurred_at: at
      amount: crowns
      direction: { column: sign, values: { D: out, C: in } }
      scenario: { column: shop, values: { ESHOP: online_shopping }, otherwise: other }
  credit_accounts:
    file: loans.parquet
    coveredFrom: '2020-01-01'
    columns: { account_id: loan, person_id: no, institution_id: { constant: "the bank's" }, product: { constant: loan }, opened_on: day, principal_or_limit: sum }
`
const mapping = (yaml: string): TablesMapping => {
  const m = parseMapping(yaml, 'bank.mapping.yaml')
  if (m.kind !== 'tables') throw new Error('wrong kind')
  return m
}

describe('ingestTables', () => {
  it('reads CSV, JSON and Parquet into canonical tables, and says what it rejects', async () => {
    const out = join(folder, 'out')
    const { dataset, report } = await ingestTables(engine, { mapping: mapping(YAML), input: folder, out })
    const at = (name: string) => `'${join(out, `${name}.parquet`).replaceAll("'", "''")}'`
    expect(await engine.rows(`SELECT * FROM ${at('people')}`)).toEqual([
      {
        person_id: '7',
        born_on: '1980-02-03',
        sex: 'female',
        account_opened_on: '2020-01-31',
        household_registration: null,
      },
      {
        person_id: '9',
        born_on: '1990-01-01',
        sex: 'female',
        account_opened_on: '2022-01-01',
        household_registration: null,
      },
    ])
    expect(
      await engine.rows(`SELECT transaction_id, amount, direction, scenario, category FROM ${at('transactions')}`),
    ).toEqual([
      { transaction_id: '1', amount: 12.35, direction: 'out', scenario: 'online_shopping', category: null },
      { transaction_id: '2', amount: 99, direction: 'in', scenario: 'other', category: null },
    ])
    expect(await engine.rows(`SELECT account_id, institution_id, product FROM ${at('credit_accounts')}`)).toEqual([
      { account_id: '5', institution_id: "the bank's", product: 'loan' },
    ])
    expect(
      report.tables.map((t) => t.rejected.map((r) => `${r.reason} ${r.column} x${r.count} row ${r.examples[0]!.row}`)),
    ).toEqual([
      ['duplicate key no x2 row 3'],
      ['at or after the extract date at x1 row 4', 'unknown person no x1 row 3'],
      ['NaN sum x1 row 2'],
    ])
    expect(report.rejectsFile).toBe('rejects.csv')
    expect(await readDataset(out)).toEqual(JSON.parse(JSON.stringify(dataset)))
    expect(dataset.protectedColumns).toEqual(['born_on', 'sex'])
    expect(dataset.tables.transactions).toEqual({
      files: ['transactions.parquet'],
      rows: 2,
      coveredFrom: '2023-01-01',
      coveredTo: '2023-12-01',
    })
  })

  it('writes nothing when it fails', async () => {
    const out = join(folder, 'failed')
    expect(
      await messageOf(() => ingestTables(engine, { mapping: mapping(YAML), input: folder, out, strict: true })),
    ).toMatch(/customers\.csv, table people, row 3, column no: duplicate key/)
    expect(existsSync(out)).toBe(false)
  })

  it.each([
    [YAML.replace("coveredTo: '2023-12-01'", "coveredTo: '2024-12-01'"), /coveredTo is after the extract date/],
    [YAML.replace("coveredTo: '2023-12-01'", "coveredTo: '2022-12-01'"), /coveredFrom is not before coveredTo/],
    [YAML.replace('amount: crowns', 'amount: crown'), /column crown: the column is missing.*did you mean crowns\?/],
    [
      YAML.replace('amount: crowns', 'amuont: crowns'),
      /column amuont: the table has no such column.*did you mean amount\?/,
    ],
    [YAML.replace('payments.json', 'payment.json'), /payment\.json: there is no such file/],
  ])('refuses a mapping that cannot be right (%#)', async (yaml, message) => {
    expect(
      await messageOf(() => ingestTables(engine, { mapping: mapping(yaml), input: folder, out: join(folder, 'no') })),
    ).toMatch(message)
  })

  it('warns when references cannot be checked', async () => {
    const yaml = YAML.replace(/ {2}people:[\s\S]*? {2}transactions:/, '  transactions:')
    const { report } = await ingestTables(engine, {
      mapping: mapping(yaml),
      input: folder,
      out: join(folder, 'partial'),
    })
    expect(report.warnings).toContain('table transactions: no table people, so its references are not checked')
  })
})
