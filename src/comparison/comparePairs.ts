/**
 * Pairs of models on the same rows: paired differences with intervals, ties called ties.
 *
 * Every model is drawn with the same persons in every replicate, so what two models share cancels. An interval that holds 0 is a
 * tie, said plainly, with the largest difference that it still allows.
 *
 * Many pairs are looked at, so some intervals miss 0 by chance. Beside each interval stands a simultaneous one, which covers all
 * pairs of its family at once with 95 %: value +- c x standard error, c the 95 % quantile over replicates of the greatest
 * standardized deviation in the family (single-step max-T: Westfall & Young 1993, Resampling-Based Multiple Testing, ch. 2).
 *
 * A KS is a maximum, and its upward bias hangs on how many values a score takes: next to none for a tree of few leaves, much for a
 * continuous score, so it does not cancel between the two. As for a single KS (metrics/ksInterval.ts) replicates vary each model's
 * distance at the sample's own threshold, and the ends of the interval are moved by the difference of the biases that replicates show.
 */
import { weightedAuc } from '../metrics/auc.ts'
import {
  bootstrapReplicates,
  meanOfDrawn,
  quantile,
  type Replicates,
  standardError,
  type WeightedFigures,
} from '../metrics/bootstrap.ts'
import { brier } from '../metrics/brier.ts'
import { drawnOutcomes } from '../metrics/drawnOutcomes.ts'
import { ksReplicates, MOVED_BY_BIAS } from '../metrics/ksInterval.ts'
import { weightedLogLoss } from '../metrics/logLoss.ts'
import type { Random } from '../util/random.ts'

/** Figures that models are compared by. */
export const COMPARED_FIGURES = ['auc', 'ks', 'brier', 'logLoss'] as const
/** One of `COMPARED_FIGURES`: of auc and ks more is better, of brier and logLoss less. */
export type ComparedFigure = (typeof COMPARED_FIGURES)[number]

/** Figures drawn for each model: the compared ones (KS at the sample's threshold), then the greatest distance, which tells its bias. */
export const DRAWN_FIGURES = COMPARED_FIGURES.length + 1

/** Who is better by a figure; a tie where the interval of the difference holds 0. */
export type Answer = 'a better' | 'b better' | 'tie'

/** a - b of one figure. */
export interface PairedDifference {
  value: number
  /** 95 % bootstrap interval over persons, paired, of this difference alone; that of ks need not hold the value, which is biased */
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
 * The figures of every model for one weighting of the rows, model by model: `DRAWN_FIGURES` of them each.
 * @param mix changes the weights of a replicate before Brier score and log loss are taken, which depend on the share of bads
 */
export const comparedFigures = (
  target: Uint8Array,
  models: readonly PairedModel[],
  mix?: (weights: Float64Array) => void,
): WeightedFigures => {
  const ranks = models.map(({ margin }) => ({
    area: weightedAuc(margin, target),
    distance: ksReplicates(margin, target).figures,
  }))
  const losses = models.map(({ probability }) => weightedLogLoss(probability, target))
  return (w) => {
    const ranked = ranks.map(({ area, distance }) => [area(w), ...Array.from(distance(w))] as [number, number, number])
    if (w) mix?.(w)
    return models.flatMap(({ probability }, m) => {
      const [auc, greatest, held] = ranked[m]!
      return [auc, held, brier(probability, target, w), losses[m]!(w), greatest]
    })
  }
}

const answerOf = (figure: ComparedFigure, low: number, high: number): Answer => {
  if (low <= 0 && high >= 0) return 'tie'
  return low > 0 === MORE_IS_BETTER[figure] ? 'a better' : 'b better'
}

/** Replicates of a difference, and by how much a is biased upward more than b. */
interface Difference extends Replicates {
  bias: number
}

const differenceOf = (a: Replicates, b: Replicates, bias = 0): Difference => ({
  value: a.value - b.value,
  drawn: a.drawn.map((v, r) => v - b.drawn[r]!),
  bias,
})

/** Mean of the replicates of a maximum above the value. */
const biasOf = (replicates: Replicates): number => meanOfDrawn(replicates) - replicates.value

/** An interval moved against a bias; the estimate is rough, so one end is moved by twice and the other by half as much. */
const moved = (low: number, high: number, bias: number) => {
  const by = [MOVED_BY_BIAS.low * bias, MOVED_BY_BIAS.high * bias]
  return { low: low - Math.max(...by), high: high - Math.min(...by) }
}

/** Distance of every difference from its value, in standard errors, that covers the whole family. */
const criticalValue = (family: readonly Replicates[], errors: readonly number[]): number => {
  const greatest = new Float64Array(family[0]?.drawn.length ?? 0)
  family.forEach((replicates, k) => {
    if (errors[k]! < LEAST) return
    const { drawn } = replicates
    const mean = meanOfDrawn(replicates)
    for (let r = 0; r < greatest.length; r++)
      greatest[r] = Math.max(greatest[r]!, Math.abs(drawn[r]! - mean) / errors[k]!)
  })
  return quantile(greatest.sort(), LEVEL)
}

const familyOf = (figure: ComparedFigure, family: readonly Difference[]): PairedDifference[] => {
  const errors = family.map(standardError)
  const critical = criticalValue(family, errors)
  return family.map(({ value, drawn, bias }, k): PairedDifference => {
    const sorted = drawn.slice().sort()
    const { low, high } = moved(quantile(sorted, (1 - LEVEL) / 2), quantile(sorted, (1 + LEVEL) / 2), bias)
    const reach = errors[k]! < LEAST ? 0 : critical * errors[k]!
    const all = moved(value - reach, value + reach, bias)
    return {
      value,
      low,
      high,
      answer: answerOf(figure, low, high),
      largest: Math.max(Math.abs(low), Math.abs(high)),
      simultaneous: { ...all, answer: answerOf(figure, all.low, all.high) },
    }
  })
}

const compareFamily = (
  names: readonly string[],
  drawn: readonly Replicates[],
  pairs: readonly (readonly [number, number])[],
): Pair[] => {
  const of = (model: number, f: number): Replicates => drawn[model * DRAWN_FIGURES + f]!
  const bias = (model: number): number => biasOf(of(model, COMPARED_FIGURES.length))
  const figures = COMPARED_FIGURES.map((figure, f) =>
    familyOf(
      figure,
      pairs.map(([a, b]) => differenceOf(of(a, f), of(b, f), figure === 'ks' ? bias(a) - bias(b) : 0)),
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
