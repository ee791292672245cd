/** What is to be known of each factor beside the outcome: filled, informative, in the expected direction, stable. */
import type { ExpectedRisk, FactorKind } from '../schema/factor.ts'

/** In which direction the risk moves with the factor, as far as the rows can tell. */
export type ObservedRisk = 'up' | 'down' | 'none' | 'not enough evidence'

/** One factor on the labeled rows; numbers that are not defined are null. */
export interface FactorFigures {
  factor: string
  dimension: string
  kind: FactorKind
  definition: string
  /** labeled rows, and the share of them without a value */
  rows: number
  missingShare: number
  /** on the training rows (all labeled rows where folds are used) */
  informationValue: number | null
  /**
   * on the same rows, more of the factor = riskier: above 0.5 risk rises with it, below it falls; levels of a category are taken by
   * their bad rate, so it is at least 0.5 there. Rows without a value are left out. With a bootstrap interval over persons
   */
  auc: { value: number; low: number; high: number } | null
  expectedRisk: ExpectedRisk
  /** up or down where the interval of the AUC lies on one side of 0.5; null for categories */
  observedRisk: ObservedRisk | null
  /** null where nothing was expected, or nothing can be said */
  asExpected: boolean | null
  /** test against training rows; null where there are none apart */
  psi: number | null
}
