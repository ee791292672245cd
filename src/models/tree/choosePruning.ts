/**
 * Which subtree of a pruning sequence predicts unseen rows best, by 5-fold cross-validation of the log loss of its smoothed
 * leaves (Breiman et al. 1984, section 3.4, with log loss for their misclassification cost).
 *
 * Subtree k is stood for by the geometric mean of the alphas between which it is chosen. `best` takes the least loss;
 * `oneStandardError` the smallest subtree whose loss exceeds it by no more than one standard error of the paired
 * difference, taken over persons.
 */
import type { CartData } from '../../kernels/trees/cart.ts'
import { pruningPath } from '../../kernels/trees/prune.ts'
import type { Criterion } from '../../kernels/trees/splitWorth.ts'
import type { GrownTree } from '../../kernels/trees/treeBuilder.ts'
import { stratifiedFolds } from '../../matrix/splits.ts'
import { interruptedError } from '../../util/errors.ts'
import type { Random } from '../../util/random.ts'
import type { FitOptions } from '../model.ts'
import { type Grower, listening } from './growListening.ts'
import { PrunedLosses } from './prunedLosses.ts'

export const PRUNING_RULES = ['oneStandardError', 'best'] as const
export type PruningRule = (typeof PRUNING_RULES)[number]

export interface PruningChoice {
  alpha: number
  folds: number
  rule: PruningRule
  /** one a subtree, from the full tree to the root: its representative alpha, leaves and mean log loss */
  subtrees: { alpha: number; leaves: number; logLoss: number }[]
  warnings: string[]
}

const FOLDS = 5

/** What the risk of a subtree is, and what rows count for. */
export interface PruningMeasure {
  criterion?: Criterion
  weights?: Float64Array | undefined
}

/**
 * @param grow trees of the same kind as `grown`, on the rows of other folds
 * @throws when the signal is given
 */
export const choosePruning = async (
  data: CartData,
  grow: Grower,
  grown: GrownTree,
  rule: PruningRule,
  random: Random,
  fitOptions: FitOptions,
  { criterion = 'gini', weights }: PruningMeasure = {},
): Promise<PruningChoice> => {
  const path = pruningPath(grown, criterion)
  const alphas = Array.from(path.alphas, (alpha, k) =>
    k + 1 < path.alphas.length ? Math.sqrt(alpha * path.alphas[k + 1]!) : alpha,
  )
  const groups = fitOptions.groups ?? allRows(data)
  const folds = Math.min(FOLDS, fewestPersons(groups, data.target))
  if (folds < 2) {
    const warnings = ['one person with an outcome is too few to cross-validate pruning: the tree is not pruned']
    return { alpha: 0, folds: 0, rule, subtrees: [], warnings }
  }
  const foldOf = stratifiedFolds(Array.from(groups, String), data.target, folds, random)
  const trees: HeldTree[] = []
  for (let fold = 0; fold < folds; fold++) {
    if (fitOptions.signal?.aborted) throw interruptedError()
    fitOptions.progress?.('pruning', fold, folds)
    const tree = await grow(Uint8Array.from(foldOf, (f) => (f === fold ? 0 : 1)))
    trees.push({ tree, held: allRows(data).filter((i) => foldOf[i] === fold) })
  }
  const measure = { criterion, weights: weights && meanOne(weights) }
  const listen = listening(fitOptions.signal)
  const means: number[] = []
  for (const { losses, moved } of prunedLosses(data, trees, alphas, measure)) {
    means.push(moved ? sum(losses) / data.rows : means.at(-1)!)
    await listen()
  }
  const best = means.reduce((least, mean, k) => (mean < means[least]! ? k : least), 0)
  let chosen = best
  if (rule === 'oneStandardError') {
    const persons = numbered(groups)
    let bestLosses = new Float64Array(0)
    let error = 0
    let k = 0
    for (const { losses, moved } of prunedLosses(data, trees, alphas, measure)) {
      if (k === best) bestLosses = losses.slice()
      else if (k > best) {
        if (moved) error = standardError(losses, bestLosses, persons)
        if (means[k]! - means[best]! <= error) chosen = k
      }
      k++
      await listen()
    }
  }
  return {
    alpha: alphas[chosen]!,
    folds,
    rule,
    subtrees: alphas.map((alpha, k) => ({ alpha, leaves: path.leaves[k]!, logLoss: means[k]! })),
    warnings: [],
  }
}

/** A tree and the rows it did not train on. */
interface HeldTree {
  tree: GrownTree
  held: Int32Array
}

/**
 * The loss of every row by its fold's tree, pruned to one alpha after the other: the folds go on together, so there is one loss
 * a row at any time. The array is the same throughout; `moved` says whether it may differ from the alpha before.
 */
function* prunedLosses(
  data: CartData,
  trees: readonly HeldTree[],
  alphas: readonly number[],
  { criterion, weights }: PruningMeasure,
): Generator<{ losses: Float64Array; moved: boolean }> {
  const losses = new Float64Array(data.rows)
  const folds = trees.map(({ tree, held }) => new PrunedLosses(tree, data, held, losses, criterion, weights))
  let moved = true
  for (const alpha of alphas) {
    for (const fold of folds) moved = fold.pruneTo(alpha) || moved
    yield { losses, moved }
    moved = false
  }
}

/** The same weights, their mean 1: losses of weighted rows are then averaged like those of plain ones. */
const meanOne = (weights: Float64Array): Float64Array => {
  const mean = sum(weights) / weights.length
  return weights.map((weight) => weight / mean)
}

const allRows = ({ rows }: CartData): Int32Array => {
  const all = new Int32Array(rows)
  for (let i = 0; i < rows; i++) all[i] = i
  return all
}

const sum = (values: Float64Array): number => {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]!
  return total
}

/** Groups as 0, 1, ... in order of first appearance. */
const numbered = (groups: Int32Array): { of: Int32Array; count: number } => {
  const numbers = new Map<number, number>()
  const of = new Int32Array(groups.length)
  for (let i = 0; i < groups.length; i++) {
    const number = numbers.get(groups[i]!) ?? numbers.size
    numbers.set(groups[i]!, number)
    of[i] = number
  }
  return { of, count: numbers.size }
}

/** Standard error of the mean difference of two losses, whole persons varying together. */
const standardError = (a: Float64Array, b: Float64Array, persons: { of: Int32Array; count: number }): number => {
  const rows = a.length
  let difference = 0
  for (let i = 0; i < rows; i++) difference = difference + a[i]! - b[i]!
  const mean = difference / rows
  const deviations = new Float64Array(persons.count)
  for (let i = 0; i < rows; i++) {
    const person = persons.of[i]!
    deviations[person] = deviations[person]! + a[i]! - b[i]! - mean
  }
  let squares = 0
  for (let p = 0; p < deviations.length; p++) squares += deviations[p]! * deviations[p]!
  return Math.sqrt(squares) / rows
}

/** Persons with the rarer outcome; a person with any bad row counts as bad. */
const fewestPersons = (groups: Int32Array, target: Uint8Array): number => {
  const bad = new Set<number>()
  const all = new Set<number>()
  groups.forEach((g, i) => {
    all.add(g)
    if (target[i]) bad.add(g)
  })
  return Math.min(bad.size, all.size - bad.size)
}
