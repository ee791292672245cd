/** Payments that are added, left out, or become something else. */
import { type History, newId, type Transaction } from './history.ts'
import { isMovable, middleOf, REGIONS, regionOf, yearOf } from './paymentClasses.ts'

/** Rows that are added hold a cent until the sums are set. */
export const add = (history: History, region: number, cells: Partial<Transaction>): Transaction => {
  const number = 1 + history.transactions.filter(({ own }) => own < 0).length
  const row: Transaction = {
    own: -1,
    transaction_id: newId('transaction', number),
    occurred_at: middleOf(history, REGIONS[region]!),
    amount: 1,
    direction: 'out',
    category: 'other',
    scenario: 'offline_retail',
    counterparty_id: null,
    district_id: null,
    ...cells,
  }
  history.transactions.push(row)
  return row
}

export const remove = (history: History, gone: ReadonlySet<Transaction>): void => {
  if (gone.size > 0) history.transactions = history.transactions.filter((row) => !gone.has(row))
}

/** The most used scenario of movable consumption: what a payment becomes that is no longer anything else. */
export const usual = (history: History): string => {
  const counts = new Map<string, number>()
  for (const { scenario } of yearOf(history).filter(isMovable)) counts.set(scenario, (counts.get(scenario) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? 'offline_retail'
}

/** Small plain payments of regions with more than one become something else, so that no sum moves far; new rows where there are none. */
export const turn = (history: History, count: number, cells: Partial<Transaction>): void => {
  const plain = yearOf(history).filter(isMovable)
  const perRegion = new Map<number, number>()
  for (const row of plain) perRegion.set(regionOf(history, row), (perRegion.get(regionOf(history, row)) ?? 0) + 1)
  let left = count
  for (const row of plain.sort((a, b) => a.amount - b.amount || a.occurred_at - b.occurred_at)) {
    if (left === 0) return
    const region = regionOf(history, row)
    if (perRegion.get(region)! < 2) continue
    perRegion.set(region, perRegion.get(region)! - 1)
    Object.assign(row, cells)
    left--
  }
  for (; left > 0; left--) add(history, REGIONS.length - 1, cells)
}
