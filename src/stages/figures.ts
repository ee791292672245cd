import type { Evaluation, Ranking } from '../comparison/evaluate.ts'
import type { PermutationImportance } from '../models/permutationImportance.ts'

/**
 * Figures of one model. With permuted labels only the ranking is measured, and no model is kept: value is the mean over
 * permutations, low and high their 2.5 and 97.5 % quantiles.
 */
export type ModelFigures = Ranking &
  Partial<Evaluation> & {
    modelHash?: string
    report: Record<string, unknown>
    /** falls of AUC on the test rows when a factor is shuffled, where that was asked for */
    permutation?: PermutationImportance
  }
