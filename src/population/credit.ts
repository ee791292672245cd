/** Credit accounts month by month: what is opened, what falls due and what is paid, following the episodes of arrears. */
import { PRODUCTS } from '../schema/vocabulary.ts'
import type { Random } from '../util/random.ts'
import type { Clock } from './clock.ts'
import { type Episode, NEVER } from './months.ts'
import { MEDIAN_INCOME, type Person } from './person.ts'

/** Lenders, the first ten of them banks; few serve many. */
export const LENDERS = 60
const BANKS = 10

export const LOAN = PRODUCTS.indexOf('loan')
export const CARD = PRODUCTS.indexOf('credit_card')
const PAY_LATER = PRODUCTS.indexOf('pay_later')
const RENTAL = PRODUCTS.indexOf('rental')

/** Shortest and longest contract of a card. */
const CARD_MONTHS = [36, 84] as const
const LOAN_MONTHS = [12, 18, 24, 36] as const
const PAY_LATER_MONTHS = [3, 3, 6, 6, 12] as const
/** Share of accounts that an episode spares: a person pays the dearest lender first. */
export const SPARED = 0.2
/** What is due in arrears is paid within so many days after the end of the episode. */
export const SETTLING_DAYS = 4
/** What falls due after the extract date may have been paid before it, so many days early. */
export const EARLY_DAYS = 6

export interface Account {
  sequence: number
  product: number
  lender: number
  /** day numbers, day of the month, instalments, cents */
  opened: number
  dueDay: number
  count: number
  dueCents: number
  amountCents: number
  /** number and day of the instalment that falls due next; count + 1 and NEVER when there is none */
  next: number
  nextDue: number
  /** day of the last payment, at least the day after the opening; NEVER when payments lie beyond the extract date */
  previous: number
  /** how many instalments the open episode holds back, and the day on which the oldest of them fell due */
  unpaid: number
  oldestUnpaid: number
  /** the oldest instalment that the last settled episode held back, and when it was paid */
  settledDue: number
  settledOn: number
  /** whether the episode that began on a day spares this account */
  spareFrom: number
  spared: boolean
  /** payments so far: days, ascending, and cents */
  payDays: number[]
  payCents: number[]
}

/** What a person owes and plans. */
export interface Credit {
  /** by the time they were opened */
  accounts: Account[]
  /** whether there is a bank account yet, and what kinds the person has use for */
  banked: boolean
  /** by month, how probably the first account at a bank is opened in it if it was not before; nothing where there never is one */
  firstBank: Float64Array
  /** months from which the next card and the next loan may come; NEVER for those who want none */
  cardFrom: number
  loanFrom: number
  /** loans so far: nobody is refused the first */
  loans: number
  /** month from which pay-later plans and rentals are opened */
  platformFrom: number
}

export const makeCredit = (): Credit => ({
  accounts: [],
  banked: false,
  firstBank: new Float64Array(0),
  cardFrom: NEVER,
  loanFrom: NEVER,
  loans: 0,
  platformFrom: NEVER,
})

export const beginCredit = (credit: Credit, person: Person, clock: Clock): void => {
  credit.accounts.length = 0
  credit.banked = false
  if (person.bank) credit.firstBank = firstBankProbabilities(person, clock, credit.firstBank)
  credit.cardFrom = NEVER
  credit.loanFrom = NEVER
  credit.loans = 0
  credit.platformFrom = Math.max(12, clock.monthOf(person.opened) + 1)
}

export const drawLender = (r: Random, product: number): number =>
  product === LOAN || product === CARD
    ? Math.floor(BANKS * r.next() ** 1.7)
    : BANKS + Math.floor((LENDERS - BANKS) * r.next() ** 2)

/** Whether the person can come to owe anything at all. */
export const borrows = (person: Person): boolean => person.bank || person.payLaterRate > 0 || person.rentalRate > 0

/**
 * Probabilities by month that the first bank account of somebody who comes to have one is opened in it, given that it was not before. The
 * settled begin earlier: an exponential law, truncated to the months from coming of age to the extract date, so that openings have no
 * edge within them.
 */
const firstBankProbabilities = (person: Person, clock: Clock, into: Float64Array): Float64Array => {
  const { count } = clock
  const probabilities = into.length === count ? into : new Float64Array(count)
  const adult = Math.min(count - 1, Math.max(0, clock.last - Math.floor((person.ageYears - 18.2) * 12)))
  const haste = Math.min(5, 1.6 * Math.exp(0.3 * person.willingness + 0.3 * person.stability))
  const never = Math.exp(-haste)
  probabilities.fill(0, 0, adult)
  let left = 1 - never
  for (let m = adult; m < count; m++) {
    const next = Math.exp((-haste * (m + 1 - adult)) / (count - adult)) - never
    probabilities[m] = m === count - 1 ? 1 : 1 - next / left
    left = next
  }
  return probabilities
}

const monthlyCents = (r: Random, person: Person, share: number): number =>
  Math.max(
    2000,
    Math.round(
      100 * Math.sqrt(person.income * MEDIAN_INCOME) * share * Math.exp(0.42 * person.leverage + 0.25 * r.normal()),
    ),
  )

const open = (
  r: Random,
  credit: Credit,
  clock: Clock,
  product: number,
  opened: number,
  count: number,
  dueCents: number,
  amountCents: number,
): void => {
  const lender = drawLender(r, product)
  const dueDay = 1 + r.integer(28)
  credit.accounts.push({
    sequence: credit.accounts.length,
    product,
    lender,
    opened,
    dueDay,
    count,
    dueCents,
    amountCents,
    next: 1,
    nextDue: clock.sameDayLater(opened, dueDay, 1),
    previous: opened + 1,
    unpaid: 0,
    oldestUnpaid: NEVER,
    settledDue: NEVER,
    settledOn: NEVER,
    spareFrom: NEVER,
    spared: false,
    payDays: [],
    payCents: [],
  })
}

const openAtBank = (
  r: Random,
  person: Person,
  credit: Credit,
  clock: Clock,
  m: number,
  refused: (day: number) => boolean,
): void => {
  if (!credit.banked) {
    if (r.next() >= credit.firstBank[m]!) return
    credit.banked = true
    const hasCard = r.next() < 0.72
    const hasLoan = !hasCard || r.next() < 0.4
    if (hasCard) credit.cardFrom = m + (hasLoan && r.next() < 0.5 ? r.integer(24) : 0)
    if (hasLoan) credit.loanFrom = m
  }
  if (m >= credit.cardFrom) {
    const due = monthlyCents(r, person, 0.09)
    // contracts of different length: renewals do not come back all at once
    const count = CARD_MONTHS[0] + r.integer(CARD_MONTHS[1] - CARD_MONTHS[0] + 1)
    open(r, credit, clock, CARD, clock.start[m]! + r.integer(28), count, due, due * 12)
    credit.cardFrom = r.next() < 0.1 ? NEVER : m + count + 1
  }
  if (m >= credit.loanFrom && (credit.loans === 0 || r.next() < 1 - Math.exp(-Math.exp(0.2 * person.hunger) / 18))) {
    const count = LOAN_MONTHS[r.integer(LOAN_MONTHS.length)]!
    const opened = clock.start[m]! + r.integer(28)
    if (credit.loans === 0 || !refused(opened)) {
      const due = monthlyCents(r, person, 0.16)
      open(r, credit, clock, LOAN, opened, count, due, Math.round(due * count * 0.9))
      credit.loans++
      credit.loanFrom = m + count + 1
    }
  }
}

/**
 * The accounts that are opened in month m, added to `credit.accounts`.
 * @param r the person's stream of credit; @param stress of the month; @param refused whether lenders refuse on a day
 */
export const openAccounts = (
  r: Random,
  person: Person,
  credit: Credit,
  stress: number,
  clock: Clock,
  m: number,
  refused: (day: number) => boolean,
): void => {
  if (person.bank) openAtBank(r, person, credit, clock, m, refused)
  if (m < credit.platformFrom) return
  if (person.payLaterRate > 0 && r.next() < person.payLaterRate * (1 + 0.25 * Math.max(0, stress))) {
    const opened = clock.start[m]! + r.integer(28)
    const count = PAY_LATER_MONTHS[r.integer(PAY_LATER_MONTHS.length)]!
    const due = monthlyCents(r, person, 0.05)
    if (!refused(opened)) open(r, credit, clock, PAY_LATER, opened, count, due, due * count)
  }
  if (person.rentalRate > 0 && r.next() < person.rentalRate) {
    const opened = clock.start[m]! + r.integer(28)
    const count = r.next() < 0.5 ? 6 : 12
    const due = monthlyCents(r, person, 0.03)
    if (!refused(opened)) open(r, credit, clock, RENTAL, opened, count, due, due * 8)
  }
}

const pay = (account: Account, day: number, cents: number): void => {
  const last = account.payDays.length - 1
  if (account.payDays[last] === day) account.payCents[last]! += cents
  else {
    account.payDays.push(day)
    account.payCents.push(cents)
  }
}

/** Pays what the episode held back, oldest first. */
const settle = (r: Random, account: Account, to: number, clock: Clock): void => {
  account.settledDue = account.oldestUnpaid
  for (let k = 0; k < account.unpaid; k++) {
    const paid = Math.max(to + r.integer(SETTLING_DAYS), account.previous)
    if (k === 0) account.settledOn = paid
    account.previous = paid
    if (paid >= clock.extractDay) {
      account.previous = NEVER
      break
    }
    pay(account, paid, account.dueCents)
  }
  account.unpaid = 0
  account.oldestUnpaid = NEVER
}

const advance = (account: Account, clock: Clock): void => {
  account.next++
  account.nextDue =
    account.next > account.count ? NEVER : clock.sameDayLater(account.opened, account.dueDay, account.next)
}

/**
 * What falls due on an account before the day `end`, and what is paid.
 * @param episode the last one, if any: it may have begun or ended in this month, or be open; those before it are over
 */
export const payDues = (
  r: Random,
  person: Person,
  account: Account,
  episode: Episode | undefined,
  stress: number,
  clock: Clock,
  end: number,
): void => {
  const careless = 0.035 * Math.exp(-0.55 * person.willingness - 0.2 * person.literacy)
  const to = episode ? episode.to : NEVER
  while (account.nextDue < end) {
    const due = account.nextDue
    advance(account, clock)
    if (account.previous === NEVER) continue
    if (episode && due >= episode.from && due < to) {
      if (account.spareFrom !== episode.from) {
        account.spareFrom = episode.from
        account.spared = r.next() < SPARED
      }
      if (!account.spared) {
        if (account.unpaid++ === 0) account.oldestUnpaid = due
        continue
      }
    }
    if (account.unpaid > 0) settle(r, account, to, clock)
    if (account.previous === NEVER) continue
    const late = r.next() < Math.min(0.5, careless * Math.exp(0.5 * stress))
    const wanted = late ? due + 1 + Math.min(25, Math.floor(5 * r.exponential())) : due - r.integer(EARLY_DAYS)
    const paid = Math.max(wanted, account.previous)
    if (paid >= clock.extractDay) {
      account.previous = NEVER
      continue
    }
    // some of those who pay late pay in two parts
    const early = paid > due ? due + 1 : paid
    if (early > account.previous && early < paid && r.next() < 0.2) {
      const half = Math.floor(account.dueCents / 2)
      pay(account, early, half)
      pay(account, paid, account.dueCents - half)
    } else pay(account, paid, account.dueCents)
    account.previous = paid
  }
  if (account.unpaid > 0 && to < end) settle(r, account, to, clock)
}
