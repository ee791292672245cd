import { heldIn } from '../matrix/factorValues.ts'
import type { FactorFrame } from '../matrix/frame.ts'
import type { FactorSpec } from '../schema/factor.ts'
import { usageError } from '../util/errors.ts'

/** The middle of the numbers that are there; of an even number of them the mean of the two middle ones, or the lower one; null for none. */
const medianOf = (values: Float64Array, rows: ArrayLike<number>, lower: boolean): number | null => {
  const there = Float64Array.from(rows, (i) => values[i]!)
    .filter((value) => !Number.isNaN(value))
    .sort()
  if (there.length === 0) return null
  const half = there.length / 2
  // Nobody has half a month or half a case.
  const whole = lower || there.every((value) => Number.isInteger(value))
  if (there.length % 2) return there[Math.floor(half)]!
  return whole ? there[half - 1]! : (there[half - 1]! + there[half]!) / 2
}

/** The most frequent text, the first in alphabetical order among equals; null for none. */
const mostFrequent = (values: readonly (string | null)[], rows: ArrayLike<number>): string | null => {
  const counts = new Map<string, number>()
  for (let k = 0; k < rows.length; k++) {
    const value = values[rows[k]!]!
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  let best: string | null = null
  for (const [value, count] of counts)
    if (best === null || count > counts.get(best)! || (count === counts.get(best)! && value < best)) best = value
  return best
}

/**
 * What is usual in a background, one value a factor: the median of the values that are there, of a category the most frequent one, null
 * where there is none or the frame lacks the factor. Flags, ordered levels, bands and
 * whole numbers have a value that there is: of two middle ones the lower.
 * @param rows positions in the frame, as of `chooseBackground`
 * @throws GlasscoreError('usage') for a position that is no row of the frame
 */
export const referenceValues = (
  frame: FactorFrame,
  factors: readonly FactorSpec[],
  rows: ArrayLike<number>,
): (number | string | null)[] => {
  for (let k = 0; k < rows.length; k++)
    if (!(Number.isInteger(rows[k]) && rows[k]! >= 0 && rows[k]! < frame.rows))
      throw usageError('the frame has no such row', {
        option: 'rows',
        expected: `0 to ${frame.rows - 1}`,
        got: rows[k],
      })
  return factors.map(({ name, kind, bands }) => {
    const held = heldIn(frame, name)
    if (held === null) return null
    const levels = kind === 'flag' || kind === 'ordinal' || bands !== undefined
    return held === 'text' ? mostFrequent(frame.categories[name]!, rows) : medianOf(frame.numbers[name]!, rows, levels)
  })
}
