/** How much a model owes to each column on rows that it was not trained on. */
import type { Matrix } from '../matrix/matrix.ts'
import { auc } from '../metrics/auc.ts'
import { interruptedError } from '../util/errors.ts'
import type { WorkOptions } from '../util/progress.ts'
import type { Random } from '../util/random.ts'
import { checkNumber } from './checkOptions.ts'
import { margin } from './margin.ts'
import type { Model } from './model.ts'

/** How much worse a model ranks when one column is shuffled. */
export interface PermutationImportance {
  /** AUC with all columns as they are */
  auc: number
  /** one a column, in the order of the matrix */
  columns: {
    name: string
    /** mean fall of AUC when the column is shuffled; may be below 0 by chance */
    drop: number
    /** standard deviation of the fall over shuffles; 0 for one */
    spread: number
  }[]
}

export interface PermutationOptions extends WorkOptions {
  /** shuffles of each column */
  repeats?: number
  /** what rows count for; absent: 1 each */
  weights?: Float64Array
}

/**
 * Permutation importance (Breiman 2001, doi:10.1023/A:1010933404324; Fisher, Rudin & Dominici 2019, arXiv:1801.01489): the fall of AUC
 * when the values of one column are dealt anew among the rows. Columns that say the same thing stand in for each other, so both
 * may fall little.
 *
 * @param x rows that the model was not trained on, in its encoding
 * @param target 1 = bad, 0 = good; both must be there, else every AUC is NaN
 * @param random shuffle k of column j draws from `random.fork('column', j).fork('shuffle', k)`
 */
export const permutationImportance = (
  model: Model,
  x: Matrix,
  target: Uint8Array,
  random: Random,
  options: PermutationOptions = {},
): PermutationImportance => {
  const repeats = checkNumber('repeats', options.repeats ?? 5, { min: 1, max: 1000, whole: true })
  const shuffled: Matrix = { ...x, values: x.values.slice() }
  const whole = auc(margin(model, x), target, options.weights)
  const columns = x.columns.map(({ name }, j) => {
    const own = shuffled.values.subarray(j * x.rows, (j + 1) * x.rows)
    const drops = Array.from({ length: repeats }, (_, k) => {
      if (options.signal?.aborted) throw interruptedError()
      random.fork('column', j).fork('shuffle', k).shuffle(own)
      return whole - auc(margin(model, shuffled), target, options.weights)
    })
    own.set(x.values.subarray(j * x.rows, (j + 1) * x.rows))
    options.progress?.('columns', j + 1, x.columns.length)
    return { name, ...meanAndSpread(drops) }
  })
  return { auc: whole, columns }
}

const meanAndSpread = (drops: readonly number[]): { drop: number; spread: number } => {
  const drop = drops.reduce((a, b) => a + b, 0) / drops.length
  const squares = drops.reduce((sum, d) => sum + (d - drop) ** 2, 0)
  return { drop, spread: drops.length > 1 ? Math.sqrt(squares / (drops.length - 1)) : 0 }
}
