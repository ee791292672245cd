/**
 * The world cut at t by hand, not from the contracts: rows known at or after t dropped, cells known at or after t emptied;
 * and the poisoned world, in which everything of the future is there but different.
 */
import { dayNumber, isoDay } from './days.ts'
import type { Cell, Row, World } from './world.ts'

const before = (time: Cell | undefined, t: string): boolean => typeof time === 'string' && time < t

/** the column with the time a row becomes known */
const ROW_TIMES = {
  people: 'account_opened_on',
  registrations: 'valid_from',
  transactions: 'occurred_at',
  bookings: 'booked_at',
  credit_accounts: 'opened_on',
  repayments: 'paid_on',
  enquiries: 'enquired_at',
  balances: 'valued_on',
  contacts: 'since',
  inferred_attributes: 'known_at',
  public_records: 'recorded_on',
} as const

/** cells that are known later than their row: column -> column with the time */
const LATER_CELLS: Partial<Record<keyof World, Record<string, string>>> = {
  registrations: { valid_to: 'valid_to' },
  credit_accounts: { closed_on: 'closed_on' },
  contacts: { until: 'until' },
  public_records: { confirmed_by: 'confirmed_on', confirmed_on: 'confirmed_on' },
}

const openBefore = (world: World, t: string): Set<Cell> =>
  new Set((world.credit_accounts ?? []).filter((a) => before(a['opened_on'], t)).map((a) => a['account_id']!))

/** What was known before t (ISO day). */
export const truncateWorld = (world: World, t: string): World => {
  const cut: World = {}
  for (const [table, column] of Object.entries(ROW_TIMES)) {
    const name = table as keyof typeof ROW_TIMES
    const later = Object.entries(LATER_CELLS[name] ?? {})
    cut[name] = (world[name] ?? [])
      .filter((r) => before(r[column], t))
      .map((r) => {
        const copy: Row = { ...r }
        for (const [cell, time] of later) if (!before(r[time], t)) copy[cell] = null
        return copy
      })
  }
  const accounts = openBefore(world, t)
  cut.instalments = (world.instalments ?? []).filter((i) => accounts.has(i['account_id']!))
  // a payment on an account that is not known yet cannot be known either
  cut.repayments = cut.repayments!.filter((r) => accounts.has(r['account_id']!))
  return cut
}

const other = (value: Cell | undefined, column: string): Cell => {
  if (typeof value === 'number') return column === 'closeness' ? 1 - value : value * 7 + 1000
  if (typeof value === 'boolean') return !value
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value))
    return isoDay(dayNumber(value) + 40) + value.slice(10)
  return value ?? null
}

/** The full world with the future altered: amounts, and days moved later; and each later cell set where it was empty. */
export const poisonWorld = (world: World, t: string): World => {
  const poisoned: World = {}
  const day = dayNumber(t)
  for (const [table, column] of Object.entries(ROW_TIMES)) {
    const name = table as keyof typeof ROW_TIMES
    const later = Object.entries(LATER_CELLS[name] ?? {})
    poisoned[name] = (world[name] ?? []).map((r) => {
      if (!before(r[column], t))
        return Object.fromEntries(Object.entries(r).map(([k, v]) => [k, k.endsWith('_id') ? v : other(v, k)]))
      const copy: Row = { ...r }
      for (const [cell, time] of later) {
        if (before(r[time], t)) continue
        copy[cell] = cell === time ? isoDay(day + 3) : 'court'
      }
      return copy
    })
  }
  const accounts = openBefore(world, t)
  poisoned.instalments = (world.instalments ?? []).map((i) =>
    accounts.has(i['account_id']!) ? i : { ...i, due_amount: Number(i['due_amount']) * 3 + 1 },
  )
  return poisoned
}
