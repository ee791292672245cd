/** Applications and authorizations, which rise with appetite and distress, and the lenders' own account reviews. */
import { ENQUIRY_PURPOSES } from '../schema/vocabulary.ts'
import type { Random } from '../util/random.ts'
import type { Clock } from './clock.ts'
import { drawLender } from './credit.ts'
import type { CreditFlow } from './creditRows.ts'
import type { Months } from './months.ts'
import type { Person } from './person.ts'
import type { Rows } from './rows.ts'

const APPLICATION = ENQUIRY_PURPOSES.indexOf('application')
const AUTHORIZATION = ENQUIRY_PURPOSES.indexOf('authorization')
const REVIEW = ENQUIRY_PURPOSES.indexOf('account_review')

/** Seconds of a day by working hours in China, as UTC. */
const officeSecond = (r: Random): number => Math.floor((1 + 10 * r.next()) * 3600)

/** @param random the person's stream; @param flow what `writeCredit` left. Writes until the extract date. */
export const simulateEnquiries = (
  random: Random,
  person: Person,
  months: Months,
  clock: Clock,
  flow: CreditFlow,
  rows: Rows,
): void => {
  const r = random.fork('enquiries')
  let sequence = 0
  const add = (day: number, lender: number, purpose: number): void => {
    if (day < clock.sparseDay) return
    rows.add(person.index, sequence++, lender, day * 86_400 + officeSecond(r), purpose)
  }
  for (let k = 0; k < flow.openings.length; k += 2)
    if (r.next() < 0.7) add(flow.openings[k]! - 1 - r.integer(6), flow.openings[k + 1]!, APPLICATION)
  for (let m = Math.max(0, clock.monthOf(person.opened) + 1); m < clock.count; m++) {
    const rate = 0.1 * Math.exp(0.45 * person.hunger + 0.15 * person.leverage + 0.5 * months.stress[m]!)
    for (let n = r.poisson(Math.min(rate, 4)); n > 0; n--)
      add(clock.start[m]! + r.integer(28), drawLender(r, r.integer(4)), r.next() < 0.6 ? APPLICATION : AUTHORIZATION)
    if (person.bank && r.next() < 0.08) add(clock.start[m]! + r.integer(28), drawLender(r, 0), REVIEW)
  }
}
