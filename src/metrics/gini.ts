import { auc } from './auc.ts'

/**
 * Gini coefficient of a ranking, Somers' D: 2 AUC - 1. From -1 to 1, greater is better, 0 is chance. Arguments as of `auc`.
 */
export const gini = (scores: ArrayLike<number>, target: ArrayLike<number>, weights?: ArrayLike<number>): number =>
  2 * auc(scores, target, weights) - 1
