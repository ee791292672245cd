/** What became overdue: which of the person's own instalments stay, and which are needed in their place. */
import { REACHED } from '../../features/reachedFlags.ts'
import { type History, newId, sliceOfDays } from './history.ts'
import { leaveOut, type Settled, settlements } from './settlements.ts'
import { cents, nestedSums, type Wanted } from './wanted.ts'

const NAMES = ['1m', '3m', '6m', '12m'] as const
const DAYS = [30, 90, 180, 365] as const
export const CASES = NAMES.map((w) => `overdue_cases_${w}`)
export const AMOUNTS = NAMES.map((w) => `overdue_amount_${w}`)

/** Ages in days: when it fell due, and when it was settled; 0: it is open. */
interface Ages {
  due: number
  settled: number
}

const agesOf = ({ day }: History, { instalment, settled_on }: Settled): Ages => ({
  due: day - instalment.due_on,
  settled: settled_on === null ? 0 : day - settled_on,
})

const flagsOf = ({ due, settled }: Ages): string[] =>
  REACHED.filter(({ days, window }) => due > days && settled <= Math.min(window, due - days)).map(
    ({ factor }) => factor,
  )

/** Window in which it became overdue; -1: before all of them. */
const bucketOf = ({ due }: Ages): number => DAYS.findIndex((days) => due - 1 <= days)

/** An account of its own with one instalment that was paid late, or not at all. */
const addItem = (history: History, { due, settled }: Ages, amount: number, number: number, product: string): void => {
  const account_id = newId('late-account', number)
  const first = Math.min(...history.credit_accounts.map((row) => row.opened_on))
  history.credit_accounts.push({
    own: -1,
    account_id,
    institution_id: newId('institution', 0),
    product,
    opened_on: Math.max(first, history.day - due - 30),
    closed_on: null,
    principal_or_limit: amount,
  })
  history.instalments.push({ own: -1, account_id, due_on: history.day - due, due_amount: amount })
  if (settled > 0)
    history.repayments.push({
      own: -1,
      repayment_id: newId('late-repayment', number),
      account_id,
      paid_on: history.day - settled,
      amount,
    })
}

/** Due ages of a bucket that are tried, and of items older than all of them. */
const DUE_AGES: readonly (readonly number[])[] = [
  [3, 10, 20, 31],
  [33, 45, 60, 75, 91],
  [93, 110, 125, 150, 181],
  [183, 200, 240, 270, 300, 330, 366],
  [380, 400, 430, 460, 500, 560, 620, 680, 760, 800, 900, 950, 1000, 1200, 1500, 1800, 1950, 2000],
]
const LATENESS = [1, 5, 20, 30, 31, 40, 60, 80, 89, 90, 100, 150, 179, 180, 200, 250, 300, 400, 800] as const

/**
 * Ages to choose from, the best first: settled in a month that has a repayment anyway, so that no month is added; not settled; settled in
 * another month.
 */
const choices = (bucket: number, months: ReadonlySet<number>, oldest: number): Ages[] => {
  const rank = ({ settled }: Ages): number => (settled === 0 ? 1 : months.has(sliceOfDays(settled)) ? 0 : 2)
  return DUE_AGES[bucket]!.filter((due) => due <= oldest)
    .flatMap((due) => [
      ...LATENESS.filter((late) => late < due).map((late) => ({ due, settled: due - late })),
      { due, settled: 0 },
    ])
    .sort((a, b) => rank(a) - rank(b))
}

const split = (amount: number, parts: number): number[] =>
  Array.from({ length: parts }, (_, k) => Math.floor((amount * (k + 1)) / parts) - Math.floor((amount * k) / parts))

/** Changes the history so that cases, amounts and flags of arrears come to what is wanted. */
export const planArrears = (history: History, wanted: Wanted): void => {
  const flags = REACHED.map(({ factor }) => factor)
  if (!wanted.moved(...CASES, ...AMOUNTS, ...flags)) return
  const cases = nestedSums(
    CASES.map((f) => wanted.number(f)),
    CASES.map((f) => wanted.moved(f)),
    wanted.givesWay,
  )
  const amounts = nestedSums(
    AMOUNTS.map((f) => cents(wanted.number(f))),
    AMOUNTS.map((f) => wanted.moved(f)),
    wanted.givesWay,
  )
  const part = (sums: readonly number[], b: number): number => sums[b]! - (sums[b - 1] ?? 0)
  const allowed = new Set<string>(flags.filter((f) => wanted.number(f) > 0))
  const late = settlements(history).filter(({ overdue }) => overdue)
  const inBucket = (b: number): Settled[] => late.filter((item) => bucketOf(agesOf(history, item)) === b)
  const changed = new Set(
    NAMES.flatMap((_, b) => {
      const own = inBucket(b)
      const same =
        own.length === part(cases, b) && own.reduce((sum, { unpaid }) => sum + unpaid, 0) === part(amounts, b)
      return same ? [] : [b]
    }),
  )
  const breaks = (ages: Ages): boolean => flagsOf(ages).some((f) => !allowed.has(f))
  const stays: Settled[] = []
  const gone: Settled[] = []
  for (const item of late) {
    const ages = agesOf(history, item)
    if (changed.has(bucketOf(ages)) || breaks(ages)) gone.push(item)
    else stays.push(item)
  }
  // An own item that breaks nothing stays where its bucket has room for it; the longest overdue first.
  for (const b of changed) {
    const rest = gone
      .filter((item) => bucketOf(agesOf(history, item)) === b && !breaks(agesOf(history, item)))
      .sort((x, y) => flagsOf(agesOf(history, y)).length - flagsOf(agesOf(history, x)).length || x.unpaid - y.unpaid)
    let room = part(cases, b)
    let money = part(amounts, b)
    for (const item of rest) {
      const last = room === 1
      if (room === 0 || (last ? item.unpaid !== money : item.unpaid > money - (room - 1))) continue
      room--
      money -= item.unpaid
      gone.splice(gone.indexOf(item), 1)
      stays.push(item)
    }
  }
  for (const item of gone) leaveOut(history, item)
  const promises = history.credit_accounts.some(({ product }) => product !== 'credit_card')
  const product = promises ? 'pay_later' : 'credit_card'
  const months = new Set(
    history.repayments
      .filter((row) => row.amount > 0 && row.paid_on < history.day)
      .map((row) => sliceOfDays(history.day - row.paid_on)),
  )
  const oldest = history.day - Math.min(...history.credit_accounts.map((row) => row.opened_on))
  const missing = new Set(
    [...allowed].filter((f) => !stays.some((s) => flagsOf(agesOf(history, s)).includes(f as never))),
  )
  let number = 0
  const put = (bucket: number, amount: number): boolean => {
    const found = choices(bucket, months, oldest).filter((ages) => !breaks(ages))
    const gain = (ages: Ages): number => flagsOf(ages).filter((f) => missing.has(f)).length
    const best = found.reduce<Ages | undefined>((a, b) => (a && gain(a) >= gain(b) ? a : b), undefined)
    if (!best || (bucket > 3 && gain(best) === 0)) return false
    addItem(history, best, amount, ++number, product)
    for (const f of flagsOf(best)) missing.delete(f)
    return true
  }
  NAMES.forEach((_, b) => {
    const own = stays.filter((item) => bucketOf(agesOf(history, item)) === b)
    const count = part(cases, b) - own.length
    const money = part(amounts, b) - own.reduce((sum, { unpaid }) => sum + unpaid, 0)
    if (count > 0 && money >= count) for (const amount of split(money, count)) put(b, amount)
  })
  while (missing.size > 0) if (!put(4, 10_000)) break
}
