/** Outcomes of a population at one date, twice: by SQL over running sums, and by the pure functions account by account. */
import { DEFAULT_OUTCOME, type OutcomeStatus } from '../../src/schema/outcome.ts'
import { type Amount, daysPastDue, worstDaysPastDue } from './daysPastDue.ts'
import type { Population } from './populationFixture.ts'

const { eligibleWindowDays, performanceWindowDays, badDaysPastDue, indeterminateDaysPastDue } = DEFAULT_OUTCOME
const DAY = 86_400_000

const status = (eligible: boolean, before: number, worst: number): OutcomeStatus =>
  !eligible
    ? 'not_eligible'
    : before >= badDaysPastDue
      ? 'excluded'
      : worst >= badDaysPastDue
        ? 'bad'
        : worst >= indeterminateDaysPastDue
          ? 'indeterminate'
          : 'good'

/** By the pure functions. Person id -> status, for people who have any account. */
export const labelsByAccount = async (p: Population, date: string): Promise<Map<string, OutcomeStatus>> => {
  const t = Date.parse(date) / DAY
  const read = async (table: string, day: string, amount: string) => {
    const { rows, numbers, texts } = await p.engine.columns(
      `SELECT account_id, person_id, ${day} - DATE '1970-01-01' AS day, (100 * ${amount})::BIGINT AS amount
       FROM ${table} JOIN credit_accounts USING (account_id) ORDER BY account_id, ${day}`,
      ['day', 'amount'],
      ['account_id', 'person_id'],
    )
    const byAccount = new Map<string, { person: string; list: Amount[] }>()
    for (let i = 0; i < rows; i++) {
      const account = texts['account_id']![i]!
      const entry = byAccount.get(account) ?? { person: texts['person_id']![i]!, list: [] }
      byAccount.set(account, entry)
      entry.list.push({ day: numbers['day']![i]!, amount: numbers['amount']![i]! })
    }
    return byAccount
  }
  const dues = await read('instalments', 'due_on', 'due_amount')
  const payments = await read('repayments', 'paid_on', 'amount')
  const people = new Map<string, { eligible: boolean; before: number; worst: number }>()
  for (const [account, { person, list }] of dues) {
    const paid = payments.get(account)?.list ?? []
    const state = people.get(person) ?? { eligible: false, before: 0, worst: 0 }
    state.eligible ||= list.some((d) => d.day >= t && d.day < t + eligibleWindowDays)
    state.before = Math.max(state.before, daysPastDue(list, paid, t))
    state.worst = Math.max(state.worst, worstDaysPastDue(list, paid, t, t + performanceWindowDays - 1))
    people.set(person, state)
  }
  return new Map([...people].map(([id, s]) => [id, status(s.eligible, s.before, s.worst)]))
}

/** By SQL; leaves a table `labels` (person_id, status) of everybody. */
export const labelsBySql = async (p: Population, date: string): Promise<void> => {
  const never = `DATE '9999-01-01'`
  const t = `DATE '${date}'`
  await p.engine.run(`CREATE OR REPLACE TABLE settled AS
    WITH dues AS (SELECT *, sum(due_amount) OVER (PARTITION BY account_id ORDER BY due_on) AS owed FROM instalments),
    days AS (SELECT account_id, paid_on, sum(amount) AS amount FROM repayments GROUP BY ALL),
    payments AS (SELECT account_id, paid_on, sum(amount) OVER (PARTITION BY account_id ORDER BY paid_on) AS paid FROM days)
    SELECT a.person_id, d.account_id, a.product, due_on, due_amount, coalesce(paid_on, ${never}) AS settled_on
    FROM dues d JOIN credit_accounts a USING (account_id)
    ASOF LEFT JOIN payments p ON p.account_id = d.account_id AND p.paid >= d.owed`)
  await p.engine.run(`CREATE OR REPLACE TABLE labels AS
    WITH state AS (SELECT person_id,
      bool_or(due_on >= ${t} AND due_on < ${t} + ${eligibleWindowDays}) AS eligible,
      max(CASE WHEN due_on < ${t} AND settled_on >= ${t} THEN ${t} - due_on END) AS before,
      max(CASE WHEN due_on < ${t} + ${performanceWindowDays} AND settled_on >= ${t}
        THEN least(settled_on, ${t} + ${performanceWindowDays - 1}) - due_on END) AS worst
      FROM settled GROUP BY person_id)
    SELECT person_id, CASE WHEN eligible IS NOT TRUE THEN 'not_eligible' WHEN before >= ${badDaysPastDue} THEN 'excluded'
      WHEN worst >= ${badDaysPastDue} THEN 'bad' WHEN worst >= ${indeterminateDaysPastDue} THEN 'indeterminate' ELSE 'good' END AS status
    FROM people LEFT JOIN state USING (person_id)`)
}
