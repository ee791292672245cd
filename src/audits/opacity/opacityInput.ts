/** What is audited, how much work is done, and what comes of it. */
import type { Background } from '../../attributions/background.ts'
import type { CalibrationKind } from '../../models/calibrate.ts'
import type { Scorer } from '../../scores/scorer.ts'
import type { Random } from '../../util/random.ts'
import type { ProtectedColumn } from '../fairness/auditRows.ts'
import type { ModelOpacity } from './findings.ts'
import type { EqualModel, MultiplicityRows } from './multiplicity.ts'
import type { LabeledRows, Recipe } from './refit.ts'

/** How much work an audit does. */
export interface OpacitySettings {
  /** the lowest score that is selected */
  cutoff: number
  /** trainings with a dimension permuted, for each dimension */
  permutations: number
  /** shuffles of a dimension that is masked */
  repeats: number
  /** trainings on bootstrap samples */
  retrainings: number
  /** AUC below the best that counts as equal */
  tolerance: number
  /** of the intervals */
  replicates: number
  /** pairs of factors of which it is claimed that they act together */
  claims: readonly (readonly [string, string])[]
  /** factors that are known to be outputs of models */
  madeElsewhere: readonly string[]
}

/** What is audited. */
export interface OpacityInput {
  scorer: Scorer
  recipe: Recipe
  calibration: CalibrationKind
  dimensions: readonly string[]
  declared: readonly (number | null)[]
  /** rows that the model is trained on again, and that surrogates and the reader of the pentagon learn from */
  train: LabeledRows
  /** rows that the model has not seen */
  held: LabeledRows
  /** protected columns of the held-out rows */
  groups: readonly ProtectedColumn[]
  /** positions among the held-out rows of those that are explained */
  looked: Int32Array
  backgrounds: readonly (Background & { text: string })[]
  settings: OpacitySettings
  random: Random
}

/** Figures of every row looked at; NaN where there is none. */
export interface OpacityRows {
  score: Int32Array
  interactions: Float64Array
  needed: Int32Array
  instability: Float64Array
  disagreement: Float64Array
  stacked: Float64Array | null
  multiplicity: MultiplicityRows | null
  index: Float64Array
}

/** Findings, figures by row, and what a comparison with other models of the run needs. */
export interface OpacityResult {
  findings: ModelOpacity
  rows: OpacityRows
  equal: EqualModel
}
