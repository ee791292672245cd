/** Stale records: somebody settles what is long overdue, and the record hears of it half a year later, or never. */
import { NONE } from '../rows.ts'
import { orderPayments } from './orderPayments.ts'
import type { Written } from './written.ts'

/** Days past due from which a payment is a settlement. */
const LATE_DAYS = 30
const STALE_DAYS = 182
/** Share of what is stale that is never recorded. */
const NEVER_RECORDED = 0.25

/** Of the accounts of one person; payments settle the oldest instalments first. */
export const makeStale = (written: Written, strength: number): void => {
  const { random, rows, from, clock } = written
  const r = random.fork('stale_records')
  const accounts = rows.credit_accounts
  const [number, closed] = [accounts.column('sequence'), accounts.column('closed')]
  const dues = byAccount(written, 'instalments')
  const payments = byAccount(written, 'repayments')
  const paid = rows.repayments.column('paid')
  const owed = { due: rows.instalments.column('due'), cents: rows.instalments.column('cents') }
  const cents = rows.repayments.column('cents')
  const lost = new Set<number>()
  for (let row = from.credit_accounts; row < accounts.length; row++) {
    const schedule = dues.get(number[row]!) ?? []
    let at = 0
    let left = schedule.length > 0 ? owed.cents[schedule[0]!]! : 0
    let unsettled = false
    let last = NONE
    for (const payment of payments.get(number[row]!) ?? []) {
      const oldest = schedule[at] === undefined ? undefined : owed.due[schedule[at]]
      const settles = oldest !== undefined && paid[payment]! - oldest >= LATE_DAYS
      for (let money = cents[payment]!; money > 0 && at < schedule.length; ) {
        const part = Math.min(money, left)
        money -= part
        left -= part
        if (left === 0) left = owed.cents[schedule[++at]!] ?? 0
      }
      const stale = r.next() < strength
      const never = r.next() < NEVER_RECORDED
      if (settles && stale) {
        paid[payment] = paid[payment]! + STALE_DAYS
        if (never || paid[payment]! >= clock.extractDay) {
          lost.add(payment)
          unsettled = true
        }
      }
      last = Math.max(last, paid[payment]!)
    }
    if (closed[row] !== NONE) closed[row] = unsettled ? NONE : Math.max(closed[row]!, last)
  }
  rows.repayments.keep(from.repayments, (row) => !lost.has(row))
  orderPayments(written)
}

/** Rows of the person by account, in the order in which they were written, which is that of time. */
const byAccount = ({ rows, from }: Written, table: 'instalments' | 'repayments'): Map<number, number[]> => {
  const sequence = rows[table].column('sequence')
  const found = new Map<number, number[]>()
  for (let row = from[table]; row < rows[table].length; row++) {
    const list = found.get(sequence[row]!)
    if (list) list.push(row)
    else found.set(sequence[row]!, [row])
  }
  return found
}
