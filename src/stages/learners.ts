import { boosting } from '../models/boosting/learner.ts'
import { declared } from '../models/declared/learner.ts'
import { forest } from '../models/forest/learner.ts'
import { logistic } from '../models/logistic/learner.ts'
import type { Learner } from '../models/model.ts'
import { decisionTree } from '../models/tree/learner.ts'
import { DIMENSIONS } from '../schema/dimensions.ts'
import type { FactorSpec } from '../schema/factor.ts'
import { usageError } from '../util/errors.ts'
import type { ModelsConfig } from './config.ts'

/** Models that a pipeline can train, in the order in which they are trained and shown. */
export const MODEL_NAMES = ['declared', 'logistic', 'tree', 'forest', 'boosting'] as const
/** Those that are trained when none is named. */
export const DEFAULT_MODELS = ['declared', 'logistic', 'tree', 'forest'] as const satisfies readonly ModelName[]
/** Name of a model that a pipeline can train. */
export type ModelName = (typeof MODEL_NAMES)[number]

/** Weights of the five dimensions from "35/25/20/15/5", in the order of the catalogue. */
export const parseDeclaredWeights = (text: string): Record<string, number> => {
  const parts = text.split('/').map(Number)
  const sound =
    parts.length === DIMENSIONS.length && parts.every((w) => Number.isFinite(w) && w >= 0) && parts.some((w) => w > 0)
  if (!sound)
    throw usageError('invalid weights', {
      option: 'declared',
      expected: `five numbers for ${DIMENSIONS.map((d) => d.name).join(', ')}, for example 35/25/20/15/5`,
      got: text,
    })
  return Object.fromEntries(DIMENSIONS.map((d, i) => [d.name, parts[i]!]))
}

/** Dimensions of the declared model: the advertised five, or those that the weights name. */
const declaredDimensions = (config: NonNullable<ModelsConfig['declared']>) => {
  const { weights } = config
  if (!weights || DIMENSIONS.some((d) => Object.hasOwn(weights, d.name))) return {}
  return { dimensions: Object.entries(weights).map(([name, weight]) => ({ name, weight })) }
}

/** Whether the factors belong to dimensions that have advertised weights. */
export const hasDeclaredDimensions = (factors: readonly FactorSpec[]): boolean =>
  factors.some((f) => DIMENSIONS.some((d) => d.name === f.dimension))

/** The learners that a configuration asks for, in fixed order. */
export const learnersOf = (config: ModelsConfig, factors: readonly FactorSpec[]): Learner[] =>
  MODEL_NAMES.flatMap((name): Learner[] => {
    if (name === 'declared' && config.declared) {
      const { l2, weights } = config.declared
      return [declared({ factors, l2, ...(weights ? { weights } : {}), ...declaredDimensions(config.declared) })]
    }
    if (name === 'logistic' && config.logistic) return [logistic({ ...config.logistic, factors })]
    if (name === 'tree' && config.tree) return [decisionTree(config.tree)]
    if (name === 'forest' && config.forest) return [forest(config.forest)]
    if (name === 'boosting' && config.boosting) return [boosting(config.boosting)]
    return []
  })
