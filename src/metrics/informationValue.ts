import { binOf, quantileBins } from './quantileBins.ts'

/** What one bin adds to an information value. */
export interface InformationValueBin {
  /** right-closed (from, to]; both NaN for the bin of missing values */
  from: number
  to: number
  good: number
  bad: number
  /** ln(share of good / share of bad), both shares smoothed */
  woe: number
}

/** Rows lent to every bin and outcome, so that an empty cell has a finite weight of evidence. */
const LENT = 0.5

/**
 * Information value of counts by bin or level: sum over bins of (share of good - share of bad) x weight of evidence. Half a row is
 * lent to each cell; bins without rows do not count.
 *
 * @returns NaN when either outcome is absent; weights of evidence one a bin, NaN for those without rows
 */
export const informationValueOfCounts = (
  good: ArrayLike<number>,
  bad: ArrayLike<number>,
): { value: number; woe: Float64Array } => {
  const isFilled = (k: number): boolean => good[k]! + bad[k]! > 0
  let [goods, bads, filled] = [0, 0, 0]
  for (let k = 0; k < good.length; k++) {
    goods += good[k]!
    bads += bad[k]!
    if (isFilled(k)) filled++
  }
  if (goods === 0 || bads === 0) return { value: Number.NaN, woe: new Float64Array() }
  let value = 0
  const woe = new Float64Array(good.length).fill(Number.NaN)
  for (let k = 0; k < good.length; k++) {
    if (!isFilled(k)) continue
    const goodShare = (good[k]! + LENT) / (goods + LENT * filled)
    const badShare = (bad[k]! + LENT) / (bads + LENT * filled)
    woe[k] = Math.log(goodShare / badShare)
    value += (goodShare - badShare) * woe[k]!
  }
  return { value, woe }
}

/**
 * Information value of a factor, over quantile bins. From 0; by custom below 0.02 nothing, 0.1 weak, 0.3 medium, above 0.5
 * suspect (Siddiqi, Credit Risk Scorecards, 2006). Half a row is lent to each cell.
 *
 * @param values NaN = missing, a bin of its own where there is any; @param target 1 = bad, 0 = good; @param bins at most
 * @returns NaN when either outcome is absent
 */
export const informationValue = (
  values: ArrayLike<number>,
  target: ArrayLike<number>,
  bins = 10,
): { value: number; bins: InformationValueBin[] } => {
  const cut = quantileBins(values, bins)
  const count = cut.edges.length + 2
  const good = new Float64Array(count)
  const bad = new Float64Array(count)
  for (let i = 0; i < values.length; i++) (target[i] ? bad : good)[binOf(cut, values[i]!)]!++
  const { value, woe } = informationValueOfCounts(good, bad)
  const filled = Array.from(woe.keys()).filter((k) => !Number.isNaN(woe[k]!))
  const rows = filled.map((k): InformationValueBin => {
    const missing = k === count - 1
    return {
      from: missing ? Number.NaN : k === 0 ? Number.NEGATIVE_INFINITY : cut.edges[k - 1]!,
      to: missing ? Number.NaN : k === count - 2 ? Number.POSITIVE_INFINITY : cut.edges[k]!,
      good: good[k]!,
      bad: bad[k]!,
      woe: woe[k]!,
    }
  })
  return { value, bins: rows }
}
