import { logit, sigmoid } from '../kernels/numbers/logit.ts'

/**
 * Ends of an interval that is symmetric on log-odds, so that it stays within 0..1.
 *
 * @param value between 0 and 1, both excluded; @param reach half its width, on log-odds
 */
export const onLogOdds = (value: number, reach: number): { low: number; high: number } => ({
  low: sigmoid(logit(value) - reach),
  high: sigmoid(logit(value) + reach),
})
