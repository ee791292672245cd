/**
 * Every piece of work that may run on a worker thread, by name. A task reads `shared`, computes one part, returns its result; `thread`
 * says where it runs and holds the compiled kernels. On a worker the arrays of a result are given away: they must not be arrays of
 * `shared`, or of the memory of the kernels, or kept for the next part.
 */

import { binPart } from './binning/binPart.ts'
import { binBlockPart, sketchEdgesPart, sketchPart } from './binning/chunkParts.ts'
import { boostingStore, boostingTree } from './boosting/boostingTasks.ts'
import { spreadCells } from './cells/spreadCells.ts'
import { logisticTask } from './logistic/logisticTask.ts'
import { sumRange, sumTeam } from './memory/sums.ts'
import { interactionPart } from './shap/interactions/interactionPart.ts'
import { interventionalTrees } from './shap/interventional.ts'
import { interventionalPart, interventionalRanks } from './shap/interventionalPart.ts'
import { pairedTrees } from './shap/pairedTrees.ts'
import { shapPart } from './shap/shapPart.ts'
import { treeShap } from './shap/treeShap.ts'
import { growTrees } from './trees/growTrees.ts'
import { copyRowMajor, growTreesCompiled } from './trees/growTreesCompiled.ts'
import { sumLeavesPart } from './trees/sumLeavesPart.ts'

/** The pieces of work by name. */
export const TASKS = {
  sumRange,
  sumTeam,
  /** rows of a boosting as cache lines; a tree, by all threads together */
  boostingStore,
  boostingTree,
  /** some columns of a matrix as bytes */
  binPart,
  /** a block of rows into the sketches of some columns; their edges; its bytes */
  sketchPart,
  sketchEdgesPart,
  binBlockPart,
  /** cells of some rows to their variables */
  spreadCells,
  /** sums of a logistic regression over some of its rows */
  logistic: logisticTask,
  /** some trees of a forest, and their votes on rows out of their bag */
  growTrees,
  growTreesCompiled,
  /** rows of the bytes of a matrix, one after the other */
  copyRowMajor,
  /** Shapley values of a block of rows */
  treeShapRows: treeShap,
  /** the same by the compiled kernels, for some of the trees */
  shapPart,
  /** interaction values of a block of rows, or sums of them */
  interactionPart,
  /** Shapley values of rows against background rows, by some trees */
  interventionalTrees,
  /** the same by the compiled kernels: ranks of rows; a group of trees */
  interventionalRanks,
  interventionalPart,
  /** the same against one background row after the other, for some of the rows */
  pairedTrees,
  /** sums of leaf values, or leaves, of a block of rows */
  sumLeaves: sumLeavesPart,
}
export type TaskName = keyof typeof TASKS
