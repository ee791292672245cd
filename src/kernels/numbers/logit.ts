/** The logistic function and its relatives, written so that neither tail overflows or loses digits. */
import { log } from './elementary.ts'

/** 1 / (1 + exp(-x)); 0 and 1 at -Infinity and Infinity. */
export const sigmoid = (x: number): number => {
  if (x >= 0) return 1 / (1 + Math.exp(-x))
  const e = Math.exp(x)
  return e / (1 + e)
}

/** ln(p / (1 - p)) for p in 0..1; -Infinity at 0, Infinity at 1. */
export const logit = (p: number): number => Math.log(p) - Math.log1p(-p)

/** ln(1 + exp(x)): the loss of a good row with margin x; a bad row loses log1pExp(-x). */
export const log1pExp = (x: number): number => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)))

/**
 * Log-odds of bad in a group of `rows` (weighted) rows with `bad` of them bad, pulled toward the training rate as if
 * `strength` further rows with that rate had been seen: logit((bad + m p0) / (rows + m)). Finite for strength > 0, 0 < rate < 1.
 */
export const smoothedLogOdds = (bad: number, rows: number, strength: number, rate: number): number =>
  log((bad + strength * rate) / (rows - bad + strength * (1 - rate)))
