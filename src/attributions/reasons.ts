/**
 * Principal reasons for a score: what took the most points away from one person against a chosen background. For adverse action notices
 * under 12 CFR 1002.9(b)(2), and as the main elements of a decision that Article 86 of Regulation (EU) 2024/1689 speaks of. Whether a
 * notice satisfies a law is for its sender to judge.
 */
import { checkNumber } from '../models/checkOptions.ts'
import { dataError } from '../util/errors.ts'
import { reasonWords } from './reasonWords.ts'

/**
 * How many reasons are given at most. The official interpretation of Regulation B, 12 CFR part 1002, Supplement I, comment 9(b)(2)-1, says
 * that more than four are not likely to be helpful.
 */
export const MOST_REASONS = 4

/** A factor of one person with its points, as reasons read it. */
export interface ReasonFactor {
  /** name */
  factor: string
  dimension: string
  definition: string
  unit: string
  /** against the background, in score points; below 0 where it took points away */
  points: number
  /** the person's own: number, text of a category, null when missing */
  value: number | string | null
  /** why it is missing, where it is and that is known */
  missing?: string | null
  /** what is usual in the background: median, or most frequent category; null or absent: not known */
  reference?: number | string | null
  /** false: the model does not read it, or this person could not have it (see `reasonFactors`); absent: true */
  scored?: boolean
}

/** One principal reason: a group of related factors. */
export interface PrincipalReason {
  /** the factor of the group that took the most */
  factor: string
  /** sum over the scored factors of the group, below 0 */
  points: number
  /** factors of one group give the same reason */
  group: string
  /** from the catalogue; starts with "No value: " where the points were taken for want of a value alone */
  text: string
  /** of `factor`: the person's own */
  value: number | string | null
  unit: string
  /** of `factor`: why there is no value */
  missing: string | null | undefined
  /** of `factor`: usual in the background */
  reference: number | string | null
}

/** Reasons, and what was not among them. */
export interface PrincipalReasons {
  /** largest loss first */
  reasons: PrincipalReason[]
  /** groups that took points, too, but less than each of the reasons */
  further: number
  /** factors that were not scored and yet have points: no reasons, but not to be hidden */
  notScored: { factor: string; points: number }[]
}

/**
 * The groups of related factors that took the most points away. Points of a group are added up, and it is a reason only if their sum is
 * negative; no group with a larger loss is passed over. Factors that were not scored give no reason and add to no group.
 *
 * @param factors all factors of one person; among equal sums the group of the earlier factor comes first
 * @param most reasons at most, 1 or more
 * @throws GlasscoreError('data') for points that are no finite number
 */
export const principalReasons = (factors: readonly ReasonFactor[], most = MOST_REASONS): PrincipalReasons => {
  checkNumber('most', most, { min: 1, whole: true })
  const groups = new Map<string, { text: string; points: number; worst: ReasonFactor; known: boolean }>()
  const notScored: PrincipalReasons['notScored'] = []
  for (const factor of factors) {
    if (!Number.isFinite(factor.points))
      throw dataError('a factor has no points', {
        column: factor.factor,
        expected: 'a finite number',
        got: factor.points,
      })
    if (factor.scored === false) {
      if (factor.points !== 0) notScored.push({ factor: factor.factor, points: factor.points })
      continue
    }
    const { group, text } = reasonWords(factor)
    const entry = groups.get(group)
    const known = factor.points < 0 && factor.value !== null
    if (!entry) groups.set(group, { text, points: factor.points, worst: factor, known })
    else {
      entry.points += factor.points
      entry.known ||= known
      if (factor.points < entry.worst.points) entry.worst = factor
    }
  }
  const losses = [...groups].filter(([, { points }]) => points < 0).sort(([, a], [, b]) => a.points - b.points)
  const reasons = losses.slice(0, most).map(([group, { text, points, worst, known }]) => ({
    factor: worst.factor,
    points,
    group,
    text: known ? text : `No value: ${text}`,
    value: worst.value,
    unit: worst.unit,
    missing: worst.missing,
    reference: worst.reference ?? null,
  }))
  return { reasons, further: losses.length - reasons.length, notScored }
}
