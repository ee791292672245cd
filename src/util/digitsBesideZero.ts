/** Digits beyond which a difference is next to nothing for any reader. */
const MOST = 12

/**
 * Digits after the point with which an interval that misses 0 is also seen to miss it: −0.00003 to four digits would be 0.0000.
 * @param digits as many as are shown otherwise, and where the interval holds 0
 */
export const digitsBesideZero = ({ low, high }: { low: number; high: number }, digits: number): number => {
  if (!(low > 0 || high < 0)) return digits
  const nearest = Math.min(Math.abs(low), Math.abs(high))
  let shown = digits
  while (shown < MOST && Number(nearest.toFixed(shown)) === 0) shown++
  return shown
}
