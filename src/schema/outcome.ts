/** How good and bad are told apart. Sources with labels of their own bring their own text. */
export interface OutcomeDefinition {
  name: string
  /** one or two sentences, printed on every page */
  text: string
  performanceWindowDays: number
  badDaysPastDue: number
  indeterminateDaysPastDue: number
  /** an obligation must fall due in [t, t + eligibleWindowDays) */
  eligibleWindowDays: number
}

export const OUTCOME_STATUSES = ['good', 'bad', 'indeterminate', 'excluded', 'not_eligible'] as const
export type OutcomeStatus = (typeof OUTCOME_STATUSES)[number]

/** The definition of design section 2: the Basel notion of default, 90 days past due within a year. */
export const DEFAULT_OUTCOME: OutcomeDefinition = {
  name: 'dpd90-365',
  text: 'Eligible: an obligation (loan, card, pay-later, rental) falls due within 275 days of the observation date. Excluded: 90 or more days past due at the observation date. Bad: 90 or more days past due within 365 days. Indeterminate: worst arrears of 30 to 89 days. Good: otherwise.',
  performanceWindowDays: 365,
  badDaysPastDue: 90,
  indeterminateDaysPastDue: 30,
  eligibleWindowDays: 275,
}
