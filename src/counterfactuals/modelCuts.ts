import { isTreeModel } from '../models/model.ts'
import type { Scorer } from '../scores/scorer.ts'

/**
 * Where the score can change as a number factor moves, ascending, by position of the factor: the thresholds of the trees that split on it.
 * All of its values count where the model is linear, or reads the factor through anything but its plain value.
 */
export type ModelCuts = readonly (readonly number[] | 'everywhere')[]

/** Cuts of every factor of the encoding; a factor that the model does not read has none. */
export const modelCuts = ({ model, encoding }: Pick<Scorer, 'model' | 'encoding'>): ModelCuts => {
  const { factors, columns } = encoding
  if (!isTreeModel(model)) {
    const read = new Set(columns.flatMap(({ factor }, j) => (model.coefficients[j] === 0 ? [] : [factor])))
    return factors.map((_, f) => (read.has(f) ? 'everywhere' : []))
  }
  const cuts = factors.map(() => new Set<number>())
  const everywhere = new Set<number>()
  for (const { feature, threshold, childrenLeft } of model.trees)
    feature.forEach((j, node) => {
      if (childrenLeft[node]! < 0) return
      const { factor, role, log, scale, center } = columns[j]!
      const plain = role === 'value' && !log && (scale ?? 1) === 1 && (center ?? 0) === 0
      if (!plain) everywhere.add(factor)
      else if (Number.isFinite(threshold[node]!)) cuts[factor]!.add(threshold[node]!)
    })
  return factors.map((_, f) => (everywhere.has(f) ? 'everywhere' : [...cuts[f]!].sort((a, b) => a - b)))
}
