/** All 70 factors as plans, one plan a dimension, in catalogue order. */
import { behaviorPreference } from './behaviorPreference.ts'
import { creditHistory } from './creditHistory.ts'
import { fulfillmentCapacity } from './fulfillmentCapacity.ts'
import { identityCharacteristics } from './identityCharacteristics.ts'
import { personalRelationships } from './personalRelationships.ts'
import type { FeaturePlan } from './plan.ts'

const PLANS: readonly FeaturePlan[] = [
  creditHistory,
  behaviorPreference,
  fulfillmentCapacity,
  identityCharacteristics,
  personalRelationships,
]

/** The plans of the five dimensions. `factorSql(factorPlans(), name)` gives the SQL of one factor (public: `describeFactorSql(name)`). */
export const factorPlans = (): readonly FeaturePlan[] => PLANS
