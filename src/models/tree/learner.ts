import type { CartData } from '../../kernels/trees/cart.ts'
import { splitImportance } from '../../kernels/trees/importance.ts'
import { pruneTree } from '../../kernels/trees/prune.ts'
import { treeArrays } from '../../kernels/trees/treeBuilder.ts'
import { usageError } from '../../util/errors.ts'
import { checkFit } from '../checkFit.ts'
import { checkChoice, checkNames, checkNumber } from '../checkOptions.ts'
import type { Learner } from '../model.ts'
import { monotoneReport } from '../trees/monotoneReport.ts'
import {
  checkGrowth,
  directionsOf,
  GROWTH_OPTIONS,
  smoothingOf,
  statedGrowth,
  type TreeGrowthOptions,
  treeWeights,
} from '../trees/treeOptions.ts'
import { openBinnedGrower } from './binnedGrower.ts'
import { choosePruning, PRUNING_RULES, type PruningChoice, type PruningRule } from './choosePruning.ts'
import { exactGrower } from './growListening.ts'

/** How a tree splits, how far it grows and how it is pruned. */
export interface DecisionTreeOptions extends TreeGrowthOptions {
  /**
   * exact: cuts between all neighboring values, by Gini impurity, depth first; binned: cuts between at most 255 bins a column, with
   * every other option. By default exact, or binned where an option needs it
   */
  splits?: 'exact' | 'binned' | undefined
  /** columns drawn at each node, by default all */
  features?: number | undefined
  /** cost-complexity pruning: none, a given alpha (ccp_alpha of scikit-learn), or alpha by cross-validation */
  pruning?: 'none' | 'cv' | number | undefined
  /** which subtree cross-validation takes */
  rule?: PruningRule | undefined
  /** m of the leaf values logit((bad + m p0) / (n + m)); more than 0 */
  m?: number | undefined
}

const OPTIONS = {
  ...GROWTH_OPTIONS,
  splits: true,
  features: true,
  pruning: true,
  rule: true,
  m: true,
} as const

/** Options that exact splits do not know. */
const BINNED_ONLY = ['criterion', 'splitter', 'maxLeaves', 'classWeight', 'monotone', 'features'] as const

/**
 * A decision tree with missing values, then cost-complexity pruning; see kernels/trees/.
 * The report says how many leaves were grown and kept, and for cross-validation the loss of every subtree.
 *
 * @throws GlasscoreError('usage') where exact splits are asked for together with an option that only binned ones have
 */
export const decisionTree = (options: DecisionTreeOptions = {}): Learner => {
  checkNames<DecisionTreeOptions>(options, OPTIONS)
  const growth = checkGrowth(options, { maxDepth: 6, minLeaf: 50 })
  const { maxDepth, minLeaf, minImpurityDecrease, criterion } = growth
  const m = checkNumber('m', options.m ?? 5, { above: 0, max: 1e12 })
  const rule = checkChoice('rule', options.rule ?? 'best', PRUNING_RULES)
  const features =
    options.features === undefined
      ? undefined
      : checkNumber('features', options.features, { min: 1, whole: true, max: 65_536 })
  const stated = statedGrowth(growth)
  const needBins = BINNED_ONLY.filter((name) => name in stated || (name === 'features' && features !== undefined))
  const splits = checkChoice('splits', options.splits ?? (needBins.length ? 'binned' : 'exact'), ['exact', 'binned'])
  if (splits === 'exact' && needBins.length > 0)
    throw usageError('invalid option of a learner', {
      option: 'splits',
      expected: `binned, where ${needBins.join(', ')} is given`,
      got: splits,
    })
  const wanted = options.pruning ?? 'cv'
  const pruning =
    typeof wanted === 'number'
      ? checkNumber('pruning', wanted, { min: 0, max: 1 })
      : checkChoice('pruning', wanted, ['none', 'cv'])
  return {
    kind: 'tree',
    encoding: 'tree',
    ...(splits === 'binned' ? { takesCategories: true } : {}),
    options: {
      ...stated,
      minImpurityDecrease,
      pruning,
      rule,
      m,
      ...(splits === 'binned' ? { splits } : {}),
      ...(features === undefined ? {} : { features }),
    },
    fit: async (x, target, random, given) => {
      const fitOptions = checkFit(x, target, random, given)
      const data: CartData = { values: x.values, rows: x.rows, columns: x.columns.length, target }
      if (splits === 'exact' && fitOptions.sampleWeight)
        throw usageError('exact splits take no weights of rows', {
          option: 'splits',
          expected: 'binned, where rows have weights',
          got: splits,
        })
      const weights = treeWeights(target, growth.classWeight, fitOptions.sampleWeight)
      const smoothing = smoothingOf(target, weights, m)
      const monotone = directionsOf(x, growth.monotone, fitOptions)
      const { grow, close } =
        splits === 'exact'
          ? {
              grow: exactGrower(data, { maxDepth, minLeaf, minImpurityDecrease, smoothing }, fitOptions.signal),
              close: () => {},
            }
          : await openBinnedGrower(x, target, growth, { smoothing, weights, monotone, features }, random, fitOptions)
      try {
        const grown = await grow()
        let choice: PruningChoice | undefined
        if (pruning === 'cv')
          choice = await choosePruning(data, grow, grown, rule, random.fork('pruning'), fitOptions, {
            criterion,
            weights,
          })
        const alpha = pruning === 'cv' ? choice!.alpha : pruning === 'none' ? undefined : pruning
        const tree = alpha === undefined ? grown : pruneTree(grown, alpha, criterion)
        const importance = splitImportance([tree], x.columns.length, criterion)
        return {
          model: { kind: 'tree', columns: x.columns.length, trees: [treeArrays(tree)] },
          report: {
            smoothing,
            leavesGrown: countLeaves(grown.feature),
            leaves: countLeaves(tree.feature),
            ...(weights ? { weighted: true } : {}),
            splitImportance: { decrease: Array.from(importance.decrease), splits: Array.from(importance.splits) },
            ...(monotone ? monotoneReport(x, [tree], monotone) : {}),
            ...(alpha === undefined ? {} : { alpha }),
            ...(choice ? { crossValidation: choice } : {}),
            warnings: choice?.warnings ?? [],
          },
        }
      } finally {
        close()
      }
    },
  }
}

const countLeaves = (feature: Int32Array): number => feature.reduce((n, j) => n + (j < 0 ? 1 : 0), 0)
