import { type BoostingTraining, trainBoosting } from '../../kernels/boosting/trainBoosting.ts'
import { keyWords } from '../../kernels/numbers/generator.ts'
import { checkFit } from '../checkFit.ts'
import { checkChoice, checkNames, checkNumber } from '../checkOptions.ts'
import { rowsByGroup } from '../groups.ts'
import type { Learner } from '../model.ts'
import { type ClassWeight, checkClassWeight } from '../rowWeights.ts'
import { binForTrees } from '../trees/binForTrees.ts'
import { monotoneReport } from '../trees/monotoneReport.ts'
import { checkMonotone, directionsOf, type Monotone, treeWeights } from '../trees/treeOptions.ts'
import { holdOut } from './holdOut.ts'
import { gainOfColumns } from './importance.ts'

/** Size, pace and limits of a boosted model. */
export interface BoostingOptions {
  /** most trees; fewer where early stopping ends training */
  rounds?: number
  /** share of every step that is taken, above 0 and up to 1 */
  learningRate?: number
  /** most leaves of a tree */
  maxLeaves?: number
  /** edges from the root to the deepest leaf; Infinity for no limit */
  maxDepth?: number
  /** which leaf is split next: the one that gains most, or one of the least depth */
  growth?: 'leaf' | 'depth'
  /** least rows in a leaf */
  minLeaf?: number
  /** least sum of p (1 - p) in a leaf; above 0 */
  minHessian?: number
  /** L2 penalty on the values of leaves */
  lambda?: number
  /** least gain of a split */
  minGain?: number
  /** rows (persons, where rows are grouped) drawn for each tree without replacement, as a share of those trained on */
  sampleRatio?: number
  /** columns drawn for each tree, as a share */
  columnsATree?: number
  /** columns drawn for each node from those of its tree, as a share */
  columnsANode?: number
  /** rows (persons) kept out of training to find the number of rounds, as a share; 0: no early stopping */
  validationShare?: number
  /** rounds without a lower loss on the rows kept out, after which training ends */
  patience?: number
  /**
   * columns that the margin may only rise (1) or only fall (-1) with, all others as they are; catalogue: as the factors say. Holds
   * for every pair of rows that both have a value; a missing value compares with none
   */
  monotone?: Monotone | undefined
  /** weight of rows by their outcome, times their own weight; absent: 1 each */
  classWeight?: ClassWeight | undefined
}

const OPTIONS = {
  rounds: true,
  learningRate: true,
  maxLeaves: true,
  maxDepth: true,
  growth: true,
  minLeaf: true,
  minHessian: true,
  lambda: true,
  minGain: true,
  sampleRatio: true,
  columnsATree: true,
  columnsANode: true,
  validationShare: true,
  patience: true,
  monotone: true,
  classWeight: true,
} as const

/** Rules for categorical columns, as LightGBM has them by default. */
const CATEGORIES = { oneHot: 4, mostSorted: 32, minCategory: 10, categorySmooth: 10, categoryLambda: 10 } as const

/**
 * Gradient boosting of the log loss on binned columns; see kernels/boosting/. Round i draws from `random.fork('round', i)`, the rows for
 * early stopping from `random.fork('held')`: the same model for any number of threads. The margin is the sum of the leaves.
 *
 * Monotone columns hold over all present values with the other columns fixed; a missing value is not comparable.
 */
export const boosting = (options: BoostingOptions = {}): Learner => {
  checkNames<BoostingOptions>(options, OPTIONS)
  const share = (name: 'sampleRatio' | 'columnsATree' | 'columnsANode') =>
    checkNumber(name, options[name] ?? 1, { above: 0, max: 1 })
  const rounds = checkNumber('rounds', options.rounds ?? 300, { min: 1, max: 10_000, whole: true })
  const learningRate = checkNumber('learningRate', options.learningRate ?? 0.05, { above: 0, max: 1 })
  const maxLeaves = checkNumber('maxLeaves', options.maxLeaves ?? 31, { min: 2, max: 65_000, whole: true })
  const maxDepth = checkNumber('maxDepth', options.maxDepth ?? 64, { min: 1, whole: true })
  const growth = checkChoice('growth', options.growth ?? 'leaf', ['leaf', 'depth'])
  const minLeaf = checkNumber('minLeaf', options.minLeaf ?? 20, { min: 1, max: 2 ** 30, whole: true })
  const minHessian = checkNumber('minHessian', options.minHessian ?? 1e-3, { above: 0, max: 1e12 })
  const lambda = checkNumber('lambda', options.lambda ?? 1, { min: 0, max: 1e12 })
  const minGain = checkNumber('minGain', options.minGain ?? 0, { min: 0, max: 1e12 })
  const sampleRatio = share('sampleRatio')
  const columnsATree = share('columnsATree')
  const columnsANode = share('columnsANode')
  const validationShare = checkNumber('validationShare', options.validationShare ?? 0.15, { min: 0, max: 0.9 })
  const patience = checkNumber('patience', options.patience ?? 30, { min: 1, max: 10_000, whole: true })
  const classWeight = checkClassWeight(options.classWeight)
  const monotone = checkMonotone(options.monotone)
  const used = {
    rounds,
    learningRate,
    maxLeaves,
    maxDepth,
    growth,
    minLeaf,
    minHessian,
    lambda,
    minGain,
    sampleRatio,
    columnsATree,
    columnsANode,
    validationShare,
    patience,
  }
  return {
    kind: 'boosting',
    encoding: 'tree',
    takesCategories: true,
    options: { ...used, ...(classWeight ? { classWeight } : {}), ...(monotone ? { monotone } : {}) },
    fit: async (x, target, random, fitOptions) => {
      const checked = checkFit(x, target, random, fitOptions, true)
      const { pool, progress, signal, groups, sampleWeight, bins } = checked
      const columns = x.columns.length
      const weight = treeWeights(target, classWeight, sampleWeight)
      const directions = directionsOf(x, monotone, checked)
      const held =
        validationShare > 0 ? holdOut(target, { groups, weight }, validationShare, random.fork('held')) : undefined
      const matrix = await binForTrees(x, pool, signal, bins)
      try {
        const ofTree = Math.max(1, Math.round(columnsATree * columns))
        const training: BoostingTraining = {
          ...used,
          ...CATEGORIES,
          columnsATree: ofTree,
          columnsANode: columnsANode === 1 ? Number.POSITIVE_INFINITY : Math.max(1, Math.round(columnsANode * ofTree)),
        }
        const fit = await trainBoosting(
          matrix,
          {
            target,
            weight,
            held,
            groups: groups && rowsByGroup(groups),
            monotone: directions ?? new Int8Array(columns),
            keys: (round) => keyWords(random.fork('round', round).key),
          },
          training,
          pool,
          { signal, onPart: (done, total) => progress?.('trees', done, total) },
        )
        return {
          model: { kind: 'boosting', columns, trees: fit.trees },
          report: {
            base: fit.base,
            rounds: fit.trees.length,
            leavesPerTree: fit.trees.reduce((n, t) => n + (t.feature.length + 1) / 2, 0) / fit.trees.length,
            drawnBy: groups ? 'person' : 'row',
            ...(weight ? { weighted: true } : {}),
            ...(held ? { validation: validationOf(held, fit.heldLoss, rounds) } : {}),
            importance: gainOfColumns(
              fit.gains.slice(0, fit.trees.length),
              x.columns.map((column) => column.name),
            ),
            ...(directions && x.values.length > 0 ? monotoneReport(x, fit.trees, directions) : {}),
            warnings:
              held && fit.heldLoss.length === rounds && fit.trees.length === rounds
                ? [`the loss on rows kept out still fell after ${rounds} rounds: more rounds may do better`]
                : [],
          },
        }
      } finally {
        matrix.close()
      }
    },
  }
}

const validationOf = (held: Uint8Array, losses: readonly number[], rounds: number): Record<string, unknown> => ({
  rows: held.reduce((sum, one) => sum + one, 0),
  /** mean log loss of the rows kept out, after each tree */
  logLoss: losses,
  stoppedEarly: losses.length < rounds,
})
