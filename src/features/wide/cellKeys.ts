/** The numbers by which cells are told apart: one for every direction, category and scenario of transactions, and named ones after them. */
import {
  ASSET_TYPES,
  CABINS,
  CATEGORIES,
  DIRECTIONS,
  EMPLOYER_TYPES,
  ENQUIRY_PURPOSES,
  FINANCIAL_PRODUCTS,
  OCCUPATIONS,
  PRODUCTS,
  REGISTRATION_KINDS,
  SCENARIOS,
} from '../../schema/vocabulary.ts'

/** Months of slices: 365 / 12 days each, back from t; the slice after the last one holds everything older. */
export const MONTHS = 24
export const SLICES = MONTHS + 1
/** The days of all months: two years to the day. */
export const DAYS = (365 * MONTHS) / 12

/** Where a transaction has no category. */
const NO_CATEGORY = CATEGORIES.length
const OF_A_DIRECTION = (CATEGORIES.length + 1) * SCENARIOS.length
/** Keys of transactions: 0 .. TRANSACTION_KEYS - 1. */
export const TRANSACTION_KEYS = DIRECTIONS.length * OF_A_DIRECTION

/** @param category null where there is none */
export const transactionKey = (direction: string, category: string | null, scenario: string): number =>
  DIRECTIONS.indexOf(direction as never) * OF_A_DIRECTION +
  (category === null ? NO_CATEGORY : CATEGORIES.indexOf(category as never)) * SCENARIOS.length +
  SCENARIOS.indexOf(scenario as never)

/** SQL of the same number; `category` and `scenario` are positions in the lists, NULL for no category. */
export const transactionKeySql = (direction: string, category: string, scenario: string): string =>
  `(CASE WHEN ${direction} = 'in' THEN 0 ELSE ${OF_A_DIRECTION} END + coalesce(${category}, ${NO_CATEGORY}) * ${SCENARIOS.length} + ${scenario})`

const each = (prefix: string, values: readonly string[]): string[] => values.map((v) => `${prefix}:${v}`)

/** What happens to credit of a product. */
export const CREDIT_EVENTS = ['opened', 'open', 'closed', 'due', 'ahead', 'repaid', 'overdue', 'late'] as const
/** Attributes that other models claim and the catalogue knows. */
export const CLAIMS = ['car_likelihood', 'house_likelihood'] as const
/** Days past due of M1, M3 and M6. */
export const REACHED_DAYS = [30, 90, 180] as const
/** Where a flight flies, a train runs, a hotel stands. */
export const BORDERS = ['domestic', 'international'] as const
/** Cabins, and flights without one. */
export const CABINS_OR_NONE = [...CABINS, 'none'] as const

/** All other keys, in the order of their numbers. */
const NAMES = [
  // different things that were seen, in the latest slice in which they were
  ...each('seen', ['district', 'payee', 'payer', 'scenario', 'category', 'lender']),
  ...BORDERS.flatMap((border) => [...each(`flight:${border}`, CABINS_OR_NONE), `train:${border}`, `hotel:${border}`]),
  'fare:paid',
  'fare:full',
  ...CREDIT_EVENTS.flatMap((what) => each(what, PRODUCTS)),
  ...each('reached', REACHED_DAYS.map(String)),
  ...each('enquiry', ENQUIRY_PURPOSES),
  ...each('enquirer', ENQUIRY_PURPOSES),
  'enquirer:own',
  ...each('level', ASSET_TYPES),
  ...each('return', FINANCIAL_PRODUCTS),
  ...each('claim', CLAIMS),
  ...['registered', 'ended', 'present', 'value'].flatMap((what) => each(what, REGISTRATION_KINDS)),
  ...each('employer', EMPLOYER_TYPES),
  ...each('occupation', OCCUPATIONS),
  ...each('contact', ['new', 'ended', 'present', 'close', 'overdue']),
  'account',
]
/** Names of keys that have one, with their numbers. */
export const keyNames: readonly (readonly [name: string, key: number])[] = NAMES.map((name, i) => [
  name,
  TRANSACTION_KEYS + i,
])
const numbers = new Map(keyNames)

/** How many keys there are. */
export const KEYS = TRANSACTION_KEYS + NAMES.length

/** The number of a named key, as in `opened:loan`. */
export const keyOf = (name: string): number => {
  const found = numbers.get(name)
  if (found === undefined) throw new Error(`no cells are called ${name}`)
  return found
}

/** A kind of transactions: those of one key. */
export interface TransactionKind {
  direction: (typeof DIRECTIONS)[number]
  category: string | null
  scenario: string
}

/** Every kind with its key, listed once: hundreds of series choose among them while this package is loaded. */
const KINDS: readonly { kind: TransactionKind; key: number }[] = DIRECTIONS.flatMap((direction) =>
  [...CATEGORIES, null].flatMap((category) =>
    SCENARIOS.map((scenario) => ({
      kind: { direction, category, scenario },
      key: transactionKey(direction, category, scenario),
    })),
  ),
)

/** Keys of transactions that a rule takes. */
export const transactionKeys = (takes: (kind: TransactionKind) => boolean): number[] => {
  const keys: number[] = []
  for (const { kind, key } of KINDS) if (takes(kind)) keys.push(key)
  return keys
}
