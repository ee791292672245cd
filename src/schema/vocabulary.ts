/** Closed lists of the canonical tables. A source maps its own codes to these; `other` takes what fits nowhere. */

/** Into or out of the person’s account. */
export const DIRECTIONS = ['in', 'out'] as const

/** What a payment was for: the channel or purpose, not the goods. */
export const SCENARIOS = [
  'online_shopping',
  'offline_retail',
  'food_delivery',
  'dining',
  'groceries',
  'transport',
  'ride_hailing',
  'travel_booking',
  'utilities',
  'phone_topup',
  'rent',
  'healthcare',
  'education',
  'entertainment',
  'insurance',
  'government_fees',
  'donation',
  'bank_fees',
  'penalty_interest',
  'cash_withdrawal',
  'transfer',
  'investment',
  'repayment',
  'salary',
  'pension',
  'interest',
  'cash_deposit',
  'loan_disbursement',
  'refund',
  'other',
  'card_withdrawal',
] as const
export type Scenario = (typeof SCENARIOS)[number]

/** Outflow with one of these scenarios is a payment but not consumption. */
export const NOT_CONSUMPTION: readonly Scenario[] = ['transfer', 'investment', 'repayment']

/** Charges that the bank imposes: outflow, but not a use of payment that a person chooses. */
export const IMPOSED: readonly Scenario[] = ['bank_fees', 'penalty_interest']

/** What was bought. */
export const CATEGORIES = [
  'baby_products',
  'games',
  'furniture',
  'cars',
  'travel',
  'charity',
  'groceries',
  'clothing',
  'electronics',
  'household_goods',
  'books',
  'beauty',
  'sports',
  'health',
  'dining',
  'alcohol_tobacco',
  'jewelry',
  'pets',
  'services',
  'housing',
  'utilities',
  'telecom',
  'transport',
  'education',
  'insurance',
  'finance',
  'other',
] as const
export type Category = (typeof CATEGORIES)[number]

/** Kinds of credit. Days past due, outcomes and eligibility count all of them. */
export const PRODUCTS = ['loan', 'credit_card', 'pay_later', 'rental'] as const

/** What a person can hold. */
export const ASSET_TYPES = [
  'cash',
  'deposit',
  'money_market_fund',
  'stock_fund',
  'bond_fund',
  'wealth_product',
  'insurance_investment',
  'house',
  'car',
] as const
/** Assets that count as liquid. */
export const LIQUID_ASSETS = ['cash', 'deposit', 'money_market_fund'] as const
/** Assets whose return is that of a financial product. */
export const FINANCIAL_PRODUCTS = ['stock_fund', 'bond_fund', 'wealth_product', 'insurance_investment'] as const

export const REGISTRATION_KINDS = ['phone', 'address', 'employer', 'occupation', 'district', 'device'] as const

export const EMPLOYER_TYPES = ['public', 'listed', 'small_firm', 'self_employed', 'unknown'] as const
export const OCCUPATIONS = [
  'professional',
  'technician',
  'clerical',
  'sales_service',
  'manufacturing',
  'agriculture',
  'public_service',
  'student',
  'unemployed',
  'other',
] as const

export const BOOKING_KINDS = ['flight', 'train', 'hotel'] as const
export const CABINS = ['economy', 'business', 'first'] as const
export const ENQUIRY_PURPOSES = ['application', 'authorization', 'account_review'] as const

/** The twelve kinds of public credit information. */
export const PUBLIC_RECORD_KINDS = [
  'basic_registry',
  'judicial',
  'administrative',
  'professional_title',
  'irregular_business_list',
  'seriously_untrustworthy_list',
  'contract_performance',
  'credit_pledge',
  'credit_assessment',
  'compliance',
  'honor',
  'voluntary',
] as const
