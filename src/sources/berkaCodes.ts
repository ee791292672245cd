/**
 * The codes of the Berka bank (PKDD'99 Discovery Challenge, financial data) in the words of the canonical tables.
 * Czech terms: PRIJEM credit, VYDAJ debit, VYBER withdrawal in cash, VKLAD deposit in cash, PREVOD transfer.
 */
import type { Category, Scenario } from '../schema/vocabulary.ts'

export const TRANSACTION_TYPES = ['PRIJEM', 'VYDAJ', 'VYBER'] as const
export const OPERATIONS = ['VYBER KARTOU', 'VKLAD', 'PREVOD Z UCTU', 'VYBER', 'PREVOD NA UCET'] as const
export const SYMBOLS = ['POJISTNE', 'SLUZBY', 'UROK', 'SANKC. UROK', 'SIPO', 'DUCHOD', 'UVER'] as const

export interface CodeRule {
  symbol?: (typeof SYMBOLS)[number]
  operation?: (typeof OPERATIONS)[number]
  scenario: Scenario
  category: Category | null
}

/**
 * The first rule that fits counts: what a payment is for (k_symbol) goes before how it was made (operation).
 * SIPO is the one monthly collection of rent, electricity, gas, water and broadcasting fees of a household; its parts
 * cannot be told apart, so it is `utilities` with the category `housing`, and never `rent`.
 * Cash drawn by card is a scenario of its own: it says that a card is held and used, as VYBER at the counter does not.
 * A transfer in without a symbol may be a salary or not; nothing in the data says so: it stays `transfer`.
 */
export const CODE_RULES: readonly CodeRule[] = [
  { symbol: 'SANKC. UROK', scenario: 'penalty_interest', category: 'finance' },
  { symbol: 'UROK', scenario: 'interest', category: null },
  { symbol: 'SLUZBY', scenario: 'bank_fees', category: 'finance' },
  { symbol: 'POJISTNE', scenario: 'insurance', category: 'insurance' },
  { symbol: 'SIPO', scenario: 'utilities', category: 'housing' },
  { symbol: 'DUCHOD', scenario: 'pension', category: null },
  { symbol: 'UVER', scenario: 'repayment', category: 'finance' },
  { operation: 'VKLAD', scenario: 'cash_deposit', category: null },
  { operation: 'VYBER', scenario: 'cash_withdrawal', category: null },
  { operation: 'VYBER KARTOU', scenario: 'card_withdrawal', category: null },
  { operation: 'PREVOD Z UCTU', scenario: 'transfer', category: null },
  { operation: 'PREVOD NA UCET', scenario: 'transfer', category: null },
]

/** A finished and paid, C running and in order; B finished and unpaid, D running and in debt. */
export const LOAN_STATUS = { A: 'good', C: 'good', B: 'bad', D: 'bad' } as const

/** SHA-256 of the files as they circulate; a difference is warned of, not refused. */
export const KNOWN_SHA256: Record<string, string> = {
  'account.asc': '58d7f50abd72e9b1a5568346f74bb54cd71224ee1db9f09a27d7cac563f38cc6',
  'card.asc': 'fc669bde6adf6457d87421c0bfb218e9c384a7032c6accd348d207a405e72109',
  'client.asc': 'e435c6b92d246f4f0dfd5e2827469d745c06238714c32b3ffb415eebe794e1a7',
  'disp.asc': 'ebd801f77b6d322e8ebc08e52f188e7c8fca539325f85f57f8c73434da9d32d8',
  'district.asc': '7f03cf3b9b82f0fdcc3abdf6cc716f145db8e9875c68e2d2e2f7151e9ecf4df3',
  'loan.asc': '68535f609a254aa7a3f03dd8e27dcb822b532df12a0d6046f0666b8dc0b8ae8e',
  'trans_preloan_1.csv.gz': '7190bfd5a7c5ad467c4ceb9ab819df6cae69e37c95ec0dfa8241d86c9bf13360',
  'trans_preloan_2.csv.gz': '1d790d32caf6fdc84d97201f70b7d3231555f56a481364ef59e52c4d11c45c34',
}
