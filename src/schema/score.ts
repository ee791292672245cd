/**
 * The score range and its anchor. score = offset + factor * ln(odds), odds = good : bad.
 * PDO 60 with 650 at 16 : 1 gives an offset of exactly 410.
 */
export const PDO = 60
export const BASE_SCORE = 650
export const BASE_ODDS = 16
export const SCORE_MIN = 350
export const SCORE_MAX = 950
export const DEFAULT_CUTOFF = 650

/** points per unit of log-odds */
export const SCORE_FACTOR = PDO / Math.LN2
/** score at even odds */
export const SCORE_OFFSET = BASE_SCORE - PDO * Math.log2(BASE_ODDS)

export const BANDS = [
  { name: 'poor', from: 350, to: 549 },
  { name: 'fair', from: 550, to: 599 },
  { name: 'good', from: 600, to: 649 },
  { name: 'very good', from: 650, to: 699 },
  { name: 'excellent', from: 700, to: 950 },
] as const

export type BandName = (typeof BANDS)[number]['name']

/** The band of a score from 350 to 950. */
export const bandOf = (score: number): BandName => BANDS.find((b) => score <= b.to)!.name
