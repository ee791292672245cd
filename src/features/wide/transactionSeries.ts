/** Series of the transactions: by category, by scenario, by both, and different things seen in them. */
import { CATEGORIES, type Category, NOT_CONSUMPTION, SCENARIOS, type Scenario } from '../../schema/vocabulary.ts'
import { keyOf, transactionKeys } from './cellKeys.ts'
import { type Aggregate, byWindow, isOfAmounts, isTrend, type WideSeries } from './wideSeries.ts'

/** Scenarios that only bring money in. */
const INCOME: readonly Scenario[] = ['salary', 'pension', 'interest', 'cash_deposit', 'loan_disbursement', 'refund']
/** Scenarios whose inflow has a series of its own. */
const RECEIVED: readonly Scenario[] = [...INCOME, 'transfer', 'investment', 'insurance', 'other']
const PAID = SCENARIOS.filter((s) => !INCOME.includes(s))
/** Where goods of every category are bought. */
const CHANNELS = [
  ['online', 'online_shopping'],
  ['in_stores', 'offline_retail'],
] as const satisfies readonly (readonly [string, Scenario])[]

const consumed = ({ direction, scenario }: { direction: string; scenario: string }): boolean =>
  direction === 'out' && !NOT_CONSUMPTION.includes(scenario as Scenario)

const paymentsByWindow = byWindow([1, 'payments_total_1m'], [3, 'payments_total_3m'], [25, 'payments_total_6m'])
const consumptionByWindow = byWindow(
  [1, 'consumption_1m'],
  [3, 'consumption_3m'],
  [6, 'consumption_6m'],
  [25, 'consumption_tier'],
)
const repaidByWindow = byWindow(
  [1, 'repaid_amount_1m'],
  [3, 'repaid_amount_3m'],
  [6, 'repaid_amount_6m'],
  [25, 'repaid_amount_1y'],
)

/** Categories and scenarios that are the subject of one factor, whatever is read off them. */
const CATEGORY_FACTOR: Partial<Record<Category, string>> = {
  baby_products: 'baby_products_share_1y',
  games: 'games_share_1y',
  furniture: 'furniture_share_1y',
  cars: 'cars_share_1y',
  travel: 'travel_share_1y',
  charity: 'donations_1y',
  utilities: 'mean_utility_bill_1y',
  housing: 'house_likelihood',
  transport: 'delivery_districts_1y',
  finance: 'product_return_1y',
}
const SCENARIO_FACTOR: Partial<Record<Scenario, string>> = {
  donation: 'donations_1y',
  utilities: 'mean_utility_bill_1y',
  rent: 'house_likelihood',
  transport: 'delivery_districts_1y',
  ride_hailing: 'delivery_districts_1y',
  travel_booking: 'travel_share_1y',
  investment: 'product_return_1y',
  interest: 'product_return_1y',
  transfer: 'social_influence_index',
  penalty_interest: 'overdue_amount_12m',
  salary: 'employer_type',
  pension: 'occupation',
  loan_disbursement: 'credit_history_days',
}

const topups = (aggregate: Aggregate): string => (isOfAmounts(aggregate) ? 'phone_topup_amount_1y' : 'phone_topups_1y')

/** Goods without a factor of their own: how much by window, how evenly, and how often. */
const ofCategory =
  (category: Category) =>
  (aggregate: Aggregate, months: number): string => {
    const own = CATEGORY_FACTOR[category]
    if (own) return own
    if (category === 'telecom') return topups(aggregate)
    if (isTrend(aggregate)) return 'consumption_variability_1y'
    if (aggregate === 'sumShare') return 'payment_scenarios_1y'
    return isOfAmounts(aggregate) ? consumptionByWindow(months) : 'transactions_1y'
  }

const ofScenario =
  (scenario: Scenario) =>
  (aggregate: Aggregate, months: number): string => {
    const own = SCENARIO_FACTOR[scenario]
    if (own) return own
    if (scenario === 'phone_topup') return topups(aggregate)
    if (scenario === 'repayment') return isOfAmounts(aggregate) ? repaidByWindow(months) : 'repayment_months_1y'
    if (isTrend(aggregate)) return 'consumption_variability_1y'
    if (aggregate === 'sumShare') return 'transaction_amount_1y'
    return isOfAmounts(aggregate) ? paymentsByWindow(months) : 'payment_scenarios_1y'
  }

const base = { tables: ['transactions'], shape: 'money', unit: 'money', ever: false } as const
const words = (name: string): string => name.replaceAll('_', ' ')

/** All, in and out, and consumption: what the others are shares of. */
const totals: WideSeries[] = [
  {
    ...base,
    name: 'transactions',
    about: 'payments in and out',
    keys: transactionKeys(() => true),
    factor: (aggregate) => (isOfAmounts(aggregate) ? 'transaction_amount_1y' : 'transactions_1y'),
  },
  {
    ...base,
    name: 'outflow',
    about: 'payments out',
    keys: transactionKeys((row) => row.direction === 'out'),
    of: 'transactions',
    factor: (aggregate, months) =>
      isOfAmounts(aggregate) && !isTrend(aggregate) ? paymentsByWindow(months) : 'transactions_1y',
  },
  {
    ...base,
    name: 'inflow',
    about: 'payments in',
    keys: transactionKeys((row) => row.direction === 'in'),
    of: 'transactions',
    less: 'outflow',
    factor: (aggregate) => (isOfAmounts(aggregate) ? 'transaction_amount_1y' : 'transactions_1y'),
  },
  {
    ...base,
    name: 'consumption',
    about: 'payments out other than transfers, investments and repayments',
    keys: transactionKeys(consumed),
    of: 'outflow',
    factor: (aggregate, months) => (isTrend(aggregate) ? 'consumption_variability_1y' : consumptionByWindow(months)),
  },
]

const category = { fills: [{ table: 'transactions', column: 'category' }], of: 'consumption' } as const

const goods: WideSeries[] = CATEGORIES.map((c) => ({
  ...base,
  ...category,
  name: `bought_${c}`,
  about: `consumption of category ${words(c)}`,
  keys: transactionKeys((row) => consumed(row) && row.category === c),
  factor: ofCategory(c),
}))

const goodsByChannel: WideSeries[] = CATEGORIES.flatMap((c) =>
  CHANNELS.map(([channel, scenario]) => ({
    ...base,
    ...category,
    name: `bought_${c}_${channel}`,
    about: `consumption of category ${words(c)} with scenario ${words(scenario)}`,
    keys: transactionKeys((row) => row.direction === 'out' && row.category === c && row.scenario === scenario),
    of: `bought_${c}`,
    factor: ofCategory(c),
  })),
)

const paid: WideSeries[] = PAID.map((s) => ({
  ...base,
  name: `paid_${s}`,
  about: `payments out with scenario ${words(s)}`,
  keys: transactionKeys((row) => row.direction === 'out' && row.scenario === s),
  of: 'outflow',
  factor: ofScenario(s),
}))

const received: WideSeries[] = RECEIVED.map((s) => ({
  ...base,
  name: `received_${s}`,
  about: `payments in with scenario ${words(s)}`,
  keys: transactionKeys((row) => row.direction === 'in' && row.scenario === s),
  of: 'inflow',
  ...(s === 'transfer' ? { less: 'paid_transfer' } : {}),
  factor: (aggregate, months) =>
    SCENARIO_FACTOR[s] ?? (isOfAmounts(aggregate) ? 'transaction_amount_1y' : ofScenario('other')(aggregate, months)),
}))

const seen = (name: string, about: string, key: string, factor: string, column?: string): WideSeries => ({
  ...base,
  shape: 'distinct',
  unit: '',
  name,
  about,
  keys: [keyOf(`seen:${key}`)],
  ...(column ? { fills: [{ table: 'transactions', column }] } : {}),
  factor: () => factor,
})

export const TRANSACTION_SERIES: readonly WideSeries[] = [
  ...totals,
  ...goods,
  ...goodsByChannel,
  ...paid,
  ...received,
  seen('districts', 'different districts of delivery or activity', 'district', 'delivery_districts_1y', 'district_id'),
  seen('payees', 'different counterparties of payments out', 'payee', 'payment_scenarios_1y', 'counterparty_id'),
  seen('senders', 'different counterparties of transfers in', 'payer', 'social_influence_index', 'counterparty_id'),
  seen('scenarios', 'different scenarios of payments out that a person chooses', 'scenario', 'payment_scenarios_1y'),
  seen('categories', 'different categories of consumption', 'category', 'payment_scenarios_1y', 'category'),
]
