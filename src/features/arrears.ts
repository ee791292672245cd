/**
 * Who owed what on which day.
 *
 * Repayments settle the oldest instalments of their account first. With cumulative sums that needs no loop: an instalment
 * is settled on the first day on which all repayments of the account reach all its instalments up to this one. All sums
 * are DECIMAL, so exact.
 *
 * On the morning of day D an unsettled instalment is D - due_on days past due. An instalment that is not settled by the end
 * of its due day becomes overdue on due_on + 1; it reaches k days past due on due_on + k if it is not settled before.
 */
import type { PlanStep } from './plan.ts'

/** Instalments with the sum due up to each; nothing due is no instalment. `keys` name an account of one world. */
export const dueSql = (instalments: string, keys: string, more = ''): string => `
SELECT ${keys}${more}, due_on, due_amount,
  sum(due_amount) OVER (PARTITION BY ${keys} ORDER BY due_on ROWS UNBOUNDED PRECEDING) AS total_due
FROM ${instalments}
WHERE due_amount > 0`

/** Days with repayments and the sum paid up to the end of each. */
export const paidSql = (repayments: string, keys: string): string => `
SELECT ${keys}, paid_on,
  sum(sum(amount)) OVER (PARTITION BY ${keys} ORDER BY paid_on ROWS UNBOUNDED PRECEDING) AS total_paid
FROM ${repayments}
WHERE amount > 0
GROUP BY ${keys}, paid_on`

/** Instalments with the day on which each was settled, NULL where it was not. */
export const settledSql = (due: string, paid: string, keys: readonly string[]): string => `
SELECT d.*, p.paid_on AS settled_on
FROM ${due} AS d ASOF LEFT JOIN ${paid} AS p
  ON ${keys.map((k) => `d.${k} = p.${k}`).join(' AND ')} AND d.total_due <= p.total_paid`

const KEYS = ['account']

/**
 * Whose arrears are needed: the observed people, under their own `o`, and their present contacts at the same t.
 */
const subjects: PlanStep = {
  name: 'subjects',
  about: 'observed people and their present contacts at the same t',
  sql: (from) => `
SELECT o, person_id, t FROM ${from.observations}
UNION ALL
SELECT (SELECT count(*) FROM ${from.observations}) - 1 + row_number() OVER (ORDER BY c.person_id, c.t), c.person_id, c.t
FROM (SELECT DISTINCT other_person_id AS person_id, t FROM ${from.asOf('contacts')} WHERE until IS NULL) AS c
ANTI JOIN ${from.observations} AS obs ON obs.person_id = c.person_id AND obs.t = c.t`,
}

const owners: PlanStep = {
  name: 'owners',
  about: 'credit accounts of the subjects with a number: sums by number take half the time of sums by text',
  sql: (from) => `
SELECT row_number() OVER () AS account, o, t, account_id, product FROM ${from.asOf('credit_accounts', { of: from.step('subjects') })}`,
}

const due: PlanStep = {
  name: 'due',
  about: 'instalments known before t with the sum due up to each',
  sql: (from) =>
    dueSql(
      `(SELECT w.account, w.o, w.t, i.due_on, i.due_amount FROM ${from.asOf('instalments', { of: from.step('subjects') })} AS i
  JOIN ${from.step('owners')} AS w ON w.o = i.o AND w.account_id = i.account_id) AS items`,
      KEYS.join(', '),
      ', o, t',
    ),
}

const paid: PlanStep = {
  name: 'paid',
  about: 'days with repayments before t and the sum paid up to each',
  sql: (from) =>
    paidSql(
      `(SELECT w.account, r.paid_on, r.amount FROM ${from.asOf('repayments', { of: from.step('subjects') })} AS r
  JOIN ${from.step('owners')} AS w ON w.o = r.o AND w.account_id = r.account_id) AS payments`,
      KEYS.join(', '),
    ),
}

const settled: PlanStep = {
  name: 'settled',
  about: 'instalments with the day on which each was settled, as far as known before t',
  sql: (from) => settledSql(from.step('due'), from.step('paid'), KEYS),
}

const overdueItems: PlanStep = {
  name: 'overdue_items',
  about: 'instalments that became overdue before t, with what was unpaid at the end of the due day',
  sql: (from) => `
SELECT d.o, d.t, d.account, d.due_on, d.settled_on,
  least(d.due_amount, d.total_due - coalesce(p.total_paid, 0)) AS overdue_amount
FROM (
  SELECT * FROM ${from.step('settled')} WHERE due_on + 1 < t AND (settled_on IS NULL OR settled_on > due_on)
) AS d ASOF LEFT JOIN ${from.step('paid')} AS p
  ON d.account = p.account AND d.due_on >= p.paid_on`,
}

/** SQL: the item was `days` or more days past due on some day of [t - window, t). */
export const reached = (days: number, window: number): string =>
  `due_on + ${days} < t AND (settled_on IS NULL OR settled_on >= greatest(t - ${window}, due_on + ${days}))`

/** SQL: the item became overdue on a day of [t - window, t); items of `overdue_items` did so before t. */
export const becameOverdue = (window: number): string => `due_on + 1 >= t - ${window}`

/** The steps that arrears factors of the person and of the contacts share. */
export const ARREARS_STEPS: readonly PlanStep[] = [subjects, owners, due, paid, settled, overdueItems]
