import type { FactorSpec } from '../schema/factor.ts'
import type { Scale } from '../scores/scale.ts'

/**
 * What "factor not known" means. interventional: it takes its values from the background, whatever the other factors are.
 * path_dependent: the row follows both branches of a split on it, by their cover.
 */
export type Semantics = 'interventional' | 'path_dependent'
/**
 * The rows that stand for "nothing known": `training_mean`, the mean training row; `tree_covers`, the training rows as the trees have counted
 * them; or the name of a background that was given
 */
export type BackgroundId = string

/** Every raw score of many rows, split into a base and points: base + sum of points = raw score, per row. */
export interface Explanation {
  /** name of the scorer */
  model: string
  /** in the order of the frame */
  rows: number
  /** interventional for linear models and against a given background, else path_dependent */
  semantics: Semantics
  /** of the given background; else training_mean for linear models, tree_covers for trees */
  backgroundId: BackgroundId
  /** linear: points are attributions of the log-odds times a constant; rescaled: stretched, row by row, to the score difference */
  link: 'linear' | 'rescaled'
  /** score of the background, in points, the same for every row */
  base: number
  /** all factors of the encoding, in its order; one the model does not use has 0 points */
  factors: readonly FactorSpec[]
  /** factors x rows: points[f * rows + i] */
  points: Float64Array
  /**
   * standard errors of `points`, where a path of a tree has more than 16 distinct factors and the background was drawn of more rows: how far points
   * may be from those against all of them, the stretch of the link held fixed. Absent: points are exact
   */
  standardErrors?: Float64Array
  /** dimensions in order of their first factor */
  dimensions: readonly string[]
  /** exact Shapley values of the game whose players are the dimensions; dimensions x rows */
  dimensionPoints: Float64Array
  /** before rounding and clamping */
  rawScore: Float64Array
  /** the scale of the scorer: what clamps the score */
  scale: Scale
  /** largest |base + sum of points - raw score| over all rows and both games, in points */
  additivityGap: number
}
