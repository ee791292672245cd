/** Pay and other regular income, rent and bills: what comes every month. */
import type { Clock } from './clock.ts'
import { body, type Ledger, purpose } from './ledger.ts'
import type { Months } from './months.ts'
import { logistic, type Person, SELF_EMPLOYED, STUDENT, UNEMPLOYED } from './person.ts'

const PENSION = purpose('in', 'finance', 'pension')
const SALARY = purpose('in', 'finance', 'salary')
const ALLOWANCE = purpose('in', 'other', 'transfer')
const EARNINGS = purpose('in', 'services', 'other')
const RENT = purpose('out', 'housing', 'rent')
const UTILITIES = purpose('out', 'utilities', 'utilities')
const TOPUP = purpose('out', 'telecom', 'phone_topup')
const DONATION = purpose('out', 'charity', 'donation')
const INSURANCE = purpose('out', 'insurance', 'insurance')
const TREATMENT = purpose('out', 'health', 'healthcare')
const INTEREST = purpose('in', 'finance', 'interest')

/** Draws what stays the same for a person; the returned function writes one month. */
export const regularPayments = (
  ledger: Ledger,
  person: Person,
  months: Months,
  clock: Clock,
  wealth: number,
): ((m: number) => void) => {
  const r = ledger.random
  const payDay = r.integer(28)
  // whose pay comes into the platform account: more often those without a better account elsewhere
  const linked = r.next() < logistic(0.05 - 0.3 * person.capacity - 0.15 * person.willingness)
  const employed =
    person.occupation !== STUDENT && person.occupation !== UNEMPLOYED && person.employer !== SELF_EMPLOYED
  const employer = body(100 + (person.index % 900))
  const rent =
    !person.house && r.next() < 0.4 ? person.income * (0.16 + 0.12 * r.next()) * (0.86 + 0.06 * person.household) : 0
  const utility = r.next() < 0.8 ? 85 * Math.exp(0.5 * r.normal()) * (0.68 + 0.18 * person.household) : 0
  const topups = 0.65 * Math.exp(0.45 * r.normal())
  const topup = [20, 30, 50, 100][r.integer(4)]!
  // those who give often give in every third month or more often, others hardly ever
  const donations = person.donor ? Math.min(0.8, 0.28 * Math.exp(0.4 * Math.max(0, person.generosity))) : 0.01
  const insured = r.next() < 0.3

  return (m) => {
    const start = clock.start[m]!
    const length = clock.start[m + 1]! - start
    const anyDay = () => start + r.integer(length)
    const income = person.income * months.incomeShare[m]!
    if (person.ageYears > 61) ledger.add(PENSION, start + payDay, 0.7 * income, body(1))
    else if (person.occupation === STUDENT) ledger.add(ALLOWANCE, anyDay(), income, body(2))
    else if (linked && employed && months.jobless[m] === 0) ledger.add(SALARY, start + payDay, income, employer)
    else if (linked)
      for (let n = 1 + r.integer(3); n > 0; n--)
        ledger.add(EARNINGS, anyDay(), (income / 2) * Math.exp(0.4 * r.normal()), body(50 + r.integer(40)))

    if (rent > 0) ledger.add(RENT, start + r.integer(5), rent, body(3))
    if (utility > 0 && r.next() < 0.9)
      ledger.add(UTILITIES, start + 4 + r.integer(10), utility * Math.exp(0.25 * r.normal()), body(4), person.district)
    for (let n = r.poisson(topups); n > 0; n--) ledger.add(TOPUP, anyDay(), topup, body(5))
    if (r.next() < donations) ledger.add(DONATION, anyDay(), 18 * Math.exp(0.9 * r.normal()), body(6))
    if (insured && r.next() < 0.25) ledger.add(INSURANCE, anyDay(), 190 * wealth * Math.exp(0.5 * r.normal()), body(7))
    if (months.ill[m] === 1)
      ledger.add(TREATMENT, anyDay(), 480 * wealth * Math.exp(0.8 * r.normal()), body(8), person.district)
    if (clock.season[m]! % 3 === 2)
      ledger.add(INTEREST, start + length - 9, 6 * wealth * Math.exp(r.normal()), body(22))
  }
}
