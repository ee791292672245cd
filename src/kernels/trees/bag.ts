/** Which rows a tree sees: the times a bootstrap draws each of them (Breiman 1996, doi:10.1007/BF00058655). */
import type { Generator } from '../numbers/generator.ts'
import type { BagOptions, RowGroups } from './growthOptions.ts'

/** Units (rows or groups) that are drawn for a tree. */
export const drawsOf = ({ sampleRatio }: BagOptions, units: number): number =>
  Math.max(1, Math.round(sampleRatio * units))

/** How often each row is drawn; with groups, all rows of one as often. Drawing all without replacement draws no numbers. */
export const drawBag = (
  rows: number,
  groups: RowGroups | undefined,
  options: BagOptions,
  generator: Generator,
): Uint16Array => {
  const units = groups ? groups.start.length - 1 : rows
  const draws = drawsOf(options, units)
  const drawn = options.replace ? drawWithReplacement(units, draws, generator) : drawWithout(units, draws, generator)
  if (!groups) return drawn
  const counts = new Uint16Array(rows)
  for (let g = 0; g < units; g++) {
    for (let p = groups.start[g]!; p < groups.start[g + 1]!; p++) counts[groups.rows[p]!] = drawn[g]!
  }
  return counts
}

const drawWithReplacement = (units: number, draws: number, generator: Generator): Uint16Array => {
  const counts = new Uint16Array(units)
  for (let d = 0; d < draws; d++) counts[generator.below(units)]!++
  return counts
}

/** Of the units not yet decided on, each is taken with the chance that fills the draws (Fan, Muller & Rezucha 1962, method 1). */
const drawWithout = (units: number, draws: number, generator: Generator): Uint16Array => {
  const counts = new Uint16Array(units)
  if (draws >= units) return counts.fill(1)
  for (let unit = 0, left = draws; left > 0; unit++) {
    if (generator.below(units - unit) >= left) continue
    counts[unit] = 1
    left--
  }
  return counts
}
