/** From what a model adds up to the whole score: the path of `scoreFrame`, for one number. */
import { meanMargin } from '../models/margin.ts'
import { isTreeModel, treeDivisor } from '../models/model.ts'
import { clampScore, roundHalfUp } from '../scores/scale.ts'
import { rawScoresOfMargins, type Scorer } from '../scores/scorer.ts'

/** Score of the sum of leaf values of a model of trees, or of the margin of a linear one. */
export const scoreOfSum = (scorer: Scorer, sum: number): number => {
  const { model, scale } = scorer
  const margin = isTreeModel(model) ? meanMargin(sum, treeDivisor(model), model.output) : sum
  return clampScore(scale, roundHalfUp(rawScoresOfMargins(scorer, Float64Array.of(margin))[0]!))
}

/** Halvings after which two doubles of a size have no number between them. */
const HALVINGS = 200

/**
 * A sum that no point with a score of `cutoff` or more exceeds: by halving between sums that reach it and sums that do not. -Infinity where
 * nothing does, Infinity where everything does.
 * @param low no sum of the model is below it
 * @param high no sum of the model is above it
 */
export const highestSum = (scorer: Scorer, cutoff: number, low: number, high: number): number => {
  if (scoreOfSum(scorer, low) < cutoff) return Number.NEGATIVE_INFINITY
  if (scoreOfSum(scorer, high) >= cutoff) return Number.POSITIVE_INFINITY
  let [reaches, fails] = [low, high]
  for (let i = 0; i < HALVINGS; i++) {
    const middle = reaches + (fails - reaches) / 2
    if (middle <= reaches || middle >= fails) break
    if (scoreOfSum(scorer, middle) >= cutoff) reaches = middle
    else fails = middle
  }
  return fails
}
