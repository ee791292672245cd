import type { FactorSpec } from '../schema/factor.ts'
import type { Scale } from '../scores/scale.ts'

/** What an attribution is measured against. */
export type Semantics = 'interventional' | 'path_dependent'
export type BackgroundId = 'training_mean' | 'tree_covers'

/** Every raw score of many rows, split into a base and points: base + sum of points = raw score, per row. */
export interface Explanation {
  /** name of the scorer */
  model: string
  rows: number
  semantics: Semantics
  backgroundId: BackgroundId
  /** linear: points are attributions of the log-odds times a constant; rescaled: stretched, row by row, to the score difference */
  link: 'linear' | 'rescaled'
  /** score of the background, in points, the same for every row */
  base: number
  /** all factors of the encoding, in its order; one the model does not use has 0 points */
  factors: readonly FactorSpec[]
  /** factors x rows: points[f * rows + i] */
  points: Float64Array
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
