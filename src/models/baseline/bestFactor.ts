/**
 * The single best factor: what a model must beat to be worth its trouble. Its rank among the training rows is the margin.
 */
import { countBelow } from '../../kernels/numbers/order.ts'
import { categoriesOf, numbersOf } from '../../matrix/factorValues.ts'
import type { FactorFrame } from '../../matrix/frame.ts'
import { stratifiedFolds } from '../../matrix/splits.ts'
import { auc } from '../../metrics/auc.ts'
import type { FactorSpec } from '../../schema/factor.ts'
import { dataError } from '../../util/errors.ts'
import type { Random } from '../../util/random.ts'
import type { FrameLearner } from '../frameLearner.ts'
import { listen } from '../listen.ts'
import { refuseWeights } from '../rowWeights.ts'

/** Prior weight, in rows, that draws the bad rate of a small level to that of all rows. */
const PRIOR = 5
/** Folds in which levels of a category get their bad rates while factors are compared. */
const FOLDS = 5

type Ranks = (frame: FactorFrame) => Float64Array

interface Candidate {
  ranks: Ranks
  /** on the training rows */
  auc: number
  how: string
}

/** The least distance by which a factor must beat an earlier one: sums in another order are no finding. */
const LEAST = 1e-12

/** Share of the sorted values below x, ties by half; 0..1. */
const midRank = (sorted: Float64Array, x: number): number => {
  const below = countBelow(sorted, x)
  let upTo = below
  // Equal values by doubling steps, so that a column of few values stays fast.
  for (let step = 1; step > 0; ) {
    if (upTo + step <= sorted.length && sorted[upTo + step - 1] === x) {
      upTo += step
      step *= 2
    } else step = step > 1 ? step >> 1 : 0
  }
  return (below + upTo) / 2 / sorted.length
}

/** A number by its rank in the riskier direction; missing rows where they rank best on the training rows: safest, middle, riskiest. */
const numberCandidate = (factor: FactorSpec, frame: FactorFrame, target: Uint8Array): Candidate | undefined => {
  const values = numbersOf(frame, factor)
  const sorted = values.filter((v) => !Number.isNaN(v)).sort()
  if (sorted.length === 0) return undefined
  const rising = Float64Array.from(values, (v) => (Number.isNaN(v) ? v : midRank(sorted, v)))
  const missing = sorted.length < values.length
  let best: Candidate | undefined
  for (const down of [false, true])
    for (const place of missing ? [0, 0.5, 1] : [0.5]) {
      const toRank = (rank: number): number => (Number.isNaN(rank) ? place : down ? 1 - rank : rank)
      const found = auc(rising.map(toRank), target)
      if (best && !(found > best.auc + LEAST)) continue
      const where = ['safest', 'in the middle', 'riskiest'][place * 2]!
      best = {
        auc: found,
        how: `${down ? 'less' : 'more'} is riskier${missing ? `, missing values ${where}` : ''}`,
        ranks: (rows) => numbersOf(rows, factor).map((v) => toRank(Number.isNaN(v) ? Number.NaN : midRank(sorted, v))),
      }
    }
  return best
}

/** Smoothed bad rate of each level, missing ones being a level; `rows` false leaves a row out. */
const levelRates = (values: readonly (string | null)[], target: Uint8Array, rows: (i: number) => boolean) => {
  const levels = new Map<string | null, { bad: number; n: number }>()
  let bad = 0
  let n = 0
  values.forEach((value, i) => {
    if (!rows(i)) return
    const level = levels.get(value) ?? { bad: 0, n: 0 }
    level.bad += target[i]!
    level.n++
    levels.set(value, level)
    bad += target[i]!
    n++
  })
  const rate = bad / n
  return (value: string | null): number => {
    const level = levels.get(value)
    return level ? (level.bad + PRIOR * rate) / (level.n + PRIOR) : rate
  }
}

/** A category by the bad rate of its levels; compared by rates that did not see the row, or levels of one row would always win. */
const categoryCandidate = (
  factor: FactorSpec,
  frame: FactorFrame,
  target: Uint8Array,
  folds: Int32Array | undefined,
): Candidate | undefined => {
  if (!folds) return undefined
  const values = categoriesOf(frame, factor)
  const inFold = Array.from({ length: FOLDS }, (_, k) => levelRates(values, target, (i) => folds[i] !== k))
  const unseen = Float64Array.from(values, (value, i) => inFold[folds[i]!]!(value))
  const rate = levelRates(values, target, () => true)
  return {
    auc: auc(unseen, target),
    how: 'levels by their bad rate',
    ranks: (rows) => Float64Array.from(categoriesOf(rows, factor), rate),
  }
}

/** Folds by person, or none where an outcome has too few persons. */
const foldsOf = (frame: FactorFrame, target: Uint8Array, random: Random): Int32Array | undefined => {
  const persons = [new Set<string>(), new Set<string>()]
  frame.personId.forEach((id, i) => {
    persons[target[i] ? 1 : 0]!.add(id)
  })
  const goodsOnly = [...persons[0]!].filter((id) => !persons[1]!.has(id)).length
  if (Math.min(goodsOnly, persons[1]!.size) < FOLDS) return undefined
  return stratifiedFolds(frame.personId, target, FOLDS, random)
}

/**
 * Chooses the factor with the best AUC on the training rows, alone, in the better direction, and ranks by it. Missing values and
 * levels of categories are ranked too. Chosen anew in every training, so that what is measured did not choose.
 */
export const bestFactor = (): FrameLearner => ({
  kind: 'best_factor',
  options: { prior: PRIOR, folds: FOLDS },
  fit: async (frame, target, random, watch = {}) => {
    refuseWeights('the best single factor', watch)
    await listen(watch.signal)
    const folds = frame.factors.some((f) => f.kind === 'category') ? foldsOf(frame, target, random) : undefined
    let best: (Candidate & { factor: string }) | undefined
    for (const factor of frame.factors) {
      const found =
        factor.kind === 'category'
          ? categoryCandidate(factor, frame, target, folds)
          : numberCandidate(factor, frame, target)
      if (found && (!best || found.auc > best.auc + LEAST)) best = { ...found, factor: factor.name }
    }
    if (!best) throw dataError('no factor has a value in the training rows')
    return {
      margins: best.ranks,
      report: { rows: frame.rows, rowsGiven: frame.rows, factor: best.factor, how: best.how, trainingAuc: best.auc },
    }
  },
})
