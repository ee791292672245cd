import { TreeExplainer } from 'glasscore/shap'
import { type Adapter, matrixOf, numberOf, timed } from '../adapter.ts'
import { firstRows, peerValues, readTrees } from '../trees.ts'

/** Most rows that are explained; more would be in proportion, and the time is scaled. */
const FEW = 100_000

export const run: Adapter['run'] = async ({ train, same, model, against }) => {
  const { trees, combine, columns } = readTrees(model!)
  const rows = numberOf(same, 'rows')
  const few = Math.min(rows, FEW)
  const x = matrixOf(firstRows(train, few))
  const names = x.columns.map((c) => c.name)
  const prepare = await timed(() => new TreeExplainer(trees, { combine, names }))
  const fit = await timed(() => prepare.value.explain(x))
  let largestDifference = 0
  let largestValue = 0
  const peer = against ? peerValues(model!, against, columns) : undefined
  if (peer)
    for (let i = 0; i < Math.min(few, peer.rows); i++)
      for (let j = 0; j < columns; j++) {
        const theirs = peer.values[i * (columns + 1) + j]!
        largestDifference = Math.max(largestDifference, Math.abs(fit.value.values[i]![j]! - theirs))
        largestValue = Math.max(largestValue, Math.abs(theirs))
      }
  return {
    seconds: { prepare: prepare.seconds, fit: (fit.seconds * rows) / few },
    figures: { rowsPerSecond: few / fit.seconds, ...(peer ? { largestDifference, largestValue } : {}) },
    ...(few < rows ? { scaledFrom: { rows: few } } : {}),
  }
}
