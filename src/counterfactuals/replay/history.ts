/**
 * What one person has done and been, as far as it was known before the day of observation: rows of the canonical tables in plain numbers.
 * Days count from 1970, times are microseconds, money is in cents: everything that a recipe compares is a whole number.
 */
import type { TableName } from '../../schema/tables.ts'

/** A canonical table of which a history has rows. */
export type HistoryTable = Exclude<TableName, 'public_records' | 'outcomes'>

/** Tables that factors of a person are made from; of others only contacts and their credit are read, and never changed. */
export const HISTORY_TABLES: readonly HistoryTable[] = [
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
]

/** A row; `own` is its position among the person's own rows of the table, -1 for a row that a recipe has written. */
export interface OwnRow {
  own: number
}

export interface PersonRow extends OwnRow {
  account_opened_on: number
}
export interface Registration extends OwnRow {
  kind: string
  valid_from: number
  value: string
  valid_to: number | null
}
export interface Transaction extends OwnRow {
  transaction_id: string
  occurred_at: number
  amount: number
  direction: string
  category: string | null
  scenario: string
  counterparty_id: string | null
  district_id: string | null
}
export interface Booking extends OwnRow {
  booking_id: string
  booked_at: number
  kind: string
  international: number
  cabin: string | null
  fare: number
  full_fare: number | null
}
export interface CreditAccount extends OwnRow {
  account_id: string
  institution_id: string
  product: string
  opened_on: number
  closed_on: number | null
  principal_or_limit: number
}
export interface Instalment extends OwnRow {
  account_id: string
  due_on: number
  due_amount: number
}
export interface Repayment extends OwnRow {
  repayment_id: string
  account_id: string
  paid_on: number
  amount: number
}
export interface Enquiry extends OwnRow {
  enquiry_id: string
  institution_id: string
  enquired_at: number
  purpose: string
}
export interface Balance extends OwnRow {
  asset_type: string
  valued_on: number
  value: number
  return_amount: number | null
}

/** Rows of one person by table. */
export interface History {
  /** the day of observation: only what is before it is known */
  day: number
  people: PersonRow[]
  registrations: Registration[]
  transactions: Transaction[]
  bookings: Booking[]
  credit_accounts: CreditAccount[]
  instalments: Instalment[]
  repayments: Repayment[]
  enquiries: Enquiry[]
  balances: Balance[]
  contacts: OwnRow[]
  inferred_attributes: OwnRow[]
}

/** A copy that may be changed without changing the first. */
export const copyHistory = (history: History): History => {
  const copied: Record<string, unknown> = { day: history.day }
  for (const table of HISTORY_TABLES) copied[table] = history[table].map((row) => ({ ...row }))
  return copied as unknown as History
}

/** Microseconds of a day. */
export const DAY = 86_400_000_000
const SLICE = (365 * DAY) / 12

/** Microseconds from a time to the day of observation; more than 0 for what is known. */
export const ageOf = ({ day }: Pick<History, 'day'>, time: number): number => day * DAY - time

/** Which twelfth of a year back from the observation a thing of this age (microseconds) lies in: 0 is the latest. */
export const sliceOf = (age: number): number => Math.floor((age - 1) / SLICE)

/** The twelfth of a year that a day lies in, by whole days of age. */
export const sliceOfDays = (days: number): number => sliceOf(days * DAY)

/** Noon of the day that is so many days before the observation. */
export const noon = ({ day }: Pick<History, 'day'>, days: number): number => (day - days) * DAY + DAY / 2

/** An id for a row that is written here: different from all others of the person. */
export const newId = (kind: string, number: number): string => `replay-${kind}-${number}`
