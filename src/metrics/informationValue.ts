import { binOf, quantileBins } from './quantileBins.ts'

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
 * Information value of a factor: sum over bins of (share of good - share of bad) x weight of evidence. From 0; by custom below
 * 0.02 nothing, 0.1 weak, 0.3 medium, above 0.5 suspect (Siddiqi, Credit Risk Scorecards, 2006). Half a row is lent to each cell.
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
  const cells = { good: new Float64Array(count), bad: new Float64Array(count) }
  for (let i = 0; i < values.length; i++) (target[i] ? cells.bad : cells.good)[binOf(cut, values[i]!)]!++
  const filled = Array.from({ length: count }, (_, k) => k).filter((k) => cells.good[k]! + cells.bad[k]! > 0)
  const total = (cell: Float64Array): number => cell.reduce((a, b) => a + b, 0)
  const [goods, bads] = [total(cells.good), total(cells.bad)]
  if (goods === 0 || bads === 0) return { value: Number.NaN, bins: [] }
  let value = 0
  const rows = filled.map((k) => {
    const goodShare = (cells.good[k]! + LENT) / (goods + LENT * filled.length)
    const badShare = (cells.bad[k]! + LENT) / (bads + LENT * filled.length)
    const woe = Math.log(goodShare / badShare)
    value += (goodShare - badShare) * woe
    const missing = k === count - 1
    return {
      from: missing ? Number.NaN : k === 0 ? Number.NEGATIVE_INFINITY : cut.edges[k - 1]!,
      to: missing ? Number.NaN : k === count - 2 ? Number.POSITIVE_INFINITY : cut.edges[k]!,
      good: cells.good[k]!,
      bad: cells.bad[k]!,
      woe,
    }
  })
  return { value, bins: rows }
}
