import type { History, Transaction } from './history.ts'
import { classOf, isConsumption, isDonation, isOut, isTransfer, REGIONS, regionOf, yearOf } from './paymentClasses.ts'
import { add, remove } from './paymentRows.ts'
import type { Wanted } from './wanted.ts'

/** Payments that may become one without moving a sum or another count; undefined for those that stay alone. */
const joinKey = (history: History, row: Transaction): string | undefined => {
  const region = regionOf(history, row)
  if (isDonation(row) || row.scenario === 'phone_topup') return undefined
  if (isConsumption(row)) return `${classOf(row)} ${region}`
  if (isOut(row)) return `${isTransfer(row)} out ${REGIONS[region]!.bucket}`
  return isTransfer(row) ? `in ${row.counterparty_id}` : 'in'
}

/** As many rows as wanted: one payment becomes two of the same kind, or several become one; no sum moves. */
export const numberOfRows = (history: History, wanted: Wanted): void => {
  const target = wanted.number('transactions_1y')
  const rows = yearOf(history)
  const kept = (row: Transaction): boolean => joinKey(history, row) !== undefined
  while (rows.length < target) {
    const largest = rows
      .filter(kept)
      .reduce<Transaction | undefined>((a, row) => (a && a.amount >= row.amount ? a : row), undefined)
    if (!largest || largest.amount < 2) break
    const half = Math.floor(largest.amount / 2)
    const { own: _, transaction_id: __, ...same } = largest
    largest.amount -= half
    rows.push(add(history, 0, { ...same, amount: half }))
  }
  if (rows.length <= target) return
  const byKey = new Map<string, Transaction[]>()
  for (const row of rows) {
    const key = joinKey(history, row)
    if (key !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), row])
  }
  const gone = new Set<Transaction>()
  let left = rows.length - target
  // Rows that were written here go first; of the others, the smallest.
  const pairs = [...byKey.values()]
    .flatMap((same) => {
      const [stays, ...others] = same.sort((a, b) => Math.sign(b.own) - Math.sign(a.own) || b.amount - a.amount)
      return others.map((row) => ({ stays: stays!, row }))
    })
    .sort((a, b) => Math.min(0, a.row.own) - Math.min(0, b.row.own) || a.row.amount - b.row.amount)
  for (const { stays, row } of pairs) {
    if (left === 0) break
    stays.amount += row.amount
    gone.add(row)
    left--
  }
  remove(history, gone)
}
