/** Personal relationships: stability of close contacts, influence by transfers, credit behavior of contacts. */
import { ARREARS_STEPS, reached } from './arrears.ts'
import type { FactorPlan, FeaturePlan, PlanStep } from './plan.ts'
import { TRANSACTION_STEPS } from './transactionTotals.ts'

/** A contact is close from this closeness on. */
export const CLOSE_CONTACT = 0.5

const contacts: PlanStep = {
  name: 'contacts',
  about: 'close contacts of a year ago and those of them who are close now',
  sql: (from) => `
SELECT o,
  count(*) AS contacts,
  count(*) FILTER (WHERE then_close) AS close_then,
  count(*) FILTER (WHERE then_close AND now_close) AS close_still
FROM (
  SELECT o, other_person_id,
    bool_or(closeness >= ${CLOSE_CONTACT} AND since < t - 365 AND (until IS NULL OR until >= t - 365)) AS then_close,
    bool_or(closeness >= ${CLOSE_CONTACT} AND until IS NULL) AS now_close
  FROM ${from.asOf('contacts')}
  GROUP BY o, other_person_id
) AS pairs
GROUP BY o`,
}

const transferPartners: PlanStep = {
  name: 'transfer_partners',
  about: 'distinct counterparties of incoming transfers',
  sql: (from) => `
SELECT o, count(DISTINCT counterparty_id) AS partners_in
FROM ${from.asOf('transactions', { days: 365 })}
WHERE scenario = 'transfer' AND direction = 'in'
GROUP BY o`,
}

const arrearsOfContacts: PlanStep = {
  name: 'recently_overdue',
  about: 'people with an overdue instalment on some day of the year before t',
  sql: (from) => `SELECT DISTINCT o FROM ${from.step('overdue_items')} WHERE ${reached(1, 365)}`,
}

/** Closeness is kept in integer millionths, so that sums are exact. */
const environment: PlanStep = {
  name: 'environment',
  about: 'closeness of present contacts, in all and of those without overdue instalments',
  sql: (from) => `
SELECT c.o,
  count(*) AS contacts_now,
  sum(c.weight) AS closeness_all,
  coalesce(sum(c.weight) FILTER (WHERE late.o IS NULL), 0) AS closeness_clean
FROM (
  SELECT o, t, other_person_id, max_by(round(closeness * 1000000)::BIGINT, since) AS weight
  FROM ${from.asOf('contacts')}
  WHERE until IS NULL
  GROUP BY o, t, other_person_id
) AS c
JOIN ${from.step('subjects')} AS s ON s.person_id = c.other_person_id AND s.t = c.t
LEFT JOIN ${from.step('recently_overdue')} AS late ON late.o = s.o
GROUP BY c.o`,
}

const factors: FactorPlan[] = [
  {
    factor: 'contact_stability_1y',
    value: '100 * close_still::DOUBLE / close_then::DOUBLE',
    missing: [
      { reason: 'no_rows', when: 'coalesce(contacts, 0) = 0' },
      { reason: 'zero_denominator', when: 'close_then = 0' },
    ],
  },
  {
    factor: 'social_influence_index',
    value: `100 * ln(1 + coalesce(partners_in, 0)::DOUBLE) / ln(101::DOUBLE)
    * coalesce(transfers_in, 0)::DOUBLE / (coalesce(transfers_in, 0) + coalesce(transfers_out, 0))::DOUBLE`,
    missing: [
      { reason: 'no_rows', when: 'coalesce(transfers, 0) = 0' },
      { reason: 'zero_denominator', when: 'coalesce(transfers_in, 0) + coalesce(transfers_out, 0) = 0' },
    ],
    fills: [{ table: 'transactions', column: 'counterparty_id' }],
  },
  {
    factor: 'credit_environment_index',
    value: 'closeness_clean::DOUBLE / closeness_all::DOUBLE',
    missing: [
      { reason: 'no_rows', when: 'coalesce(contacts_now, 0) = 0' },
      { reason: 'zero_denominator', when: 'closeness_all = 0' },
    ],
    coverDays: 365,
  },
]

/** The plan of the dimension personal_relationships. */
export const personalRelationships: FeaturePlan = {
  dimension: 'personal_relationships',
  steps: [...ARREARS_STEPS, ...TRANSACTION_STEPS, contacts, transferPartners, arrearsOfContacts, environment],
  joins: ['contacts', 'transaction_totals', 'transfer_partners', 'environment'],
  factors,
}
