/**
 * Log-odds of bad to scores. score = offset - factor x (log-odds of bad), offset and factor from points to double the odds
 * (Siddiqi, Credit Risk Scorecards, ch. 6): by default 60 points, 650 at 16 : 1, so 410 at even odds.
 */
import { logit } from '../kernels/numbers/logit.ts'
import { BASE_ODDS, BASE_SCORE, PDO, SCORE_MAX, SCORE_MIN } from '../schema/score.ts'
import { GlasscoreError } from '../util/errors.ts'

/** How calibrated log-odds become a score. */
export interface Scale {
  /** points that double the odds good : bad */
  readonly pdo: number
  /** the score at `baseOdds` good : bad */
  readonly baseScore: number
  /** good : bad */
  readonly baseOdds: number
  /** lowest and highest score: whole numbers, SCORE_MIN <= min < max <= SCORE_MAX, so that every score has a band */
  readonly min: number
  readonly max: number
}

/** The scale of every trained model: 350 to 950, 650 at 16 : 1, 60 points to double the odds. */
export const DEFAULT_SCALE: Scale = {
  pdo: PDO,
  baseScore: BASE_SCORE,
  baseOdds: BASE_ODDS,
  min: SCORE_MIN,
  max: SCORE_MAX,
}

/** Points per unit of log-odds; 86.56 on the default scale. */
export const scaleFactor = (scale: Scale): number => scale.pdo / Math.LN2

/** The score at even odds; exactly 410 on the default scale. */
export const scaleOffset = (scale: Scale): number => scale.baseScore - scale.pdo * Math.log2(scale.baseOdds)

/** The score before rounding and clamping. @param logOdds calibrated log-odds of bad */
export const rawScoreOf = (scale: Scale, logOdds: number): number => scaleOffset(scale) - scaleFactor(scale) * logOdds

/** floor(x + 1/2): halves go up, also below zero. */
export const roundHalfUp = (x: number): number => Math.floor(x + 0.5)

/** A rounded score held to the range of the scale. */
export const clampScore = (scale: Scale, rounded: number): number => Math.min(scale.max, Math.max(scale.min, rounded))

/**
 * Whole scores of calibrated probabilities of bad, rounded half up and limited to the scale as in `scoreFrame`: for rows whose
 * probability was stored, such as held-out ones. 0 and 1 have the highest and the lowest score.
 * @throws an internal error on a probability that is NaN or outside 0..1
 */
export const scoresOf = (probability: ArrayLike<number>, scale: Scale): Int32Array => {
  const scores = new Int32Array(probability.length)
  for (let i = 0; i < scores.length; i++) {
    const p = probability[i]!
    if (!(p >= 0 && p <= 1)) throw new GlasscoreError('internal', 'no score without a probability', { row: i, got: p })
    scores[i] = clampScore(scale, roundHalfUp(rawScoreOf(scale, logit(p))))
  }
  return scores
}
