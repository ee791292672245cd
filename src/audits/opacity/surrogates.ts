/** How well a model is told by something small: a tree of few levels, a scorecard of few factors. */
import type { FactorFrame } from '../../matrix/frame.ts'
import type { Bounds } from '../fairness/intervals.ts'
import { factorBins } from './factorBins.ts'
import { meanOf, overPersons, type Persons } from './overPersons.ts'
import { type CodedColumns, growRegressionTree, leavesOf, readRegressionTree } from './regressionTree.ts'
import { growCard } from './surrogateCard.ts'

/** How near a surrogate comes on people it did not see. */
export interface Fidelity {
  /** 1 - squared error over variance of the score: 1 the same scores, 0 no better than their mean, may be below */
  r2: Bounds
  /** share of people with the same decision at the cut-off */
  agreement: Bounds
}

/** Surrogates of one model by size. */
export interface Surrogates {
  /** rows that they were fitted on, and rows that they are measured on */
  trained: number
  rows: number
  trees: ({ depth: number; leaves: number } & Fidelity)[]
  /** scorecards of one factor, of two, ...; `added` is the factor that came in */
  cards: ({ factors: number; added: string } & Fidelity)[]
  /** share of the more frequent decision: what agreement saying it of everybody has */
  sameForAll: Bounds
}

/** Depths of trees and most factors of a scorecard. */
export const TREE_DEPTH = 8
export const CARD_FACTORS = 10

const TREE_BINS = 63
const CARD_BINS = 8

/** R2 of weighted rows. */
export const r2Of = (y: ArrayLike<number>, said: ArrayLike<number>, weights?: Float64Array): number => {
  const mean = meanOf(y, weights)
  let [error, variance] = [0, 0]
  for (let i = 0; i < y.length; i++) {
    const w = weights ? weights[i]! : 1
    error += w * (y[i]! - said[i]!) ** 2
    variance += w * (y[i]! - mean) ** 2
  }
  return 1 - error / variance
}

const sameSide = (y: ArrayLike<number>, said: ArrayLike<number>, cutoff: number): Float64Array =>
  Float64Array.from(y, (v, i) => (v >= cutoff === said[i]! >= cutoff ? 1 : 0))

/** Rows of a frame with the scores that a model gives them. */
export interface TaughtRows {
  frame: FactorFrame
  /** before rounding and clamping */
  score: Float64Array
}

/**
 * Fits surrogates to the scores of training people and measures them on held-out ones.
 * @param cutoff the lowest score that is selected
 */
export const surrogatesOf = (train: TaughtRows, held: TaughtRows, cutoff: number, persons: Persons): Surrogates => {
  const coded = (most: number): [CodedColumns, CodedColumns] => {
    const all = factorBins(train.frame, train.score, most)
    const of = (frame: FactorFrame): CodedColumns => ({
      rows: frame.rows,
      bins: all.map((f) => f.bins),
      codes: all.map((f) => f.codes(frame)),
    })
    return [of(train.frame), of(held.frame)]
  }
  const [treeTrain, treeHeld] = coded(TREE_BINS)
  const tree = growRegressionTree(treeTrain, train.score, { depth: TREE_DEPTH, minLeaf: 10 })
  const [cardTrain, cardHeld] = coded(CARD_BINS)
  const steps = growCard(cardTrain, train.score, CARD_FACTORS)
  const depths = Array.from({ length: TREE_DEPTH }, (_, k) => k + 1)
  const said = [
    ...depths.map((depth) => readRegressionTree(tree, treeHeld, depth)),
    ...steps.map((step) => step.read(cardHeld)),
  ]
  const same = said.map((values) => sameSide(held.score, values, cutoff))
  const selected = Float64Array.from(held.score, (s) => (s >= cutoff ? 1 : 0))
  const figures = overPersons((w) => {
    const share = meanOf(selected, w)
    return [
      Math.max(share, 1 - share),
      ...said.flatMap((values, k) => [r2Of(held.score, values, w), meanOf(same[k]!, w)]),
    ]
  }, persons)
  const fidelity = (k: number): Fidelity => ({ r2: figures[1 + 2 * k]!, agreement: figures[2 + 2 * k]! })
  return {
    trained: train.frame.rows,
    rows: held.frame.rows,
    trees: depths.map((depth, k) => ({ depth, leaves: leavesOf(tree, depth), ...fidelity(k) })),
    cards: steps.map(({ column }, k) => ({
      factors: k + 1,
      added: train.frame.factors[column]!.name,
      ...fidelity(TREE_DEPTH + k),
    })),
    sameForAll: figures[0]!,
  }
}
