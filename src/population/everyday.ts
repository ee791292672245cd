/** Purchases with their weekly and yearly rhythm, transfers between people, cash, and savings. */
import { DIRECTIONS } from '../schema/vocabulary.ts'
import type { Clock } from './clock.ts'
import { COMMUNITY, type Contact } from './community.ts'
import { body, type Ledger, MERCHANTS, otherPerson, type Purpose, purpose } from './ledger.ts'
import type { Months } from './months.ts'
import { CITY_DISTRICTS, DISTRICTS, type Person } from './person.ts'
import { NONE } from './rows.ts'
import type { Habits, Purchase } from './spending.ts'

const RECEIVED = purpose('in', 'other', 'transfer')
const SENT = purpose('out', 'other', 'transfer')
const WITHDRAWAL = purpose('out', 'finance', 'cash_withdrawal')
const CASH_IN = purpose('in', 'finance', 'cash_deposit')
const INVESTMENT = purpose('out', 'finance', 'investment')
const FEES = purpose('out', 'services', 'government_fees')
const REFUND = purpose('in', 'other', 'refund').scenario
const IN = DIRECTIONS.indexOf('in')
const OUT = DIRECTIONS.indexOf('out')

/** Purchases by calendar month: the new year and the November sales. */
const SEASON = [1.15, 0.92, 0.95, 0.96, 1, 1.06, 0.97, 0.97, 1.02, 1.04, 1.24, 1.12]
const SHOPS = 24

/** Draws what stays the same for a person; the returned function writes one month. */
export const everydayPayments = (
  ledger: Ledger,
  person: Person,
  months: Months,
  contacts: readonly Contact[],
  clock: Clock,
  wealth: number,
  habits: Habits,
): ((m: number) => void) => {
  const r = ledger.random
  const city = person.district - (person.district % CITY_DISTRICTS)
  // places where things are delivered or done: home, and more for the restless
  const places = [person.district, person.district]
  for (let n = r.poisson(1.3 * Math.exp(-0.4 * person.stability + 0.1 * person.churn)); n > 0; n--)
    places.push(city + r.integer(CITY_DISTRICTS))
  const shops = Array.from({ length: SHOPS }, () => 1 + Math.floor(MERCHANTS * r.next() ** 2))
  const purchases = 6.7 * Math.exp(0.26 * person.digital + 0.3 * r.normal() - 0.08)
  // bounded: the amounts are exponential in it
  const wobble = Math.min(0.8, 0.26 * Math.exp(-0.4 * person.willingness - 0.3 * person.stability + 0.3 * r.normal()))
  const transfers = 1.15 * Math.exp(0.15 * person.digital + 0.35 * person.churn + 0.35 * r.normal())
  const passing = Math.exp(0.6 * person.churn + 0.4 * r.normal())
  const community = person.index - (person.index % COMMUNITY)
  const place = person.index - community
  /** anybody of the community but the person */
  const stranger = (): number => {
    const k = r.integer(COMMUNITY - 1)
    return community + (k < place ? k : k + 1)
  }
  const purchase: Purchase = { category: 0, scenario: 0, yuan: 0 }
  const bought: Purpose = { direction: OUT, category: 0, scenario: 0 }
  const known: number[] = []

  return (m) => {
    const start = clock.start[m]!
    const length = clock.start[m + 1]! - start
    const anyDay = () => start + r.integer(length)
    const strain = months.stress[m]!

    const mean = purchases * SEASON[clock.season[m]!]! * Math.exp(-0.1 * strain)
    const scale = wealth * Math.exp(wobble * r.normal() - 0.12 * strain)
    for (let n = r.poisson(mean); n > 0; n--) {
      habits.draw(r, scale, purchase)
      let day = anyDay()
      // Saturdays and Sundays are busier; day 0 was a Thursday, so day + 3 is 5 or 6 modulo 7
      if ((day + 3) % 7 < 5 && r.next() < 0.12) day = anyDay()
      const away = r.next()
      const near = places[Math.floor((away / 0.985) * places.length)]
      const district = near ?? r.integer(DISTRICTS)
      bought.direction = OUT
      bought.category = purchase.category
      bought.scenario = purchase.scenario
      const shop = shops[r.integer(SHOPS)]!
      ledger.add(bought, day, purchase.yuan, shop, district)
      if (purchase.yuan > 60 && r.next() < 0.03) {
        bought.direction = IN
        bought.scenario = REFUND
        ledger.add(bought, Math.min(day + 1 + r.integer(6), clock.lastDay - 1), purchase.yuan, shop)
      }
    }

    known.length = 0
    for (const c of contacts) if (c.since <= start && (c.until === NONE || c.until > start)) known.push(c.other)
    for (let n = r.poisson(transfers); n > 0; n--) {
      const friend = known.length > 0 && r.next() < 0.75 ? known[r.integer(known.length)]! : stranger()
      const yuan = 150 * wealth * passing * Math.exp(0.9 * r.normal())
      ledger.add(r.next() < 0.5 ? RECEIVED : SENT, anyDay(), yuan, otherPerson(friend))
    }
    if (r.next() < 0.3) ledger.add(WITHDRAWAL, anyDay(), 100 * (1 + r.integer(10)), body(20))
    // people under strain bring in cash and sell things
    if (r.next() < 0.08 + 0.05 * Math.max(0, strain) + 0.04 * Math.max(0, person.churn))
      ledger.add(CASH_IN, anyDay(), 700 * wealth * passing * Math.exp(0.6 * r.normal()), body(20))
    if (person.literacy > 0.4 && r.next() < 0.35)
      ledger.add(INVESTMENT, anyDay(), 350 * wealth * Math.exp(0.7 * r.normal()), body(21))
    if (r.next() < 0.06 && habits.uses('government_fees'))
      ledger.add(FEES, anyDay(), 90 * Math.exp(0.6 * r.normal()), body(9))
  }
}
