/** How good and bad are told apart. Sources with labels of their own bring their own text. */
export interface OutcomeDefinition {
  /** short name, kept with every label */
  name: string
  /** what good and bad mean in words, printed wherever results are */
  text: string
  /** W: outcomes are decided on the days of [t, t + W); 0 where the source does not say */
  performanceWindowDays: number
  /** days past due from which an observation is bad; 0 where the source brings labels of its own */
  badDaysPastDue: number
  /** days past due from which it is neither good nor bad; 0 where the source brings labels of its own */
  indeterminateDaysPastDue: number
  /** an obligation of an account, opened before or after t, must fall due in [t, t + eligibleWindowDays); 0: no such rule */
  eligibleWindowDays: number
}

/** Every status that an observation can have, one of them each. Models are trained on good and bad. */
export const OUTCOME_STATUSES = ['good', 'bad', 'indeterminate', 'excluded', 'not_eligible'] as const
/** One of `OUTCOME_STATUSES`; what each means is up to the `OutcomeDefinition`. */
export type OutcomeStatus = (typeof OUTCOME_STATUSES)[number]

/**
 * 90 or more days past due within a year, after the days-past-due criterion of Regulation (EU) No 575/2013, article 178(1)(b)
 * (there: more than 90 days), without its materiality threshold and its other signs of default. Windows are half-open: bad on
 * some day of [t, t + 365), eligible by what falls due in [t, t + 275).
 */
export const DEFAULT_OUTCOME: OutcomeDefinition = {
  name: 'dpd90-365',
  text: 'Eligible: an obligation (loan, card, pay-later, rental) falls due within 275 days of the observation date. Excluded: 90 or more days past due at the observation date. Bad: 90 or more days past due within 365 days. Indeterminate: worst arrears of 30 to 89 days. Good: otherwise.',
  performanceWindowDays: 365,
  badDaysPastDue: 90,
  indeterminateDaysPastDue: 30,
  eligibleWindowDays: 275,
}

/** Bad and good as they are drawn for `simulate --outcome declared`; who is eligible stays as it is by the payments. */
export const DECLARED_OUTCOME: OutcomeDefinition = {
  ...DEFAULT_OUTCOME,
  name: 'declared-1',
  text: 'Bad: drawn with the probability that the declared function, version 1, gives for the factors at t. No payment after t decides. Eligible and excluded: as by payments, an obligation due in [t, t + 275 d) and not 90 or more days past due at t. Nobody is indeterminate.',
}
