import type { Written } from './written.ts'

/**
 * Puts the payments of a person in order, by account and day, and numbers them anew within each account: neither a gap nor a
 * place tells what was dropped or added.
 */
export const orderPayments = ({ rows, from }: Written): void => {
  const [account, number, paid, cents] = ['sequence', 'number', 'paid', 'cents'].map((name) =>
    rows.repayments.column(name),
  ) as [Int32Array, Int32Array, Int32Array, Int32Array]
  const first = from.repayments
  const payments = Array.from({ length: rows.repayments.length - first }, (_, k) => ({
    account: account[first + k]!,
    paid: paid[first + k]!,
    cents: cents[first + k]!,
  })).sort((a, b) => a.account - b.account || a.paid - b.paid || a.cents - b.cents)
  payments.forEach((payment, k) => {
    account[first + k] = payment.account
    paid[first + k] = payment.paid
    cents[first + k] = payment.cents
    number[first + k] = k > 0 && payments[k - 1]!.account === payment.account ? number[first + k - 1]! + 1 : 0
  })
}
