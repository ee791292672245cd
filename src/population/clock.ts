/** Days as numbers since 1970-01-01 (UTC) and the calendar of one simulation. */
import { usageError } from '../util/errors.ts'

/** Sparse tables reach this many months further back than dense ones. */
export const SPARSE_MONTHS = 72
/** Months written after the last observation date, so that outcomes can be derived. */
export const PERFORMANCE_MONTHS = 12
/** Nobody's platform account is older than this, counted back from the last observation date. */
export const PLATFORM_MONTHS = 156

const DAY_MS = 86_400_000

/** Days since 1970-01-01 of an ISO day; an error for anything else. */
export const dayNumber = (iso: string, option: string): number => {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(iso) ? Date.parse(`${iso}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== iso)
    throw usageError('not a day', { option, expected: 'a day such as 2025-01-01', got: iso })
  return time / DAY_MS
}

/** The ISO day of a day number. */
export const isoDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)

/** The same day of the month `months` later (earlier when negative); the last day of that month where it has no such day. */
export const addMonths = (day: number, months: number): number => {
  const from = new Date(day * DAY_MS)
  const first = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1)
  const length = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0)).getUTCDate()
  return first / DAY_MS + Math.min(from.getUTCDate(), length) - 1
}

/**
 * The months of a simulation, counted back from the last observation date. Month k is [start[k], start[k + 1]); months
 * 0 to dense - 1 are sparse history, dense to last - 1 dense history, last to count - 1 the performance window.
 */
export interface Clock {
  /** count + 1 day numbers */
  start: Int32Array
  /** calendar month of the first day of month k, 0 = January */
  season: Uint8Array
  /** first dense month */
  dense: number
  /** the month that begins on the last observation date */
  last: number
  count: number
  sparseDay: number
  denseDay: number
  lastDay: number
  /** the first day of which nothing is known */
  extractDay: number
  platformDay: number
  /** day of the month `dayOfMonth` (1 to 28), `months` calendar months after the month of `day` */
  sameDayLater(day: number, dayOfMonth: number, months: number): number
  /** the month that holds a day; -1 before the first */
  monthOf(day: number): number
}

/** @param lastDay last observation date; @param months dense months before it */
export const clock = (lastDay: number, months: number): Clock => {
  const dense = SPARSE_MONTHS
  const last = dense + months
  const count = last + PERFORMANCE_MONTHS
  const start = Int32Array.from({ length: count + 1 }, (_, k) => addMonths(lastDay, k - last))
  const season = Uint8Array.from({ length: count }, (_, k) => new Date(start[k]! * DAY_MS).getUTCMonth())
  // first days of calendar months, long enough for every schedule agreed before the extract date
  const calendarFrom = addMonths(lastDay - new Date(lastDay * DAY_MS).getUTCDate() + 1, -(count + PLATFORM_MONTHS))
  const calendar = Int32Array.from({ length: 2 * count + PLATFORM_MONTHS + 240 }, (_, k) => addMonths(calendarFrom, k))
  const calendarMonth = (day: number): number => {
    let k = Math.floor((day - calendarFrom) / 30.4369)
    while (calendar[k]! > day) k--
    while (calendar[k + 1]! <= day) k++
    return k
  }
  return {
    start,
    season,
    dense,
    last,
    count,
    sparseDay: start[0]!,
    denseDay: start[dense]!,
    lastDay,
    extractDay: start[count]!,
    platformDay: addMonths(lastDay, -PLATFORM_MONTHS),
    sameDayLater: (day, dayOfMonth, later) => calendar[calendarMonth(day) + later]! + dayOfMonth - 1,
    monthOf: (day) => {
      if (day < start[0]!) return -1
      let k = Math.min(count - 1, Math.floor((day - start[0]!) / 30.4369))
      while (start[k]! > day) k--
      while (k + 1 < count && start[k + 1]! <= day) k++
      return k
    },
  }
}

/**
 * The observation dates of a population: five quarterly ones, the last at `lastObservation`; `asOf` alone if it is given.
 * Quarters are calendar quarters, 90 to 92 days apart. ISO days, ascending.
 */
export const observationDates = (options: { asOf?: string; lastObservation?: string } = {}): string[] => {
  if (options.asOf !== undefined) return [isoDay(dayNumber(options.asOf, 'asOf'))]
  const last = dayNumber(options.lastObservation ?? DEFAULT_LAST_OBSERVATION, 'lastObservation')
  return [-12, -9, -6, -3, 0].map((months) => isoDay(addMonths(last, months)))
}

export const DEFAULT_LAST_OBSERVATION = '2025-01-01'
