/** Cells of credit: accounts, what fell due and falls due, repayments, arrears, enquiries. */
import { ARREARS_STEPS } from '../arrears.ts'
import type { PlanStep } from '../plan.ts'
import { type CREDIT_EVENTS, keyOf, REACHED_DAYS } from './cellKeys.ts'
import { ageSql, minorSql, named, seenCells, sliceSql, sumCells, unionAll } from './cellSql.ts'

/** Rows of cells of one event: its name and product, when it happened, and what is added up. */
const event = (what: (typeof CREDIT_EVENTS)[number], time: string, minor: string, from: string): string =>
  `SELECT o, '${what}:' || product AS name, ${sliceSql(time)} AS slice, ${minor} AS minor, ${ageSql(time)} AS age FROM ${from}`

const accounts: PlanStep = {
  name: 'account_cells',
  about: 'credit accounts opened, ended and not ended, by product and month',
  sql: (from) => {
    const known = from.asOf('credit_accounts')
    const amount = minorSql('principal_or_limit')
    return unionAll(
      sumCells(
        named(
          unionAll(
            event('opened', 'opened_on', amount, known),
            event('open', 'opened_on', amount, `${known} WHERE closed_on IS NULL`),
            event('closed', 'closed_on', amount, `${known} WHERE closed_on IS NOT NULL`),
          ),
        ),
      ),
      seenCells(
        `SELECT o, ${keyOf('seen:lender')}::SMALLINT AS key, institution_id AS item, ${sliceSql('opened_on')} AS slice FROM ${known}`,
      ),
    )
  },
}

const payments: PlanStep = {
  name: 'payment_cells',
  about:
    'instalments that fell due and will fall due, repayments, instalments overdue and settled late, by product and month',
  sql: (from) => {
    const known = from.asOf('credit_accounts')
    const withProduct = (rows: string): string =>
      `(SELECT r.*, a.product FROM ${rows} AS r JOIN ${known} AS a ON a.o = r.o AND a.account_id = r.account_id) AS owed`
    const ofObserved = (rows: string): string =>
      `(SELECT r.*, w.product FROM ${rows} AS r JOIN ${from.step('owners')} AS w ON w.account = r.account
    SEMI JOIN ${from.observations} AS obs ON obs.o = r.o) AS owed`
    const due = ofObserved(from.step('due'))
    const overdue = ofObserved(from.step('overdue_items'))
    // From t on the first moment belongs to the month; back from t it does not.
    const ahead = sliceSql('t', '(due_on::TIMESTAMP + INTERVAL 1 MICROSECOND)')
    return sumCells(
      named(
        unionAll(
          event('due', 'due_on', minorSql('due_amount'), `${due} WHERE due_on < t`),
          `SELECT o, 'ahead:' || product AS name, ${ahead} AS slice, ${minorSql('due_amount')} AS minor, (due_on - t)::INTEGER AS age FROM ${due} WHERE due_on >= t`,
          event('repaid', 'paid_on', minorSql('amount'), `${withProduct(from.asOf('repayments'))} WHERE amount > 0`),
          event('overdue', 'due_on + 1', minorSql('overdue_amount'), overdue),
          event('late', 'settled_on', '(settled_on - due_on)::BIGINT', `${overdue} WHERE settled_on IS NOT NULL`),
          ...REACHED_DAYS.map((days) => {
            const day = `due_on + ${days}`
            const still = `(settled_on IS NULL OR settled_on >= ${day})`
            return `SELECT o, 'reached:${days}' AS name, ${sliceSql(day)} AS slice, 0::BIGINT AS minor, ${ageSql(`(${day})`)} AS age FROM ${overdue} WHERE ${day} < t AND ${still}`
          }),
        ),
      ),
    )
  },
}

const enquiries: PlanStep = {
  name: 'enquiry_cells',
  about: 'enquiries by purpose and month, and the different institutions behind them',
  sql: (from) => {
    const known = from.asOf('enquiries')
    const slice = `${sliceSql('enquired_at')} AS slice`
    const by = (name: string, where: string): string =>
      `SELECT o, ${name} AS name, institution_id AS item, ${slice} FROM ${known}${where}`
    return unionAll(
      sumCells(
        named(
          `SELECT o, 'enquiry:' || purpose AS name, ${slice}, 0::BIGINT AS minor, ${ageSql('enquired_at')} AS age FROM ${known}`,
        ),
      ),
      seenCells(
        named(unionAll(by("'enquirer:' || purpose", ''), by("'enquirer:own'", " WHERE purpose <> 'account_review'"))),
      ),
    )
  },
}

const contactsOverdue: PlanStep = {
  name: 'contact_overdue_cells',
  about: 'present contacts with overdue instalments, by the latest month in which one became overdue',
  sql: (from) =>
    seenCells(`
SELECT c.o, ${keyOf('contact:overdue')}::SMALLINT AS key, c.other_person_id AS item, ${sliceSql('i.due_on + 1', 'c.t')} AS slice
FROM ${from.asOf('contacts')} AS c
JOIN ${from.step('subjects')} AS s ON s.person_id = c.other_person_id AND s.t = c.t
JOIN ${from.step('overdue_items')} AS i ON i.o = s.o
WHERE c.until IS NULL`),
}

export const CREDIT_CELLS = {
  steps: [...ARREARS_STEPS, accounts, payments, enquiries, contactsOverdue],
  cells: ['account_cells', 'payment_cells', 'enquiry_cells', 'contact_overdue_cells'],
} as const
