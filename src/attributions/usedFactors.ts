import { isTreeModel } from '../models/model.ts'
import type { Scorer } from '../scores/scorer.ts'

/**
 * Which factors the model of a scorer reads, in the order of its encoding: those with a column that a tree splits on, or whose coefficient is
 * not 0. A factor that it does not read may be given points by attributions that know correlations, but was not scored.
 */
export const usedFactors = ({ model, encoding }: Pick<Scorer, 'model' | 'encoding'>): boolean[] => {
  const columns = new Set<number>()
  if (isTreeModel(model))
    for (const { feature, childrenLeft } of model.trees)
      feature.forEach((column, node) => {
        if (childrenLeft[node]! >= 0) columns.add(column)
      })
  else
    model.coefficients.forEach((coefficient, column) => {
      if (coefficient !== 0) columns.add(column)
    })
  const used = new Array<boolean>(encoding.factors.length).fill(false)
  encoding.columns.forEach(({ factor }, column) => {
    if (columns.has(column)) used[factor] = true
  })
  return used
}
