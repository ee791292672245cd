/** How long a change takes: by the rate of a factor, and by the events that must first leave its window. */
import type { FactorBands } from '../schema/bands.ts'
import type { FactorRule } from './factorRule.ts'

/** The value above which a band begins; the lowest band is taken to begin at 0. */
export const bandStart = ({ upperEdges, zero }: FactorBands, band: number): number =>
  upperEdges[band - (zero ? 3 : 2)] ?? 0

/**
 * The lowest value that a windowed factor is sure to have come down to after each number of months, 0 first: what lay in the shortest window
 * that still holds all that can be left of it.
 * @param own the person's value
 * @param siblings values of the same events over other windows
 */
export const windowFloors = (
  own: number,
  windowDays: number,
  siblings: readonly { days: number; value: number }[],
  months: number,
  least: number,
): number[] =>
  Array.from({ length: months + 1 }, (_, month) => {
    // Twelve months are 365 days: whole numbers compare without rounding.
    const left = 12 * windowDays - 365 * month
    if (left <= 0) return Math.min(own, least)
    const held = siblings.filter(({ days, value }) => 12 * days >= left && value < own)
    return held.reduce((floor, { value }) => Math.min(floor, value), own)
  })

/** Months for a change at the factor's rate; 0 where there is no limit. */
export const monthsAtRate = (rule: FactorRule, from: number, to: number, bands: FactorBands | undefined): number => {
  const { maxChangePerMonth: rate } = rule
  if (rate === undefined || from === to) return 0
  const change = bands ? bandStart(bands, to) - bandStart(bands, from) : to - from
  // A change that is a whole number of months but for rounding takes no month more.
  return Math.ceil(Math.abs(change) / rate - 1e-9)
}
