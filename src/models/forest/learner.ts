import { keyWords } from '../../kernels/numbers/generator.ts'
import { growForest } from '../../kernels/trees/growForest.ts'
import { splitImportance } from '../../kernels/trees/importance.ts'
import { type LeafOutput, treeArrays } from '../../kernels/trees/treeBuilder.ts'
import { usageError } from '../../util/errors.ts'
import type { Random } from '../../util/random.ts'
import { checkFit } from '../checkFit.ts'
import { checkChoice, checkFlag, checkNames, checkNumber } from '../checkOptions.ts'
import { rowsByGroup } from '../groups.ts'
import { meanMargin } from '../margin.ts'
import type { Learner } from '../model.ts'
import { binForTrees } from '../trees/binForTrees.ts'
import { monotoneReport } from '../trees/monotoneReport.ts'
import {
  checkGrowth,
  directionsOf,
  GROWTH_OPTIONS,
  growthOf,
  smoothingOf,
  statedGrowth,
  type TreeGrowthOptions,
  treeWeights,
} from '../trees/treeOptions.ts'
import { outOfBagImportance } from './outOfBagImportance.ts'

/** Size of a forest and of its trees. */
export interface ForestOptions extends TreeGrowthOptions {
  trees?: number | undefined
  /** columns drawn at each node: the root of their number, or a number of columns */
  features?: 'sqrt' | number | undefined
  /** rows (persons, where rows are grouped) drawn for each tree, as a share of all */
  sampleRatio?: number | undefined
  /** whether a row may be drawn more than once */
  replace?: boolean | undefined
  /** m of the leaf values (bad + m p0) / (n + m); more than 0 */
  m?: number | undefined
  /** what leaves carry and trees are averaged in */
  output?: LeafOutput | undefined
  /** whether margins of training rows by the trees that did not see them are computed */
  outOfBag?: boolean | undefined
  /** whether the report has permutation importance out of bag; see outOfBagImportance.ts */
  outOfBagImportance?: boolean | undefined
}

const OPTIONS = {
  ...GROWTH_OPTIONS,
  trees: true,
  features: true,
  sampleRatio: true,
  replace: true,
  m: true,
  output: true,
  outOfBag: true,
  outOfBagImportance: true,
} as const

/**
 * A random forest on binned columns; see kernels/trees/histogramTree.ts. Tree i draws from `random.fork('tree', i)`: the same forest for
 * any number of threads and both kernels. `outOfBagMargins` are the margins of training rows by the trees that saw none of their person.
 */
export const forest = (options: ForestOptions = {}): Learner => {
  checkNames<ForestOptions>(options, OPTIONS)
  const trees = checkNumber('trees', options.trees ?? 150, { min: 1, max: 10_000, whole: true })
  const growth = checkGrowth(options, { maxDepth: 10, minLeaf: 20 })
  const features =
    options.features === undefined || options.features === 'sqrt'
      ? 'sqrt'
      : checkNumber('features', options.features, { min: 1, whole: true, max: 65_536 })
  const sampleRatio = checkNumber('sampleRatio', options.sampleRatio ?? 1, { above: 0, max: 1 })
  const replace = checkFlag('replace', options.replace ?? true)
  const m = checkNumber('m', options.m ?? 5, { above: 0, max: 1e12 })
  const output = checkChoice('output', options.output ?? 'logOdds', ['logOdds', 'probability'])
  const outOfBag = checkFlag('outOfBag', options.outOfBag ?? true)
  const withImportance = checkFlag('outOfBagImportance', options.outOfBagImportance ?? false)
  return {
    kind: 'forest',
    encoding: 'tree',
    takesCategories: true,
    options: {
      trees,
      ...statedGrowth(growth),
      features,
      sampleRatio,
      replace,
      m,
      output,
      ...(outOfBag ? {} : { outOfBag }),
      ...(withImportance ? { outOfBagImportance: true } : {}),
    },
    fit: async (x, target, random, fitOptions) => {
      const checked = checkFit(x, target, random, fitOptions, true)
      const { pool, progress, signal, groups, sampleWeight, bins } = checked
      if (withImportance && x.values.length === 0)
        throw usageError('out-of-bag importance shuffles the values of columns, and there are none', {
          option: 'outOfBagImportance',
          expected: 'values beside the bins',
        })
      const columns = x.columns.length
      const drawn = Math.min(columns, features === 'sqrt' ? Math.max(1, Math.floor(Math.sqrt(columns))) : features)
      const weights = treeWeights(target, growth.classWeight, sampleWeight)
      const smoothing = smoothingOf(target, weights, m)
      const monotone = directionsOf(x, growth.monotone, checked)
      const matrix = await binForTrees(x, pool, signal, bins)
      try {
        const request = {
          matrix,
          target,
          weights,
          groups: groups && rowsByGroup(groups),
          growth: growthOf(growth, { features: drawn, smoothing, output, monotone }),
          bag: { sampleRatio, replace },
          outOfBag,
        }
        const keys = treeKeys(trees, random)
        const grown = await growForest(pool, request, keys, {
          signal,
          onPart: (done, total) => progress?.('trees', done, total),
        })
        const bags = grown.outOfBag
        const { groups: units, bag } = request
        const importance = withImportance
          ? await outOfBagImportance(
              { trees: grown.trees, x, target, weights, groups: units, bag, keys, output },
              random.fork('importance'),
              signal,
            )
          : undefined
        const { decrease, splits } = splitImportance(grown.trees, columns, growth.criterion)
        return {
          model: {
            kind: 'forest',
            columns,
            trees: grown.trees.map(treeArrays),
            ...(output === 'probability' ? { output } : {}),
          },
          ...(bags
            ? {
                outOfBagMargins: bags.sum.map((s, i) =>
                  bags.trees[i] ? meanMargin(s, bags.trees[i]!, output) : Number.NaN,
                ),
              }
            : {}),
          report: {
            smoothing,
            featuresDrawn: drawn,
            leavesPerTree: grown.trees.reduce((n, t) => n + (t.feature.length + 1) / 2, 0) / trees,
            ...(bags ? { rowsNeverOutOfBag: bags.trees.filter((n) => n === 0).length } : {}),
            drawnBy: groups ? 'person' : 'row',
            ...(weights ? { weighted: true } : {}),
            splitImportance: { decrease: Array.from(decrease), splits: Array.from(splits) },
            ...(importance ? { outOfBagImportance: importance } : {}),
            ...(monotone && x.values.length > 0 ? monotoneReport(x, grown.trees, monotone) : {}),
            warnings: [],
          },
        }
      } finally {
        matrix.close()
      }
    },
  }
}

/** Key words of the streams of all trees. */
const treeKeys = (trees: number, random: Random): Uint32Array => {
  const keys = new Uint32Array(4 * trees)
  for (let t = 0; t < trees; t++) keys.set(keyWords(random.fork('tree', t).key), 4 * t)
  return keys
}
