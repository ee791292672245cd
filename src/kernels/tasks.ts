/**
 * Every piece of work that may run on a worker thread, by name. A task reads `shared`, computes one part, returns its result.
 * On a worker the arrays of a result are given away: they must not be arrays of `shared`, or kept for the next part.
 */

import { binColumns } from './bin.ts'
import { growForestPart } from './growForest.ts'
import { treeShap } from './treeShap.ts'

/** sum of a stretch of numbers; the smallest task, for the tests of the pool */
const sumRange = (shared: { values: Float64Array }, part: { from: number; to: number }): number => {
  let sum = 0
  for (let i = part.from; i < part.to; i++) {
    const value = shared.values[i]!
    if (value === Number.NEGATIVE_INFINITY) throw new Error(`value ${i} is not finite`)
    sum += value
  }
  return sum
}

/** The pieces of work by name. */
export const TASKS = {
  sumRange,
  binColumns,
  /** some trees of a forest, and their votes on rows out of their bag */
  growTrees: growForestPart,
  /** Shapley values of a block of rows */
  treeShapRows: treeShap,
}
export type TaskName = keyof typeof TASKS
