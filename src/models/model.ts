/**
 * A fitted model: immutable data and two functions over it. Everything is linear in the margin, the log-odds of bad;
 * a model is calibrated and scaled to 350-950 outside of it (see calibrate.ts and scores/).
 */
import type { BinnedMatrix } from '../kernels/binning/binnedMatrix.ts'
import type { Pool } from '../kernels/pool.ts'
import type { TreeArrays } from '../kernels/trees/tree.ts'
import type { Matrix } from '../matrix/matrix.ts'
import type { WorkOptions } from '../util/progress.ts'
import type { Random } from '../util/random.ts'

/** margin = intercept + sum of coefficient x column */
export interface LinearModel {
  readonly kind: 'declared' | 'logistic'
  readonly intercept: number
  /** one a column of the encoding */
  readonly coefficients: Float64Array
  /** mean of each column over the training rows: the background of its attributions */
  readonly means: Float64Array
}

/**
 * margin = mean of the leaf values that a row reaches, or the logit of that mean where leaves carry probabilities; of a boosted model
 * the sum of the leaf values, of which the first tree's hold the log-odds that training began with
 */
export interface TreeModel {
  readonly kind: 'tree' | 'forest' | 'boosting'
  /** columns of the encoding */
  readonly columns: number
  readonly trees: readonly TreeArrays[]
  /** what leaves carry: smoothed log-odds of bad (when absent), or smoothed probabilities; then the link is not linear */
  readonly output?: 'logOdds' | 'probability'
}

/** Immutable data; `margin` gives its log-odds of bad for the rows of a matrix. */
export type Model = LinearModel | TreeModel
/** Which learner a model comes from. */
export type ModelKind = Model['kind']

/** What the sum of leaf values is divided by. */
export const treeDivisor = ({ kind, trees }: TreeModel): number => (kind === 'boosting' ? 1 : trees.length)

export const isTreeModel = (model: Model): model is TreeModel => 'trees' in model

/** Where a learner runs and how it is watched; of these only groups, weights and expected risks change what is learned. */
export interface FitOptions extends WorkOptions {
  /** where parallel learners run; absent: this thread */
  pool?: Pool
  /** rows of one person share a whole number of 0 or more, which need not be dense: bootstrap and inner folds keep them together; absent: each row alone */
  groups?: Int32Array
  /**
   * the columns of the matrix as bytes, in the memory of `pool` (see `binChunks`); forest and boosting then do not read its `values`, which
   * may be empty, and leave the bytes open
   */
  bins?: BinnedMatrix
  /** weight of each row, 0 or more; absent: 1. Learners that know no weights refuse them */
  sampleWeight?: Float64Array
  /** for each column, whether the risk is expected to rise (1) or fall (-1) with it, or neither (0): for `monotone: 'catalogue'` */
  expectedRisk?: Int8Array
}

/** What a training gives back. */
export interface Fitted {
  model: Model
  /** margins of training rows by the trees that did not see them; NaN where every tree did (forest only) */
  outOfBagMargins?: Float64Array
  /** what a reader should know of the fit: iterations, standard errors, separation, pruning ... ; plain JSON */
  report: Record<string, unknown>
}

/** How to train: options are fixed when the learner is made, so a model never depends on hidden state. */
export interface Learner {
  readonly kind: ModelKind
  readonly encoding: 'linear' | 'tree'
  /** true: it splits categories itself and is given one column of codes for each (see `categoryColumns`), not a column a level */
  readonly takesCategories?: boolean
  /** the options as used, for the manifest */
  readonly options: Record<string, unknown>
  /**
   * Trains on the rows of a matrix.
   * @param target 1 = bad, 0 = good, one a row
   */
  fit(x: Matrix, target: Uint8Array, random: Random, options?: FitOptions): Promise<Fitted>
}
