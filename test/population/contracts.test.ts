import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engines/engine.ts'
import { literalList } from '../../src/engines/sql.ts'
import { defaultSwitches, SWITCH_NAMES, SWITCHES } from '../../src/population/switches.ts'
import { SIMULATED_TABLES, type SimulatedTable } from '../../src/population/tableQueries.ts'
import type { Dataset } from '../../src/schema/dataset.ts'
import { SQL_TYPES, TABLES } from '../../src/schema/tables.ts'
import { makePopulation, type Population } from './populationFixture.ts'

/** Everything in one table that breaks its contract; `relation` stands in for the table of that name. */
const violations = async (
  engine: Engine,
  dataset: Dataset,
  table: SimulatedTable,
  relation: string = table,
): Promise<string[]> => {
  const contract = TABLES[table]
  const found: string[] = []
  const count = async (what: string, query: string): Promise<void> => {
    const [row] = await engine.rows<{ n: number }>(`SELECT count(*) AS n FROM ${query}`)
    if (row!.n > 0) found.push(what)
  }
  const types = await engine.rows<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM ${relation}`)
  for (const [name, column] of Object.entries(contract.columns)) {
    const type = types.find((t) => t.column_name === name)?.column_type
    if (type !== SQL_TYPES[column.type]) found.push(`type of ${name}: ${type}`)
    if (!column.nullable) await count(`NULL in ${name}`, `${relation} WHERE ${name} IS NULL`)
    if (column.values) await count(`list of ${name}`, `${relation} WHERE ${name} NOT IN ${literalList(column.values)}`)
    if (column.min !== undefined) await count(`min of ${name}`, `${relation} WHERE ${name} < ${column.min}`)
    if (column.max !== undefined) await count(`max of ${name}`, `${relation} WHERE ${name} > ${column.max}`)
    if ((column.type === 'date' || column.type === 'timestamp') && !contract.mayLieAhead.includes(name))
      await count(`${name} after the extract date`, `${relation} WHERE ${name} >= DATE '${dataset.extractDate}'`)
    if (column.knownAt && column.knownAt !== name)
      await count(`${name} without its time`, `${relation} WHERE ${name} IS NOT NULL AND ${column.knownAt} IS NULL`)
  }
  if (types.length !== Object.keys(contract.columns).length) found.push('columns')
  const key = contract.key.join(', ')
  await count('key', `(SELECT ${key} FROM ${relation} GROUP BY ${key} HAVING count(*) > 1)`)
  for (const [column, target] of Object.entries(contract.references)) {
    const on = TABLES[target!].key[0]
    await count(`reference ${column}`, `${relation} r ANTI JOIN ${target} t ON r.${column} = t.${on}`)
  }
  const { coveredFrom, coveredTo } = dataset.tables[table]!
  if (!('table' in contract.knownAt)) {
    const at = contract.knownAt.column
    await count('covered to', `${relation} WHERE ${at} >= DATE '${coveredTo}'`)
    // what was already valid when the records begin may be older than they are
    if (table !== 'registrations') await count('covered from', `${relation} WHERE ${at} < DATE '${coveredFrom}'`)
    // banks know people before the platform does
    if (contract.references['person_id'] === 'people' && table !== 'credit_accounts' && table !== 'enquiries')
      await count(
        'before the person is known',
        `${relation} r JOIN people p USING (person_id) WHERE r.${at} < p.account_opened_on`,
      )
  }
  return found
}

describe('a population with every switch on keeps the contracts', () => {
  let p: Population
  beforeAll(async () => {
    const on = Object.fromEntries(SWITCH_NAMES.map((name) => [name, SWITCHES[name].most / 2]))
    p = await makePopulation({ people: 600, seed: 12, threads: 2, switches: { ...defaultSwitches(), ...on } })
  })
  afterAll(async () => p?.close())

  it.each(SIMULATED_TABLES)('%s', async (table) => {
    expect(await violations(p.engine, p.dataset, table)).toEqual([])
    const [row] = await p.engine.rows<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)
    expect(row!.n).toBeGreaterThan(0)
  })
})

describe('a population keeps the contracts', () => {
  let p: Population
  beforeAll(async () => {
    p = await makePopulation({ people: 1100, seed: 11, threads: 2 })
  })
  afterAll(async () => p?.close())

  it.each(SIMULATED_TABLES)('%s', async (table) => {
    expect(await violations(p.engine, p.dataset, table)).toEqual([])
    const [row] = await p.engine.rows<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)
    expect(row!.n).toBe(p.dataset.tables[table]!.rows)
    expect(row!.n).toBeGreaterThan(0)
  })

  // The deliberately broken twins: each spoils one thing, and the check must say so.
  it.each<[SimulatedTable, string, string]>([
    ['people', 'SELECT * FROM people UNION ALL (SELECT * FROM people LIMIT 1)', 'key'],
    ['transactions', `SELECT * REPLACE ('P99' AS person_id) FROM transactions LIMIT 9`, 'reference person_id'],
    ['transactions', `SELECT * REPLACE ('gift' AS scenario) FROM transactions LIMIT 9`, 'list of scenario'],
    [
      'transactions',
      'SELECT * REPLACE ((-amount)::DECIMAL(18,2) AS amount) FROM transactions LIMIT 9',
      'min of amount',
    ],
    [
      'transactions',
      `SELECT * REPLACE (TIMESTAMP '2025-01-01' AS occurred_at) FROM transactions LIMIT 9`,
      'covered to',
    ],
    [
      'repayments',
      `SELECT * REPLACE (DATE '2026-01-01' AS paid_on) FROM repayments LIMIT 9`,
      'paid_on after the extract date',
    ],
    ['instalments', `SELECT * REPLACE (DATE '2024-05-05' AS due_on) FROM instalments`, 'key'],
    ['contacts', `SELECT * REPLACE (NULL::DATE AS since) FROM contacts LIMIT 9`, 'NULL in since'],
    ['balances', `SELECT * REPLACE (DATE '2020-01-01' AS valued_on) FROM balances LIMIT 1`, 'covered from'],
    ['bookings', 'SELECT * REPLACE (fare::DOUBLE AS fare) FROM bookings LIMIT 9', 'type of fare: DOUBLE'],
  ])('sees what is wrong with %s: %s', async (table, query, what) => {
    await p.engine.run(`CREATE OR REPLACE TEMP TABLE spoiled AS ${query}`)
    expect(await violations(p.engine, p.dataset, table, 'spoiled')).toContain(what)
  })

  it('orders the times within a row', async () => {
    const later = async (query: string) =>
      (await p.engine.rows<{ n: number }>(`SELECT count(*) AS n FROM ${query}`))[0]!.n
    expect(await later('registrations WHERE valid_to <= valid_from')).toBe(0)
    expect(await later('contacts WHERE until <= since')).toBe(0)
    expect(await later('credit_accounts WHERE closed_on < opened_on')).toBe(0)
    expect(await later('repayments JOIN credit_accounts USING (account_id) WHERE paid_on < opened_on')).toBe(0)
    expect(await later('instalments JOIN credit_accounts USING (account_id) WHERE due_on <= opened_on')).toBe(0)
    expect(await later('public_records WHERE confirmed_on < recorded_on')).toBe(0)
  })

  it('pays no account more than falls due', async () => {
    const over = await p.engine.rows(
      `SELECT account_id FROM (SELECT account_id, sum(amount) AS paid FROM repayments GROUP BY 1)
       JOIN (SELECT account_id, sum(due_amount) AS due FROM instalments GROUP BY 1) USING (account_id) WHERE paid > due`,
    )
    expect(over).toEqual([])
  })

  it('has at most one valid registration of a kind at a time', async () => {
    const overlaps = await p.engine.rows(
      `SELECT person_id FROM (SELECT person_id, valid_to, lead(valid_from) OVER (PARTITION BY person_id, kind ORDER BY valid_from) AS next
       FROM registrations) WHERE next IS NOT NULL AND valid_to IS DISTINCT FROM next`,
    )
    expect(overlaps).toEqual([])
  })

  // Counts of rows that cannot be: the reason, the query, and a broken twin of one relation in which it must find some.
  const atWork = `transactions t JOIN registrations r ON r.person_id = t.person_id AND r.kind = 'occupation'
    AND t.occurred_at >= r.valid_from AND (r.valid_to IS NULL OR t.occurred_at < r.valid_to) WHERE t.scenario = 'salary'`
  const together = `registrations o JOIN registrations e ON e.person_id = o.person_id AND o.kind = 'occupation' AND e.kind = 'employer'
    AND e.valid_from < coalesce(o.valid_to, DATE '9999-01-01') AND o.valid_from < coalesce(e.valid_to, DATE '9999-01-01')`
  it.each<[string, string, string, string]>([
    [
      'whoever draws a salary is not registered as unemployed or as a student',
      `${atWork} AND r.value IN ('unemployed', 'student')`,
      'registrations',
      `SELECT * REPLACE (CASE kind WHEN 'occupation' THEN 'unemployed' ELSE value END AS value) FROM registrations`,
    ],
    [
      'the unemployed have no employer of any class',
      `${together} WHERE o.value = 'unemployed' AND e.value <> 'unknown'`,
      'registrations',
      `SELECT * REPLACE (CASE kind WHEN 'occupation' THEN 'unemployed' ELSE value END AS value) FROM registrations`,
    ],
    [
      'nobody transfers money to themselves',
      'transactions WHERE counterparty_id = person_id',
      'transactions',
      `SELECT * REPLACE (person_id AS counterparty_id) FROM transactions`,
    ],
    [
      'a counterparty with a person id is a person of the data',
      `transactions t ANTI JOIN people p ON p.person_id = t.counterparty_id WHERE t.counterparty_id LIKE 'P%'`,
      'transactions',
      `SELECT * REPLACE (replace(counterparty_id, 'X', 'P') AS counterparty_id) FROM transactions`,
    ],
    [
      'a counterparty outside of the data is nobody in them',
      `transactions t JOIN people p ON replace(t.counterparty_id, 'X', 'P') = p.person_id WHERE t.counterparty_id LIKE 'X%'`,
      'transactions',
      `SELECT * REPLACE (replace(counterparty_id, 'P', 'X') AS counterparty_id) FROM transactions`,
    ],
    [
      'nothing is repaid on an account that has ended',
      'repayments JOIN credit_accounts USING (account_id) WHERE paid_on > closed_on',
      'credit_accounts',
      'SELECT * REPLACE (opened_on + 90 AS closed_on) FROM credit_accounts',
    ],
    [
      'nothing falls due on an account that has ended',
      'instalments JOIN credit_accounts USING (account_id) WHERE due_on > closed_on',
      'credit_accounts',
      'SELECT * REPLACE (opened_on + 90 AS closed_on) FROM credit_accounts',
    ],
    [
      'an account ends when all of it is paid, not before: written-off ones stay open while claims run',
      `credit_accounts a WHERE closed_on IS NOT NULL
         AND (SELECT coalesce(sum(amount), 0) FROM repayments r WHERE r.account_id = a.account_id)
           < (SELECT sum(due_amount) FROM instalments i WHERE i.account_id = a.account_id)`,
      'credit_accounts',
      'SELECT * REPLACE (opened_on + 90 AS closed_on) FROM credit_accounts',
    ],
  ])('%s', async (_, query, relation, broken) => {
    const count = async (from: string) =>
      (await p.engine.rows<{ n: number }>(`SELECT count(*) AS n FROM ${from}`))[0]!.n
    expect(await count(query)).toBe(0)
    await p.engine.run(`CREATE OR REPLACE TEMP TABLE broken AS ${broken}`)
    expect(await count(query.replace(new RegExp(`\\b${relation}\\b`, 'g'), 'broken'))).toBeGreaterThan(0)
  })

  it('has salaries, unemployed people, people outside and settled accounts for these counts to look at', async () => {
    const [row] = await p.engine.rows<Record<string, number>>(
      `SELECT (SELECT count(*) FROM ${atWork}) AS salaries,
       (SELECT count(*) FROM ${together} WHERE o.value = 'unemployed') AS unemployed,
       (SELECT count(*) FROM transactions WHERE counterparty_id LIKE 'X%') AS outside,
       (SELECT count(*) FROM transactions WHERE counterparty_id LIKE 'P%') AS inside,
       (SELECT count(closed_on) FROM credit_accounts) AS ended`,
    )
    for (const [what, n] of Object.entries(row!)) expect([what, n > 10]).toEqual([what, true])
  })

  it('states its dates', () => {
    expect(p.dataset.observationDates).toEqual(['2024-01-01', '2024-04-01', '2024-07-01', '2024-10-01', '2025-01-01'])
    expect(p.dataset.extractDate).toBe('2026-01-01')
    expect(p.dataset.tables.transactions!.coveredFrom).toBe('2023-01-01')
    expect(p.dataset.tables.instalments!.coveredFrom).toBe('2017-01-01')
  })
})
