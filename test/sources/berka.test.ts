import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { readDataset } from '../../src/engines/folders.ts'
import { TABLES, type TableName } from '../../src/schema/tables.ts'
import { ingestBerka } from '../../src/sources/berka.ts'
import { sha256File } from '../../src/util/hash.ts'
import { check, fixture, messageOf, realData, temporaryFolder, writeText } from './helpers.ts'

let engine: Engine
beforeAll(async () => {
  engine = await openDuckDB({ threads: 2 })
})
afterAll(() => engine.close())

const from = (folder: string, table: string): string => `'${join(folder, `${table}.parquet`)}'`
const copyOf = (folder: string): string => {
  const copy = temporaryFolder()
  for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(copy, name))
  return copy
}

describe('a small made set', () => {
  const out = join(temporaryFolder(), 'berka')
  beforeAll(async () => {
    await ingestBerka(engine, { input: fixture('berka'), out, strict: true })
  })

  it('takes owners as people, with sex and birth date from the birth number', async () => {
    expect(await engine.rows(`SELECT * FROM ${from(out, 'people')}`)).toEqual([
      {
        person_id: '11',
        born_on: '1970-12-13',
        sex: 'female',
        household_registration: null,
        account_opened_on: '1995-01-01',
      },
      {
        person_id: '12',
        born_on: '1945-02-04',
        sex: 'male',
        household_registration: null,
        account_opened_on: '1993-02-26',
      },
      {
        person_id: '14',
        born_on: '1932-02-29',
        sex: 'male',
        household_registration: null,
        account_opened_on: '1997-07-07',
      },
    ])
  })

  it('labels loans at their date: B bad, C good', async () => {
    expect(await engine.rows(`SELECT * EXCLUDE (definition) FROM ${from(out, 'outcomes')}`)).toEqual([
      { person_id: '11', observation_date: '1996-01-05', status: 'bad' },
      { person_id: '12', observation_date: '1998-07-01', status: 'good' },
    ])
  })

  it('maps types, operations and symbols', async () => {
    const rows = await engine.rows<Record<string, unknown>>(
      `SELECT transaction_id, direction, scenario, category, counterparty_id FROM ${from(out, 'transactions')}`,
    )
    expect(rows.map((r) => Object.values(r).map(String).join(' '))).toEqual([
      '1001 in cash_deposit null null',
      '1002 out cash_withdrawal null null',
      '9001 in interest null null',
      '1003 out cash_withdrawal null null',
      '1004 out penalty_interest finance null',
      '1005 out repayment finance YZ-87144583',
      '1006 in pension null ST-66487163',
      '1007 out utilities housing QR-7266',
      '1008 out card_withdrawal null null',
      '1009 out transfer null EF-1222903',
      '1010 in cash_deposit null null',
    ])
  })

  it('closes each day with the balance that the next day starts from, not with the highest number', async () => {
    const rows = await engine.rows<{ valued_on: string; value: number }>(
      `SELECT valued_on, value FROM ${from(out, 'balances')} WHERE person_id = '11' ORDER BY valued_on`,
    )
    expect(rows.map((r) => [r.valued_on, r.value])).toEqual([
      ['1995-01-10', 1000],
      ['1995-01-31', 610.5],
      ['1995-02-28', -89.5],
      ['1995-03-01', -94.5],
      ['1996-02-10', -8127.5],
    ])
  })

  it('keeps loans and the cards of owners as credit accounts from their own dates', async () => {
    expect(
      await engine.rows(`SELECT account_id, product, opened_on, closed_on FROM ${from(out, 'credit_accounts')}`),
    ).toEqual([
      { account_id: 'card-701', product: 'credit_card', opened_on: '1995-11-07', closed_on: null },
      { account_id: 'loan-5001', product: 'loan', opened_on: '1996-01-05', closed_on: null },
      { account_id: 'loan-5002', product: 'loan', opened_on: '1998-07-01', closed_on: null },
    ])
  })

  it('writes tables that pass their own contracts', async () => {
    const dataset = await readDataset(out)
    const known = { people: `SELECT person_id AS key FROM ${from(out, 'people')}` }
    for (const name of Object.keys(dataset.tables) as TableName[]) {
      const done = await check(engine, join(out, `${name}.parquet`), name, {
        known,
        strict: true,
        extractDate: dataset.extractDate,
      })
      expect(done.report.accepted, name).toBe(dataset.tables[name]!.rows)
      const types = await engine.rows<{ column_name: string }>(`DESCRIBE SELECT * FROM ${from(out, name)}`)
      expect(types.map((t) => t.column_name).sort(), name).toEqual(Object.keys(TABLES[name].columns).sort())
    }
  })

  it('warns that the files are not the known originals, and leaves no scratch behind', async () => {
    const { report } = await ingestBerka(engine, { input: fixture('berka'), out })
    expect(report.warnings.filter((w) => w.includes('SHA-256')).length).toBe(6)
    expect(readdirSync(out).sort()).toEqual([
      'balances.parquet',
      'credit_accounts.parquet',
      'dataset.json',
      'outcomes.parquet',
      'people.parquet',
      'transactions.parquet',
    ])
  })

  it('rejects bad rows by reason and what hangs on them, and writes them down', async () => {
    const input = copyOf(fixture('berka'))
    writeText(
      input,
      'client.asc',
      '"client_id";"birth_number";"district_id"\r\n11;"706213";18\r\n12;"459904";1\r\n13;"406009";1\r\n14;"320229";5\r\n',
    )
    const target = join(temporaryFolder(), 'out')
    const { report, dataset } = await ingestBerka(engine, { input, out: target })
    expect(report.tables.find((t) => t.table === 'client')!.rejected).toEqual([
      { reason: 'bad date', column: 'birth_number', count: 1, examples: [{ row: 3, value: '459904' }] },
    ])
    expect(report.tables.find((t) => t.table === 'disp')!.rejected[0]).toMatchObject({
      reason: 'unknown reference',
      count: 1,
    })
    expect(dataset.tables.outcomes!.rows).toBe(1)
    expect(readFileSync(join(target, 'rejects.csv'), 'utf8').split('\n').slice(0, 2)).toEqual([
      'table,file,row,column,reason,value',
      'client,client.asc,3,birth_number,bad date,459904',
    ])
    expect(await messageOf(() => ingestBerka(engine, { input, out: target, strict: true }))).toMatch(
      /client\.asc, table client, row 3, column birth_number: bad date; expected a day .*; got "459904"/,
    )
  })

  it('stops when asked and leaves nothing behind', async () => {
    const parent = temporaryFolder()
    const stop = new AbortController()
    const progress = (step: string) => step === 'write' && stop.abort()
    const work = () =>
      ingestBerka(engine, { input: fixture('berka'), out: join(parent, 'out'), progress, signal: stop.signal })
    expect(await messageOf(work)).toMatch(/stopped by the user/)
    expect(readdirSync(parent)).toEqual([])
  })

  it('says which file is missing', async () => {
    const input = temporaryFolder()
    expect(await messageOf(() => ingestBerka(engine, { input, out }))).toMatch(/transactions are missing.*trans\.asc/)
    copyFileSync(join(fixture('berka'), 'trans.asc'), join(input, 'trans.asc'))
    expect(await messageOf(() => ingestBerka(engine, { input, out }))).toMatch(
      /account\.asc: a file of the Berka set is missing/,
    )
  })
})

const real = realData('berka')
const there = existsSync(join(real, 'loan.asc'))
if (!there) console.log('skipped: the Berka files are not beside the repository (see data/README.md)')

describe.skipIf(!there)('the real set', () => {
  it('gives 682 observations, 76 bad, all rows accepted, the same bytes for 1 and 2 threads', async () => {
    const hashes: string[][] = []
    for (const threads of [1, 2]) {
      const own = await openDuckDB({ threads })
      const out = join(temporaryFolder(), 'berka')
      const { dataset, report } = await ingestBerka(own, { input: real, out, strict: true })
      expect(report.warnings).toEqual([])
      expect(dataset.tables.outcomes!.rows).toBe(682)
      expect(dataset.tables.people!.rows).toBe(4500)
      expect(dataset.tables.transactions!.rows).toBe(54_694)
      const [bad] = await own.rows<{ n: number }>(
        `SELECT count(*)::INTEGER AS n FROM ${from(out, 'outcomes')} WHERE status = 'bad'`,
      )
      expect(bad!.n).toBe(76)
      const women = await own.rows(
        `SELECT status, count(*)::INTEGER AS n FROM ${from(out, 'outcomes')} JOIN ${from(out, 'people')} USING (person_id) WHERE sex = 'female' GROUP BY 1 ORDER BY 1`,
      )
      expect(women).toEqual([
        { status: 'bad', n: 41 },
        { status: 'good', n: 307 },
      ])
      const files = readdirSync(out).sort()
      hashes.push(await Promise.all(files.map(async (f) => `${f} ${await sha256File(join(out, f))}`)))
      own.close()
    }
    expect(hashes[0]).toEqual(hashes[1])
  })

  it('refuses the cut transaction file with its row', async () => {
    const input = temporaryFolder()
    for (const name of ['account', 'client', 'disp', 'loan'])
      copyFileSync(join(real, `${name}.asc`), join(input, `${name}.asc`))
    copyFileSync(join(real, 'trans_head_3MiB.asc.gz'), join(input, 'trans.asc.gz'))
    const out = join(temporaryFolder(), 'out')
    expect(await messageOf(() => ingestBerka(engine, { input, out }))).toMatch(
      /trans\.asc\.gz, row 49104: the file is cut in the middle of this line/,
    )
    expect(existsSync(out)).toBe(false)
  })
})
