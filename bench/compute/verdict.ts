/** What becomes of a target: a ratio counts only where both sides are known to have done the same, and equally well. */
import type { Comparison } from './summary.ts'

/**
 * unequal: AUC of ours is lower, or its gradient larger. differs: other values than the peer's. notCompared: what would have to be
 * equal was not measured on both sides, as of a peer whose time was scaled up. Only `met` counts as met.
 */
export type Verdict = 'met' | 'missed' | 'unequal' | 'differs' | 'notCompared'

type Needed = 'auc' | 'gradient' | 'values'

/** What must be equal before a time of this work counts. Binning has no result of its own to compare. */
const NEEDED: Readonly<Record<string, readonly Needed[]>> = {
  forest: ['auc'],
  boosting: ['auc'],
  tree: ['auc'],
  logistic: ['auc', 'gradient'],
  predict: ['auc'],
  shap: ['values'],
  binning: [],
}

/** Whether something that the work must be compared on was not. */
export const isUncompared = (c: Pick<Comparison, 'work' | Needed>): boolean => {
  const needed = NEEDED[c.work]
  if (!needed) throw new Error(`nothing says what a job of ${c.work} must be equal in: see verdict.ts`)
  return needed.some((what) => c[what] === undefined)
}

/** Absent without a target, and where times are not compared. */
export const verdictOf = (c: Comparison): Verdict | undefined => {
  if (c.target === undefined || c.compares !== 'time') return undefined
  if (c.values?.equal === false) return 'differs'
  if (c.auc?.equal === false || c.gradient?.equal === false) return 'unequal'
  if (isUncompared(c)) return 'notCompared'
  return c.ratio >= c.target ? 'met' : 'missed'
}
