/** Accepted rows of the Berka files as canonical tables: queries only. Each view name is that of its file. */
import { literal } from '../engines/sql.ts'
import type { TableName } from '../schema/tables.ts'
import { CODE_RULES, LOAN_STATUS } from './berkaCodes.ts'

export const OUTCOME_NAME = 'berka-loan-status'
const BANK = 'berka-bank'

const condition = (column: string, value: string | undefined): string[] =>
  value === undefined ? [] : [`${column} = ${literal(value)}`]

const choose = (field: 'scenario' | 'category', otherwise: string): string => {
  const whens = CODE_RULES.map((rule) => {
    const when = [...condition('k_symbol', rule.symbol), ...condition('operation', rule.operation)].join(' AND ')
    const value = rule[field]
    return `WHEN ${when} THEN ${value === null ? 'NULL' : literal(value)}`
  })
  return `CASE ${whens.join(' ')} ELSE ${otherwise} END`
}

const status = `CASE l.status ${Object.entries(LOAN_STATUS)
  .map(([code, value]) => `WHEN ${literal(code)} THEN ${literal(value)}`)
  .join(' ')} END`

const OWNERS = `(SELECT d.account_id, d.disp_id, d.client_id AS person_id FROM disp AS d WHERE d.type = 'OWNER')`

/**
 * The balance at the end of each day. Transaction numbers do not tell the order within a day (interest and fees carry
 * numbers of their own, and the highest number is the last booking in under a third of the days with several), so the order is
 * read from the running balance: the last booking is the one whose balance the account's next day starts from.
 *
 * @param tolerance how far a balance may be from the next opening, in crowns: 1.5 where amounts are rounded to crowns
 */
const balances = (tolerance: number): string => `
  WITH moves AS (
    SELECT o.person_id, t.account_id, t.trans_id, t.date, t.balance, t.k_symbol, t.amount,
      t.balance - CASE WHEN t.type = 'PRIJEM' THEN t.amount ELSE -t.amount END AS opening
    FROM trans AS t JOIN ${OWNERS} AS o USING (account_id)),
  days AS (
    SELECT account_id, date, lead(date) OVER (PARTITION BY account_id ORDER BY date) AS next_date,
      sum(CASE WHEN k_symbol = 'UROK' THEN amount ELSE 0 END)::DECIMAL(18,2) AS interest
    FROM moves GROUP BY account_id, date),
  ends AS (
    SELECT m.*, d.interest,
      EXISTS (SELECT 1 FROM moves AS n WHERE n.account_id = m.account_id AND n.date = d.next_date
        AND abs(n.opening - m.balance) <= ${tolerance}) AS goes_on,
      EXISTS (SELECT 1 FROM moves AS n WHERE n.account_id = m.account_id AND n.date = m.date
        AND n.trans_id <> m.trans_id AND abs(n.opening - m.balance) <= ${tolerance}) AS within
    FROM moves AS m JOIN days AS d USING (account_id, date))
  SELECT person_id, 'deposit' AS asset_type, date AS valued_on, sum(balance)::DECIMAL(18,2) AS value,
    sum(interest)::DECIMAL(18,2) AS return_amount
  FROM (SELECT * FROM ends QUALIFY row_number() OVER (PARTITION BY account_id, date
    ORDER BY goes_on DESC, within, try_cast(trans_id AS BIGINT) DESC, trans_id DESC) = 1)
  GROUP BY person_id, date ORDER BY person_id, valued_on`

const TRANSACTIONS = `
  SELECT t.trans_id AS transaction_id, o.person_id, t.date::TIMESTAMP AS occurred_at, t.amount,
    CASE WHEN t.type = 'PRIJEM' THEN 'in' ELSE 'out' END AS direction,
    ${choose('category', 'NULL')}::VARCHAR AS category, ${choose('scenario', `'other'`)} AS scenario,
    CASE WHEN t.account IS NOT NULL THEN concat_ws('-', t.bank, t.account) END AS counterparty_id,
    NULL::VARCHAR AS district_id
  FROM trans AS t JOIN ${OWNERS} AS o USING (account_id)
  ORDER BY person_id, occurred_at, try_cast(transaction_id AS BIGINT), transaction_id`

const LOANS = `
  SELECT 'loan-' || l.loan_id AS account_id, o.person_id, '${BANK}' AS institution_id, 'loan' AS product,
    l.date AS opened_on, NULL::DATE AS closed_on, l.amount AS principal_or_limit
  FROM loan AS l JOIN ${OWNERS} AS o USING (account_id)`
const CARDS = `
  SELECT 'card-' || c.card_id, o.person_id, '${BANK}', 'credit_card', c.issued, NULL::DATE, 0::DECIMAL(18,2)
  FROM card AS c JOIN ${OWNERS} AS o USING (disp_id)`

/** The query of each canonical table, over views named as the files. */
export const berkaQueries = (options: { tolerance: number; cards: boolean }): Partial<Record<TableName, string>> => ({
  people: `
    SELECT o.person_id, c.born_on, c.sex, min(a.date) AS account_opened_on, NULL::VARCHAR AS household_registration
    FROM ${OWNERS} AS o JOIN client AS c ON c.client_id = o.person_id JOIN account AS a USING (account_id)
    GROUP BY ALL ORDER BY person_id`,
  transactions: TRANSACTIONS,
  credit_accounts: `SELECT * FROM (${LOANS}${options.cards ? ` UNION ALL ${CARDS}` : ''}) ORDER BY person_id, opened_on, account_id`,
  balances: balances(options.tolerance),
  outcomes: `
    SELECT o.person_id, l.date AS observation_date, ${status} AS status, '${OUTCOME_NAME}' AS definition
    FROM loan AS l JOIN ${OWNERS} AS o USING (account_id) ORDER BY person_id, observation_date`,
})
