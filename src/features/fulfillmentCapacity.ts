/** Fulfillment capacity: assets, payments, consumption, bills, returns. */
import { literalList } from '../engines/sql.ts'
import { FINANCIAL_PRODUCTS, LIQUID_ASSETS, type Scenario } from '../schema/vocabulary.ts'
import { consumptionTier } from './consumptionTiers.ts'
import { count, type FactorPlan, type FeaturePlan, minorUnits, money, type PlanStep } from './plan.ts'
import { TRANSACTION_STEPS } from './transactionTotals.ts'

const WINDOWS = { '1m': 30, '3m': 90, '6m': 180, '1y': 365 } as const
const LIQUID = `asset_type IN ${literalList(LIQUID_ASSETS)}`
const PRODUCTS = `asset_type IN ${literalList(FINANCIAL_PRODUCTS)}`

/**
 * Value times days in the window: a value stands from its day until the next of the same asset type, or t. Integer minor
 * units times whole days, so exact.
 */
const valueDays = (window: number): string =>
  `sum(minor * greatest(0, coalesce(next_on, t) - greatest(valued_on, t - ${window})))`

/** Of the values before the year, only the last of each asset type still stands in it. */
const holdings: PlanStep = {
  name: 'holdings',
  about: 'value of liquid assets and financial products times days held',
  sql: (from) => `
SELECT o,
  min(valued_on) FILTER (WHERE liquid) AS liquid_from,
${Object.entries(WINDOWS)
  .map(([name, days]) => `  ${valueDays(days)} FILTER (WHERE liquid) AS liquid_days_${name},`)
  .join('\n')}
  min(valued_on) FILTER (WHERE NOT liquid) AS products_from,
  ${valueDays(365)} FILTER (WHERE NOT liquid) AS product_days_1y,
  count(return_amount) FILTER (WHERE NOT liquid AND valued_on >= t - 365) AS returns_1y,
  count(*) FILTER (WHERE NOT liquid AND valued_on >= t - 365) AS product_values_1y,
  sum(return_amount) FILTER (WHERE NOT liquid AND valued_on >= t - 365) AS return_amount_1y
FROM (
  SELECT o, t, valued_on, return_amount, ${LIQUID} AS liquid, ${minorUnits('value')}::HUGEINT AS minor,
    lead(valued_on) OVER (PARTITION BY o, asset_type ORDER BY valued_on) AS next_on
  FROM (
    SELECT o, t, asset_type, valued_on, value, return_amount FROM ${from.asOf('balances', { days: 365 })}
    UNION ALL
    SELECT o, t, asset_type, max(valued_on), max_by(value, valued_on), NULL
    FROM ${from.asOf('balances')}
    WHERE valued_on < t - 365
    GROUP BY o, t, asset_type
  ) AS relevant
  WHERE ${LIQUID} OR ${PRODUCTS}
) AS standing
GROUP BY o`,
}

/** The latest claim of each kind. */
const inferred: PlanStep = {
  name: 'inferred',
  about: 'the latest levels that other models claimed before t',
  sql: (from) => `
SELECT o,
  max_by(value, known_at) FILTER (WHERE attribute = 'car_likelihood') AS car_likelihood,
  max_by(value, known_at) FILTER (WHERE attribute = 'house_likelihood') AS house_likelihood
FROM ${from.asOf('inferred_attributes')}
WHERE attribute IN ('car_likelihood', 'house_likelihood')
GROUP BY o`,
}

/** Mean over the days of the window on which a value is known. */
const meanValue = (valueDaysColumn: string, first: string, window: number): string =>
  `${valueDaysColumn}::DOUBLE / (100 * least(${window}, t - ${first}))::DOUBLE`

const scenario = (value: Scenario) => ({ table: 'transactions', column: 'scenario', value }) as const

const factors: FactorPlan[] = [
  ...['car_likelihood', 'house_likelihood'].map(
    (name): FactorPlan => ({
      factor: name,
      value: `${name}::DOUBLE`,
      missing: [{ reason: 'no_rows', when: `${name} IS NULL` }],
    }),
  ),
  ...Object.entries(WINDOWS).map(
    ([w, days]): FactorPlan => ({
      factor: `mean_liquid_assets_${w}`,
      value: meanValue(`liquid_days_${w}`, 'liquid_from', days),
      missing: [{ reason: 'no_rows', when: 'liquid_from IS NULL' }],
    }),
  ),
  ...['1m', '3m', '6m'].map(
    (w): FactorPlan => ({
      factor: `payments_total_${w}`,
      value: money(`payments_${w}`),
      missing: [],
    }),
  ),
  ...['1m', '3m', '6m'].map(
    (w): FactorPlan => ({
      factor: `consumption_${w}`,
      value: money(`consumption_${w}`),
      missing: [],
    }),
  ),
  {
    factor: 'mean_utility_bill_1y',
    value: `${money('utilities')} / 12`,
    missing: [],
    codes: [scenario('utilities')],
  },
  { factor: 'phone_topups_1y', value: count('topups'), missing: [], codes: [scenario('phone_topup')] },
  { factor: 'phone_topup_amount_1y', value: money('topup_amount'), missing: [], codes: [scenario('phone_topup')] },
  {
    factor: 'consumption_tier',
    value: consumptionTier('coalesce(consumption, 0)'),
    missing: [{ reason: 'no_rows', when: 'coalesce(transactions, 0) = 0' }],
    coverDays: 365,
  },
  {
    factor: 'product_return_1y',
    value: `${money('return_amount_1y')} / (${meanValue('product_days_1y', 'products_from', 365)})`,
    missing: [
      { reason: 'no_rows', when: 'products_from IS NULL' },
      { reason: 'zero_denominator', when: 'product_days_1y <= 0' },
      { reason: 'missing_in_source', when: 'product_values_1y > 0 AND returns_1y = 0' },
    ],
    fills: [{ table: 'balances', column: 'return_amount' }],
  },
]

/** The plan of the dimension fulfillment_capacity. */
export const fulfillmentCapacity: FeaturePlan = {
  dimension: 'fulfillment_capacity',
  steps: [...TRANSACTION_STEPS, holdings, inferred],
  joins: ['transaction_totals', 'holdings', 'inferred'],
  factors,
}
