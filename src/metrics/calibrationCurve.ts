import type { Interval } from './bootstrap.ts'
import { ShareTally } from './personShare.ts'
import { binOf, quantileBins } from './quantileBins.ts'

/** Rows of about equal predicted probability. The interval of the observed rate is Wilson's over persons, 95 %: see `personShare`. */
export interface CalibrationBin {
  rows: number
  bads: number
  /** lowest and highest predicted probability */
  from: number
  to: number
  meanProbability: number
  badRate: Interval
}

/**
 * Predicted beside observed: rows in bins of about equal size by their probability, rows of equal probability together, so there
 * may be fewer bins. The reliability diagram; bins of equal size as by `strategy='quantile'` of scikit-learn.
 *
 * @param probabilities of bad, 0..1; @param target 1 = bad, 0 = good; @param bins at most
 * @param groups person of each row, as text or number; absent: every row is a person
 * @returns lowest probabilities first
 */
export const calibrationCurve = (
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
  bins = 10,
  groups?: ArrayLike<string | number> | undefined,
): CalibrationBin[] => {
  const cut = quantileBins(probabilities, bins)
  const found = Array.from({ length: cut.edges.length + 1 }, () => ({
    tally: new ShareTally(),
    from: 1,
    to: 0,
    sum: 0,
  }))
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i]!
    const bin = found[binOf(cut, p)]!
    bin.tally.add(groups ? groups[i]! : i, target[i] ? 1 : 0)
    bin.from = Math.min(bin.from, p)
    bin.to = Math.max(bin.to, p)
    bin.sum += p
  }
  return found
    .filter(({ tally }) => tally.rows > 0)
    .map(({ tally, from, to, sum }) => ({
      rows: tally.rows,
      bads: tally.hits,
      from,
      to,
      meanProbability: sum / tally.rows,
      badRate: tally.share()!,
    }))
}
