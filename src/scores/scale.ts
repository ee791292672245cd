/**
 * Log-odds of bad to scores. score = offset - factor x (log-odds of bad), offset and factor from points to double the odds
 * (Siddiqi, Credit Risk Scorecards, ch. 6): by default 60 points, 650 at 16 : 1, so 410 at even odds.
 */
import { BASE_ODDS, BASE_SCORE, PDO, SCORE_MAX, SCORE_MIN } from '../schema/score.ts'

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
