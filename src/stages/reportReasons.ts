import { principalReasons } from '../attributions/reasons.ts'
import type { PersonFactor, PersonReason } from '../reports/runReport.ts'

export { MOST_REASONS } from '../attributions/reasons.ts'

/**
 * What took the most points away, against the base of the receipt: factors that give the same reason are added up, and a reason
 * is named only if its sum is negative. Fewer than four where there are no more. Where all that took points is missing, the words
 * say so: who never had a loan was not late with one.
 * @param factors all factors of the receipt; among equal sums the reason of the earlier factor comes first
 * @returns largest loss first; value and unit are those of the factor of the group that took the most
 */
export const largestReasons = (factors: readonly PersonFactor[]): PersonReason[] =>
  principalReasons(factors).reasons.map(({ reference: _, missing, ...reason }) => ({
    ...reason,
    missing: missing ?? null,
  }))
