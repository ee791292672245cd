import { marginOn, type Pool, type TreeArrays, type TreeModel } from 'glasscore'
import { type Adapter, matrixOf, timedAll, timedCold } from '../adapter.ts'
import { readTrees } from '../trees.ts'

/** The start of the workers is within. Trees of boosting are summed and those of a forest averaged: the same work and one ranking. */
export const run: Adapter['run'] = async ({ train, model, threads }) => {
  const { trees, columns } = readTrees(model!)
  const imported: TreeModel = {
    kind: 'forest',
    columns,
    trees: trees.map(
      (tree): TreeArrays => ({
        childrenLeft: Int32Array.from(tree.children_left),
        childrenRight: Int32Array.from(tree.children_right),
        feature: Int32Array.from(tree.feature),
        threshold: Float64Array.from(tree.threshold),
        defaultLeft: Uint8Array.from(tree.default_left ?? []),
        value: Float64Array.from(tree.value),
        cover: Float64Array.from(tree.cover),
      }),
    ),
  }
  const score = (pool: Pool) => marginOn(imported, matrixOf(train), pool)
  const { seconds, value, pool } = await timedCold(threads, score)
  return {
    seconds: { fit: seconds },
    scores: value,
    also: () => timedAll({ warm: () => score(pool) }),
    close: () => pool.close(),
  }
}
