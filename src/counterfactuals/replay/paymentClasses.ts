/** Payments of the year before the observation, by what they are for and by the stretch of the year in which they lie. */
import { IMPOSED, NOT_CONSUMPTION, type Scenario } from '../../schema/vocabulary.ts'
import { ageOf, DAY, type History, sliceOf, type Transaction } from './history.ts'

/** Categories whose share of consumption is a factor. */
export const SHARES = ['baby_products', 'games', 'furniture', 'cars', 'travel'] as const

/** Consumption of a kind that a factor adds up; plain: all other consumption. */
export const CLASSES = ['utilities', 'phone_topup', ...SHARES, 'plain'] as const
export type PaymentClass = (typeof CLASSES)[number]

/** Days at which the windows of sums end. */
export const CUTS = [30, 90, 180] as const

export const isOut = ({ direction }: Transaction): boolean => direction === 'out'
export const isConsumption = (row: Transaction): boolean =>
  isOut(row) && !NOT_CONSUMPTION.includes(row.scenario as Scenario)
export const isTransfer = ({ scenario }: Transaction): boolean => scenario === 'transfer'
export const isDonation = (row: Transaction): boolean =>
  isOut(row) && (row.scenario === 'donation' || row.category === 'charity')

export const classOf = ({ scenario, category }: Transaction): PaymentClass => {
  if (scenario === 'utilities' || scenario === 'phone_topup') return scenario
  return SHARES.find((share) => share === category) ?? 'plain'
}

/** Rows of the year. */
export const yearOf = (history: History): Transaction[] =>
  history.transactions.filter((row) => {
    const age = ageOf(history, row.occurred_at)
    return age > 0 && age <= 365 * DAY
  })

/** Consumption of the plain class that may become something else without touching a count: no donation, no charge of the bank. */
export const isMovable = (row: Transaction): boolean =>
  isConsumption(row) && classOf(row) === 'plain' && !isDonation(row) && !IMPOSED.includes(row.scenario as Scenario)

/** A twelfth of the year, cut where a window of sums ends: rows of a region count alike in every factor. */
export interface Region {
  slice: number
  /** 0: within 30 days; 1: within 90; 2: within 180; 3: before */
  bucket: number
  /** ages in microseconds: more than `after`, at most `upTo` */
  after: number
  upTo: number
}

const SLICE = (365 * DAY) / 12

/** The fifteen regions of a year, latest first. */
export const REGIONS: readonly Region[] = (() => {
  const ends = [...Array.from({ length: 12 }, (_, k) => (k + 1) * SLICE), ...CUTS.map((days) => days * DAY)]
  const sorted = [...new Set(ends)].sort((a, b) => a - b)
  return sorted.map((upTo, k) => ({
    slice: sliceOf(upTo),
    bucket: CUTS.filter((days) => upTo > days * DAY).length,
    after: sorted[k - 1] ?? 0,
    upTo,
  }))
})()

/** Position in `REGIONS` of a row of the year. */
export const regionOf = (history: History, row: Transaction): number => {
  const age = ageOf(history, row.occurred_at)
  return REGIONS.findIndex(({ upTo }) => age <= upTo)
}

/** A time in the middle of a region. */
export const middleOf = ({ day }: History, region: Region): number =>
  day * DAY - Math.round((region.after + region.upTo) / 2)

export const sumOf = (rows: readonly Transaction[]): number => rows.reduce((sum, row) => sum + row.amount, 0)

/** Gives rows other amounts, in their proportions, so that they come to a sum in cents. */
export const scaleTo = (rows: readonly Transaction[], sum: number): void => {
  const before = sumOf(rows)
  if (before === sum || rows.length === 0) return
  let left = sum
  let base = before
  rows.forEach((row, i) => {
    const share = base > 0 ? row.amount / base : 1 / (rows.length - i)
    base -= row.amount
    row.amount = i === rows.length - 1 ? left : Math.min(left, Math.max(0, Math.round(left * share)))
    left -= row.amount
  })
}
