/** Credit: months with a repayment, repaid amounts, promises kept, arrears and the length of the history. */
import { REACHED } from '../../features/reachedFlags.ts'
import { AMOUNTS, CASES, planArrears } from './arrearsPlan.ts'
import { type History, newId, type Repayment, sliceOfDays } from './history.ts'
import type { Recipe } from './recipe.ts'
import { leaveOut, makeSmaller, type Settled, settlements } from './settlements.ts'
import { cents, nestedSums, type Wanted } from './wanted.ts'

const REPAID = ['1m', '3m', '6m', '1y'].map((w) => `repaid_amount_${w}`)
const WINDOWS = [30, 90, 180, 365] as const
const FACTORS = [
  ...REPAID,
  'repayment_months_1y',
  'repayment_months_total',
  'promises_kept_1y',
  'credit_history_days',
  ...CASES,
  ...AMOUNTS,
  ...REACHED.map(({ factor }) => factor),
] as const

const COUNTED = ['loan', 'credit_card']
/** What a repayment of its own is, in cents, where no amount is asked for. */
const USUAL = 10_000
const YEAR_SLICES = 12

const paidRows = (history: History): Repayment[] =>
  history.repayments.filter((row) => row.amount > 0 && row.paid_on < history.day)
const ageIn = ({ day }: History, row: Repayment): number => day - row.paid_on
const firstOpened = (history: History): number => Math.min(...history.credit_accounts.map((row) => row.opened_on))

const monthsOf = (history: History): Map<number, Repayment[]> => {
  const months = new Map<number, Repayment[]>()
  for (const row of paidRows(history)) {
    const slice = sliceOfDays(ageIn(history, row))
    months.set(slice, [...(months.get(slice) ?? []), row])
  }
  return months
}

const productOf = (history: History, account: string): string | undefined =>
  history.credit_accounts.find((row) => row.account_id === account)?.product
const isCounted = (history: History, account: string): boolean => COUNTED.includes(productOf(history, account) ?? '')

/** An account on which nothing falls due, so that a repayment on it settles nothing: the person's own, or one that is opened. */
const freeAccount = (history: History, counted: boolean): string => {
  const due = new Set(history.instalments.map((row) => row.account_id))
  const found = history.credit_accounts.find(
    (row) => isCounted(history, row.account_id) === counted && !due.has(row.account_id),
  )
  if (found) return found.account_id
  const account_id = newId(counted ? 'card' : 'pay-later', 1)
  history.credit_accounts.push({
    own: -1,
    account_id,
    institution_id: newId('institution', 0),
    product: counted ? 'credit_card' : 'pay_later',
    opened_on: history.day - 1,
    closed_on: null,
    principal_or_limit: 0,
  })
  return account_id
}

const repay = (history: History, account_id: string, days: number, amount: number): void => {
  const number = 1 + history.repayments.filter(({ own }) => own < 0).length
  const paid_on = history.day - days
  // An account that is opened for its repayments is opened the day before the first of them.
  const account = history.credit_accounts.find((row) => row.account_id === account_id)
  if (account && account.own < 0) account.opened_on = Math.min(account.opened_on, paid_on - 1)
  history.repayments.push({ own: -1, repayment_id: newId('repayment', number), account_id, paid_on, amount })
}

/** Whole days of age in the middle of a slice. */
const middleOf = (slice: number): number => Math.round(((slice + 0.5) * 365) / 12)

/** Takes all repayments of a month away, with the instalments that they paid. */
const emptyMonth = (history: History, rows: readonly Repayment[]): void => {
  const away = new Set(rows)
  for (;;) {
    const item = settlements(history).find(({ parts }) => parts.some(({ repayment }) => away.has(repayment)))
    if (!item) break
    leaveOut(history, item)
  }
  history.repayments = history.repayments.filter((row) => !away.has(row))
}

/** Months between two slices that have no repayment get one, the latest first, until there are as many as wanted. */
const addMonths = (history: History, target: number, from: number, to: number): void => {
  const inside = (slice: number): boolean => slice >= from && slice < to
  const oldest = history.day - firstOpened(history)
  const months = monthsOf(history)
  let count = [...months.keys()].filter(inside).length
  const others = history.credit_accounts.some(({ product }) => product !== 'credit_card')
  for (let slice = from; slice < to && count < target && slice <= sliceOfDays(oldest); slice++) {
    const days = Math.min(middleOf(slice), oldest - 1)
    if (months.has(slice) || days < 1 || sliceOfDays(days) !== slice) continue
    repay(history, freeAccount(history, !others), days, USUAL)
    count++
  }
}

/** As many months with a repayment as wanted. */
const monthsTo = (history: History, target: number, from: number, to: number): void => {
  const inside = (slice: number): boolean => slice >= from && slice < to
  for (;;) {
    const months = [...monthsOf(history)].filter(([slice]) => inside(slice))
    if (months.length <= target) break
    // Months that paid nothing that was overdue first, so that arrears stay; of those the oldest, which leaves first.
    const late = new Set(
      settlements(history)
        .filter(({ overdue }) => overdue)
        .flatMap(({ parts }) => parts.map(({ repayment }) => repayment)),
    )
    const pays = (rows: readonly Repayment[]): number => rows.filter((row) => late.has(row)).length
    const [, rows] = months.sort((a, b) => pays(a[1]) - pays(b[1]) || b[0] - a[0])[0]!
    emptyMonth(history, rows)
  }
  addMonths(history, target, from, to)
}

const isPromise = (history: History, account: string): boolean => {
  const product = productOf(history, account)
  return product !== undefined && product !== 'credit_card'
}

/** Accounts all of whose instalments were settled in time, the last one within the year. */
const keptOf = (history: History): string[] => {
  const byAccount = new Map<string, Settled[]>()
  for (const item of settlements(history)) {
    const id = item.instalment.account_id
    byAccount.set(id, [...(byAccount.get(id) ?? []), item])
  }
  return [...byAccount].flatMap(([id, items]) => {
    const inTime = items.every(({ settled_on: on, instalment }) => on !== null && on <= instalment.due_on)
    const last = Math.max(...items.map(({ settled_on: on }) => on ?? 0))
    return isPromise(history, id) && inTime && last >= history.day - 365 ? [id] : []
  })
}

const promises = (history: History, wanted: Wanted): void => {
  const target = wanted.number('promises_kept_1y')
  if (Number.isNaN(target)) return
  const kept = keptOf(history)
  for (const account_id of kept.slice(0, Math.max(0, kept.length - target))) {
    const last = Math.max(
      history.day,
      ...history.instalments.filter((row) => row.account_id === account_id).map((row) => row.due_on),
    )
    // It is not completed yet: one more instalment falls due later.
    history.instalments.push({ own: -1, account_id, due_on: last + 30, due_amount: USUAL })
  }
  const slices = [...monthsOf(history).keys()].filter((s) => s < YEAR_SLICES).sort((a, b) => a - b)
  // A promise is kept by a repayment: where the option leaves no month with one, it gives way.
  if (slices.length === 0 && wanted.moved('repayment_months_1y')) return
  for (let n = kept.length; n < target; n++) {
    const days = middleOf(slices[0] ?? 3)
    const account_id = newId('promise', n)
    history.credit_accounts.push({
      own: -1,
      account_id,
      institution_id: newId('institution', 0),
      product: 'pay_later',
      opened_on: Math.max(firstOpened(history), history.day - days - 30),
      closed_on: history.day - days,
      principal_or_limit: USUAL,
    })
    history.instalments.push({ own: -1, account_id, due_on: history.day - days, due_amount: USUAL })
    repay(history, account_id, days, USUAL)
  }
}

/** Makes repayments of a stretch smaller, together with the instalments that they paid; those that settle nothing first. */
const repayLess = (history: History, rows: readonly Repayment[], amount: number): void => {
  let left = amount
  const parts = settlements(history).filter(({ overdue }) => !overdue)
  const used = new Map<Repayment, number>()
  for (const { parts: all } of settlements(history))
    for (const { repayment, amount: part } of all) used.set(repayment, (used.get(repayment) ?? 0) + part)
  for (const row of rows) {
    const less = Math.min(left, row.amount - Math.max(1, used.get(row) ?? 0))
    if (less <= 0) continue
    row.amount -= less
    left -= less
  }
  const wanted = new Set(rows)
  const items = parts.filter((item) => item.parts.some(({ repayment }) => wanted.has(repayment)))
  const paid = (item: Settled): number =>
    item.parts.filter(({ repayment }) => wanted.has(repayment)).reduce((sum, part) => sum + part.amount - 1, 0)
  let base = items.reduce((sum, item) => sum + paid(item), 0)
  for (const item of items) {
    if (base <= 0 || left <= 0) break
    const mine = paid(item)
    const less = Math.min(mine, Math.ceil((left * mine) / base))
    base -= mine
    makeSmaller({ ...item, parts: item.parts.filter(({ repayment }) => wanted.has(repayment)) }, less)
    left -= less
  }
}

const repaidAmounts = (history: History, wanted: Wanted): void => {
  if (Number.isNaN(wanted.number(REPAID[0]!))) return
  const sums = nestedSums(
    REPAID.map((f) => cents(wanted.number(f))),
    REPAID.map((f) => wanted.moved(f)),
    wanted.givesWay,
  )
  sums.forEach((sum, k) => {
    const target = sum - (sums[k - 1] ?? 0)
    const [after, upTo] = [WINDOWS[k - 1] ?? 0, WINDOWS[k]!]
    const rows = paidRows(history).filter(
      (row) => isCounted(history, row.account_id) && ageIn(history, row) > after && ageIn(history, row) <= upTo,
    )
    const before = rows.reduce((total, row) => total + row.amount, 0)
    // Each repayment that stays keeps a cent at least.
    if (target < rows.length) emptyMonth(history, rows)
    else if (before > target) repayLess(history, rows, before - target)
    if (target < rows.length && target > 0) repay(history, freeAccount(history, true), ageIn(history, rows[0]!), target)
    if (before >= target) return
    const months = monthsOf(history)
    const days = Array.from({ length: upTo - after }, (_, d) => after + 1 + d)
    const middle = (after + upTo) / 2
    const near = days
      .filter((d) => months.has(sliceOfDays(d)))
      .sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))
    // A repayment there would be a month more: the amount gives way to months that the option moves.
    if (near.length === 0 && wanted.moved('repayment_months_1y') && !wanted.moved(...REPAID)) return
    repay(history, freeAccount(history, true), near[0] ?? Math.round(middle), target - before)
  })
}

const apply: Recipe['apply'] = (history, wanted) => {
  if (!wanted.moved(...FACTORS) || history.credit_accounts.length === 0) return
  if (wanted.moved('credit_history_days')) {
    const days = wanted.number('credit_history_days') - wanted.own('credit_history_days')
    for (const row of history.credit_accounts) row.opened_on -= days
  }
  if (!wanted.moved(...FACTORS.filter((f) => f !== 'credit_history_days'))) return
  planArrears(history, wanted)
  const year = wanted.number('repayment_months_1y')
  const total = wanted.number('repayment_months_total')
  // What leaves a month may have kept a promise, and what keeps one is a repayment: months, promises, and months again.
  monthsTo(history, year, 0, YEAR_SLICES)
  promises(history, wanted)
  repaidAmounts(history, wanted)
  // Accounts that were emptied on the way keep no promise any more, and their months need another repayment.
  if (keptOf(history).length < wanted.number('promises_kept_1y')) promises(history, wanted)
  addMonths(history, year, 0, YEAR_SLICES)
  addMonths(history, Math.max(0, total - year), YEAR_SLICES, Number.MAX_SAFE_INTEGER)
  // A history that is too short for so many months before the year has them in the year.
  const short = total - monthsOf(history).size
  if (short > 0 && wanted.moved('repayment_months_total') && !wanted.moved('repayment_months_1y'))
    addMonths(history, year + short, 0, YEAR_SLICES)
  // Where there are cards only, the repayments of those months count: the others make room for them.
  if (!history.credit_accounts.some(({ product }) => product !== 'credit_card')) repaidAmounts(history, wanted)
}

export const credit: Recipe = {
  name: 'credit',
  about:
    'accounts were opened earlier; a repayment in a month that had none; what became overdue is left out or falls due on an account of its own; instalments and their repayments are smaller, or a repayment on a card or account without instalments makes up the sum; an account is paid in full in time, or runs on',
  factors: FACTORS,
  tables: ['credit_accounts', 'instalments', 'repayments'],
  apply,
}
