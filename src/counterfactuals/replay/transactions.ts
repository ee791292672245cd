/** Payments: sums over windows, shares, bills, top-ups, donations, districts, uses, how many and how much in a year. */
import { IMPOSED, NOT_CONSUMPTION, SCENARIOS, type Scenario } from '../../schema/vocabulary.ts'
import { paymentSums, planConsumption } from './consumptionPlan.ts'
import { fitTable } from './fitTable.ts'
import { type History, newId, type Transaction } from './history.ts'
import {
  CLASSES,
  classOf,
  isConsumption,
  isDonation,
  isMovable,
  isOut,
  isTransfer,
  middleOf,
  REGIONS,
  regionOf,
  SHARES,
  scaleTo,
  sumOf,
  yearOf,
} from './paymentClasses.ts'
import type { Recipe } from './recipe.ts'
import { cents, nestedSums, type Wanted } from './wanted.ts'

const FACTORS = [
  'transactions_1y',
  'transaction_amount_1y',
  'payments_total_1m',
  'payments_total_3m',
  'payments_total_6m',
  'consumption_1m',
  'consumption_3m',
  'consumption_6m',
  'consumption_tier',
  'consumption_variability_1y',
  'mean_utility_bill_1y',
  'phone_topups_1y',
  'phone_topup_amount_1y',
  'donations_1y',
  'delivery_districts_1y',
  'payment_scenarios_1y',
  ...SHARES.map((category) => `${category}_share_1y`),
] as const

/** Rows that are added hold a cent until the sums are set. */
const add = (history: History, region: number, cells: Partial<Transaction>): Transaction => {
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

const remove = (history: History, gone: ReadonlySet<Transaction>): void => {
  if (gone.size > 0) history.transactions = history.transactions.filter((row) => !gone.has(row))
}

/** The most used scenario of movable consumption: what a payment becomes that is no longer anything else. */
const usual = (history: History): string => {
  const counts = new Map<string, number>()
  for (const { scenario } of yearOf(history).filter(isMovable)) counts.set(scenario, (counts.get(scenario) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? 'offline_retail'
}

/** Small plain payments of regions with more than one become something else, so that no sum moves far; new rows where there are none. */
const turn = (history: History, count: number, cells: Partial<Transaction>): void => {
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

/** Brings the number of rows of a kind to a count: others become such ones, or such ones become usual payments. */
const countTo = (
  history: History,
  isKind: (row: Transaction) => boolean,
  count: number,
  cells: Partial<Transaction>,
): void => {
  const rows = yearOf(history).filter(isKind)
  if (rows.length < count) turn(history, count - rows.length, cells)
  const scenario = usual(history)
  for (const row of rows.sort((a, b) => a.amount - b.amount).slice(0, Math.max(0, rows.length - count)))
    Object.assign(row, { scenario, category: 'other' })
}

const counts = (history: History, wanted: Wanted): void => {
  const topup = (row: Transaction): boolean => isOut(row) && row.scenario === 'phone_topup'
  countTo(history, topup, wanted.number('phone_topups_1y'), { scenario: 'phone_topup', category: 'telecom' })
  countTo(history, isDonation, wanted.number('donations_1y'), { scenario: 'donation', category: 'charity' })
  const utilities = (row: Transaction): boolean => isOut(row) && row.scenario === 'utilities'
  const bill = cents(12 * wanted.number('mean_utility_bill_1y')) > 0
  const bills = yearOf(history).filter(utilities).length
  countTo(history, utilities, bill ? Math.max(1, bills) : 0, { scenario: 'utilities', category: 'utilities' })
  for (const category of SHARES) {
    const share = wanted.number(`${category}_share_1y`)
    const kind = (row: Transaction): boolean => isConsumption(row) && classOf(row) === category
    const held = yearOf(history).filter(kind).length
    if (!Number.isNaN(share)) countTo(history, kind, share > 0 ? Math.max(1, held) : 0, { category })
  }
}

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

const consumption = (history: History, wanted: Wanted, regions: readonly number[]): void => {
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

/** What is paid and not consumed: of the same bucket, cents. Transfers move only where nothing else can give. */
const otherPayments = (history: History, wanted: Wanted): void => {
  const names = ['payments_total_1m', 'payments_total_3m', 'payments_total_6m']
  const paid = paymentSums(wanted)
  const spent = (bucket: number): number =>
    sumOf(yearOf(history).filter((row) => isConsumption(row) && REGIONS[regionOf(history, row)]!.bucket === bucket))
  const below = [0, 1, 2].map((b) => spent(b))
  // Payments are never less than consumption: what is wanted beyond it.
  const beyond = paid.map((sum, k) => sum - below.slice(0, k + 1).reduce((a, b) => a + b, 0))
  const sums = nestedSums(
    beyond.map((sum) => Math.max(0, sum)),
    names.map((f) => wanted.moved(f)),
    wanted.givesWay,
  )
  const year = yearOf(history)
  const used = ['investment', 'repayment'].find((s) => year.some((row) => isOut(row) && row.scenario === s))
  sums.forEach((sum, b) => {
    const target = sum - (sums[b - 1] ?? 0)
    const rows = yearOf(history).filter(
      (row) => isOut(row) && !isConsumption(row) && REGIONS[regionOf(history, row)]!.bucket === b,
    )
    const transfers = rows.filter(isTransfer)
    const others = rows.filter((row) => !isTransfer(row))
    if (sumOf(rows) === target) return
    if (sumOf(transfers) > target) scaleTo(transfers, target)
    const rest = target - sumOf(transfers)
    if (rest === 0) remove(history, new Set(others))
    else {
      if (others.length === 0) {
        const region = REGIONS.findIndex(({ bucket }) => bucket === b)
        others.push(add(history, region, { scenario: used ?? 'investment', category: 'finance' }))
      }
      scaleTo(others, rest)
    }
  })
}

/** Income from transfers keeps its proportion to what is transferred away, as the index of influence reads it. */
const transfersIn = (history: History, outBefore: number): void => {
  const rows = yearOf(history).filter(isTransfer)
  const [out, into] = [rows.filter(isOut), rows.filter((row) => !isOut(row))]
  const now = sumOf(out)
  if (outBefore > 0 && now !== outBefore) scaleTo(into, Math.round((sumOf(into) * now) / outBefore))
}

/** The rest of the year's amount is what comes in otherwise; where that is not enough, what is paid in the older half year. */
const amountOfYear = (history: History, wanted: Wanted): void => {
  const rows = yearOf(history)
  const target = cents(wanted.number('transaction_amount_1y'))
  const income = rows.filter((row) => !isOut(row) && !isTransfer(row))
  const rest = target - (sumOf(rows) - sumOf(income))
  if (rest >= 0) {
    if (income.length === 0 && rest > 0)
      income.push(add(history, REGIONS.length - 1, { direction: 'in', scenario: 'other' }))
    scaleTo(income, rest)
    return
  }
  scaleTo(income, 0)
  const old = rows.filter(
    (row) => isOut(row) && !isConsumption(row) && !isTransfer(row) && REGIONS[regionOf(history, row)]!.bucket === 3,
  )
  scaleTo(old, Math.max(0, sumOf(old) + rest))
}

/** Payments that may become one without moving a sum or another count; undefined for those that stay alone. */
const joinKey = (history: History, row: Transaction): string | undefined => {
  const region = regionOf(history, row)
  if (isDonation(row) || row.scenario === 'phone_topup') return undefined
  if (isConsumption(row)) return `${classOf(row)} ${region}`
  if (isOut(row)) return `${isTransfer(row)} out ${REGIONS[region]!.bucket}`
  return isTransfer(row) ? `in ${row.counterparty_id}` : 'in'
}

/** As many rows as wanted: one payment becomes two of the same kind, or several become one; no sum moves. */
const numberOfRows = (history: History, wanted: Wanted): void => {
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

const districts = (history: History, wanted: Wanted): void => {
  const target = wanted.number('delivery_districts_1y')
  if (Number.isNaN(target)) return
  const rows = yearOf(history)
  const counts = new Map<string, number>()
  for (const { district_id: id } of rows) if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1)
  const order = [...counts].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1)).map(([id]) => id)
  const usualOne = order.at(-1)
  const gone = new Set(order.slice(0, Math.max(0, order.length - target)))
  for (const row of rows)
    if (row.district_id !== null && gone.has(row.district_id)) row.district_id = target > 0 ? usualOne! : null
  const spare = rows
    .filter(isConsumption)
    .sort((a, b) => Number(a.district_id !== null) - Number(b.district_id !== null) || b.own - a.own)
  for (let n = order.length; n < target; n++) {
    const row = spare.find(({ district_id: id }) => id === null || (counts.get(id) ?? 0) > 1)
    if (!row) return
    if (row.district_id !== null) counts.set(row.district_id, counts.get(row.district_id)! - 1)
    row.district_id = newId('district', n)
    counts.set(row.district_id, 1)
  }
}

/** Uses of payment that are counted. */
const usesOf = (history: History): Map<string, number> => {
  const uses = new Map<string, number>()
  for (const { scenario } of yearOf(history).filter(isOut))
    if (!IMPOSED.includes(scenario as Scenario)) uses.set(scenario, (uses.get(scenario) ?? 0) + 1)
  return uses
}

const FREE_USES = SCENARIOS.slice(0, SCENARIOS.indexOf('salary')).filter(
  (s) => !NOT_CONSUMPTION.includes(s) && !IMPOSED.includes(s) && !['utilities', 'phone_topup', 'donation'].includes(s),
)

const uses = (history: History, wanted: Wanted): void => {
  const target = wanted.number('payment_scenarios_1y')
  const movable = (): Transaction[] =>
    yearOf(history).filter(
      (row) => isConsumption(row) && FREE_USES.includes(row.scenario as Scenario) && !isDonation(row),
    )
  let found = usesOf(history)
  const usualOne = usual(history)
  // A use that only movable payments have can be given up.
  const order = [...found].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1)).map(([use]) => use)
  for (const use of order) {
    if (found.size <= target) break
    const rows = movable().filter((row) => row.scenario === use)
    if (use === usualOne || rows.length < found.get(use)!) continue
    for (const row of rows) row.scenario = usualOne
    found = usesOf(history)
  }
  for (const use of FREE_USES) {
    if (found.size >= target) break
    if (found.has(use)) continue
    const row = movable()
      .sort((a, b) => a.amount - b.amount || a.occurred_at - b.occurred_at)
      .find(({ scenario }) => found.get(scenario)! > 1)
    if (!row) break
    row.scenario = use
    found = usesOf(history)
  }
}

/** What the amount of the year leaves for consumption, where income and other old payments give way. */
const mostConsumption = (history: History, wanted: Wanted): number => {
  if (!wanted.moved('transaction_amount_1y')) return Number.POSITIVE_INFINITY
  const rows = yearOf(history).filter(isTransfer)
  const old = rows.filter((row) => isOut(row) && REGIONS[regionOf(history, row)]!.bucket === 3)
  const beyond = cents(wanted.number('payments_total_6m')) - cents(wanted.number('consumption_6m'))
  const into = rows.filter((row) => !isOut(row))
  return cents(wanted.number('transaction_amount_1y')) - beyond - sumOf(old) - sumOf(into)
}

const apply: Recipe['apply'] = (history, wanted) => {
  if (!wanted.moved(...FACTORS)) return
  const own = REGIONS.map((_, r) =>
    sumOf(yearOf(history).filter((row) => isConsumption(row) && regionOf(history, row) === r)),
  )
  const outBefore = sumOf(yearOf(history).filter((row) => isTransfer(row) && isOut(row)))
  counts(history, wanted)
  consumption(history, wanted, planConsumption(own, wanted, mostConsumption(history, wanted)))
  otherPayments(history, wanted)
  transfersIn(history, outBefore)
  amountOfYear(history, wanted)
  numberOfRows(history, wanted)
  districts(history, wanted)
  uses(history, wanted)
}

export const transactions: Recipe = {
  name: 'transactions',
  about:
    'payments are larger or smaller by one factor a stretch, added, left out, split or joined, or are made for something else; what comes in takes the rest of the year’s amount',
  factors: FACTORS,
  tables: ['transactions'],
  apply,
}
