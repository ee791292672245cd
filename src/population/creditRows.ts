/** The accounts of a life as rows: the whole schedule as agreed, and the payments made before the extract date. */
import type { Clock } from './clock.ts'
import { type Account, type Credit, LOAN } from './credit.ts'
import { NEVER } from './months.ts'
import type { PopulationRows } from './partWriter.ts'
import type { Person } from './person.ts'
import { NONE } from './rows.ts'

/** Cash movements that credit causes, for the transaction table. Reused from person to person. */
export interface CreditFlow {
  /** day, cents, lender, product */
  repaid: number[]
  disbursed: number[]
  /** day and lender of each opening */
  openings: number[]
}

export const makeFlow = (): CreditFlow => ({ repaid: [], disbursed: [], openings: [] })

/** An account ends when all of it is settled, written off or not: while claims run it stays open. */
const closedOn = (account: Account, clock: Clock, lastDue: number): number => {
  if (account.unpaid > 0 || account.previous === NEVER) return NONE
  const settled = Math.max(account.previous, lastDue)
  return settled < clock.extractDay ? settled : NONE
}

/** Writes the accounts of one person and fills `flow`. */
export const writeCredit = (
  person: Person,
  credit: Credit,
  clock: Clock,
  rows: PopulationRows,
  flow: CreditFlow,
): void => {
  flow.repaid.length = 0
  flow.disbursed.length = 0
  flow.openings.length = 0
  for (const account of credit.accounts) {
    const { sequence, lender, product, opened, dueDay, count, dueCents, amountCents, payDays, payCents } = account
    for (let j = 1; j <= count; j++)
      rows.instalments.add(person.index, sequence, clock.sameDayLater(opened, dueDay, j), dueCents)
    const closed = closedOn(account, clock, clock.sameDayLater(opened, dueDay, count))
    rows.credit_accounts.add(person.index, sequence, lender, product, opened, closed, amountCents)
    flow.openings.push(opened, lender)
    if (product === LOAN) flow.disbursed.push(opened, amountCents, lender)
    for (let k = 0; k < payDays.length; k++) {
      rows.repayments.add(person.index, sequence, k, payDays[k]!, payCents[k]!)
      flow.repaid.push(payDays[k]!, payCents[k]!, lender, product)
    }
  }
}
