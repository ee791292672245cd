/** Series of credit: accounts, what fell due and falls due, repayments, arrears, enquiries. */
import { ENQUIRY_PURPOSES, PRODUCTS } from '../../schema/vocabulary.ts'
import { keyOf, REACHED_DAYS } from './cellKeys.ts'
import { type Aggregate, byWindow, isOfAmounts, type WideSeries } from './wideSeries.ts'

const cases = byWindow(
  [1, 'overdue_cases_1m'],
  [3, 'overdue_cases_3m'],
  [6, 'overdue_cases_6m'],
  [25, 'overdue_cases_12m'],
)
const amounts = byWindow(
  [1, 'overdue_amount_1m'],
  [3, 'overdue_amount_3m'],
  [6, 'overdue_amount_6m'],
  [25, 'overdue_amount_12m'],
)
const repaid = byWindow(
  [1, 'repaid_amount_1m'],
  [3, 'repaid_amount_3m'],
  [6, 'repaid_amount_6m'],
  [25, 'repaid_amount_1y'],
)
const visited = byWindow(
  [1, 'institutions_visited_1m'],
  [3, 'institutions_visited_3m'],
  [25, 'institutions_visited_6m'],
)
const REACHED = {
  30: byWindow([3, 'reached_m1_3m'], [6, 'reached_m1_6m'], [25, 'reached_m1_12m']),
  90: byWindow([12, 'reached_m3_12m'], [24, 'reached_m3_2y'], [25, 'reached_m3_5y']),
  180: byWindow([12, 'reached_m6_12m'], [24, 'reached_m6_2y'], [25, 'reached_m6_5y']),
}

const ofRepayments = (aggregate: Aggregate, months: number): string => {
  if (isOfAmounts(aggregate)) return repaid(months)
  return months > 24 ? 'repayment_months_total' : 'repayment_months_1y'
}
const ofArrears = (aggregate: Aggregate, months: number): string =>
  isOfAmounts(aggregate) ? amounts(months) : cases(months)

/** One series a product, and one of all of them that they are shares of. */
const byProduct = (
  name: string,
  about: string,
  key: string,
  rest: Pick<WideSeries, 'tables' | 'shape' | 'factor'> & Partial<WideSeries>,
): WideSeries[] =>
  ['credit', ...PRODUCTS].map((product) => ({
    unit: 'money',
    ever: true,
    ...rest,
    name: `${name}_${product}`,
    about: `${about}, ${product === 'credit' ? 'any product' : `product ${product.replaceAll('_', ' ')}`}`,
    keys: product === 'credit' ? PRODUCTS.map((p) => keyOf(`${key}:${p}`)) : [keyOf(`${key}:${product}`)],
    ...(product === 'credit' || rest.shape === 'standing' || rest.shape === 'ahead' ? {} : { of: `${name}_credit` }),
  }))

const accounts = ['credit_accounts'] as const
const arrears = ['credit_accounts', 'instalments', 'repayments'] as const

export const CREDIT_SERIES: readonly WideSeries[] = [
  ...byProduct('opened', 'credit accounts opened', 'opened', {
    tables: accounts,
    shape: 'money',
    factor: () => 'credit_history_days',
  }),
  ...byProduct('open', 'credit accounts not known to have ended before t', 'open', {
    tables: accounts,
    shape: 'standing',
    factor: () => 'credit_history_days',
  }),
  ...byProduct('closed', 'credit accounts that ended', 'closed', {
    tables: accounts,
    shape: 'standing',
    factor: () => 'promises_kept_1y',
  }),
  ...byProduct('due', 'instalments that fell due', 'due', {
    tables: ['credit_accounts', 'instalments'],
    shape: 'money',
    exposure: 'opened_credit',
    factor: () => 'promises_kept_1y',
  }),
  ...byProduct('ahead', 'instalments agreed before t that fall due from t on, in windows forward from t', 'ahead', {
    tables: ['credit_accounts', 'instalments'],
    shape: 'ahead',
    windows: [1, 3, 6, 12],
    exposure: 'opened_credit',
    factor: () => 'promises_kept_1y',
  }),
  ...byProduct('repaid', 'repayments', 'repaid', {
    tables: ['credit_accounts', 'repayments'],
    shape: 'money',
    exposure: 'opened_credit',
    factor: ofRepayments,
  }),
  ...byProduct('overdue', 'instalments that became overdue, with what was unpaid then', 'overdue', {
    tables: arrears,
    shape: 'money',
    exposure: 'due_credit',
    factor: ofArrears,
  }),
  ...byProduct('late', 'overdue instalments that were settled, with their days late', 'late', {
    tables: arrears,
    shape: 'money',
    unit: 'days',
    exposure: 'due_credit',
    factor: (_, months) => cases(months),
  }),
  ...REACHED_DAYS.map(
    (days): WideSeries => ({
      name: `reached_${days}_days`,
      about: `instalments that came to be ${days} days past due`,
      tables: arrears,
      shape: 'events',
      unit: '',
      keys: [keyOf(`reached:${days}`)],
      exposure: 'due_credit',
      ever: true,
      factor: (_, months) => REACHED[days](months),
    }),
  ),
  {
    name: 'lenders',
    about: 'different institutions with whom credit accounts were opened',
    tables: accounts,
    shape: 'distinct',
    unit: '',
    keys: [keyOf('seen:lender')],
    ever: true,
    factor: () => 'credit_history_days',
  },
  ...['any', ...ENQUIRY_PURPOSES].map(
    (purpose): WideSeries => ({
      name: `enquiries_${purpose}`,
      about: purpose === 'any' ? 'enquiries' : `enquiries with purpose ${purpose.replaceAll('_', ' ')}`,
      tables: ['enquiries'],
      shape: 'events',
      unit: '',
      keys: purpose === 'any' ? ENQUIRY_PURPOSES.map((p) => keyOf(`enquiry:${p}`)) : [keyOf(`enquiry:${purpose}`)],
      ...(purpose === 'any' ? {} : { of: 'enquiries_any' }),
      ever: true,
      factor: (_, months) => visited(months),
    }),
  ),
  ...['own', ...ENQUIRY_PURPOSES].map(
    (purpose): WideSeries => ({
      name: `institutions_${purpose}`,
      about:
        purpose === 'own'
          ? 'different institutions behind enquiries that are the person’s own doing'
          : `different institutions behind enquiries with purpose ${purpose.replaceAll('_', ' ')}`,
      tables: ['enquiries'],
      shape: 'distinct',
      unit: '',
      keys: [keyOf(`enquirer:${purpose}`)],
      ever: true,
      factor: (_, months) => visited(months),
    }),
  ),
]
