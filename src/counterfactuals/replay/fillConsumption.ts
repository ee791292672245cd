/** Payments of the plan's regions: every kind of consumption comes to its sum of the year, and every region to its own. */
import { fitTable } from './fitTable.ts'
import type { History, Transaction } from './history.ts'
import {
  CLASSES,
  classOf,
  isConsumption,
  isMovable,
  middleOf,
  REGIONS,
  regionOf,
  SHARES,
  scaleTo,
  sumOf,
  yearOf,
} from './paymentClasses.ts'
import { add, remove, usual } from './paymentRows.ts'
import { cents, type Wanted } from './wanted.ts'

/** Cents that each class but the plain one comes to in a year. */
const classTotals = (history: History, wanted: Wanted, year: number): number[] =>
  CLASSES.slice(0, -1).map((name) => {
    if (name === 'utilities') return cents(12 * wanted.number('mean_utility_bill_1y'))
    if (name === 'phone_topup') return cents(wanted.number('phone_topup_amount_1y'))
    const share = wanted.number(`${name}_share_1y`)
    if (Number.isNaN(share)) return sumOf(yearOf(history).filter((row) => isConsumption(row) && classOf(row) === name))
    return Math.round(share * year)
  })

/** Consumption rows of the year by class and region. */
const cellsOf = (history: History): Transaction[][][] => {
  const cells = CLASSES.map(() => REGIONS.map((): Transaction[] => []))
  for (const row of yearOf(history))
    if (isConsumption(row)) cells[CLASSES.indexOf(classOf(row))]![regionOf(history, row)]!.push(row)
  return cells
}

/** A kind of goods whose months hold less than it comes to is bought in further months: plain payments become such ones. */
const spreadOut = (history: History, totals: readonly number[], regions: readonly number[]): void => {
  const cells = cellsOf(history)
  SHARES.forEach((category) => {
    const k = CLASSES.indexOf(category)
    const room = (): number => regions.reduce((sum, x, r) => sum + (cells[k]![r]!.length > 0 ? x : 0), 0)
    const order = regions.map((x, r) => ({ x, r })).sort((a, b) => b.x - a.x)
    for (const { r } of order) {
      if (room() >= 2 * totals[k]!) return
      const row = cells.at(-1)![r]!.find(isMovable)
      if (cells[k]![r]!.length > 0 || !row) continue
      row.category = category
      cells[k]![r]!.push(row)
      cells.at(-1)![r] = cells.at(-1)![r]!.filter((other) => other !== row)
    }
  })
}

/** Where a month would hold more of bills, top-ups and the like than is spent in it, one of them is paid in another month. */
const moveApart = (history: History, totals: readonly number[], regions: readonly number[]): void => {
  for (let round = 0; round < 60; round++) {
    const cells = cellsOf(history)
    const seeds = cells.map((row) => row.map((rows) => sumOf(rows)))
    seeds.at(-1)!.fill(1)
    const table = fitTable(seeds, totals, regions)
    const spare = regions.map((x, r) => x - totals.reduce((sum, _, k) => sum + table[k]![r]!, 0))
    const from = spare.reduce((a, x, r) => (x < spare[a]! ? r : a), 0)
    const to = spare.reduce((a, x, r) => (x > spare[a]! ? r : a), 0)
    if (spare[from]! >= 0 || spare[to]! <= 0) return
    const k = totals.reduce((a, _, c) => (table[c]![from]! > table[a]![from]! ? c : a), 0)
    const row = cells[k]![from]!.sort((a, b) => b.amount - a.amount)[0]
    if (!row) return
    row.occurred_at = middleOf(history, REGIONS[to]!)
  }
}

/** Changes payments so that every region holds what is planned. */
export const fillConsumption = (history: History, wanted: Wanted, regions: readonly number[]): void => {
  const scenario = usual(history)
  const totals = classTotals(
    history,
    wanted,
    regions.reduce((a, b) => a + b, 0),
  )
  spreadOut(history, totals, regions)
  moveApart(history, totals, regions)
  const cells = cellsOf(history)
  const seeds = cells.map((row) => row.map((rows) => sumOf(rows)))
  seeds.at(-1)!.forEach((sum, r) => {
    if (sum === 0 && regions[r]! > 0) seeds.at(-1)![r] = 1
  })
  const table = fitTable(seeds, totals, regions)
  CLASSES.forEach((name, k) => {
    REGIONS.forEach((_, r) => {
      const sum = table[k]![r]!
      const rows = cells[k]![r]!
      if (rows.length === 0 && sum > 0 && name === 'plain') rows.push(add(history, r, { scenario }))
      // Nothing is spent there: a payment of nothing would be none.
      if (sum === 0 && name === 'plain') remove(history, new Set(rows.filter(isMovable)))
      scaleTo(rows, sum)
    })
  })
}
