import { type BoostingTraining, trainBoosting } from '../../kernels/boosting/trainBoosting.ts'
import { keyWords } from '../../kernels/numbers/generator.ts'
import { thisThread } from '../../threads/openPool.ts'
import { usageError } from '../../util/errors.ts'
import { checkChoice, checkNumber, checkTarget } from '../checkOptions.ts'
import { rowsByGroup } from '../groups.ts'
import type { Learner } from '../model.ts'
import { binForTrees } from '../trees/binForTrees.ts'
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
  /** by the name of a column: 1 where the margin may not fall when the column rises, -1 where it may not rise */
  monotone?: Readonly<Record<string, number>> | undefined
  /** weight of a bad row, where a good one weighs 1; above 0 */
  badWeight?: number
}

/** Rules for categorical columns, as LightGBM has them by default. */
const CATEGORIES = { oneHot: 4, mostSorted: 32, minCategory: 10, categorySmooth: 10, categoryLambda: 10 } as const

/**
 * Gradient boosting of the log loss on binned columns; see kernels/boosting/. Round i draws from `random.fork('round', i)`, the rows for
 * early stopping from `random.fork('held')`: the same model for any number of threads. The margin is the sum of the leaves.
 *
 * Monotone columns hold over all present values with the other columns fixed; a missing value is not comparable.
 */
export const boosting = (options: BoostingOptions = {}): Learner => {
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
  const badWeight = checkNumber('badWeight', options.badWeight ?? 1, { above: 0, max: 1e6 })
  const monotone = { ...options.monotone }
  for (const [name, direction] of Object.entries(monotone)) {
    if (![-1, 0, 1].includes(direction))
      throw usageError('invalid option of a learner', {
        option: `monotone.${name}`,
        expected: '1, -1 or 0',
        got: direction,
      })
  }
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
    badWeight,
    monotone,
  }
  return {
    kind: 'boosting',
    encoding: 'tree',
    options: used,
    fit: async (x, target, random, { pool = thisThread(), progress, signal, groups, bins } = {}) => {
      checkTarget(x, target)
      const columns = x.columns.length
      const directions = directionsOf(monotone, x.columns)
      const held = validationShare > 0 ? holdOut(target, groups, validationShare, random.fork('held')) : undefined
      const matrix = await binForTrees(x, pool, signal, bins)
      try {
        const training: BoostingTraining = {
          ...used,
          ...CATEGORIES,
          columnsATree: Math.max(1, Math.round(columnsATree * columns)),
          columnsANode: columnsANode === 1 ? Number.POSITIVE_INFINITY : Math.max(1, Math.round(columnsANode * columns)),
        }
        const fit = await trainBoosting(
          matrix,
          {
            target,
            weight: badWeight === 1 ? undefined : Float64Array.from(target, (bad) => (bad ? badWeight : 1)),
            held,
            groups: groups && rowsByGroup(groups),
            monotone: directions,
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
            ...(held ? { validation: validationOf(held, fit.heldLoss, rounds) } : {}),
            importance: gainOfColumns(
              fit.gains.slice(0, fit.trees.length),
              x.columns.map((column) => column.name),
            ),
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

const directionsOf = (
  monotone: Readonly<Record<string, number>>,
  columns: readonly { name: string; role: string }[],
) => {
  for (const name of Object.keys(monotone)) {
    const column = columns.find((c) => c.name === name)
    if (!column || column.role === 'category')
      throw usageError('invalid option of a learner', {
        option: `monotone.${name}`,
        expected: 'the name of a numeric column of the encoding',
        got: column ? 'a column of categories' : name,
      })
  }
  return Int8Array.from(columns, (column) => monotone[column.name] ?? 0)
}

const validationOf = (held: Uint8Array, losses: readonly number[], rounds: number): Record<string, unknown> => ({
  rows: held.reduce((sum, one) => sum + one, 0),
  /** mean log loss of the rows kept out, after each tree */
  logLoss: losses,
  stoppedEarly: losses.length < rounds,
})
