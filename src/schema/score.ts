/**
 * The score range and its anchor. score = offset + factor * ln(odds), odds = good : bad.
 * PDO 60 with 650 at 16 : 1 gives an offset of exactly 410 (computed in `scores/scale.ts`).
 */
import { usageError } from '../util/errors.ts'

/** Points that double the odds good : bad (Siddiqi, Credit Risk Scorecards, ch. 6). Our choice. */
export const PDO = 60
/** The score at `BASE_ODDS`. */
export const BASE_SCORE = 650
/** Odds good : bad at `BASE_SCORE`; 16 : 1 is a bad rate of 1/17, about 5.9 %. */
export const BASE_ODDS = 16
/** Lowest score: lower ones are limited to it. */
export const SCORE_MIN = 350
/** Highest score: higher ones are limited to it. */
export const SCORE_MAX = 950
/** The score from which a person counts as selected unless another cutoff is given. Illustrative: the start of the band `very good`. */
export const DEFAULT_CUTOFF = 650

/** The bands from low to high, whole scores, both ends included; together they cover SCORE_MIN..SCORE_MAX. */
export const BANDS = [
  { name: 'poor', from: 350, to: 549 },
  { name: 'fair', from: 550, to: 599 },
  { name: 'good', from: 600, to: 649 },
  { name: 'very good', from: 650, to: 699 },
  { name: 'excellent', from: 700, to: 950 },
] as const

/** poor, fair, good, very good or excellent. */
export type BandName = (typeof BANDS)[number]['name']

/**
 * The band of a score.
 * @param score a whole number from SCORE_MIN to SCORE_MAX
 * @throws GlasscoreError('usage') for a score outside that range
 */
export const bandOf = (score: number): BandName => {
  const band = score >= SCORE_MIN ? BANDS.find((b) => score <= b.to) : undefined
  if (!band)
    throw usageError('this is not a score', { expected: `a number from ${SCORE_MIN} to ${SCORE_MAX}`, got: score })
  return band.name
}
