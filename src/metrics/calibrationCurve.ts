import type { Interval } from './bootstrap.ts'
import { binOf, quantileBins } from './quantileBins.ts'
import { wilson } from './wilson.ts'

/** Rows of about equal predicted probability. The interval of the observed rate is Wilson's, 95 %. */
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
 * @returns lowest probabilities first; rows are taken as independent
 */
export const calibrationCurve = (
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
  bins = 10,
): CalibrationBin[] => {
  const cut = quantileBins(probabilities, bins)
  const found = Array.from({ length: cut.edges.length + 1 }, () => ({ rows: 0, bads: 0, from: 1, to: 0, sum: 0 }))
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i]!
    const bin = found[binOf(cut, p)]!
    bin.rows++
    if (target[i]) bin.bads++
    bin.from = Math.min(bin.from, p)
    bin.to = Math.max(bin.to, p)
    bin.sum += p
  }
  return found
    .filter((bin) => bin.rows > 0)
    .map(({ sum, ...bin }) => ({ ...bin, meanProbability: sum / bin.rows, badRate: wilson(bin.bads, bin.rows) }))
}
