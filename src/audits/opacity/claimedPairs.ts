/** A claim that two factors act together, beside all pairs that one of the two belongs to. */
import { type ChosenInteractions, chosenInteractions } from '../../attributions/chosenInteractions.ts'
import type { InteractionOptions } from '../../attributions/interactionGame.ts'
import { type InteractionSummary, interactionSummary } from '../../attributions/interactionSummary.ts'
import type { FactorFrame } from '../../matrix/frame.ts'
import type { Scorer } from '../../scores/scorer.ts'
import type { Bounds } from '../fairness/intervals.ts'
import { meanOf, overPersons, type Persons } from './overPersons.ts'

/** Where a pair stands among the pairs that one of the two belongs to: these are its null. */
export interface PairStanding {
  /** 1: the strongest of them; ties count against the pair */
  rank: number
  of: number
  /** mean over rows of |phi_ij + phi_ji|, in the unit of the summary */
  meanAbsolute: number
  strongestOther: { first: string; second: string; meanAbsolute: number }
  medianOther: number
}

/** What a model has learned of a claimed pair. */
export interface ClaimedPair {
  first: string
  second: string
  /** `points`, or that of the model's own output */
  unit: string
  /** by mean absolute value; null: the model has no interactions at all */
  standing: PairStanding | null
  /**
   * mean of what the pair adds where both factors are above their medians or neither is, less the mean where one is: above 0, together they are safer than each
   * by itself lets expect. Null for factors that are no numbers
   */
  direction: Bounds
  /** place of the size of the direction among those of the same pairs, as far as their factors are numbers; null where there is no direction */
  directionRank: { rank: number; of: number; largestOther: number } | null
  /** the pair is first of them by mean absolute value, or by the size of the direction: of pairs that are alike, two in `of` at most are */
  found: boolean
}

/** @returns null where the summary has no such pair */
export const pairStanding = (
  { pairs }: Pick<InteractionSummary, 'pairs'>,
  claimed: readonly [string, string],
): PairStanding | null => {
  const theirs = pairs.filter(({ first, second }) => claimed.includes(first) || claimed.includes(second))
  const own = theirs.find(({ first, second }) => claimed.includes(first) && claimed.includes(second))
  const others = theirs.filter((pair) => pair !== own)
  if (!own || others.length === 0) return null
  return {
    rank: 1 + others.filter(({ meanAbsolute }) => meanAbsolute >= own.meanAbsolute).length,
    of: theirs.length,
    meanAbsolute: own.meanAbsolute,
    strongestOther: others[0]!,
    medianOther: others[Math.floor(others.length / 2)]!.meanAbsolute,
  }
}

/** Whether each row lies above the median of the factor; undefined where the factor has no number. */
const above = (frame: FactorFrame, factor: string): (boolean | undefined)[] => {
  const values = frame.numbers[factor]
  if (!values) return new Array<undefined>(frame.rows).fill(undefined)
  const known = values.filter((v) => !Number.isNaN(v)).sort()
  const median = known[Math.floor(known.length / 2)]!
  return Array.from(values, (v) => (Number.isNaN(v) ? undefined : v > median))
}

/** Values of a pair where its factors are alike, and where they are not; the other rows NaN. */
const sidesOf = (
  one: readonly (boolean | undefined)[],
  other: readonly (boolean | undefined)[],
  values: Float64Array,
) => {
  const side = (alike: boolean): Float64Array =>
    values.map((v, i) =>
      one[i] === undefined || other[i] === undefined || (one[i] === other[i]) !== alike ? Number.NaN : v,
    )
  return { alike: side(true), unlike: side(false) }
}

/** Where a claimed pair stands by the size of its direction, and the direction with its interval. */
const directionOf = (
  frame: FactorFrame,
  { pairs, values }: ChosenInteractions,
  sign: number,
  persons: Persons,
): Pick<ClaimedPair, 'direction' | 'directionRank'> => {
  const sides = new Map<string, (boolean | undefined)[]>()
  const sideOf = (factor: string): (boolean | undefined)[] => {
    const found = sides.get(factor) ?? above(frame, factor)
    sides.set(factor, found)
    return found
  }
  const parts = pairs.map(([one, other], k) =>
    sidesOf(sideOf(one), sideOf(other), values.subarray(k * frame.rows, (k + 1) * frame.rows)),
  )
  const [own, ...others] = parts.map(({ alike, unlike }) => Math.abs(meanOf(alike) - meanOf(unlike)))
  const known = others.filter(Number.isFinite)
  const { alike, unlike } = parts[0]!
  return {
    direction: overPersons((w) => [sign * (meanOf(alike, w) - meanOf(unlike, w))], persons)[0]!,
    directionRank:
      Number.isFinite(own) && known.length > 0
        ? {
            rank: 1 + known.filter((size) => size >= own!).length,
            of: 1 + known.length,
            largestOther: Math.max(...known),
          }
        : null,
  }
}

/**
 * Exact SHAP interaction values of claimed pairs on some people: whether the model has learned them, beside the pairs that nobody claimed.
 * @param claims names of two different factors each
 * @throws GlasscoreError as `interactionSummary` and `chosenInteractions`
 */
export const claimedPairs = async (
  scorer: Scorer,
  frame: FactorFrame,
  persons: Persons,
  claims: readonly (readonly [string, string])[],
  options: InteractionOptions = {},
): Promise<ClaimedPair[]> => {
  if (claims.length === 0) return []
  const summary = await interactionSummary(scorer, frame, options)
  const found: ClaimedPair[] = []
  for (const claim of claims) {
    const standing = pairStanding(summary, claim)
    const rivals = summary.pairs
      .filter(({ first, second }) => claim.includes(first) !== claim.includes(second))
      .map(({ first, second }): readonly [string, string] => [first, second])
    const chosen = await chosenInteractions(scorer, frame, [claim, ...rivals], options)
    // Log-odds and probabilities are of bad.
    const { direction, directionRank } = directionOf(frame, chosen, summary.unit === 'points' ? 1 : -1, persons)
    found.push({
      first: claim[0],
      second: claim[1],
      unit: summary.unit,
      standing,
      direction,
      directionRank: standing ? directionRank : null,
      found: standing !== null && (standing.rank === 1 || directionRank?.rank === 1),
    })
  }
  return found
}
