/** Drift: from the middle of the dense history on the economy is worse, and there is a new way to owe. */
import { PRODUCTS } from '../../schema/vocabulary.ts'
import type { Clock } from '../clock.ts'
import { LENDERS } from '../credit.ts'
import { body, Ledger, purpose } from '../ledger.ts'
import { episodeAt, isRefused, NEVER } from '../months.ts'
import { MEDIAN_INCOME } from '../person.ts'
import { NONE } from '../rows.ts'
import { countRows, firstMonth, type Written } from './written.ts'

/** Months until the downturn is as deep as it gets. */
const DECLINE_MONTHS = 3
/** The lenders of the new product: pay later, due within three months. */
export const NEW_LENDERS = { first: LENDERS, count: 3 }
const PAY_LATER = PRODUCTS.indexOf('pay_later')
const REPAYMENT = purpose('out', 'finance', 'repayment')

const middle = (clock: Clock): number => clock.dense + Math.floor((clock.last - clock.dense) / 2)

/** How bad times are, by month: 0 until the middle of the dense history, then up to the strength, and no better until the end. */
export const downturn = (clock: Clock, strength: number): Float64Array =>
  Float64Array.from({ length: clock.count }, (_, m) =>
    strength > 0 && m >= middle(clock) ? strength * Math.min(1, (m - middle(clock) + 1) / DECLINE_MONTHS) : 0,
  )

/** Accounts of the new product, written after the others; it is paid like them: in time, or when an episode of arrears ends. */
export const offerNewProduct = (written: Written, strength: number): void => {
  const { person, random, months, clock, rows } = written
  const r = random.fork('new_product')
  if (0.5 * person.digital + 0.5 * person.hunger + 0.7 * r.normal() < 0.2) return
  const ledger = new Ledger(r, person.index, rows.transactions, countRows(written, 'transactions'))
  const usual = 0.03 * Math.sqrt(person.income * MEDIAN_INCOME) * Math.exp(0.3 * r.normal())
  for (let m = Math.max(middle(clock), firstMonth(written)); m < clock.count; m++) {
    const opened = clock.start[m]! + r.integer(28)
    const lender = NEW_LENDERS.first + r.integer(NEW_LENDERS.count)
    const count = 1 + r.integer(3)
    const cents = Math.max(2000, Math.round(100 * usual * Math.exp(0.4 * r.normal())))
    const delay = r.integer(4)
    const wants = r.next() < Math.min(1, 0.12 * strength)
    if (!wants || isRefused(months, opened)) continue
    const sequence = countRows(written, 'credit_accounts')
    let paid = opened
    let number = 0
    for (let j = 1; j <= count; j++) {
      const due = opened + 30 * j
      rows.instalments.add(person.index, sequence, due, cents)
      const episode = episodeAt(months, due)
      paid = Math.max(paid, episode ? (episode.to === NEVER ? NEVER : episode.to + delay) : due - delay)
      if (paid >= clock.extractDay) continue
      rows.repayments.add(person.index, sequence, number++, paid, cents)
      if (paid < clock.lastDay) ledger.add(REPAYMENT, paid, cents / 100, body(40 + lender))
    }
    const closed = paid < clock.extractDay ? Math.max(paid, opened + 30 * count) : NONE
    rows.credit_accounts.add(
      person.index,
      sequence,
      lender,
      PAY_LATER,
      opened,
      closed < clock.extractDay ? closed : NONE,
      cents * count,
    )
  }
}
