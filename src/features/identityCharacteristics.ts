/** Identity characteristics: employer, occupation, phones, addresses, steadiness of consumption, age of the account. */
import { literalList } from '../engines/sql.ts'
import { EMPLOYER_TYPES, OCCUPATIONS } from '../schema/vocabulary.ts'
import { count, type FactorPlan, type FeaturePlan, type PlanStep } from './plan.ts'
import { TRANSACTION_STEPS } from './transactionTotals.ts'

/** Present = not known to have ended before t; of several present ones the latest counts. */
const registrations: PlanStep = {
  name: 'registrations',
  about: 'present employer, occupation, phone and address; phones of the year before t',
  sql: (from) => `
SELECT o,
  max_by(value, valid_from) FILTER (WHERE kind = 'employer' AND valid_to IS NULL) AS employer,
  max_by(value, valid_from) FILTER (WHERE kind = 'occupation' AND valid_to IS NULL) AS occupation_now,
  max(valid_from) FILTER (WHERE kind = 'phone' AND valid_to IS NULL) AS phone_from,
  max(valid_from) FILTER (WHERE kind = 'address' AND valid_to IS NULL) AS address_from,
  count(DISTINCT value) FILTER (WHERE kind = 'phone' AND (valid_to IS NULL OR valid_to > t - 365)) AS phones
FROM ${from.asOf('registrations')}
GROUP BY o`,
}

const people: PlanStep = {
  name: 'people',
  about: 'the day the platform account was opened',
  sql: (from) => `SELECT o, account_opened_on FROM ${from.asOf('people')}`,
}

const factors: FactorPlan[] = [
  {
    factor: 'employer_type',
    value: `CASE WHEN employer IN ${literalList(EMPLOYER_TYPES)} THEN employer ELSE 'unknown' END`,
    missing: [{ reason: 'no_rows', when: 'employer IS NULL' }],
  },
  {
    factor: 'occupation',
    value: `CASE WHEN occupation_now IN ${literalList(OCCUPATIONS)} THEN occupation_now ELSE 'other' END`,
    missing: [{ reason: 'no_rows', when: 'occupation_now IS NULL' }],
  },
  {
    factor: 'phone_tenure_days',
    value: '(t - phone_from)::DOUBLE',
    missing: [{ reason: 'no_rows', when: 'phone_from IS NULL' }],
  },
  { factor: 'phone_numbers_1y', value: count('phones'), missing: [] },
  {
    factor: 'address_tenure_days',
    value: '(t - address_from)::DOUBLE',
    missing: [{ reason: 'no_rows', when: 'address_from IS NULL' }],
  },
  {
    factor: 'consumption_variability_1y',
    // standard deviation over mean of the twelve slices, from integer moments: n²·variance = n·Σx² - (Σx)²
    value:
      'sqrt((12 * consumption_squares - consumption_minor * consumption_minor)::DOUBLE) / consumption_minor::DOUBLE',
    missing: [{ reason: 'zero_denominator', when: 'coalesce(consumption_minor, 0) = 0' }],
  },
  {
    factor: 'account_age_days',
    value: '(t - account_opened_on)::DOUBLE',
    missing: [{ reason: 'no_rows', when: 'account_opened_on IS NULL' }],
  },
]

/** The plan of the dimension identity_characteristics. */
export const identityCharacteristics: FeaturePlan = {
  dimension: 'identity_characteristics',
  steps: [...TRANSACTION_STEPS, registrations, people],
  joins: ['consumption_moments', 'registrations', 'people'],
  factors,
}
