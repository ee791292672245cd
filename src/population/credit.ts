/** Credit accounts, what falls due on them and what is paid, following the person's episodes of arrears. */
import { PRODUCTS } from '../schema/vocabulary.ts'
import type { Random } from '../util/random.ts'
import type { Clock } from './clock.ts'
import { episodeAt, isRefused, type Months, NEVER } from './months.ts'
import type { PopulationRows } from './partWriter.ts'
import { MEDIAN_INCOME, type Person } from './person.ts'
import { NONE } from './rows.ts'

/** Lenders, the first ten of them banks; few serve many. */
export const LENDERS = 60
const BANKS = 10

const LOAN = PRODUCTS.indexOf('loan')
const CARD = PRODUCTS.indexOf('credit_card')
const PAY_LATER = PRODUCTS.indexOf('pay_later')
const RENTAL = PRODUCTS.indexOf('rental')

/** Shortest and longest contract of a card. */
const CARD_MONTHS = [36, 84] as const

/** Cash movements that credit causes, for the transaction table. Reused from person to person. */
export interface CreditFlow {
  /** day, cents, lender, product */
  repaid: number[]
  disbursed: number[]
  /** day and lender of each opening */
  openings: number[]
}

export const drawLender = (r: Random, product: number): number =>
  product === LOAN || product === CARD
    ? Math.floor(BANKS * r.next() ** 1.7)
    : BANKS + Math.floor((LENDERS - BANKS) * r.next() ** 2)

/** @param random the person's stream. Writes the accounts of one person and fills `flow`. */
export const simulateCredit = (
  random: Random,
  person: Person,
  months: Months,
  clock: Clock,
  rows: PopulationRows,
  flow: CreditFlow,
): void => {
  const r = random.fork('credit')
  flow.repaid.length = 0
  flow.disbursed.length = 0
  flow.openings.length = 0
  let sequence = 0

  const open = (product: number, opened: number, count: number, dueCents: number, amountCents: number): void => {
    const account = simulateAccount(r, person, months, clock, rows, flow, sequence++, product, opened, count, dueCents)
    rows.credit_accounts.add(
      person.index,
      account.sequence,
      account.lender,
      product,
      opened,
      account.closed,
      amountCents,
    )
    flow.openings.push(opened, account.lender)
    if (product === LOAN) flow.disbursed.push(opened, amountCents, account.lender)
  }
  const monthly = (share: number): number =>
    Math.max(
      2000,
      Math.round(
        100 * Math.sqrt(person.income * MEDIAN_INCOME) * share * Math.exp(0.42 * person.leverage + 0.25 * r.normal()),
      ),
    )

  if (person.bank) {
    // the settled begin earlier: an exponential law, truncated to the months from coming of age to the extract date, so that
    // openings have no edge within them
    const adult = Math.max(0, clock.last - Math.floor((person.ageYears - 18.2) * 12))
    const haste = Math.min(5, 1.6 * Math.exp(0.3 * person.willingness + 0.3 * person.stability))
    const late = -Math.log(1 - r.next() * (1 - Math.exp(-haste))) / haste
    const firstMonth = Math.min(clock.count - 1, adult + Math.floor((clock.count - adult) * late))
    const hasCard = r.next() < 0.72
    const hasLoan = !hasCard || r.next() < 0.4
    const start = (m: number): number => clock.start[m]! + r.integer(28)
    if (hasCard) {
      let m = firstMonth + (hasLoan && r.next() < 0.5 ? r.integer(24) : 0)
      while (m < clock.count) {
        const due = monthly(0.09)
        // contracts of different length: renewals do not come back all at once
        const count = CARD_MONTHS[0] + r.integer(CARD_MONTHS[1] - CARD_MONTHS[0] + 1)
        open(CARD, start(m), count, due, due * 12)
        m += count + 1
        if (r.next() < 0.1) break
      }
    }
    if (hasLoan) {
      let m = firstMonth
      while (m < clock.count) {
        const count = [12, 18, 24, 36][r.integer(4)]!
        const opened = start(m)
        if (m === firstMonth || !isRefused(months, opened)) {
          const due = monthly(0.16)
          open(LOAN, opened, count, due, Math.round(due * count * 0.9))
        }
        m += count + 1 + Math.floor(18 * r.exponential() * Math.exp(-0.2 * person.hunger))
      }
    }
  }

  const firstMonth = Math.max(12, clock.monthOf(person.opened) + 1)
  for (let m = firstMonth; m < clock.count; m++) {
    if (person.payLaterRate > 0 && r.next() < person.payLaterRate * (1 + 0.25 * Math.max(0, months.stress[m]!))) {
      const opened = clock.start[m]! + r.integer(28)
      const count = [3, 3, 6, 6, 12][r.integer(5)]!
      const due = monthly(0.05)
      if (!isRefused(months, opened)) open(PAY_LATER, opened, count, due, due * count)
    }
    if (person.rentalRate > 0 && r.next() < person.rentalRate) {
      const opened = clock.start[m]! + r.integer(28)
      const count = r.next() < 0.5 ? 6 : 12
      const due = monthly(0.03)
      if (!isRefused(months, opened)) open(RENTAL, opened, count, due, due * 8)
    }
  }
}

/** One account: its whole schedule as agreed, and the payments made before the extract date. */
const simulateAccount = (
  r: Random,
  person: Person,
  months: Months,
  clock: Clock,
  rows: PopulationRows,
  flow: CreditFlow,
  sequence: number,
  product: number,
  opened: number,
  count: number,
  dueCents: number,
): { sequence: number; lender: number; closed: number } => {
  const lender = drawLender(r, product)
  const dueDay = 1 + r.integer(28)
  const careless = 0.035 * Math.exp(-0.55 * person.willingness - 0.2 * person.literacy)
  // not every account is hit by every episode: a person pays the dearest lender first
  const spared = new Set<number>()
  for (const e of months.episodes) if (r.next() < 0.2) spared.add(e.from)

  let number = 0
  let pendingDay = 0
  let pendingCents = 0
  const pay = (day: number, cents: number): void => {
    if (day === pendingDay) {
      pendingCents += cents
      return
    }
    if (pendingCents > 0) {
      rows.repayments.add(person.index, sequence, number++, pendingDay, pendingCents)
      flow.repaid.push(pendingDay, pendingCents, lender, product)
    }
    pendingDay = day
    pendingCents = cents
  }

  let previous = opened + 1
  let lastDue = opened
  for (let j = 1; j <= count; j++) {
    const due = clock.sameDayLater(opened, dueDay, j)
    rows.instalments.add(person.index, sequence, due, dueCents)
    lastDue = due
    if (previous === NEVER) continue
    if (due >= clock.extractDay + 7) continue
    const episode = episodeAt(months, due)
    const hit = episode !== undefined && !spared.has(episode.from)
    let paid: number
    if (hit) paid = episode.to === NEVER ? NEVER : episode.to + r.integer(4)
    else {
      const strain = months.stress[Math.min(clock.count - 1, Math.max(0, clock.monthOf(due)))]!
      const late = r.next() < Math.min(0.5, careless * Math.exp(0.5 * strain))
      paid = late ? due + 1 + Math.min(25, Math.floor(5 * r.exponential())) : due - r.integer(6)
    }
    paid = Math.max(paid, previous)
    if (paid >= clock.extractDay) {
      previous = NEVER
      continue
    }
    // some of those who pay late pay in two parts
    const early = paid > due ? due + 1 : paid
    if (!hit && early > previous && early < paid && r.next() < 0.2) {
      const half = Math.floor(dueCents / 2)
      pay(early, half)
      pay(paid, dueCents - half)
    } else pay(paid, dueCents)
    previous = paid
  }
  pay(NEVER, 0)
  // an account ends when all of it is settled, written off or not: while claims run it stays open
  const settled = previous === NEVER ? NEVER : Math.max(previous, lastDue)
  return { sequence, lender, closed: settled < clock.extractDay ? settled : NONE }
}
