import { type CartData, type CartOptions, presort } from '../../kernels/trees/cart.ts'
import { pruneTree } from '../../kernels/trees/prune.ts'
import { treeArrays } from '../../kernels/trees/treeBuilder.ts'
import { checkChoice, checkNumber, checkTarget } from '../checkOptions.ts'
import type { Learner } from '../model.ts'
import { choosePruning, PRUNING_RULES, type PruningChoice, type PruningRule } from './choosePruning.ts'
import { growListening } from './growListening.ts'

/** How far a tree grows and how it is pruned. */
export interface DecisionTreeOptions {
  /** edges from the root to the deepest leaf */
  maxDepth?: number
  /** least rows in a leaf */
  minLeaf?: number
  /** least fall of Gini impurity by a split, weighted by the share of rows at the node */
  minImpurityDecrease?: number
  /** cost-complexity pruning: none, a given alpha (ccp_alpha of scikit-learn), or alpha by cross-validation */
  pruning?: 'none' | 'cv' | number
  /** which subtree cross-validation takes */
  rule?: PruningRule
  /** m of the leaf values logit((bad + m p0) / (n + m)); more than 0 */
  m?: number
}

/**
 * A decision tree: CART by Gini impurity with missing values, then cost-complexity pruning; see kernels/trees/.
 * The report says how many leaves were grown and kept, and for cross-validation the loss of every subtree.
 */
export const decisionTree = (options: DecisionTreeOptions = {}): Learner => {
  const maxDepth = checkNumber('maxDepth', options.maxDepth ?? 6, { min: 1, whole: true })
  const minLeaf = checkNumber('minLeaf', options.minLeaf ?? 50, { min: 1, max: 2 ** 31, whole: true })
  const minImpurityDecrease = checkNumber('minImpurityDecrease', options.minImpurityDecrease ?? 0, { min: 0, max: 1 })
  const m = checkNumber('m', options.m ?? 5, { above: 0, max: 1e12 })
  const rule = checkChoice('rule', options.rule ?? 'best', PRUNING_RULES)
  const given = options.pruning ?? 'cv'
  const pruning =
    typeof given === 'number'
      ? checkNumber('pruning', given, { min: 0, max: 1 })
      : checkChoice('pruning', given, ['none', 'cv'])
  return {
    kind: 'tree',
    encoding: 'tree',
    options: { maxDepth, minLeaf, minImpurityDecrease, pruning, rule, m },
    fit: async (x, target, random, fitOptions = {}) => {
      const bad = checkTarget(x, target)
      const data: CartData = { values: x.values, rows: x.rows, columns: x.columns.length, target }
      const smoothing = { strength: m, rate: bad / x.rows }
      const cartOptions: CartOptions = { maxDepth, minLeaf, minImpurityDecrease, smoothing }
      const grown = await growListening(data, cartOptions, presort(data), fitOptions.signal)
      let choice: PruningChoice | undefined
      if (pruning === 'cv')
        choice = await choosePruning(data, cartOptions, grown, rule, random.fork('pruning'), fitOptions)
      const alpha = pruning === 'cv' ? choice!.alpha : pruning === 'none' ? undefined : pruning
      const tree = alpha === undefined ? grown : pruneTree(grown, alpha)
      return {
        model: { kind: 'tree', columns: x.columns.length, trees: [treeArrays(tree)] },
        report: {
          smoothing,
          leavesGrown: countLeaves(grown.feature),
          leaves: countLeaves(tree.feature),
          ...(alpha === undefined ? {} : { alpha }),
          ...(choice ? { crossValidation: choice } : {}),
          warnings: choice?.warnings ?? [],
        },
      }
    },
  }
}

const countLeaves = (feature: Int32Array): number => feature.reduce((n, j) => n + (j < 0 ? 1 : 0), 0)
