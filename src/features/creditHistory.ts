/** Credit history: enquiries, repayments, length of history, promises kept, arrears. */
import { literalList } from '../engines/sql.ts'
import { ARREARS_STEPS, becameOverdue, reached } from './arrears.ts'
import { count, type FactorPlan, type FeaturePlan, type MissingCase, money, monthSlice, type PlanStep } from './plan.ts'
import { REACHED } from './reachedFlags.ts'

/** Products whose repayments the repaid amounts add up. */
const LOANS_AND_CARDS = literalList(['loan', 'credit_card'])
/** Products with an end, whose full repayment keeps a promise. */
const PROMISES = literalList(['loan', 'pay_later', 'rental'])
/** Enquiries of the person's own doing. */
const OWN_PURPOSES = literalList(['application', 'authorization'])

const WINDOWS = { '1m': 30, '3m': 90, '6m': 180, '12m': 365 } as const
const enquiries: PlanStep = {
  name: 'enquiries',
  about: 'distinct institutions that the person applied to or authorized',
  sql: (from) => `
SELECT o,
  count(DISTINCT institution_id) FILTER (WHERE enquired_at >= t - 30) AS institutions_1m,
  count(DISTINCT institution_id) FILTER (WHERE enquired_at >= t - 90) AS institutions_3m,
  count(DISTINCT institution_id) AS institutions_6m
FROM ${from.asOf('enquiries', { days: 180 })}
WHERE purpose IN ${OWN_PURPOSES}
GROUP BY o`,
}

const accounts: PlanStep = {
  name: 'accounts',
  about: 'credit accounts opened before t',
  sql: (from) => `
SELECT o, min(opened_on) AS first_opened_on, count(*) AS accounts,
  count(*) FILTER (WHERE product IN ${LOANS_AND_CARDS}) AS loans_and_cards,
  count(*) FILTER (WHERE product IN ${PROMISES}) AS promise_accounts
FROM ${from.asOf('credit_accounts')}
GROUP BY o`,
}

const repaid: PlanStep = {
  name: 'repaid',
  about: 'repayments by window and months with a repayment',
  sql: (from) => `
SELECT o, sum(repaid_1m) AS repaid_1m, sum(repaid_3m) AS repaid_3m, sum(repaid_6m) AS repaid_6m, sum(repaid_1y) AS repaid_1y,
  count(*) FILTER (WHERE slice < 12) AS months_1y, count(*) AS months_total
FROM (
  SELECT o, slice,
    sum(amount) FILTER (WHERE counted AND paid_on >= t - 30) AS repaid_1m,
    sum(amount) FILTER (WHERE counted AND paid_on >= t - 90) AS repaid_3m,
    sum(amount) FILTER (WHERE counted AND paid_on >= t - 180) AS repaid_6m,
    sum(amount) FILTER (WHERE counted AND paid_on >= t - 365) AS repaid_1y
  FROM (
    SELECT r.o, r.t, r.paid_on, r.amount, a.product IN ${LOANS_AND_CARDS} AS counted, ${monthSlice('r.paid_on', 'r.t')} AS slice
    FROM ${from.asOf('repayments')} AS r
    JOIN ${from.asOf('credit_accounts')} AS a ON a.o = r.o AND a.account_id = r.account_id
    WHERE r.amount > 0
  ) AS rows
  GROUP BY o, slice
) AS slices
GROUP BY o`,
}

const promises: PlanStep = {
  name: 'promises',
  about: 'accounts whose every instalment was settled on time, completed in the window',
  sql: (from) => `
SELECT o, count(*) AS kept_1y
FROM (
  SELECT s.o, s.account
  FROM ${from.step('settled')} AS s
  JOIN ${from.step('owners')} AS w ON w.account = s.account
  WHERE w.product IN ${PROMISES}
  GROUP BY s.o, s.account
  HAVING count(*) = count(s.settled_on) AND bool_and(s.settled_on <= s.due_on) AND max(s.settled_on) >= max(s.t) - 365
) AS kept
GROUP BY o`,
}

const fellDue: PlanStep = {
  name: 'fell_due',
  about: 'instalments that fell due before t: the exposure of the arrears factors',
  sql: (from) => `SELECT o, count(*) AS instalments_due FROM ${from.step('settled')} WHERE due_on < t GROUP BY o`,
}

const arrears: PlanStep = {
  name: 'arrears',
  about: 'overdue instalments by window, and how far past due any of them came',
  sql: (from) => `
SELECT o,
${Object.entries(WINDOWS)
  .map(
    ([name, days]) => `  count(*) FILTER (WHERE ${becameOverdue(days)}) AS cases_${name},
  sum(overdue_amount) FILTER (WHERE ${becameOverdue(days)}) AS amount_${name},`,
  )
  .join('\n')}
${REACHED.map((r) => `  bool_or(${reached(r.days, r.window)}) AS ${r.factor}`).join(',\n')}
FROM ${from.step('overdue_items')}
GROUP BY o`,
}

const noLoanOrCard: MissingCase = { reason: 'no_exposure', when: 'coalesce(loans_and_cards, 0) = 0' }
const noAccount: MissingCase = { reason: 'no_exposure', when: 'coalesce(accounts, 0) = 0' }
const nothingDue: MissingCase = { reason: 'no_exposure', when: 'coalesce(instalments_due, 0) = 0' }

const factors: FactorPlan[] = [
  ...['1m', '3m', '6m'].map((w) => ({
    factor: `institutions_visited_${w}`,
    value: count(`institutions_${w}`),
    missing: [],
  })),
  ...['1m', '3m', '6m', '1y'].map((w) => ({
    factor: `repaid_amount_${w}`,
    value: money(`repaid_${w}`),
    missing: [noLoanOrCard],
  })),
  { factor: 'repayment_months_1y', value: count('months_1y'), missing: [noAccount] },
  { factor: 'repayment_months_total', value: count('months_total'), missing: [noAccount] },
  {
    factor: 'credit_history_days',
    value: '(t - first_opened_on)::DOUBLE',
    missing: [{ reason: 'no_rows', when: 'first_opened_on IS NULL' }],
  },
  {
    factor: 'promises_kept_1y',
    value: count('kept_1y'),
    missing: [{ reason: 'no_exposure', when: 'coalesce(promise_accounts, 0) = 0' }],
  },
  ...Object.keys(WINDOWS).map((w) => ({
    factor: `overdue_cases_${w}`,
    value: count(`cases_${w}`),
    missing: [nothingDue],
  })),
  ...Object.keys(WINDOWS).map((w) => ({
    factor: `overdue_amount_${w}`,
    value: money(`amount_${w}`),
    missing: [nothingDue],
  })),
  ...REACHED.map((r) => ({
    factor: r.factor,
    value: `coalesce(${r.factor}, false)::INTEGER::DOUBLE`,
    missing: [nothingDue],
  })),
]

/** The plan of the dimension credit_history. */
export const creditHistory: FeaturePlan = {
  dimension: 'credit_history',
  steps: [enquiries, accounts, repaid, ...ARREARS_STEPS, promises, fellDue, arrears],
  joins: ['enquiries', 'accounts', 'repaid', 'promises', 'fell_due', 'arrears'],
  factors,
}
