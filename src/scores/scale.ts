/**
 * Log-odds of bad to scores. score = offset - factor x (log-odds of bad), offset and factor from points to double the odds
 * (Siddiqi, Credit Risk Scorecards, ch. 6): by default 60 points, 650 at 16 : 1, so 410 at even odds.
 */
import { BASE_ODDS, BASE_SCORE, PDO, SCORE_MAX, SCORE_MIN } from '../schema/score.ts'

export interface Scale {
  /** points that double the odds good : bad */
  readonly pdo: number
  /** the score at `baseOdds` good : bad */
  readonly baseScore: number
  readonly baseOdds: number
  /** lowest and highest score, whole numbers */
  readonly min: number
  readonly max: number
}

export const DEFAULT_SCALE: Scale = {
  pdo: PDO,
  baseScore: BASE_SCORE,
  baseOdds: BASE_ODDS,
  min: SCORE_MIN,
  max: SCORE_MAX,
}

/** points per unit of log-odds */
export const scaleFactor = (scale: Scale): number => scale.pdo / Math.LN2

/** the score at even odds */
export const scaleOffset = (scale: Scale): number => scale.baseScore - scale.pdo * Math.log2(scale.baseOdds)

/** The score before rounding and clamping. @param logOdds calibrated log-odds of bad */
export const rawScoreOf = (scale: Scale, logOdds: number): number => scaleOffset(scale) - scaleFactor(scale) * logOdds

/** floor(x + 1/2): halves go up, also below zero. */
export const roundHalfUp = (x: number): number => Math.floor(x + 0.5)

/** A rounded score held to the range of the scale. */
export const clampScore = (scale: Scale, rounded: number): number => Math.min(scale.max, Math.max(scale.min, rounded))
