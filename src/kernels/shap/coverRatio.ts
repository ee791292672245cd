import type { TreeArrays } from '../trees/tree.ts'

/**
 * Share of a parent's cover that went to a child. Below a node of no cover nothing was counted: both sides get a half,
 * which leaves the base value as it is.
 */
export const coverRatio = (tree: TreeArrays, parent: number, child: number): number =>
  tree.cover[parent]! > 0 ? tree.cover[child]! / tree.cover[parent]! : 0.5
