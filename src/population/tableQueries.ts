/** How integer columns become the canonical tables: one query a table, run inside the COPY that writes the Parquet file. */

import { literal } from '../engines/sql.ts'
import type { TableName } from '../schema/tables.ts'
import {
  ASSET_TYPES,
  BOOKING_KINDS,
  CABINS,
  CATEGORIES,
  DIRECTIONS,
  EMPLOYER_TYPES,
  ENQUIRY_PURPOSES,
  OCCUPATIONS,
  PRODUCTS,
  PUBLIC_RECORD_KINDS,
  REGISTRATION_KINDS,
  SCENARIOS,
} from '../schema/vocabulary.ts'
import { paymentParts } from './paymentCode.ts'
import { DISTRICTS } from './person.ts'
import { NONE } from './rows.ts'

/** Tables that the simulator writes: all but the outcomes, which are derived from them. */
export type SimulatedTable = Exclude<TableName, 'outcomes'>

/** Ids have a fixed width without padding: 'P' followed by 10000000 + index. */
export const MAX_PEOPLE = 80_000_000
export const FIRST_ID = 10_000_000
/** Rows a person may have in one table; part of the ids of transactions and the like. */
export const MAX_SEQUENCE = 100_000

/** What courts, authorities and associations write into public records, by position of the kind. */
const RECORD_ITEMS = PUBLIC_RECORD_KINDS.map((kind) => `${kind.replaceAll('_', ' ')} entry`)
const RECORD_SOURCES = ['district court', 'market supervision', 'tax authority', 'industry association'] as const
export const RECORD_SOURCE_COUNT = RECORD_SOURCES.length
const PAYMENT = paymentParts('code')
const DISTRICT_IDS = Array.from({ length: DISTRICTS }, (_, k) => `D${1000 + k}`)
export const INFERRED = ['car_likelihood', 'house_likelihood'] as const

const texts = (labels: readonly string[]): string => labels.map(literal).join(', ')
/** The label of a code, as text; NULL for NONE. A list is looked up in half the time of a CASE with a branch a label. */
const label = (column: string, labels: readonly string[]): string => `([${texts(labels)}])[${column} + 1]`
/** The same as an enumeration, which Parquet holds as text and writes from its dictionary: a quarter less time for transactions. */
const coded = (column: string, labels: readonly string[]): string =>
  `([${texts(labels)}]::ENUM(${texts(labels)})[])[${column} + 1]`
const id = (letter: string, column: string): string => `'${letter}' || (${FIRST_ID} + ${column})`
export const personId = (column = 'person'): string => id('P', column)
const serialId = (letter: string, size: number): string =>
  `'${letter}' || ((${FIRST_ID} + person)::BIGINT * ${size} + sequence)`
const optional = (column: string, value: string): string => `CASE WHEN ${column} > ${NONE} THEN ${value} END`
const day = (column: string): string => `DATE '1970-01-01' + ${column}`
const moment = (column: string): string => `epoch_ms(${column}::BIGINT * 1000)`
const money = (column: string): string => `(${column} * 0.01::DECIMAL(3, 2))::DECIMAL(18, 2)`
const institution = (column: string): string => `'I' || (100 + ${column})`
const account = serialId('A', 1000)

interface TableQuery {
  /** integer columns, in the order in which `Rows.add` takes them */
  columns: readonly string[]
  /** column of the canonical table -> expression, which may depend on how many people are written */
  select: Record<string, string | ((people: number) => string)>
}

export const TABLE_QUERIES: Record<SimulatedTable, TableQuery> = {
  people: {
    columns: ['person', 'born', 'sex', 'opened', 'migrant'],
    select: {
      person_id: personId(),
      born_on: day('born'),
      sex: coded('sex', ['male', 'female']),
      account_opened_on: day('opened'),
      household_registration: coded('migrant', ['local', 'migrant']),
    },
  },
  registrations: {
    columns: ['person', 'kind', 'valid_from_day', 'code', 'valid_to_day'],
    select: {
      person_id: personId(),
      kind: coded('kind', REGISTRATION_KINDS),
      valid_from: day('valid_from_day'),
      value: `CASE kind WHEN 0 THEN '1' || (3000000000 + person::BIGINT * 97 + code * 7919)
        WHEN 1 THEN 'address ' || (${FIRST_ID} + person) || '-' || code
        WHEN 2 THEN ${label('code', EMPLOYER_TYPES)} WHEN 3 THEN ${label('code', OCCUPATIONS)}
        WHEN 4 THEN 'D' || (1000 + code) ELSE 'device ' || (${FIRST_ID} + person) || '-' || code END`,
      valid_to: optional('valid_to_day', day('valid_to_day')),
    },
  },
  transactions: {
    columns: ['person', 'sequence', 'second', 'cents', 'code', 'counterparty'],
    select: {
      transaction_id: serialId('T', MAX_SEQUENCE),
      person_id: personId(),
      occurred_at: moment('second'),
      amount: money('cents'),
      direction: coded(PAYMENT.direction, DIRECTIONS),
      category: coded(PAYMENT.category, CATEGORIES),
      scenario: coded(PAYMENT.scenario, SCENARIOS),
      // merchants are 1, 2, ...; the person with index k is -1 - k, and X instead of P when nobody of that number is written
      counterparty_id: (people) => `CASE WHEN counterparty > 0 THEN 'M' || (1000000 + counterparty)
        WHEN counterparty > ${NONE} THEN
          CASE WHEN -1 - counterparty < ${people} THEN 'P' ELSE 'X' END || (${FIRST_ID} - 1 - counterparty) END`,
      district_id: coded(PAYMENT.district, DISTRICT_IDS),
    },
  },
  bookings: {
    columns: ['person', 'sequence', 'second', 'kind', 'international', 'cabin', 'fare_cents', 'full_cents'],
    select: {
      booking_id: serialId('B', MAX_SEQUENCE),
      person_id: personId(),
      booked_at: moment('second'),
      kind: coded('kind', BOOKING_KINDS),
      international: 'international = 1',
      cabin: coded('cabin', CABINS),
      fare: money('fare_cents'),
      full_fare: optional('full_cents', money('full_cents')),
    },
  },
  credit_accounts: {
    columns: ['person', 'sequence', 'lender', 'product', 'opened', 'closed', 'cents'],
    select: {
      account_id: account,
      person_id: personId(),
      institution_id: institution('lender'),
      product: coded('product', PRODUCTS),
      opened_on: day('opened'),
      closed_on: optional('closed', day('closed')),
      principal_or_limit: money('cents'),
    },
  },
  instalments: {
    columns: ['person', 'sequence', 'due', 'cents'],
    select: { account_id: account, due_on: day('due'), due_amount: money('cents') },
  },
  repayments: {
    columns: ['person', 'sequence', 'number', 'paid', 'cents'],
    select: {
      repayment_id: `${serialId('R', 1000)} || '-' || number`,
      account_id: account,
      paid_on: day('paid'),
      amount: money('cents'),
    },
  },
  enquiries: {
    columns: ['person', 'sequence', 'lender', 'second', 'purpose'],
    select: {
      enquiry_id: serialId('E', MAX_SEQUENCE),
      person_id: personId(),
      institution_id: institution('lender'),
      enquired_at: moment('second'),
      purpose: coded('purpose', ENQUIRY_PURPOSES),
    },
  },
  balances: {
    columns: ['person', 'asset', 'valued', 'cents', 'return_cents'],
    select: {
      person_id: personId(),
      asset_type: coded('asset', ASSET_TYPES),
      valued_on: day('valued'),
      value: money('cents'),
      return_amount: optional('return_cents', money('return_cents')),
    },
  },
  contacts: {
    columns: ['person', 'other', 'since_day', 'until_day', 'thousandths'],
    select: {
      person_id: personId(),
      other_person_id: personId('other'),
      since: day('since_day'),
      until: optional('until_day', day('until_day')),
      closeness: 'thousandths::DOUBLE / 1000',
    },
  },
  inferred_attributes: {
    columns: ['person', 'code', 'second', 'level'],
    select: {
      person_id: personId(),
      attribute: coded('code', INFERRED),
      known_at: moment('second'),
      value: 'level::DOUBLE',
      produced_by: `'simulated-inference-1'`,
    },
  },
  public_records: {
    columns: ['person', 'sequence', 'kind', 'recorded', 'authority', 'confirmed'],
    select: {
      record_id: serialId('L', MAX_SEQUENCE),
      person_id: personId(),
      kind: coded('kind', PUBLIC_RECORD_KINDS),
      item: coded('kind', RECORD_ITEMS),
      recorded_on: day('recorded'),
      source: coded('authority', RECORD_SOURCES),
      confirmed_by: optional('confirmed', coded('authority', RECORD_SOURCES)),
      confirmed_on: optional('confirmed', day('confirmed')),
    },
  },
}

/** In the order of `TABLE_QUERIES`. */
export const SIMULATED_TABLES = Object.keys(TABLE_QUERIES) as SimulatedTable[]

/**
 * The query that turns the integers of `relation` into the canonical table. It needs no ORDER BY: rows are appended person by
 * person, by one thread, and a query over one table keeps the order in which its rows were stored. @param people how many are
 * written: somebody beyond them is outside of the data.
 */
export const tableQuery = (table: SimulatedTable, relation: string, people: number): string =>
  `SELECT ${Object.entries(TABLE_QUERIES[table].select)
    .map(([name, sql]) => `${typeof sql === 'string' ? sql : sql(people)} AS ${name}`)
    .join(', ')} FROM ${relation}`
