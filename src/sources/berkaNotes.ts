/** What a reader of any page about the Berka set must know. */
import type { Engine } from '../engines/engine.ts'
import type { OutcomeDefinition } from '../schema/outcome.ts'
import { OUTCOME_NAME } from './berkaTables.ts'

/**
 * The source states outcomes, not arrears in days. The window is the longest term of a loan (60 months): no loan's
 * outcome is sure to be known earlier, so a split by time has no training rows here, and should have none.
 */
export const berkaOutcome: OutcomeDefinition = {
  name: OUTCOME_NAME,
  text: 'Every loan granted is eligible. Bad: finished and not paid (status B), or running and in debt (D). Good: finished and paid (A), or running and in order (C). The status is that of the end of 1998, whatever the age of the loan.',
  performanceWindowDays: 1826,
  badDaysPastDue: 0,
  indeterminateDaysPastDue: 0,
  eligibleWindowDays: 0,
}

export const berkaNotes = async (
  engine: Engine,
  have: { preloan: boolean; cards: boolean; district: boolean },
): Promise<string[]> => {
  const [censored] = await engine.rows<{ n: number; running: number; bad: number }>(
    `SELECT count(*) FILTER (WHERE status = 'C' AND date >= DATE '1998-01-01') AS n, count(*) FILTER (WHERE status IN ('C', 'D')) AS running, count(*) FILTER (WHERE status IN ('B', 'D')) AS bad FROM loan`,
  )
  const notes = [
    'A person is the owner of an account; people who may only dispose of it (DISPONENT) are left out, and who shares an account with whom is not dated.',
    'The loan is a credit account from its own date on, so it is invisible at the observation. Its amount, term and instalment are terms of the offer, not behavior before it.',
    `Right-censored: ${censored!.running} of the loans still run at the end of 1998 (status C or D); ${censored!.n} of status C were granted in 1998 and had less than a year to go bad.`,
    'Standing orders (order) are left out: they have no date, and an order for a loan payment (UVER) is a consequence of the loan.',
    'No instalments and repayments: the source dates neither due dates nor arrears. Factors on overdue payments are missing.',
    'SIPO, the collective household payment (rent, energy, fees), is scenario utilities with category housing; it cannot be told apart.',
    'Transfers in without a symbol may be salaries; nothing says so, so they are transfers.',
    'VYBER as a type is a debit like VYDAJ. Empty and blank k_symbol mean none. Payments carry a day and no time: midnight UTC.',
    'Balances are the account balance at the end of each day with a booking, ordered within the day by the running balance (transaction numbers do not give that order); asset type deposit, negative when overdrawn. return_amount is the interest credited that day.',
    'The districts of clients and accounts are undated (as of the extract) and are left out, as are the district figures of 1995 and 1996.',
    `Sex and birth date come from birth_number and are protected: read by audits only. With ${censored!.bad} bad loans every measure has a wide interval (about 0.04 either way on an AUC with 76).`,
  ]
  if (have.cards)
    notes.push(
      'Cards are credit accounts (the source calls them credit cards) from the day of issue; most on loan accounts come after the loan and are invisible at it. The source states no limit, and use is debited from the account at once: the limit is 0. Cards of disponents are left out.',
    )
  if (have.district)
    notes.push('A "?" among the figures of a district (unemployment and crime of 1995) is read as missing.')
  if (have.preloan)
    notes.push(
      'The transactions are those before the loan of the people with a loan, rounded to whole crowns. People without a loan have none here: their factors would be wrong, so score only the observations.',
    )
  return notes
}
