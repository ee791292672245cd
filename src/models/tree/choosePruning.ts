/**
 * Which subtree of a pruning sequence predicts unseen rows best, by 5-fold cross-validation of the log loss of its smoothed
 * leaves (Breiman et al. 1984, section 3.4, with log loss for their misclassification cost).
 *
 * Subtree k is stood for by the geometric mean of the alphas between which it is chosen. `best` takes the least loss;
 * `oneStandardError` the smallest subtree whose loss exceeds it by no more than one standard error of the paired
 * difference, taken over persons.
 */
import { leafIndices } from '../../kernels/applyTree.ts'
import { type CartData, type CartOptions, growCart, keepOrders, presort } from '../../kernels/cart.ts'
import { log1pExp } from '../../kernels/logit.ts'
import { pruneTree, pruningPath } from '../../kernels/prune.ts'
import type { GrownTree } from '../../kernels/treeBuilder.ts'
import { stratifiedFolds } from '../../matrix/splits.ts'
import { interruptedError } from '../../util/errors.ts'
import type { Random } from '../../util/random.ts'
import type { FitOptions } from '../model.ts'

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

export const choosePruning = async (
  data: CartData,
  options: CartOptions,
  grown: GrownTree,
  rule: PruningRule,
  random: Random,
  fitOptions: FitOptions,
): Promise<PruningChoice> => {
  const path = pruningPath(grown)
  const alphas = Array.from(path.alphas, (alpha, k) =>
    k + 1 < path.alphas.length ? Math.sqrt(alpha * path.alphas[k + 1]!) : alpha,
  )
  const groups = fitOptions.groups ?? Int32Array.from({ length: data.rows }, (_, i) => i)
  const folds = Math.min(FOLDS, fewestPersons(groups, data.target))
  if (folds < 2) {
    const warnings = ['one person with an outcome is too few to cross-validate pruning: the tree is not pruned']
    return { alpha: 0, folds: 0, rule, subtrees: [], warnings }
  }
  const foldOf = stratifiedFolds(Array.from(groups, String), data.target, folds, random)
  const orders = presort(data)
  const losses = alphas.map(() => new Float64Array(data.rows))
  for (let fold = 0; fold < folds; fold++) {
    if (fitOptions.signal?.aborted) throw interruptedError()
    fitOptions.progress?.('pruning', fold, folds)
    const training = keepOrders(orders, (row) => foldOf[row] !== fold)
    const tree = growCart(data, options, training)
    addFoldLosses(data, tree, alphas, foldOf, fold, losses)
    // Lets a signal be heard between folds.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const means = losses.map((loss) => loss.reduce((a, b) => a + b, 0) / data.rows)
  const best = means.indexOf(Math.min(...means))
  let chosen = best
  if (rule === 'oneStandardError')
    for (let k = best + 1; k < means.length; k++)
      if (means[k]! - means[best]! <= standardError(losses[k]!, losses[best]!, groups)) chosen = k
  return {
    alpha: alphas[chosen]!,
    folds,
    rule,
    subtrees: alphas.map((alpha, k) => ({ alpha, leaves: path.leaves[k]!, logLoss: means[k]! })),
    warnings: [],
  }
}

/** Writes the loss of the fold's rows for every alpha. */
const addFoldLosses = (
  data: CartData,
  tree: GrownTree,
  alphas: readonly number[],
  foldOf: Int32Array,
  fold: number,
  losses: readonly Float64Array[],
): void => {
  const heldRows = Int32Array.from({ length: data.rows }, (_, i) => i).filter((i) => foldOf[i] === fold)
  const held = takeCartRows(data, heldRows)
  let previous = { leaves: -1, loss: new Float64Array(0) }
  alphas.forEach((alpha, k) => {
    const pruned = pruneTree(tree, alpha)
    if (pruned.feature.length !== previous.leaves) {
      const leaves = leafIndices(pruned, held.values, held.rows)
      const loss = Float64Array.from(leaves, (leaf, i) => log1pExp((held.target[i] ? -1 : 1) * pruned.value[leaf]!))
      previous = { leaves: pruned.feature.length, loss }
    }
    heldRows.forEach((row, i) => {
      losses[k]![row] = previous.loss[i]!
    })
  })
}

const takeCartRows = (data: CartData, rows: Int32Array): CartData => {
  const values = new Float64Array(rows.length * data.columns)
  for (let j = 0; j < data.columns; j++)
    for (let i = 0; i < rows.length; i++) values[j * rows.length + i] = data.values[j * data.rows + rows[i]!]!
  return { values, rows: rows.length, columns: data.columns, target: Uint8Array.from(rows, (i) => data.target[i]!) }
}

/** Standard error of the mean difference of two losses, whole persons varying together. */
const standardError = (a: Float64Array, b: Float64Array, groups: Int32Array): number => {
  const rows = a.length
  const mean = a.reduce((sum, x, i) => sum + x - b[i]!, 0) / rows
  const byGroup = new Map<number, number>()
  groups.forEach((g, i) => {
    byGroup.set(g, (byGroup.get(g) ?? 0) + a[i]! - b[i]! - mean)
  })
  let squares = 0
  for (const deviation of byGroup.values()) squares += deviation * deviation
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
