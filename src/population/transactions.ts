/** The dense months of one person: pay, bills, purchases, transfers, journeys, and the cash side of credit. */
import { BOOKING_KINDS, CABINS, DIRECTIONS, PRODUCTS } from '../schema/vocabulary.ts'
import type { Random } from '../util/random.ts'
import type { Clock } from './clock.ts'
import { COMMUNITY, type Contact } from './community.ts'
import type { CreditFlow } from './credit.ts'
import { episodeAt, type Months } from './months.ts'
import type { PopulationRows } from './partWriter.ts'
import { CITY_DISTRICTS, DISTRICTS, type Person, STUDENT, UNEMPLOYED } from './person.ts'
import { NONE } from './rows.ts'
import { category, drawHabits, type Purchase, scenario } from './spending.ts'

const IN = DIRECTIONS.indexOf('in')
const OUT = DIRECTIONS.indexOf('out')
const [FLIGHT, TRAIN, HOTEL] = ['flight', 'train', 'hotel'].map((k) => BOOKING_KINDS.indexOf(k as never)) as [
  number,
  number,
  number,
]
const [ECONOMY, BUSINESS, FIRST] = CABINS.map((_, k) => k) as [number, number, number]
const LOAN = PRODUCTS.indexOf('loan')
const CARD = PRODUCTS.indexOf('credit_card')

/** Purchases by calendar month: the new year and the November sales. */
const SEASON = [1.15, 0.92, 0.95, 0.96, 1, 1.06, 0.97, 0.97, 1.02, 1.04, 1.24, 1.12]
const MERCHANTS = 40_000
/** Employers, utilities and the like as counterparties, above the merchants. */
const BODIES = MERCHANTS + 1
const MAX_YUAN = 10_000_000

/** Second of the day (UTC) by 64 equal shares of a day's activity; China is eight hours ahead. */
const SECONDS = (() => {
  const byHour = [5, 6, 6, 7, 9, 8, 6, 6, 6, 7, 9, 10, 10, 8, 6, 4, 2, 1, 0.5, 0.3, 0.3, 0.5, 1, 3]
  const total = byHour.reduce((a, b) => a + b, 0)
  const edges = new Float64Array(65)
  let hour = 0
  let before = 0
  for (let k = 0; k <= 64; k++) {
    const target = (total * k) / 64
    while (hour < 23 && before + byHour[hour]! < target) before += byHour[hour++]!
    edges[k] = 3600 * (hour + Math.min(1, (target - before) / byHour[hour]!))
  }
  return edges
})()
const secondOfDay = (r: Random): number => {
  const u = 64 * r.next()
  const k = Math.floor(u)
  return Math.floor(SECONDS[k]! + (u - k) * (SECONDS[k + 1]! - SECONDS[k]!))
}

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
  const out = rows.transactions
  const bookings = rows.bookings
  const habits = drawHabits(random.fork('habits'), person)
  const purchase: Purchase = { category: 0, scenario: 0, yuan: 0 }
  let sequence = 0
  let booked = 0
  const add = (
    day: number,
    direction: number,
    goods: number,
    purpose: number,
    yuan: number,
    other: number,
    district: number,
  ) =>
    out.add(
      person.index,
      sequence++,
      day * 86_400 + secondOfDay(r),
      Math.max(1, Math.round(100 * Math.min(yuan, MAX_YUAN))),
      direction,
      goods,
      purpose,
      other,
      district,
    )

  const wealth = Math.sqrt(person.income / 5600)
  const city = person.district - (person.district % CITY_DISTRICTS)
  // places where things are delivered or done: home, work, and more for the restless
  const places = [person.district, person.district]
  for (let n = r.poisson(1.3 * Math.exp(-0.4 * person.stability + 0.1 * person.churn)); n > 0; n--)
    places.push(city + r.integer(CITY_DISTRICTS))
  const shops = Array.from({ length: 24 }, () => 1 + Math.floor(MERCHANTS * r.next() ** 2))
  const purchases = 6.3 * Math.exp(0.28 * person.digital + 0.1 * person.capacity + 0.3 * r.normal() - 0.08)
  const wobble = 0.2 * Math.exp(-0.28 * person.willingness - 0.25 * person.stability + 0.3 * r.normal())
  const payDay = r.integer(28)
  const paid = person.occupation !== STUDENT && person.occupation !== UNEMPLOYED && person.employer !== 3
  const pensioner = person.ageYears > 61
  const rent = !person.house && r.next() < 0.4 ? person.income * (0.16 + 0.12 * r.next()) : 0
  const utility = r.next() < 0.8 ? 85 * Math.exp(0.5 * r.normal()) * (1 + 0.3 * person.family) : 0
  const topups = 0.65 * Math.exp(0.45 * r.normal())
  const topup = [20, 30, 50, 100][r.integer(4)]!
  const donations = person.generosity > 0.3 ? 0.12 * Math.exp(0.7 * person.generosity) : 0.01
  const transfers = 1 * Math.exp(0.25 * person.digital + 0.2 * person.churn + 0.35 * r.normal())
  const passing = Math.exp(0.55 * person.churn + 0.4 * r.normal())
  const insured = r.next() < 0.3
  const flies = habits.uses('travel_booking') ? 0.075 * Math.exp(0.75 * person.travel) : 0.01
  const first = Math.max(clock.dense, clock.monthOf(person.opened) + 1)
  const community = person.index - (person.index % COMMUNITY)

  for (let m = first; m < clock.last; m++) {
    const start = clock.start[m]!
    const length = clock.start[m + 1]! - start
    const anyDay = () => start + r.integer(length)
    const strain = months.stress[m]!
    const income = person.income * months.incomeShare[m]!

    if (pensioner)
      add(start + (payDay % length), IN, category('finance'), scenario('pension'), 0.7 * income, BODIES + 1, NONE)
    else if (paid && months.jobless[m] === 0)
      add(
        start + (payDay % length),
        IN,
        category('finance'),
        scenario('salary'),
        income,
        BODIES + 10 + (person.index % 900),
        NONE,
      )
    else if (person.occupation === STUDENT)
      add(anyDay(), IN, category('other'), scenario('transfer'), income, BODIES + 2, NONE)
    else
      for (let n = 1 + r.integer(3); n > 0; n--)
        add(
          anyDay(),
          IN,
          category('services'),
          scenario('other'),
          (income / 2) * Math.exp(0.4 * r.normal()),
          shops[r.integer(24)]!,
          NONE,
        )

    if (rent > 0) add(start + r.integer(5), OUT, category('housing'), scenario('rent'), rent, BODIES + 3, NONE)
    if (utility > 0 && r.next() < 0.9)
      add(
        start + 4 + r.integer(10),
        OUT,
        category('utilities'),
        scenario('utilities'),
        utility * Math.exp(0.25 * r.normal()),
        BODIES + 4,
        person.district,
      )
    for (let n = r.poisson(topups); n > 0; n--)
      add(anyDay(), OUT, category('telecom'), scenario('phone_topup'), topup, BODIES + 5, NONE)
    if (r.next() < donations)
      add(anyDay(), OUT, category('charity'), scenario('donation'), 18 * Math.exp(0.9 * r.normal()), BODIES + 6, NONE)
    if (insured && r.next() < 0.25)
      add(
        anyDay(),
        OUT,
        category('insurance'),
        scenario('insurance'),
        190 * wealth * Math.exp(0.5 * r.normal()),
        BODIES + 7,
        NONE,
      )
    if (months.ill[m] === 1)
      add(
        anyDay(),
        OUT,
        category('health'),
        scenario('healthcare'),
        480 * wealth * Math.exp(0.8 * r.normal()),
        BODIES + 8,
        person.district,
      )
    if (r.next() < 0.06 && habits.uses('government_fees'))
      add(
        anyDay(),
        OUT,
        category('services'),
        scenario('government_fees'),
        90 * Math.exp(0.6 * r.normal()),
        BODIES + 9,
        NONE,
      )

    const mean = purchases * SEASON[clock.season[m]!]! * Math.exp(-0.16 * strain)
    const scale = wealth * Math.exp(wobble * r.normal() - 0.14 * strain)
    for (let n = r.poisson(mean); n > 0; n--) {
      habits.draw(r, scale, purchase)
      let day = anyDay()
      // Saturdays and Sundays are busier: day 0 was a Thursday
      if ((day + 4) % 7 > 0 && (day + 4) % 7 < 6 && r.next() < 0.12) day = anyDay()
      const away = r.next()
      const district = away < 0.985 ? places[Math.floor((away / 0.985) * places.length)]! : r.integer(DISTRICTS)
      add(day, OUT, purchase.category, purchase.scenario, purchase.yuan, shops[r.integer(24)]!, district)
      if (purchase.yuan > 60 && r.next() < 0.03)
        add(
          Math.min(day + 1 + r.integer(6), clock.lastDay - 1),
          IN,
          purchase.category,
          scenario('refund'),
          purchase.yuan,
          shops[0]!,
          NONE,
        )
    }

    const known = contacts.filter((c) => c.since <= start && (c.until === NONE || c.until > start))
    for (let n = r.poisson(transfers); n > 0; n--) {
      const friend =
        known.length > 0 && r.next() < 0.75 ? known[r.integer(known.length)]!.other : community + r.integer(COMMUNITY)
      const incoming = r.next() < 0.5
      add(
        anyDay(),
        incoming ? IN : OUT,
        category('other'),
        scenario('transfer'),
        150 * wealth * passing * Math.exp(0.9 * r.normal()),
        -1 - friend,
        NONE,
      )
    }
    if (r.next() < 0.3)
      add(anyDay(), OUT, category('finance'), scenario('cash_withdrawal'), 100 * (1 + r.integer(10)), BODIES + 20, NONE)
    // people under strain bring in cash and sell things
    if (r.next() < 0.08 + 0.05 * Math.max(0, strain) + 0.04 * Math.max(0, person.churn))
      add(
        anyDay(),
        IN,
        category('finance'),
        scenario('cash_deposit'),
        700 * wealth * passing * Math.exp(0.6 * r.normal()),
        BODIES + 20,
        NONE,
      )
    if (person.literacy > 0.4 && r.next() < 0.35)
      add(
        anyDay(),
        OUT,
        category('finance'),
        scenario('investment'),
        350 * wealth * Math.exp(0.7 * r.normal()),
        BODIES + 21,
        NONE,
      )
    if (clock.season[m]! % 3 === 2)
      add(
        start + length - 9,
        IN,
        category('finance'),
        scenario('interest'),
        6 * wealth * Math.exp(r.normal()),
        BODIES + 22,
        NONE,
      )

    for (let n = r.poisson(flies); n > 0; n--) {
      const international = r.next() < 0.06 + 0.05 * Math.max(0, person.capacity)
      const c = r.next()
      const cabin = c < 0.012 ? FIRST : c < 0.05 ? BUSINESS : ECONOMY
      const full =
        (international ? 4200 : 1150) *
        Math.exp(0.35 * r.normal()) *
        (cabin === FIRST ? 4 : cabin === BUSINESS ? 2.6 : 1)
      const fare = full * Math.min(1, Math.max(0.15, 0.62 + 0.18 * r.normal()))
      const day = anyDay()
      bookings.add(
        person.index,
        booked++,
        day * 86_400 + secondOfDay(r),
        FLIGHT,
        international ? 1 : 0,
        cabin,
        Math.round(100 * fare),
        Math.round(100 * full),
      )
      add(day, OUT, category('travel'), scenario('travel_booking'), fare, BODIES + 30, NONE)
    }
    for (let n = r.poisson(1.6 * flies + 0.04); n > 0; n--) {
      const hotel = r.next() < 0.35
      const fare = (hotel ? 330 : 170) * (hotel ? wealth : 1) * Math.exp(0.45 * r.normal())
      const day = anyDay()
      bookings.add(
        person.index,
        booked++,
        day * 86_400 + secondOfDay(r),
        hotel ? HOTEL : TRAIN,
        0,
        NONE,
        Math.round(100 * fare),
        NONE,
      )
      add(day, OUT, category('travel'), scenario('travel_booking'), fare, BODIES + (hotel ? 31 : 32), NONE)
    }
    if (episodeAt(months, start) && (person.bank || person.payLaterRate > 0) && r.next() < 0.25)
      add(
        anyDay(),
        OUT,
        category('finance'),
        scenario('penalty_interest'),
        25 * wealth * Math.exp(0.6 * r.normal()),
        BODIES + 23,
        NONE,
      )
  }

  const opened = clock.start[first]!
  for (let k = 0; k < flow.repaid.length; k += 4) {
    const day = flow.repaid[k]!
    // banks not linked to the platform are paid elsewhere
    const seen = flow.repaid[k + 3]! !== LOAN && flow.repaid[k + 3]! !== CARD ? true : flow.repaid[k + 2]! % 2 === 0
    if (seen && day >= opened && day < clock.lastDay)
      add(
        day,
        OUT,
        category('finance'),
        scenario('repayment'),
        flow.repaid[k + 1]! / 100,
        BODIES + 40 + flow.repaid[k + 2]!,
        NONE,
      )
  }
  for (let k = 0; k < flow.disbursed.length; k += 3) {
    const day = flow.disbursed[k]!
    if (day >= opened && day < clock.lastDay)
      add(
        day,
        IN,
        category('finance'),
        scenario('loan_disbursement'),
        flow.disbursed[k + 1]! / 100,
        BODIES + 40 + flow.disbursed[k + 2]!,
        NONE,
      )
  }
}
