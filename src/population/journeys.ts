/** Flights, trains and hotels, as bookings and as payments. */
import { BOOKING_KINDS, CABINS } from '../schema/vocabulary.ts'
import type { Clock } from './clock.ts'
import { body, type Ledger, purpose, secondOfDay } from './ledger.ts'
import type { Person } from './person.ts'
import { NONE, type Rows } from './rows.ts'

const FLIGHT = BOOKING_KINDS.indexOf('flight')
const TRAIN = BOOKING_KINDS.indexOf('train')
const HOTEL = BOOKING_KINDS.indexOf('hotel')
const ECONOMY = CABINS.indexOf('economy')
const BUSINESS = CABINS.indexOf('business')
const FIRST = CABINS.indexOf('first')
const TRAVEL = purpose('out', 'travel', 'travel_booking')

/** @param books whether the person books flights on the platform at all; the returned function writes one month */
export const journeys = (
  ledger: Ledger,
  person: Person,
  clock: Clock,
  wealth: number,
  books: boolean,
  bookings: Rows,
): ((m: number) => void) => {
  const r = ledger.random
  const flights = books ? 0.075 * Math.exp(0.75 * person.travel) : 0.01
  // trains and hotels belong to work and family: for everybody, and by chance
  const trips = 0.15 * Math.exp(0.6 * r.normal())
  let booked = 0
  const book = (day: number, kind: number, abroad: boolean, cabin: number, fare: number, full: number): void => {
    const second = day * 86_400 + secondOfDay(r)
    const fullCents = full > 0 ? Math.round(100 * full) : NONE
    bookings.add(person.index, booked++, second, kind, abroad ? 1 : 0, cabin, Math.round(100 * fare), fullCents)
    ledger.add(TRAVEL, day, fare, body(30 + kind))
  }

  return (m) => {
    const start = clock.start[m]!
    const length = clock.start[m + 1]! - start
    for (let n = r.poisson(flights); n > 0; n--) {
      const abroad = r.next() < 0.06 + 0.05 * Math.max(0, person.capacity)
      const c = r.next()
      const cabin = c < 0.012 ? FIRST : c < 0.05 ? BUSINESS : ECONOMY
      const dearer = cabin === FIRST ? 4 : cabin === BUSINESS ? 2.6 : 1
      const full = (abroad ? 4200 : 1150) * Math.exp(0.35 * r.normal()) * dearer
      const share = Math.min(1, Math.max(0.15, 0.62 + 0.18 * r.normal()))
      book(start + r.integer(length), FLIGHT, abroad, cabin, full * share, full)
    }
    for (let n = r.poisson(trips); n > 0; n--) {
      const hotel = r.next() < 0.35
      const fare = (hotel ? 330 * wealth : 170) * Math.exp(0.45 * r.normal())
      book(start + r.integer(length), hotel ? HOTEL : TRAIN, false, NONE, fare, 0)
    }
  }
}
