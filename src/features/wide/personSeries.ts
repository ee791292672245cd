/** Series of everything else: bookings, balances, claims of other models, registrations, contacts, the platform account. */
import {
  ASSET_TYPES,
  EMPLOYER_TYPES,
  FINANCIAL_PRODUCTS,
  LIQUID_ASSETS,
  OCCUPATIONS,
  REGISTRATION_KINDS,
} from '../../schema/vocabulary.ts'
import { BORDERS, CABINS_OR_NONE, CLAIMS, keyOf } from './cellKeys.ts'
import { byWindow, type WideSeries } from './wideSeries.ts'

const words = (name: string): string => name.replaceAll('_', ' ')
const money = { shape: 'money', unit: 'money', ever: false } as const
const bookings = { ...money, tables: ['bookings'] } as const

const flights = (borders: readonly string[], cabins: readonly string[]): number[] =>
  borders.flatMap((border) => cabins.map((cabin) => keyOf(`flight:${border}:${cabin}`)))

const flight = (name: string, about: string, keys: readonly number[], factor: string, of?: string): WideSeries => ({
  ...bookings,
  name,
  about,
  keys,
  ...(of ? { of } : {}),
  ...(name.includes('class') ? { fills: [{ table: 'bookings', column: 'cabin' }] } : {}),
  factor: () => factor,
})

const BOOKING_SERIES: readonly WideSeries[] = [
  flight('flights', 'flights booked', flights(BORDERS, CABINS_OR_NONE), 'flights_1y'),
  flight(
    'flights_international',
    'international flights booked',
    flights(['international'], CABINS_OR_NONE),
    'international_flights_1y',
    'flights',
  ),
  flight(
    'flights_business_class',
    'domestic flights booked in business class',
    flights(['domestic'], ['business']),
    'business_class_flights_1y',
    'flights',
  ),
  flight(
    'flights_first_class',
    'domestic flights booked in first class',
    flights(['domestic'], ['first']),
    'first_class_flights_1y',
    'flights',
  ),
  ...(['train', 'hotel'] as const).map(
    (kind): WideSeries => ({
      ...bookings,
      name: `${kind}s`,
      about: `${kind}s booked`,
      keys: BORDERS.map((border) => keyOf(`${kind}:${border}`)),
      factor: () => 'travel_share_1y',
    }),
  ),
  {
    ...bookings,
    name: 'full_fares',
    about: 'full fares of domestic flights that state one above 0',
    fills: [{ table: 'bookings', column: 'full_fare' }],
    keys: [keyOf('fare:full')],
    factor: () => 'mean_fare_discount_1y',
  },
  {
    ...bookings,
    name: 'fares_paid',
    about: 'fares paid for domestic flights that state a full fare above 0',
    fills: [{ table: 'bookings', column: 'full_fare' }],
    keys: [keyOf('fare:paid')],
    of: 'full_fares',
    factor: () => 'mean_fare_discount_1y',
  },
]

const liquidByWindow = byWindow(
  [1, 'mean_liquid_assets_1m'],
  [3, 'mean_liquid_assets_3m'],
  [6, 'mean_liquid_assets_6m'],
  [25, 'mean_liquid_assets_1y'],
)
const ofAsset = (asset: string, months: number): string => {
  if (asset === 'house') return 'house_likelihood'
  if (asset === 'car') return 'car_likelihood'
  return (FINANCIAL_PRODUCTS as readonly string[]).includes(asset) ? 'product_return_1y' : liquidByWindow(months)
}
const level = { shape: 'level', unit: 'money', tables: ['balances'], ever: false } as const

const BALANCE_SERIES: readonly WideSeries[] = [
  ...ASSET_TYPES.map(
    (asset): WideSeries => ({
      ...level,
      name: `balance_${asset}`,
      about: `value of ${words(asset)}`,
      keys: [keyOf(`level:${asset}`)],
      factor: (_, months) => ofAsset(asset, months),
    }),
  ),
  {
    ...level,
    name: 'balance_liquid',
    about: 'value of liquid assets, of those with a known value',
    keys: [],
    members: LIQUID_ASSETS.map((asset) => `balance_${asset}`),
    factor: (_, months) => liquidByWindow(months),
  },
  {
    ...level,
    name: 'balance_products',
    about: 'value of financial products, of those with a known value',
    keys: [],
    members: FINANCIAL_PRODUCTS.map((asset) => `balance_${asset}`),
    factor: () => 'product_return_1y',
  },
  ...['products', ...FINANCIAL_PRODUCTS].map(
    (asset): WideSeries => ({
      ...money,
      tables: ['balances'],
      fills: [{ table: 'balances', column: 'return_amount' }],
      name: `returns_${asset}`,
      about: `returns on ${asset === 'products' ? 'financial products' : words(asset)}`,
      keys: asset === 'products' ? FINANCIAL_PRODUCTS.map((a) => keyOf(`return:${a}`)) : [keyOf(`return:${asset}`)],
      ...(asset === 'products' ? {} : { of: 'returns_products' }),
      factor: () => 'product_return_1y',
    }),
  ),
  ...CLAIMS.map(
    (claim): WideSeries => ({
      name: `claimed_${claim}`,
      about: `level of ${words(claim)} as another model claims it`,
      tables: ['inferred_attributes'],
      shape: 'level',
      unit: 'level',
      keys: [keyOf(`claim:${claim}`)],
      ever: true,
      factor: () => claim,
    }),
  ),
]

const KIND_FACTOR = {
  phone: 'phone_numbers_1y',
  address: 'address_tenure_days',
  employer: 'employer_type',
  occupation: 'occupation',
  district: 'address_tenure_days',
  device: 'phone_numbers_1y',
} as const
const registrations = { tables: ['registrations'], unit: '', ever: true } as const

const REGISTRATION_SERIES: readonly WideSeries[] = [
  ...REGISTRATION_KINDS.flatMap((kind): WideSeries[] => [
    {
      ...registrations,
      name: `registered_${kind}`,
      about: `registrations of kind ${kind} that began`,
      shape: 'events',
      keys: [keyOf(`registered:${kind}`)],
      factor: () => KIND_FACTOR[kind],
    },
    {
      ...registrations,
      name: `ended_${kind}`,
      about: `registrations of kind ${kind} that ended before t`,
      shape: 'events',
      keys: [keyOf(`ended:${kind}`)],
      factor: () => KIND_FACTOR[kind],
    },
    {
      ...registrations,
      name: `present_${kind}`,
      about: `registrations of kind ${kind} not known to have ended before t`,
      shape: 'standing',
      keys: [keyOf(`present:${kind}`)],
      factor: () => (kind === 'phone' ? 'phone_tenure_days' : KIND_FACTOR[kind]),
    },
    {
      ...registrations,
      name: `values_${kind}`,
      about: `different values registered as ${kind}`,
      shape: 'distinct',
      keys: [keyOf(`value:${kind}`)],
      factor: () => KIND_FACTOR[kind],
    },
  ]),
  ...EMPLOYER_TYPES.map(
    (type): WideSeries => ({
      ...registrations,
      name: `employer_is_${type}`,
      about: `present employer of class ${words(type)}`,
      shape: 'flag',
      exposure: 'present_employer',
      keys: [keyOf(`employer:${type}`)],
      factor: () => 'employer_type',
    }),
  ),
  ...OCCUPATIONS.map(
    (type): WideSeries => ({
      ...registrations,
      name: `occupation_is_${type}`,
      about: `present occupation of class ${words(type)}`,
      shape: 'flag',
      exposure: 'present_occupation',
      keys: [keyOf(`occupation:${type}`)],
      factor: () => 'occupation',
    }),
  ),
  {
    name: 'platform_account',
    about: 'opening of the platform account',
    tables: ['people'],
    shape: 'age',
    unit: '',
    keys: [keyOf('account')],
    ever: true,
    factor: () => 'account_age_days',
  },
]

const contacts = { tables: ['contacts'], ever: true } as const

const CONTACT_SERIES: readonly WideSeries[] = [
  {
    ...contacts,
    name: 'contacts_new',
    about: 'contacts that began, with their closeness',
    shape: 'money',
    unit: 'closeness',
    keys: [keyOf('contact:new')],
    factor: () => 'contact_stability_1y',
  },
  {
    ...contacts,
    name: 'contacts_ended',
    about: 'contacts that ended before t, with their closeness',
    shape: 'money',
    unit: 'closeness',
    keys: [keyOf('contact:ended')],
    factor: () => 'contact_stability_1y',
  },
  {
    ...contacts,
    name: 'contacts_present',
    about: 'contacts not known to have ended before t, with their closeness',
    shape: 'standing',
    unit: 'closeness',
    keys: [keyOf('contact:present')],
    factor: () => 'contact_stability_1y',
  },
  {
    ...contacts,
    name: 'contacts_close',
    about: 'contacts of closeness 0.5 or more not known to have ended before t',
    shape: 'standing',
    unit: 'closeness',
    keys: [keyOf('contact:close')],
    factor: () => 'contact_stability_1y',
  },
  {
    name: 'contacts_overdue',
    about: 'present contacts with an instalment that became overdue in the window',
    tables: ['contacts', 'credit_accounts', 'instalments', 'repayments'],
    ever: true,
    shape: 'distinct',
    unit: '',
    keys: [keyOf('contact:overdue')],
    exposure: 'contacts_present',
    factor: () => 'credit_environment_index',
  },
]

export const PERSON_SERIES: readonly WideSeries[] = [
  ...BOOKING_SERIES,
  ...BALANCE_SERIES,
  ...REGISTRATION_SERIES,
  ...CONTACT_SERIES,
]
