/** How much the splits of trees owe to each column. */
import { type Criterion, impurity } from './splitWorth.ts'
import type { GrownTree } from './treeBuilder.ts'

/** What the splits of trees say of each column. */
export interface SplitImportance {
  /**
   * for each column, the decrease of impurity by its splits, each weighted by the share of its tree's weight that reached it, averaged
   * over trees (Breiman et al. 1984; `feature_importances_` of scikit-learn before it is made to sum to 1)
   */
  decrease: Float64Array
  /** for each column, splits in all trees */
  splits: Int32Array
}

/**
 * Importance of columns by the splits that use them. It is measured on the training rows and favors columns with many values;
 * `permutationImportance` asks rows that were not trained on.
 */
export const splitImportance = (
  trees: readonly GrownTree[],
  columns: number,
  criterion: Criterion = 'gini',
): SplitImportance => {
  const decrease = new Float64Array(columns)
  const splits = new Int32Array(columns)
  for (const { childrenLeft, childrenRight, feature, bad, cover } of trees) {
    const risk = (node: number) => impurity(criterion, bad[node]!, cover[node]!) * cover[node]!
    feature.forEach((j, node) => {
      if (j < 0) return
      splits[j]!++
      const fall = risk(node) - risk(childrenLeft[node]!) - risk(childrenRight[node]!)
      decrease[j]! += fall / cover[0]! / trees.length
    })
  }
  return { decrease, splits }
}
