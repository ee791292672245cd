/** Flights of the year by kind, and what was paid for the domestic ones. */
import { ageOf, type Booking, DAY, type History, newId, noon } from './history.ts'
import type { Recipe } from './recipe.ts'
import type { Wanted } from './wanted.ts'

const KINDS = ['international', 'business_class', 'first_class', 'other'] as const
type Kind = (typeof KINDS)[number]
const FACTORS = [
  'flights_1y',
  'international_flights_1y',
  'business_class_flights_1y',
  'first_class_flights_1y',
  'mean_fare_discount_1y',
] as const

const kindOf = ({ international, cabin }: Booking): Kind => {
  if (international > 0) return 'international'
  return cabin === 'business' ? 'business_class' : cabin === 'first' ? 'first_class' : 'other'
}

const flightsOf = (history: History): Booking[] =>
  history.bookings.filter((row) => {
    const age = ageOf(history, row.booked_at)
    return row.kind === 'flight' && age > 0 && age <= 365 * DAY
  })

/**
 * Flights of each kind. Where kinds are more than all flights together, kinds that the option leaves alone give way, then the total. A kind
 * of which there are more takes the place of other flights, or, where the total gives way, comes beside them.
 */
const countsOf = (wanted: Wanted): Record<Kind, number> => {
  const counts: Record<Kind, number> = { international: 0, business_class: 0, first_class: 0, other: 0 }
  const factor = (kind: Kind): string => `${kind}_flights_1y`
  const total = wanted.number('flights_1y')
  const kinds = KINDS.slice(0, 3).sort((a, b) => Number(wanted.moved(factor(b))) - Number(wanted.moved(factor(a))))
  let left = total
  for (const kind of kinds) {
    const target = wanted.number(factor(kind)) || 0
    const yields = wanted.moved('flights_1y') && !wanted.moved(factor(kind))
    counts[kind] = yields ? Math.min(target, Math.max(0, left)) : target
    left -= counts[kind]
  }
  const ownOthers = wanted.own('flights_1y') - kinds.reduce((sum, kind) => sum + (wanted.own(factor(kind)) || 0), 0)
  const beside = wanted.givesWay === 'longer' && !wanted.moved('flights_1y')
  counts.other = Math.max(0, left, beside ? ownOthers : 0)
  return counts
}

const isDiscounted = (row: Booking): boolean => row.international === 0 && row.full_fare !== null && row.full_fare > 0

/** Brings the mean of fare over full fare, in tenths, to what is wanted: all fares by one factor, the last one takes the rest. */
const fares = (history: History, target: number): void => {
  const rows = flightsOf(history).filter(isDiscounted)
  if (rows.length === 0 || Number.isNaN(target)) return
  const ratio = (row: Booking): number => (10 * row.fare) / row.full_fare!
  const mean = rows.reduce((sum, row) => sum + ratio(row), 0) / rows.length
  if (Math.abs(mean - target) < 1e-6) return
  let left = target * rows.length
  rows
    .sort((a, b) => a.full_fare! - b.full_fare!)
    .forEach((row, i) => {
      const wantedRatio = i === rows.length - 1 ? left : mean > 0 ? (ratio(row) * target) / mean : target
      row.fare = Math.max(0, Math.round((wantedRatio * row.full_fare!) / 10))
      left -= ratio(row)
    })
}

const apply: Recipe['apply'] = (history, wanted) => {
  if (!wanted.moved(...FACTORS)) return
  const counts = countsOf(wanted)
  let added = 0
  for (const kind of KINDS) {
    const here = flightsOf(history)
      .filter((row) => kindOf(row) === kind)
      // Those without a full fare go first, so that the mean stays; then the oldest.
      .sort((a, b) => Number(isDiscounted(a)) - Number(isDiscounted(b)) || a.booked_at - b.booked_at)
    const away = new Set(here.slice(0, Math.max(0, here.length - counts[kind])))
    if (away.size > 0) history.bookings = history.bookings.filter((row) => !away.has(row))
    for (let n = here.length; n < counts[kind]; n++) {
      added++
      history.bookings.push({
        own: -1,
        booking_id: newId('booking', added),
        booked_at: noon(history, 3 + added),
        kind: 'flight',
        international: kind === 'international' ? 1 : 0,
        cabin: kind === 'business_class' ? 'business' : kind === 'first_class' ? 'first' : 'economy',
        fare: 80_000,
        // Without a full fare it is no part of the mean.
        full_fare: null,
      })
    }
  }
  fares(history, wanted.number('mean_fare_discount_1y'))
}

export const bookings: Recipe = {
  name: 'bookings',
  about: 'flights of a kind are booked or left out; domestic fares change by one factor where their mean must',
  factors: FACTORS,
  tables: ['bookings'],
  apply,
}
