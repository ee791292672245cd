/** The dense months of one person: pay, bills, purchases, transfers, journeys, and the cash side of credit. */
import { PRODUCTS } from '../schema/vocabulary.ts'
import type { Random } from '../util/random.ts'
import { regularPayments } from './bills.ts'
import type { Clock } from './clock.ts'
import type { Contact } from './community.ts'
import type { CreditFlow } from './creditRows.ts'
import { everydayPayments } from './everyday.ts'
import { journeys } from './journeys.ts'
import { body, Ledger, purpose } from './ledger.ts'
import { episodeAt, type Months } from './months.ts'
import type { PopulationRows } from './partWriter.ts'
import { MEDIAN_INCOME, type Person } from './person.ts'
import { drawHabits } from './spending.ts'

const PENALTY = purpose('out', 'finance', 'penalty_interest')
const REPAYMENT = purpose('out', 'finance', 'repayment')
const DISBURSEMENT = purpose('in', 'finance', 'loan_disbursement')
const BANK_PRODUCTS = [PRODUCTS.indexOf('loan'), PRODUCTS.indexOf('credit_card')]

/** @param random the person's stream. Writes transactions and bookings of the dense months. */
export const simulateTransactions = (
  random: Random,
  person: Person,
  months: Months,
  contacts: readonly Contact[],
  flow: CreditFlow,
  clock: Clock,
  rows: PopulationRows,
): void => {
  const r = random.fork('transactions')
  const ledger = new Ledger(r, person.index, rows.transactions)
  const habits = drawHabits(random.fork('habits'), person)
  const wealth = (person.income / MEDIAN_INCOME) ** 0.45
  const parts = [
    regularPayments(ledger, person, months, clock, wealth),
    everydayPayments(ledger, person, months, contacts, clock, wealth, habits),
    journeys(ledger, person, clock, wealth, habits.uses('travel_booking'), rows.bookings),
  ]
  const owes = person.bank || person.payLaterRate > 0
  const first = Math.max(clock.dense, clock.monthOf(person.opened) + 1)
  for (let m = first; m < clock.last; m++) {
    for (const part of parts) part(m)
    const start = clock.start[m]!
    if (owes && episodeAt(months, start) && r.next() < 0.25)
      ledger.add(PENALTY, start + r.integer(28), 25 * wealth * Math.exp(0.6 * r.normal()), body(23))
  }

  const seen = (day: number) => day >= clock.start[first]! && day < clock.lastDay
  const { repaid, disbursed } = flow
  for (let k = 0; k < repaid.length; k += 4) {
    const [day, cents, lender, product] = [repaid[k]!, repaid[k + 1]!, repaid[k + 2]!, repaid[k + 3]!]
    // every other bank is paid from an account elsewhere
    if (seen(day) && (lender % 2 === 0 || !BANK_PRODUCTS.includes(product)))
      ledger.add(REPAYMENT, day, cents / 100, body(40 + lender))
  }
  for (let k = 0; k < disbursed.length; k += 3)
    if (seen(disbursed[k]!))
      ledger.add(DISBURSEMENT, disbursed[k]!, disbursed[k + 1]! / 100, body(40 + disbursed[k + 2]!))
}
