/** The raw files of the Berka set as contracts, and how each column is read. */
import type { ColumnContract } from '../schema/tables.ts'
import { OPERATIONS, SYMBOLS, TRANSACTION_TYPES } from './berkaCodes.ts'
import type { CheckedContract } from './checks.ts'
import type { ColumnSource } from './validate.ts'

export interface BerkaFile {
  contract: CheckedContract
  sources: Record<string, ColumnSource>
}

/** First day of the bank's records, and the first day after them. */
export const FIRST_DAY = '1993-01-01'
export const EXTRACT_DATE = '1999-01-01'

const id = (about: string, nullable = false): ColumnContract => ({ type: 'id', about, nullable })
const money = (about: string, min?: number): ColumnContract =>
  min === undefined ? { type: 'money', about } : { type: 'money', min, about }
const code = (values: readonly string[], about: string, nullable = false): ColumnContract => ({
  type: 'text',
  values,
  about,
  nullable,
})
const day = (about: string): ColumnContract => ({ type: 'date', about })
const contract = (
  key: string,
  columns: Record<string, ColumnContract>,
  references: CheckedContract['references'] = {},
): CheckedContract => ({ key: [key], references, mayLieAhead: [], columns })

/** YYMMDD of the twentieth century; a time of day behind it (card.issued) is midnight and carries nothing. */
const shortDay = (column: string): ColumnSource => ({
  from: column,
  sql: `CASE WHEN "${column}" SIMILAR TO '[0-9]{6}( 00:00:00)?' THEN '19' || left("${column}", 6) ELSE 'x' || "${column}" END`,
  format: '%Y%m%d',
})
const same = (...columns: string[]): Record<string, ColumnSource> =>
  Object.fromEntries(columns.map((c) => [c, { from: c }]))
/** Whole numbers that went through floating point: "123.0". */
const whole = (column: string): ColumnSource => ({
  from: column,
  sql: `regexp_replace("${column}", '\\.0+$', '')`,
})

export const ACCOUNT: BerkaFile = {
  contract: contract('account_id', { account_id: id('account'), date: day('day of opening') }),
  sources: { ...same('account_id'), date: shortDay('date') },
}

const BIRTH = '"birth_number"'
const MONTH = `TRY_CAST(substr(${BIRTH}, 3, 2) AS INTEGER)`
/** YYMMDD of birth, the month plus 50 for women. */
export const CLIENT: BerkaFile = {
  contract: contract('client_id', {
    client_id: id('client'),
    born_on: day('day of birth'),
    sex: code(['female', 'male'], 'from the month of birth'),
  }),
  sources: {
    ...same('client_id'),
    born_on: {
      from: 'birth_number',
      sql: `'19' || left(${BIRTH}, 2) || lpad((CASE WHEN ${MONTH} > 50 THEN ${MONTH} - 50 ELSE ${MONTH} END)::VARCHAR, 2, '0') || substr(${BIRTH}, 5)`,
      format: '%Y%m%d',
    },
    sex: { from: 'birth_number', sql: `CASE WHEN ${MONTH} > 50 THEN 'female' ELSE 'male' END` },
  },
}

export const DISP: BerkaFile = {
  contract: contract(
    'disp_id',
    {
      disp_id: id('right of disposal'),
      client_id: id('client'),
      account_id: id('account'),
      type: code(['OWNER', 'DISPONENT'], 'only the owner can take a loan'),
    },
    { client_id: 'client', account_id: 'account' },
  ),
  sources: same('disp_id', 'client_id', 'account_id', 'type'),
}

export const LOAN: BerkaFile = {
  contract: contract(
    'loan_id',
    {
      loan_id: id('loan'),
      account_id: id('account'),
      date: day('day of granting'),
      amount: money('amount lent', 0),
      status: code(['A', 'B', 'C', 'D'], 'how it went'),
    },
    { account_id: 'account' },
  ),
  sources: { ...same('loan_id', 'account_id', 'amount', 'status'), date: shortDay('date') },
}

export const CARD: BerkaFile = {
  contract: contract(
    'card_id',
    {
      card_id: id('card'),
      disp_id: id('holder'),
      type: code(['junior', 'classic', 'gold'], 'kind'),
      issued: day('day of issue'),
    },
    { disp_id: 'disp' },
  ),
  sources: { ...same('card_id', 'disp_id', 'type'), issued: shortDay('issued') },
}

const unknown = (column: string): ColumnSource => ({ from: column, sql: `nullif(trim("${column}"), '?')` })
const number = (about: string): ColumnContract => ({ type: 'number', about, nullable: true, min: 0 })
/** Checked, not carried over: the figures are of 1995 and 1996, after many of the loans. */
export const DISTRICT: BerkaFile = {
  contract: contract('A1', {
    A1: id('district'),
    A2: { type: 'text', about: 'name' },
    A12: number('unemployment rate 1995'),
    A15: number('crimes 1995'),
  }),
  sources: { ...same('A1', 'A2'), A12: unknown('A12'), A15: unknown('A15') },
}

const TRANSACTION = contract(
  'trans_id',
  {
    trans_id: id('transaction'),
    account_id: id('account'),
    date: day('day of booking'),
    type: code(TRANSACTION_TYPES, 'credit or debit'),
    operation: code(OPERATIONS, 'how', true),
    amount: money('never negative', 0),
    balance: money('after the transaction'),
    k_symbol: code(SYMBOLS, 'what for', true),
    bank: id('bank of the other side', true),
    account: id('account of the other side', true),
  },
  { account_id: 'account' },
)
const TRANSACTION_SOURCES: Record<string, ColumnSource> = {
  ...same('trans_id', 'type', 'operation', 'amount', 'balance', 'k_symbol', 'bank'),
  account_id: whole('account_id'),
  account: { from: 'account', sql: `nullif(regexp_replace("account", '\\.0+$', ''), '0')` },
}
/** trans.asc: semicolons, YYMMDD. */
export const TRANS_RAW: BerkaFile = {
  contract: TRANSACTION,
  sources: { ...TRANSACTION_SOURCES, date: shortDay('date') },
}
/** trans_preloan_*.csv: commas, ISO days, whole numbers as floating point, amounts in whole crowns. */
export const TRANS_PRELOAN: BerkaFile = {
  contract: TRANSACTION,
  sources: { ...TRANSACTION_SOURCES, date: { from: 'date' } },
}
