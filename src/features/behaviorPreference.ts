/** Behavior preference: where, how and on what money is spent; travel; donations. */
import { count, type FactorPlan, type FeaturePlan, money, type PlanStep } from './plan.ts'
import { SHARE_CATEGORIES, TRANSACTION_STEPS } from './transactionTotals.ts'

const districts: PlanStep = {
  name: 'districts',
  about: 'distinct districts with delivery or activity',
  sql: (from) => `
SELECT o, count(*) AS districts
FROM (
  SELECT DISTINCT o, district_id FROM ${from.asOf('transactions', { days: 365 })} WHERE district_id IS NOT NULL
) AS seen
GROUP BY o`,
}

/** Fare over full fare in tenths is kept in integer millionths, so that the sum over flights is exact. */
const bookings: PlanStep = {
  name: 'bookings',
  about: 'flights of the year before t',
  sql: (from) => `
SELECT o,
  count(*) AS flights,
  count(*) FILTER (WHERE international) AS international_flights,
  count(*) FILTER (WHERE NOT international AND cabin = 'business') AS business_class_flights,
  count(*) FILTER (WHERE NOT international AND cabin = 'first') AS first_class_flights,
  count(*) FILTER (WHERE NOT international) AS domestic_flights,
  count(full_fare) FILTER (WHERE NOT international) AS full_fares,
  count(*) FILTER (WHERE NOT international AND full_fare > 0) AS discounts,
  sum(((fare * 100)::HUGEINT * 20000000 + (full_fare * 100)::HUGEINT) // (2 * (full_fare * 100)::HUGEINT))
    FILTER (WHERE NOT international AND full_fare > 0) AS discount_millionths
FROM ${from.asOf('bookings', { days: 365 })}
WHERE kind = 'flight'
GROUP BY o`,
}

const factors: FactorPlan[] = [
  {
    factor: 'delivery_districts_1y',
    value: count('districts'),
    missing: [],
    fills: [{ table: 'transactions', column: 'district_id' }],
  },
  { factor: 'payment_scenarios_1y', value: count('scenarios'), missing: [] },
  { factor: 'transactions_1y', value: count('transactions'), missing: [] },
  { factor: 'transaction_amount_1y', value: money('amount'), missing: [] },
  ...SHARE_CATEGORIES.map(
    (category): FactorPlan => ({
      factor: `${category}_share_1y`,
      value: `${money(category)} / consumption::DOUBLE`,
      missing: [{ reason: 'zero_denominator', when: 'coalesce(consumption, 0) = 0' }],
      fills: [{ table: 'transactions', column: 'category' }],
      codes: [{ table: 'transactions', column: 'category', value: category }],
    }),
  ),
  { factor: 'flights_1y', value: count('flights'), missing: [] },
  { factor: 'international_flights_1y', value: count('international_flights'), missing: [] },
  ...['business_class_flights', 'first_class_flights'].map(
    (name): FactorPlan => ({
      factor: `${name}_1y`,
      value: count(name),
      missing: [],
      fills: [{ table: 'bookings', column: 'cabin' }],
    }),
  ),
  {
    factor: 'mean_fare_discount_1y',
    value: 'discount_millionths::DOUBLE / (discounts * 1000000)::DOUBLE',
    missing: [
      { reason: 'no_rows', when: 'coalesce(domestic_flights, 0) = 0' },
      { reason: 'missing_in_source', when: 'full_fares = 0' },
      { reason: 'zero_denominator', when: 'discounts = 0' },
    ],
    fills: [{ table: 'bookings', column: 'full_fare' }],
  },
  {
    factor: 'donations_1y',
    value: count('donations'),
    missing: [],
    codes: [
      { table: 'transactions', column: 'scenario', value: 'donation' },
      { table: 'transactions', column: 'category', value: 'charity' },
    ],
  },
]

/** The plan of the dimension behavior_preference. */
export const behaviorPreference: FeaturePlan = {
  dimension: 'behavior_preference',
  steps: [...TRANSACTION_STEPS, districts, bookings],
  joins: ['transaction_totals', 'districts', 'bookings'],
  factors,
}
