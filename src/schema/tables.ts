/**
 * The canonical tables as contracts: columns, types, units, keys, and the time each row and each cell becomes known.
 *
 * The world at t holds the rows known before t, with every cell known at or after t set to NULL. `features/asOf.ts` builds
 * that world from these contracts alone, so a column without an honest `knownAt` is a leak.
 */

import { OUTCOME_STATUSES } from './outcome.ts'
import {
  ASSET_TYPES,
  BOOKING_KINDS,
  CABINS,
  CATEGORIES,
  DIRECTIONS,
  ENQUIRY_PURPOSES,
  PRODUCTS,
  PUBLIC_RECORD_KINDS,
  REGISTRATION_KINDS,
  SCENARIOS,
} from './vocabulary.ts'

/** What a cell is; stored as `SQL_TYPES` says. Dates and times are UTC, money has two decimals. */
export type ColumnType = 'id' | 'text' | 'date' | 'timestamp' | 'money' | 'number' | 'boolean'

/** What one column of a canonical table may hold. Values outside it are rejected by reason (docs/sources.md). */
export interface ColumnContract {
  type: ColumnType
  /** money in the currency of the data set; others as named */
  unit?: string
  /** may be empty; default: every row must have a value */
  nullable?: boolean
  /** closed list */
  values?: readonly string[]
  /** lowest and highest value, both allowed */
  min?: number
  max?: number
  /** column of the same table that holds the time this cell becomes known; without it the cell is known with its row */
  knownAt?: string
  /** meaning in a few words */
  about: string
}

/** A canonical table: its columns, and what a reader of the world as of t must know about its rows. */
export interface TableContract {
  /** meaning in a few words */
  about: string
  /** columns that no two rows share */
  key: readonly string[]
  /** the column that holds the time a row becomes known, or that column of another table reached over a key */
  knownAt: { column: string } | { table: TableName; on: string; column: string }
  /** how a row belongs to a person: a column of its own, or over `credit_accounts` */
  person: { column: string } | { table: TableName; on: string; column: string }
  /** foreign keys: column -> table whose key it must be found in */
  references: Partial<Record<string, TableName>>
  /** dates of other rows' future, exempt from the extract-date check: an instalment is due later than it is agreed */
  mayLieAhead: readonly string[]
  /** name -> contract, in the order of the Parquet files */
  columns: Record<string, ColumnContract>
}

/** The thirteen canonical tables, those that others refer to first. */
export const TABLE_NAMES = [
  'people',
  'registrations',
  'transactions',
  'bookings',
  'credit_accounts',
  'instalments',
  'repayments',
  'enquiries',
  'balances',
  'contacts',
  'inferred_attributes',
  'public_records',
  'outcomes',
] as const
/** Name of a canonical table. */
export type TableName = (typeof TABLE_NAMES)[number]

const person: ColumnContract = { type: 'id', about: 'the person' }
const ownPerson = { column: 'person_id' } as const

/**
 * The contract of every canonical table. Sources are checked against it (`ingest`), the simulator writes to it, and the world
 * as of t is built from it. Closed lists stand in `vocabulary.ts`.
 */
export const TABLES: Record<TableName, TableContract> = {
  people: {
    about: 'one row a person',
    key: ['person_id'],
    knownAt: { column: 'account_opened_on' },
    person: ownPerson,
    references: {},
    mayLieAhead: [],
    columns: {
      person_id: person,
      born_on: { type: 'date', nullable: true, about: 'date of birth; protected' },
      sex: { type: 'text', nullable: true, about: 'protected' },
      account_opened_on: { type: 'date', about: 'the day the platform account was opened' },
      household_registration: { type: 'text', nullable: true, about: 'local or migrant; protected' },
    },
  },
  registrations: {
    about: 'phones, addresses, employers and the like, each with its time of validity',
    key: ['person_id', 'kind', 'valid_from'],
    knownAt: { column: 'valid_from' },
    person: ownPerson,
    references: { person_id: 'people' },
    mayLieAhead: ['valid_to'],
    columns: {
      person_id: person,
      kind: { type: 'text', values: REGISTRATION_KINDS, about: 'what is registered' },
      valid_from: { type: 'date', about: 'first day of validity' },
      value: { type: 'text', about: 'number, address, class of employer, class of occupation, district, device' },
      valid_to: {
        type: 'date',
        nullable: true,
        knownAt: 'valid_to',
        about: 'first day on which it was no longer valid',
      },
    },
  },
  transactions: {
    about: 'payments in and out',
    key: ['transaction_id'],
    knownAt: { column: 'occurred_at' },
    person: ownPerson,
    references: { person_id: 'people' },
    mayLieAhead: [],
    columns: {
      transaction_id: { type: 'id', about: 'the transaction' },
      person_id: person,
      occurred_at: { type: 'timestamp', about: 'UTC' },
      amount: { type: 'money', min: 0, about: 'never negative; the direction carries the sign' },
      direction: { type: 'text', values: DIRECTIONS, about: 'in to or out of the person’s account' },
      category: { type: 'text', nullable: true, values: CATEGORIES, about: 'goods' },
      scenario: { type: 'text', values: SCENARIOS, about: 'purpose or channel' },
      counterparty_id: { type: 'id', nullable: true, about: 'merchant or person on the other side' },
      district_id: { type: 'id', nullable: true, about: 'district of delivery or activity' },
    },
  },
  bookings: {
    about: 'travel bookings',
    key: ['booking_id'],
    knownAt: { column: 'booked_at' },
    person: ownPerson,
    references: { person_id: 'people' },
    mayLieAhead: [],
    columns: {
      booking_id: { type: 'id', about: 'the booking' },
      person_id: person,
      booked_at: { type: 'timestamp', about: 'UTC' },
      kind: { type: 'text', values: BOOKING_KINDS, about: 'flight, train or hotel' },
      international: { type: 'boolean', about: 'crosses a border' },
      cabin: { type: 'text', nullable: true, values: CABINS, about: 'class of travel; flights only' },
      fare: { type: 'money', min: 0, about: 'fare paid' },
      full_fare: { type: 'money', nullable: true, min: 0, about: 'undiscounted fare' },
    },
  },
  credit_accounts: {
    about: 'loans, cards, pay-later and deposit-free rentals',
    key: ['account_id'],
    knownAt: { column: 'opened_on' },
    person: ownPerson,
    references: { person_id: 'people' },
    mayLieAhead: ['closed_on'],
    columns: {
      account_id: { type: 'id', about: 'the credit account' },
      person_id: person,
      institution_id: { type: 'id', about: 'the lender' },
      product: { type: 'text', values: PRODUCTS, about: 'kind of credit' },
      opened_on: { type: 'date', about: 'first day' },
      closed_on: { type: 'date', nullable: true, knownAt: 'closed_on', about: 'the day it ended' },
      principal_or_limit: { type: 'money', min: 0, about: 'amount lent, or credit limit' },
    },
  },
  instalments: {
    about: 'what falls due and when; known when the account is agreed',
    key: ['account_id', 'due_on'],
    knownAt: { table: 'credit_accounts', on: 'account_id', column: 'opened_on' },
    person: { table: 'credit_accounts', on: 'account_id', column: 'person_id' },
    references: { account_id: 'credit_accounts' },
    mayLieAhead: ['due_on'],
    columns: {
      account_id: { type: 'id', about: 'the credit account' },
      due_on: { type: 'date', about: 'last day to pay in time' },
      due_amount: { type: 'money', min: 0, about: 'amount due' },
    },
  },
  repayments: {
    about: 'payments made on credit accounts; they settle the oldest instalments first',
    key: ['repayment_id'],
    knownAt: { column: 'paid_on' },
    person: { table: 'credit_accounts', on: 'account_id', column: 'person_id' },
    references: { account_id: 'credit_accounts' },
    mayLieAhead: [],
    columns: {
      repayment_id: { type: 'id', about: 'the repayment' },
      account_id: { type: 'id', about: 'the credit account' },
      paid_on: { type: 'date', about: 'the day it was paid' },
      amount: { type: 'money', min: 0, about: 'amount paid' },
    },
  },
  enquiries: {
    about: 'applications for credit and authorizations to look into the record',
    key: ['enquiry_id'],
    knownAt: { column: 'enquired_at' },
    person: ownPerson,
    references: { person_id: 'people' },
    mayLieAhead: [],
    columns: {
      enquiry_id: { type: 'id', about: 'the enquiry' },
      person_id: person,
      institution_id: { type: 'id', about: 'who asked' },
      enquired_at: { type: 'timestamp', about: 'UTC' },
      purpose: { type: 'text', values: ENQUIRY_PURPOSES, about: 'why; account_review is not the person’s own doing' },
    },
  },
  balances: {
    about: 'what a person holds; a value stands until the next of the same asset type',
    key: ['person_id', 'asset_type', 'valued_on'],
    knownAt: { column: 'valued_on' },
    person: ownPerson,
    references: { person_id: 'people' },
    mayLieAhead: [],
    columns: {
      person_id: person,
      asset_type: { type: 'text', values: ASSET_TYPES, about: 'kind of asset' },
      valued_on: { type: 'date', about: 'day of valuation' },
      value: { type: 'money', about: 'value at the end of that day; an overdrawn deposit is negative' },
      return_amount: { type: 'money', nullable: true, about: 'return since the previous valuation' },
    },
  },
  contacts: {
    about: 'who is in touch with whom',
    key: ['person_id', 'other_person_id', 'since'],
    knownAt: { column: 'since' },
    person: ownPerson,
    references: { person_id: 'people', other_person_id: 'people' },
    mayLieAhead: ['until'],
    columns: {
      person_id: person,
      other_person_id: { type: 'id', about: 'the contact' },
      since: { type: 'date', about: 'first day' },
      until: { type: 'date', nullable: true, knownAt: 'until', about: 'first day on which it was over' },
      closeness: { type: 'number', min: 0, max: 1, unit: 'share 0..1', about: 'strength of the tie' },
    },
  },
  inferred_attributes: {
    about: 'what other models claim about a person',
    key: ['person_id', 'attribute', 'known_at'],
    knownAt: { column: 'known_at' },
    person: ownPerson,
    references: { person_id: 'people' },
    mayLieAhead: [],
    columns: {
      person_id: person,
      attribute: { type: 'text', about: 'for example car_likelihood, house_likelihood' },
      known_at: { type: 'timestamp', about: 'UTC' },
      value: { type: 'number', about: 'the level claimed' },
      produced_by: { type: 'text', nullable: true, about: 'the model that claims it' },
    },
  },
  public_records: {
    about: 'public credit information of the twelve kinds',
    key: ['record_id'],
    knownAt: { column: 'recorded_on' },
    person: ownPerson,
    references: { person_id: 'people' },
    mayLieAhead: ['confirmed_on'],
    columns: {
      record_id: { type: 'id', about: 'the record' },
      person_id: person,
      kind: { type: 'text', values: PUBLIC_RECORD_KINDS, about: 'one of the twelve kinds' },
      item: { type: 'text', about: 'what is recorded' },
      recorded_on: { type: 'date', about: 'day of recording' },
      source: { type: 'text', nullable: true, about: 'authority' },
      confirmed_by: {
        type: 'text',
        nullable: true,
        knownAt: 'confirmed_on',
        about: 'court or authority that confirmed it',
      },
      confirmed_on: { type: 'date', nullable: true, knownAt: 'confirmed_on', about: 'day of confirmation' },
    },
  },
  outcomes: {
    about: 'labels; never read by a factor',
    key: ['person_id', 'observation_date'],
    knownAt: { column: 'observation_date' },
    person: ownPerson,
    references: { person_id: 'people' },
    mayLieAhead: ['observation_date'],
    columns: {
      person_id: person,
      observation_date: { type: 'date', about: 'the day t of the observation' },
      status: { type: 'text', values: OUTCOME_STATUSES, about: 'by the definition' },
      definition: { type: 'text', about: 'name of the outcome definition' },
    },
  },
}

/** The DuckDB type that stores a column. */
export const SQL_TYPES: Record<ColumnType, string> = {
  id: 'VARCHAR',
  text: 'VARCHAR',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  money: 'DECIMAL(18,2)',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
}
