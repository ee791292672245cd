/** A slider has places, evenly far apart; what number stands at each. */
import type { MovableFactor } from './personData.ts'

/** Places of a slider that does not show every whole number of its range. */
export const PLACES = 400

type Range = Pick<MovableFactor, 'low' | 'high' | 'whole' | 'curved'>

const everyNumber = ({ low, high, whole }: Range): boolean => whole && high - low <= PLACES

/** How many places there are beside the first. */
export const lastPlace = (range: Range): number => (everyNumber(range) ? range.high - range.low : PLACES)

/** Half of the slider holds the lowest eighth of its range. */
const stretch = (x: number): number => Math.cbrt(x)
const unstretch = (y: number): number => y * y * y

/** To three digits that count. */
const rounded = (x: number): number => Number(x.toPrecision(3))

/** The number at a place: the ends are exact, others have three digits that count. */
export const numberAt = (range: Range, place: number): number => {
  const { low, high, whole, curved } = range
  if (everyNumber(range)) return low + place
  if (place <= 0) return low
  if (place >= PLACES) return high
  const share = place / PLACES
  const exact = curved ? unstretch(stretch(low) + share * (stretch(high) - stretch(low))) : low + share * (high - low)
  const near = whole ? Math.round(Math.abs(exact) < 1000 ? exact : rounded(exact)) : rounded(exact)
  return Math.min(high, Math.max(low, near))
}

/** The place nearest to a number. */
export const placeOf = (range: Range, number: number): number => {
  const { low, high, curved } = range
  if (everyNumber(range)) return Math.min(high, Math.max(low, Math.round(number))) - low
  if (high === low) return 0
  const share = curved
    ? (stretch(number) - stretch(low)) / (stretch(high) - stretch(low))
    : (number - low) / (high - low)
  return Math.round(PLACES * Math.min(1, Math.max(0, share)))
}
