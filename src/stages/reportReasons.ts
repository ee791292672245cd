import type { PersonFactor, PersonReason } from '../reports/runReport.ts'
import { FACTOR_CATALOGUE } from '../schema/factorCatalogue.ts'

/**
 * How many reasons are given at most. For adverse action notices the official interpretation of Regulation B, 12 CFR part 1002,
 * comment 9(b)(2)-1, says that more than four are not likely to be helpful.
 */
export const MOST_REASONS = 4

const catalogue = new Map(FACTOR_CATALOGUE.map((f) => [f.name, f]))

/** Group and words of the reason that a factor gives: those of the catalogue, or the factor itself where it is of another table. */
const reasonOf = ({ factor, dimension, definition }: PersonFactor): { group: string; text: string } => {
  const known = catalogue.get(factor)
  return known?.dimension === dimension
    ? { group: known.reasonGroup, text: known.reasonText }
    : { group: factor, text: definition || factor }
}

/**
 * What took the most points away, against the base of the receipt: factors that give the same reason are added up, and a reason
 * is named only if its sum is negative. Fewer than four where there are no more. Where all that took points is missing, the words
 * say so: who never had a loan was not late with one.
 * @param factors all factors of the receipt; among equal sums the reason of the earlier factor comes first
 * @returns largest loss first; value and unit are those of the factor of the group that took the most
 */
export const largestReasons = (factors: readonly PersonFactor[]): PersonReason[] => {
  const groups = new Map<string, { text: string; points: number; worst: PersonFactor; known: boolean }>()
  for (const factor of factors) {
    const { group, text } = reasonOf(factor)
    const entry = groups.get(group)
    const known = factor.points < 0 && factor.value !== null
    if (!entry) groups.set(group, { text, points: factor.points, worst: factor, known })
    else {
      entry.points += factor.points
      entry.known ||= known
      if (factor.points < entry.worst.points) entry.worst = factor
    }
  }
  return [...groups]
    .filter(([, { points }]) => points < 0)
    .sort(([, a], [, b]) => a.points - b.points)
    .slice(0, MOST_REASONS)
    .map(([group, { text, points, worst, known }]) => ({
      factor: worst.factor,
      points,
      group,
      text: known ? text : `No value: ${text}`,
      value: worst.value,
      unit: worst.unit,
      missing: worst.missing,
    }))
}
