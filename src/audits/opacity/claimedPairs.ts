/** A claim that two factors act together, beside all pairs that one of the two belongs to. */
import { chosenInteractions } from '../../attributions/chosenInteractions.ts'
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
  /** null: the model has no interactions at all */
  standing: PairStanding | null
  /** the pair is the strongest of those that one of the two belongs to; of pairs that are alike one in `of` is */
  found: boolean
  /**
   * mean of what the pair adds where both factors are above their medians or neither is, less the mean where one is: above 0, together they are safer than each
   * by itself lets expect
   */
  direction: Bounds
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

/** The mean of the pair's values where the two factors are alike, less the mean where they are not. */
const directionOf = (
  frame: FactorFrame,
  [first, second]: readonly [string, string],
  values: Float64Array,
  sign: number,
  persons: Persons,
): Bounds => {
  const [one, other] = [above(frame, first), above(frame, second)]
  const side = (alike: boolean): Float64Array =>
    values.map((v, i) =>
      one[i] === undefined || other[i] === undefined || (one[i] === other[i]) !== alike ? Number.NaN : v,
    )
  const [alike, unlike] = [side(true), side(false)]
  return overPersons((w) => [sign * (meanOf(alike, w) - meanOf(unlike, w))], persons)[0]!
}

/**
 * Exact SHAP interaction values of claimed pairs on some people: whether the model has learned them, beside the pairs that nobody claimed.
 * @param pairs names of two different factors each
 * @throws GlasscoreError as `interactionSummary` and `chosenInteractions`
 */
export const claimedPairs = async (
  scorer: Scorer,
  frame: FactorFrame,
  persons: Persons,
  pairs: readonly (readonly [string, string])[],
  options: InteractionOptions = {},
): Promise<ClaimedPair[]> => {
  if (pairs.length === 0) return []
  const summary = await interactionSummary(scorer, frame, options)
  const { values } = await chosenInteractions(scorer, frame, pairs, options)
  return pairs.map((pair, k): ClaimedPair => {
    const standing = pairStanding(summary, pair)
    return {
      first: pair[0],
      second: pair[1],
      unit: summary.unit,
      standing,
      found: standing?.rank === 1,
      // Log-odds and probabilities are of bad.
      direction: directionOf(
        frame,
        pair,
        values.subarray(k * frame.rows, (k + 1) * frame.rows),
        summary.unit === 'points' ? 1 : -1,
        persons,
      ),
    }
  })
}
