/**
 * Pairs of models on the same rows: paired differences with intervals, ties called ties.
 *
 * Every model is drawn with the same persons in every replicate, so what two models share cancels. An interval that holds 0 is a
 * tie, said plainly, with the largest difference that it still allows.
 *
 * Many pairs are looked at, so some intervals miss 0 by chance. Beside each interval stands a simultaneous one, which covers all
 * pairs of its family at once with 95 %: value +- c x standard error, c the 95 % quantile over replicates of the greatest
 * standardized deviation in the family (single-step max-T: Westfall & Young 1993, Resampling-Based Multiple Testing, ch. 2).
 */
import { weightedAuc } from '../metrics/auc.ts'
import { bootstrapReplicates, quantile, type Replicates, type WeightedFigures } from '../metrics/bootstrap.ts'
import { brier } from '../metrics/brier.ts'
import { drawnOutcomes } from '../metrics/drawnOutcomes.ts'
import { weightedKs } from '../metrics/ks.ts'
import { weightedLogLoss } from '../metrics/logLoss.ts'
import type { Random } from '../util/random.ts'

/** Figures that models are compared by. */
export const COMPARED_FIGURES = ['auc', 'ks', 'brier', 'logLoss'] as const
/** One of `COMPARED_FIGURES`: of auc and ks more is better, of brier and logLoss less. */
export type ComparedFigure = (typeof COMPARED_FIGURES)[number]

/** Who is better by a figure; a tie where the interval of the difference holds 0. */
export type Answer = 'a better' | 'b better' | 'tie'

/** a - b of one figure. */
export interface PairedDifference {
  value: number
  /** 95 % bootstrap interval over persons, paired, of this difference alone */
  low: number
  high: number
  answer: Answer
  /** the largest difference, in either direction, that the interval allows */
  largest: number
  /** the interval that holds for all differences of the family at once, and what it answers */
  simultaneous: { low: number; high: number; answer: Answer }
}

/** Two models and their differences, figure by figure. */
export interface Pair {
  a: string
  b: string
  differences: Record<ComparedFigure, PairedDifference>
}

/** A model's margins and calibrated probabilities on the rows that are compared. */
export interface PairedModel {
  name: string
  margin: Float64Array
  probability: Float64Array
}

/** The rows that every model was measured on. */
export interface PairedRows {
  personId: readonly string[]
  /** 1 = bad; both outcomes occur */
  target: Uint8Array
}

/** Differences of all pairs, and of every other model against the reference; each list is one family of its own. */
export interface PairComparison {
  /** a before b in the order of the models */
  pairs: Pair[]
  /** a is the model, b the reference */
  againstReference: Pair[]
}

const LEVEL = 0.95
/** Standard errors below this are rounding: the two models say the same. */
const LEAST = 1e-12
const MORE_IS_BETTER: Record<ComparedFigure, boolean> = { auc: true, ks: true, brier: false, logLoss: false }

/**
 * The compared figures of every model for one weighting of the rows, model by model in the order of `COMPARED_FIGURES`.
 * @param mix changes the weights of a replicate before Brier score and log loss are taken, which depend on the share of bads
 */
export const comparedFigures = (
  target: Uint8Array,
  models: readonly PairedModel[],
  mix?: (weights: Float64Array) => void,
): WeightedFigures => {
  const ranks = models.map(({ margin }) => ({
    area: weightedAuc(margin, target),
    distance: weightedKs(margin, target),
  }))
  const losses = models.map(({ probability }) => weightedLogLoss(probability, target))
  return (w) => {
    // In a difference of two KS their upward biases cancel, so the plain percentiles hold (docs/measurements.md).
    const ranked = ranks.map(({ area, distance }) => [area(w), distance(w).value])
    if (w) mix?.(w)
    return models.flatMap(({ probability }, m) => [...ranked[m]!, brier(probability, target, w), losses[m]!(w)])
  }
}

const answerOf = (figure: ComparedFigure, low: number, high: number): Answer => {
  if (low <= 0 && high >= 0) return 'tie'
  return low > 0 === MORE_IS_BETTER[figure] ? 'a better' : 'b better'
}

const differenceOf = (a: Replicates, b: Replicates): Replicates => ({
  value: a.value - b.value,
  drawn: a.drawn.map((v, r) => v - b.drawn[r]!),
})

/** Distance of every difference from its value, in standard errors, that covers the whole family. */
const criticalValue = (family: readonly Replicates[], errors: readonly number[]): number => {
  const greatest = new Float64Array(family[0]?.drawn.length ?? 0)
  family.forEach(({ drawn }, k) => {
    if (errors[k]! < LEAST) return
    const mean = drawn.reduce((a, b) => a + b, 0) / drawn.length
    for (let r = 0; r < greatest.length; r++)
      greatest[r] = Math.max(greatest[r]!, Math.abs(drawn[r]! - mean) / errors[k]!)
  })
  return quantile(greatest.sort(), LEVEL)
}

const standardError = ({ drawn }: Replicates): number => {
  const mean = drawn.reduce((a, b) => a + b, 0) / drawn.length
  return Math.sqrt(drawn.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, drawn.length - 1))
}

const familyOf = (figure: ComparedFigure, family: readonly Replicates[]): PairedDifference[] => {
  const errors = family.map(standardError)
  const critical = criticalValue(family, errors)
  return family.map(({ value, drawn }, k): PairedDifference => {
    const sorted = drawn.slice().sort()
    const low = quantile(sorted, (1 - LEVEL) / 2)
    const high = quantile(sorted, (1 + LEVEL) / 2)
    const reach = errors[k]! < LEAST ? 0 : critical * errors[k]!
    const [from, to] = [value - reach, value + reach]
    return {
      value,
      low,
      high,
      answer: answerOf(figure, low, high),
      largest: Math.max(Math.abs(low), Math.abs(high)),
      simultaneous: { low: from, high: to, answer: answerOf(figure, from, to) },
    }
  })
}

const compareFamily = (
  names: readonly string[],
  drawn: readonly Replicates[],
  pairs: readonly (readonly [number, number])[],
): Pair[] => {
  const of = (model: number, f: number): Replicates => drawn[model * COMPARED_FIGURES.length + f]!
  const figures = COMPARED_FIGURES.map((figure, f) =>
    familyOf(
      figure,
      pairs.map(([a, b]) => differenceOf(of(a, f), of(b, f))),
    ),
  )
  return pairs.map(([a, b], k) => ({
    a: names[a]!,
    b: names[b]!,
    differences: Object.fromEntries(
      COMPARED_FIGURES.map((figure, f) => [figure, figures[f]![k]!]),
    ) as Pair['differences'],
  }))
}

/**
 * Differences of all pairs from replicates of `comparedFigures`.
 * @param reference position of the model that the others are set against
 */
export const pairsOf = (names: readonly string[], drawn: readonly Replicates[], reference: number): PairComparison => {
  const all = names.flatMap((_, a) => names.flatMap((_, b) => (a < b ? [[a, b] as const] : [])))
  const others = names.flatMap((_, m) => (m === reference ? [] : [[m, reference] as const]))
  return { pairs: compareFamily(names, drawn, all), againstReference: compareFamily(names, drawn, others) }
}

/**
 * Compares every model with every other one on the same rows.
 * @param reference position of the model that the others are set against
 * @param options.random the same stream as for the figures of each model: differences are then those of the same draws
 */
export const comparePairs = (
  { personId, target }: PairedRows,
  models: readonly PairedModel[],
  reference: number,
  options: { replicates: number; random: Random },
): PairComparison => {
  const mix = drawnOutcomes(target, personId, options.random.fork('bad persons'))
  const drawn = bootstrapReplicates(comparedFigures(target, models, mix), { target, groups: personId, ...options })
  return pairsOf(
    models.map(({ name }) => name),
    drawn,
    reference,
  )
}
