/**
 * Days past due of one credit account, from what fell due and what was paid: the readable twin of the SQL that derives
 * outcomes. Repayments settle the oldest instalments first (FIFO).
 *
 * The world on day d holds what was paid before d. So an instalment due on u and settled on s counts as unpaid on the days
 * u + 1 to s, and is d - u days past due on day d; it reaches s - u.
 */

/** What fell due, or was paid, on a day. */
export interface Amount {
  /** any day count, the same for dues and payments */
  day: number
  /** integer minor units */
  amount: number
}

/** Day on which each due is settled, in the order of `dues`; Infinity where it is not. Both lists ascend by day. */
export const settlementDays = (dues: readonly Amount[], payments: readonly Amount[]): number[] => {
  let owed = 0
  let paid = 0
  let next = 0
  let day = Number.NEGATIVE_INFINITY
  return dues.map((due) => {
    owed += due.amount
    while (paid < owed && next < payments.length) {
      paid += payments[next]!.amount
      day = payments[next]!.day
      next++
    }
    return paid >= owed ? day : Number.POSITIVE_INFINITY
  })
}

/** Days past due on day `at`: the age of the oldest due that payments before `at` do not cover; 0 if there is none. */
export const daysPastDue = (dues: readonly Amount[], payments: readonly Amount[], at: number): number => {
  const settled = settlementDays(dues, payments)
  let worst = 0
  dues.forEach((due, k) => {
    if (due.day < at && settled[k]! >= at) worst = Math.max(worst, at - due.day)
  })
  return worst
}

/** The worst days past due on any day from `from` to `to`, both included. */
export const worstDaysPastDue = (
  dues: readonly Amount[],
  payments: readonly Amount[],
  from: number,
  to: number,
): number => {
  const settled = settlementDays(dues, payments)
  let worst = 0
  dues.forEach((due, k) => {
    const last = Math.min(settled[k]!, to)
    if (due.day < to && last >= from) worst = Math.max(worst, last - due.day)
  })
  return worst
}
