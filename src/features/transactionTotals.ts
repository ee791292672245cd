/**
 * One pass over the transactions of the year before t, for every factor that adds them up.
 *
 * The pass groups by observer and month slice (twelve equal slices back from t); totals are sums over slices.
 * consumption = outflow with a scenario other than transfer, investment, repayment; payments = all outflow.
 */
import { literal } from '../engines/sql.ts'
import { NOT_CONSUMPTION, SCENARIOS } from '../schema/vocabulary.ts'
import { minorUnits, monthSlice, type PlanStep } from './plan.ts'

/** Categories with a share of consumption of their own. */
export const SHARE_CATEGORIES = ['baby_products', 'games', 'furniture', 'cars', 'travel'] as const

const scenarioRows = SCENARIOS.map(
  (s, i) => `(${literal(s)}, ${2 ** i}::BIGINT, ${!NOT_CONSUMPTION.includes(s)})`,
).join(', ')

const sumIf = (condition: string, name: string): string => `sum(amount) FILTER (WHERE ${condition}) AS ${name}`

const slices: PlanStep = {
  name: 'transaction_slices',
  about: 'sums and counts of transactions per month slice',
  sql: (from) => `
SELECT o, slice,
  count(*) AS transactions,
  sum(amount) AS amount,
  bit_or(bit) FILTER (WHERE outflow) AS scenarios,
  ${[
    sumIf('outflow AND occurred_at >= t - 30', 'payments_1m'),
    sumIf('outflow AND occurred_at >= t - 90', 'payments_3m'),
    sumIf('outflow AND occurred_at >= t - 180', 'payments_6m'),
    sumIf('consumed', 'consumption'),
    sumIf('consumed AND occurred_at >= t - 30', 'consumption_1m'),
    sumIf('consumed AND occurred_at >= t - 90', 'consumption_3m'),
    sumIf('consumed AND occurred_at >= t - 180', 'consumption_6m'),
    ...SHARE_CATEGORIES.map((c) => sumIf(`consumed AND category = ${literal(c)}`, c)),
    sumIf("outflow AND scenario = 'utilities'", 'utilities'),
    sumIf("outflow AND scenario = 'phone_topup'", 'topup_amount'),
    sumIf("outflow AND scenario = 'transfer'", 'transfers_out'),
    sumIf("NOT outflow AND scenario = 'transfer'", 'transfers_in'),
  ].join(',\n  ')},
  count(*) FILTER (WHERE outflow AND scenario = 'phone_topup') AS topups,
  count(*) FILTER (WHERE outflow AND (scenario = 'donation' OR category = 'charity')) AS donations,
  count(*) FILTER (WHERE scenario = 'transfer') AS transfers
FROM (
  SELECT o, t, occurred_at, amount, category, x.scenario, bit, ${monthSlice('occurred_at')} AS slice,
    direction = 'out' AS outflow, direction = 'out' AND coalesce(consumption, true) AS consumed
  FROM ${from.asOf('transactions', { days: 365 })} AS x
  LEFT JOIN (VALUES ${scenarioRows}) AS known (scenario, bit, consumption) ON known.scenario = x.scenario
) AS rows
GROUP BY o, slice`,
}

const SUMMED = [
  'transactions',
  'amount',
  'payments_1m',
  'payments_3m',
  'payments_6m',
  'consumption',
  'consumption_1m',
  'consumption_3m',
  'consumption_6m',
  ...SHARE_CATEGORIES,
  'utilities',
  'topup_amount',
  'transfers_out',
  'transfers_in',
  'topups',
  'donations',
  'transfers',
]

const minor = minorUnits('coalesce(consumption, 0)')

/** Totals of the year before t; `consumption_minor` and `consumption_squares` are integer moments of the twelve slices. */
const totals: PlanStep = {
  name: 'transaction_totals',
  about: 'totals of the year before t',
  sql: (from) => `
SELECT o, ${SUMMED.map((c) => `sum(${c}) AS ${c}`).join(', ')},
  bit_count(bit_or(scenarios)) AS scenarios,
  sum(${minor})::HUGEINT AS consumption_minor,
  sum(${minor}::HUGEINT * ${minor}::HUGEINT) AS consumption_squares
FROM ${from.step('transaction_slices')}
GROUP BY o`,
}

/** The steps that behavior, fulfillment, identity and relationships share. */
export const TRANSACTION_STEPS: readonly PlanStep[] = [slices, totals]
