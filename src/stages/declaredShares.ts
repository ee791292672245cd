import { DIMENSIONS } from '../schema/dimensions.ts'
import type { FactorSpec } from '../schema/factor.ts'
import type { Scorer } from '../scores/scorer.ts'

/**
 * Advertised weight of each dimension as a share of all: those of the declared model of the run; without one those of the catalogue,
 * if the factors are of its dimensions and no others; none otherwise.
 */
export const declaredShares = (
  scorers: ReadonlyMap<string, Scorer>,
  factors: readonly Pick<FactorSpec, 'dimension'>[],
): ReadonlyMap<string, number> => {
  const learner = scorers.get('declared')?.training['learner'] as { weights?: Record<string, number> } | undefined
  const ofCatalogue = factors.every((f) => DIMENSIONS.some((d) => d.name === f.dimension))
  const advertised = ofCatalogue ? Object.fromEntries(DIMENSIONS.map((d) => [d.name, d.weight])) : {}
  const weights = Object.entries(learner?.weights ?? advertised)
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0)
  return new Map(weights.map(([name, weight]) => [name, weight / total]))
}
