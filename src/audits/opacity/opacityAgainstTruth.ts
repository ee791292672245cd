/** What the audit of opacity says, beside the function that the outcomes were drawn from. */

import { rankCorrelation } from '../../metrics/correlation.ts'
import type { Bounds } from '../fairness/intervals.ts'
import type { PointTable } from '../recovery/attributionAgreement.ts'
import { weightsOfPlayers } from './effectiveWeights.ts'
import { fewestFor, neededByRow } from './factorsNeeded.ts'
import { meanOf, overPersons, type Persons } from './overPersons.ts'

/** The truth of the weights, and how near each model's effective weights come. */
export interface OpacityAgainstTruth {
  text: string
  rows: number
  /** by dimension: share of mean |points| and covariance with the score, of the true function itself */
  share: Bounds[]
  covariance: Bounds[]
  /** factors needed for 95 % of the true points: mean over people, and for everybody at once */
  neededByPeople: Bounds
  neededByAll: Bounds
  models: {
    model: string
    /** half of the sum of absolute differences between the model's shares and the true ones */
    distance: Bounds
    /** of the dimensions' shares */
    rankCorrelation: number | null
    /** mean over people: factors that the model needs less those that the truth needs */
    moreFactors: Bounds
  }[]
}

/** Points of a model on the same rows. */
export interface ModelPoints {
  model: string
  factors: PointTable
  dimensions: PointTable
}

/** @param truth points of the true function by its closed form; @param models on the same rows */
export const opacityAgainstTruth = (
  text: string,
  truth: Omit<ModelPoints, 'model'>,
  models: readonly ModelPoints[],
  persons: Persons,
): OpacityAgainstTruth => {
  const { players, rows } = truth.dimensions
  const own = neededByRow(truth.factors)
  const columns = Array.from({ length: truth.factors.players }, (_, p) =>
    truth.factors.points.subarray(p * rows, (p + 1) * rows).map(Math.abs),
  )
  const needs = models.map(({ factors }) => Float64Array.from(neededByRow(factors), (needed, i) => needed - own[i]!))
  const figures = overPersons((w) => {
    const weights = weightsOfPlayers(truth.dimensions, w)
    return [
      ...weights,
      meanOf(own, w),
      fewestFor(
        Float64Array.from(columns, (column) => meanOf(column, w)),
        0.95,
      ),
      ...models.flatMap(({ dimensions }, k) => {
        const its = weightsOfPlayers(dimensions, w)
        let distance = 0
        for (let d = 0; d < players; d++) distance += Math.abs(its[d]! - weights[d]!) / 2
        return [distance, meanOf(needs[k]!, w)]
      }),
    ]
  }, persons)
  const shares = weightsOfPlayers(truth.dimensions).slice(0, players)
  const rest = figures.slice(2 * players)
  return {
    text,
    rows,
    share: figures.slice(0, players),
    covariance: figures.slice(players, 2 * players),
    neededByPeople: rest[0]!,
    neededByAll: rest[1]!,
    models: models.map(({ model, dimensions }, k) => {
      const rank = rankCorrelation(shares, weightsOfPlayers(dimensions).slice(0, players))
      return {
        model,
        distance: rest[2 + 2 * k]!,
        rankCorrelation: Number.isFinite(rank) ? rank : null,
        moreFactors: rest[3 + 2 * k]!,
      }
    }),
  }
}
