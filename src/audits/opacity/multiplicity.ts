/**
 * Multiplicity: models that rank as well as each other and say different things of the same person (Breiman 2001, doi:10.1214/ss/1009213726; Marx,
 * Calmon & Ustun 2020, arXiv:1909.06677).
 */
import { quantile } from '../../metrics/bootstrap.ts'
import { usageError } from '../../util/errors.ts'
import type { Bounds } from '../fairness/intervals.ts'
import { meanOf, overPersons, type Persons } from './overPersons.ts'

/** One of the models compared. */
export interface EqualModel {
  /** on all held-out rows */
  auc: number
  /** whole score of each row looked at */
  score: ArrayLike<number>
  /** group of the first principal reason of each row; null: none */
  first: readonly (string | null)[]
}

/** What equally good models say of the same people. */
export interface Multiplicity {
  /** models that there were, and those whose AUC is within the tolerance of the best */
  models: number
  equal: number
  tolerance: number
  /** AUC of the best and of the worst of the equal ones */
  bestAuc: number
  worstAuc: number
  cutoff: number
  /** mean over people of greatest - least score */
  range: Bounds
  /** median and 90 % quantile over people */
  medianRange: number
  largeRange: number
  /** share of people who are selected by some and refused by others: their decision is arbitrary among these models */
  arbitrary: Bounds
  /** mean number of different first reasons of a person */
  reasons: Bounds
  /** share of people with one first reason in all of them */
  oneReason: Bounds
}

/** The same of one row each. */
export interface MultiplicityRows {
  low: Int32Array
  high: Int32Array
  /** share of the models that select */
  selected: Float64Array
  reasons: Int32Array
}

/**
 * What models that rank equally well say of the same people.
 * @param tolerance of AUC, below the best
 * @returns null figures where fewer than two models are equal
 */
export const multiplicity = (
  models: readonly EqualModel[],
  { tolerance, cutoff }: { tolerance: number; cutoff: number },
  persons: Persons,
): { figures: Multiplicity; byRow: MultiplicityRows } | null => {
  if (!(tolerance >= 0))
    throw usageError('not a tolerance', { option: 'tolerance', expected: 'a number of 0 or more', got: tolerance })
  const best = models.reduce((most, { auc }) => Math.max(most, auc), 0)
  const equal = models.filter(({ auc }) => auc >= best - tolerance)
  if (equal.length < 2) return null
  const rows = equal[0]!.score.length
  const byRow: MultiplicityRows = {
    low: new Int32Array(rows),
    high: new Int32Array(rows),
    selected: new Float64Array(rows),
    reasons: new Int32Array(rows),
  }
  for (let i = 0; i < rows; i++) {
    const scores = equal.map(({ score }) => score[i]!)
    byRow.low[i] = Math.min(...scores)
    byRow.high[i] = Math.max(...scores)
    byRow.selected[i] = scores.filter((s) => s >= cutoff).length / equal.length
    byRow.reasons[i] = new Set(equal.map(({ first }) => first[i])).size
  }
  const ranges = Float64Array.from(byRow.high, (high, i) => high - byRow.low[i]!)
  const arbitrary = byRow.selected.map((s) => (s > 0 && s < 1 ? 1 : 0))
  const one = Float64Array.from(byRow.reasons, (n) => (n === 1 ? 1 : 0))
  const [range, share, reasons, oneReason] = overPersons(
    (w) => [meanOf(ranges, w), meanOf(arbitrary, w), meanOf(byRow.reasons, w), meanOf(one, w)],
    persons,
  )
  const sorted = ranges.slice().sort()
  return {
    figures: {
      models: models.length,
      equal: equal.length,
      tolerance,
      bestAuc: best,
      worstAuc: equal.reduce((least, { auc }) => Math.min(least, auc), 1),
      cutoff,
      range: range!,
      medianRange: quantile(sorted, 0.5),
      largeRange: quantile(sorted, 0.9),
      arbitrary: share!,
      reasons: reasons!,
      oneReason: oneReason!,
    },
    byRow,
  }
}
