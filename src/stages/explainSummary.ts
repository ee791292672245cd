import type { DimensionForms } from '../reports/explanationReport.ts'

/** What was found about the receipts of a model against one background. */
export interface ExplainedAgainst {
  semantics: string
  backgroundId: string
  /** what the background is, in a sentence */
  background: string
  /** rows of the background; null for what the model brings */
  backgroundRows: number | null
  link: string
  base: number
  rowsChecked: number
  rowsFailing: number
  /** largest |base + points - raw score| before rounding, in points */
  additivityGap: number
  /** mean absolute points by factor and by dimension */
  meanAbsolutePoints: { factors: Record<string, number>; dimensions: Record<string, number> }
  persons: number
  /** 95 % limits of the means by factor, over persons; null for fewer than two */
  factorIntervals: Record<string, [low: number, high: number] | null>
  /**
   * mean standard error of the points by factor, in points, where a path of a tree has more than 16 distinct factors and the background was
   * drawn of more rows; absent: points are exact
   */
  meanStandardError?: Record<string, number>
  /** by dimension: the game beside the sum over factors; equal for a linear model by definition */
  dimensionForms: Record<string, DimensionForms>
}

/** What was found about the receipts of a model, against the first background that was asked for. */
export interface ExplainedModel extends ExplainedAgainst {
  modelHash: string
  /** the model adds up what its columns say: both forms of dimension points are equal by definition */
  linear: boolean
  /** whose score is nearest to the cutoff of 650, and when */
  nearCutoff: { personId: string; observationDate: string }
  /** against the other backgrounds, in their order */
  others: ExplainedAgainst[]
}

/** What a stage of receipts has found, by model. */
export interface ExplainSummary {
  rows: number
  models: Record<string, ExplainedModel>
  notes: string[]
}

/** All that was found about a model, background after background. */
export const explainedAgainst = (model: ExplainedModel): ExplainedAgainst[] => [model, ...model.others]
