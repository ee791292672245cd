/**
 * The rules of the catalogue's factors: the columns `change`, `maxChangePerMonth`, `min` and `max` as they stand there, windows of events,
 * and which factors hold each other (docs/counterfactuals.md lists them).
 */
import type { FactorSpec } from '../schema/factor.ts'
import { type CatalogueFactor, FACTOR_CATALOGUE } from '../schema/factorCatalogue.ts'
import { type ChangeRules, DAYS_OF_MONTH, type FactorLink, type FactorRule } from './factorRule.ts'

/** The same events over windows of several lengths, shortest first: each holds the one before. */
const NESTED: Readonly<Record<string, readonly string[]>> = {
  institutions_visited: ['1m', '3m', '6m'],
  repaid_amount: ['1m', '3m', '6m', '1y'],
  overdue_cases: ['1m', '3m', '6m', '12m'],
  overdue_amount: ['1m', '3m', '6m', '12m'],
  reached_m1: ['3m', '6m', '12m'],
  reached_m3: ['12m', '2y', '5y'],
  reached_m6: ['12m', '2y', '5y'],
  payments_total: ['1m', '3m', '6m'],
  consumption: ['1m', '3m', '6m'],
}

/** Factors of one window that count or add up events: they fall only when the events have left it. */
const ONE_WINDOW: readonly string[] = [
  'repayment_months_1y',
  'promises_kept_1y',
  'delivery_districts_1y',
  'payment_scenarios_1y',
  'transactions_1y',
  'transaction_amount_1y',
  'flights_1y',
  'international_flights_1y',
  'business_class_flights_1y',
  'first_class_flights_1y',
  'donations_1y',
  'mean_utility_bill_1y',
  'phone_topups_1y',
  'phone_topup_amount_1y',
]

/** Means over windows that end together, shortest first: the days of one are among those of the next. */
const MEANS: Readonly<Record<string, readonly string[]>> = { mean_liquid_assets: ['1m', '3m', '6m', '1y'] }

const order = (lower: string, upper: string, times = 1): FactorLink =>
  times === 1 ? { kind: 'order', lower, upper } : { kind: 'order', lower, upper, times }
const zeros = (lower: string, upper: string): FactorLink => ({ kind: 'zeros', lower, upper })
const namesOf = (series: Readonly<Record<string, readonly string[]>>): string[][] =>
  Object.entries(series).map(([name, windows]) => windows.map((w) => `${name}_${w}`))
const daysOf = new Map(FACTOR_CATALOGUE.map(({ name, windowDays }) => [name, windowDays]))

/** What always holds between factors that the feature engine makes, where no balance is below zero. */
const LINKS: readonly FactorLink[] = [
  ...namesOf(NESTED).flatMap((names) => names.slice(1).map((name, k) => order(names[k]!, name))),
  ...namesOf(MEANS).flatMap((names) =>
    names.slice(1).map((name, k) => order(names[k]!, name, daysOf.get(name)! / daysOf.get(names[k]!)!)),
  ),
  ...['1m', '3m', '6m', '12m'].map((w) => zeros(`overdue_cases_${w}`, `overdue_amount_${w}`)),
  ...['1m', '3m', '6m'].map((w) => order(`consumption_${w}`, `payments_total_${w}`)),
  order('reached_m6_12m', 'reached_m3_12m'),
  order('reached_m3_12m', 'reached_m1_12m'),
  order('reached_m6_2y', 'reached_m3_2y'),
  order('reached_m6_5y', 'reached_m3_5y'),
  order('repayment_months_1y', 'repayment_months_total'),
  order('payments_total_6m', 'transaction_amount_1y'),
  order('payment_scenarios_1y', 'transactions_1y'),
  order('donations_1y', 'transactions_1y'),
  order('phone_topups_1y', 'transactions_1y'),
  order('phone_topup_amount_1y', 'transaction_amount_1y'),
  ...['international', 'business_class', 'first_class'].map((c) => order(`${c}_flights_1y`, 'flights_1y')),
]

const seriesOf = new Map(
  Object.entries(NESTED).flatMap(([series, windows]) => windows.map((w) => [`${series}_${w}`, series])),
)

const ruleOf = (factor: CatalogueFactor, spec: FactorSpec): FactorRule => {
  const { name, change, maxChangePerMonth, min, max, unit, windowDays, reasonGroup } = factor
  const series = seriesOf.get(name)
  // A day a day: the catalogue rounds the days of a month to 30.4.
  const days = change === 'time' && unit === 'days'
  const counted = windowDays !== null && (series !== undefined || ONE_WINDOW.includes(name))
  return {
    change,
    group: reasonGroup,
    ...(maxChangePerMonth === null ? {} : { maxChangePerMonth: days ? DAYS_OF_MONTH : maxChangePerMonth }),
    // A band has no unit: its number is held by the number of bands.
    ...(spec.bands || min === null ? {} : { min }),
    ...(spec.bands || max === null ? {} : { max }),
    ...(counted ? { windowDays } : {}),
    ...(counted && series !== undefined && !spec.bands ? { series } : {}),
  }
}

/**
 * Rules of those factors that the catalogue knows, by its own columns; factors of other tables have none and are free.
 * A factor in bands keeps its way and its rate; links between values do not hold between numbers of bands and are left out there.
 * @param factors those of an encoding or a feature table
 */
export const catalogueRules = (factors: readonly FactorSpec[]): ChangeRules => {
  const known = new Map(FACTOR_CATALOGUE.map((factor) => [factor.name, factor]))
  const ours = factors.filter((spec) => known.get(spec.name)?.dimension === spec.dimension)
  const plain = new Set(ours.filter((spec) => !spec.bands).map((spec) => spec.name))
  return {
    rules: Object.fromEntries(ours.map((spec) => [spec.name, ruleOf(known.get(spec.name)!, spec)])),
    links: LINKS.filter(({ lower, upper }) => plain.has(lower) && plain.has(upper)),
  }
}
