/** Payments: sums over windows, shares, bills, top-ups, donations, districts, uses, how many and how much in a year. */
import { IMPOSED, NOT_CONSUMPTION, SCENARIOS, type Scenario } from '../../schema/vocabulary.ts'
import { paymentSums, planConsumption } from './consumptionPlan.ts'
import { fillConsumption } from './fillConsumption.ts'
import { type History, newId, type Transaction } from './history.ts'
import { numberOfRows } from './numberOfRows.ts'
import {
  classOf,
  isConsumption,
  isDonation,
  isOut,
  isTransfer,
  REGIONS,
  regionOf,
  SHARES,
  scaleTo,
  sumOf,
  yearOf,
} from './paymentClasses.ts'
import { add, remove, turn, usual } from './paymentRows.ts'
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
  fillConsumption(history, wanted, planConsumption(own, wanted, mostConsumption(history, wanted)))
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
