/**
 * One pass over the transactions of the year before t, for every factor that adds them up.
 *
 * The pass groups by observer and month slice (twelve equal slices back from t); totals are sums over slices.
 * consumption = outflow with a scenario other than transfer, investment, repayment; payments = all outflow.
 * scenarios = distinct scenarios of outflow, other than charges that the bank imposes.
 */
import { literal } from '../engines/sql.ts'
import { IMPOSED, NOT_CONSUMPTION, SCENARIOS, type Scenario } from '../schema/vocabulary.ts'
import { minorUnits, monthSlice, type PlanStep } from './plan.ts'

/** Categories with a share of consumption of their own. */
export const SHARE_CATEGORIES = ['baby_products', 'games', 'furniture', 'cars', 'travel'] as const

/** Each scenario is one bit, so that the distinct ones of a group are an OR, and comparisons are of integers. */
const bitOf = (scenario: Scenario): number => 2 ** SCENARIOS.indexOf(scenario)
const scenarioRows = SCENARIOS.map((s) => `(${literal(s)}, ${bitOf(s)}::BIGINT, ${!NOT_CONSUMPTION.includes(s)})`).join(
  ', ',
)

/** The bits of all scenarios that a person chooses. */
const CHOSEN = SCENARIOS.filter((s) => !IMPOSED.includes(s)).reduce((sum, s) => sum + bitOf(s), 0)

/** Days at which the windows of sums end; a group lies on one side of each. */
const CUTS = { '1m': 30, '3m': 90, '6m': 180 } as const

const sumIf = (condition: string, name: string): string => `sum(amount) FILTER (WHERE ${condition}) AS ${name}`

const slices: PlanStep = {
  name: 'transaction_slices',
  about: 'sums and counts of transactions per month slice, cut where the windows of sums end',
  sql: (from) => `
SELECT o, slice, cuts,
  count(*) AS transactions,
  sum(amount) AS amount,
  bit_or(bit) FILTER (WHERE outflow) AS scenarios,
  ${[
    sumIf('outflow', 'payments'),
    sumIf('consumed', 'consumption'),
    ...SHARE_CATEGORIES.map((c) => sumIf(`consumed AND category = ${literal(c)}`, c)),
    sumIf(`outflow AND bit = ${bitOf('utilities')}`, 'utilities'),
    sumIf(`outflow AND bit = ${bitOf('phone_topup')}`, 'topup_amount'),
    sumIf(`outflow AND bit = ${bitOf('transfer')}`, 'transfers_out'),
    sumIf(`NOT outflow AND bit = ${bitOf('transfer')}`, 'transfers_in'),
  ].join(',\n  ')},
  count(*) FILTER (WHERE outflow AND bit = ${bitOf('phone_topup')}) AS topups,
  count(*) FILTER (WHERE outflow AND (bit = ${bitOf('donation')} OR category = 'charity')) AS donations,
  count(*) FILTER (WHERE bit = ${bitOf('transfer')}) AS transfers
FROM (
  SELECT o, amount, category, bit, ${monthSlice('occurred_at')} AS slice,
    ${Object.values(CUTS)
      .map((days) => `(occurred_at < t - ${days})::INTEGER`)
      .join(' + ')} AS cuts,
    direction = 'out' AS outflow, direction = 'out' AND coalesce(consumption, true) AS consumed
  FROM ${from.asOf('transactions', { days: 365 })} AS x
  LEFT JOIN (VALUES ${scenarioRows}) AS known (scenario, bit, consumption) ON known.scenario = x.scenario
) AS rows
GROUP BY o, slice, cuts`,
}

const SUMMED = [
  'transactions',
  'amount',
  'consumption',
  ...SHARE_CATEGORIES,
  'utilities',
  'topup_amount',
  'transfers_out',
  'transfers_in',
  'topups',
  'donations',
  'transfers',
]

const minor = minorUnits('month')

const totals: PlanStep = {
  name: 'transaction_totals',
  about: 'totals of the year before t',
  sql: (from) => `
SELECT o, ${SUMMED.map((c) => `sum(${c}) AS ${c}`).join(', ')},
  ${Object.keys(CUTS)
    .flatMap((w, i) => ['payments', 'consumption'].map((c) => `sum(${c}) FILTER (WHERE cuts <= ${i}) AS ${c}_${w}`))
    .join(', ')},
  bit_count(bit_or(scenarios) & ${CHOSEN}) AS scenarios
FROM ${from.step('transaction_slices')}
GROUP BY o`,
}

const moments: PlanStep = {
  name: 'consumption_moments',
  about: 'integer moments, in minor units, of the consumption of the twelve month slices',
  sql: (from) => `
SELECT o, sum(${minor}) AS consumption_minor, sum(${minor}::HUGEINT * ${minor}::HUGEINT) AS consumption_squares
FROM (
  SELECT o, slice, coalesce(sum(consumption), 0) AS month FROM ${from.step('transaction_slices')} GROUP BY o, slice
) AS months
GROUP BY o`,
}

/** The steps that behavior, fulfillment, identity and relationships share. */
export const TRANSACTION_STEPS: readonly PlanStep[] = [slices, totals, moments]
