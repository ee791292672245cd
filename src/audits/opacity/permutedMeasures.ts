/** What the weights of a dimension are when it says nothing: models are trained with its columns dealt anew among the people. */
import { takeRows } from '../../matrix/frame.ts'
import { auc } from '../../metrics/auc.ts'
import type { Random } from '../../util/random.ts'
import { takePoints, weightsOfPlayers } from './effectiveWeights.ts'
import { enoughOutcomes, enoughPersons, type GroupPart } from './groupParts.ts'
import { marginsOf } from './marginsOf.ts'
import { orNothing } from './orNothing.ts'
import { permuteDimension } from './permuteFactors.ts'
import { pointsOfDimensions } from './pointsOfDimensions.ts'
import { type AuditWork, type LabeledRows, type Recipe, refit } from './refit.ts'

/** The four measures in permutations: what they are when a dimension says nothing. */
export interface PermutedMeasures {
  share: number[]
  covariance: number[]
  masked: number[]
  without: number[]
}

export const noMeasures = (): PermutedMeasures => ({ share: [], covariance: [], masked: [], without: [] })

/** What a permutation needs of what is weighed. */
export interface PermutedInput {
  recipe: Recipe
  dimensions: readonly string[]
  train: LabeledRows
  held: LabeledRows
  explained: { persons: { personId: readonly string[] }; rows: Int32Array }
}

const numbersAt = (values: Float64Array, rows: readonly number[]): Float64Array =>
  Float64Array.from(rows, (i) => values[i]!)

/** Everybody as a part. */
const everybody = (held: LabeledRows, looked: number): GroupPart => ({
  by: 'everybody',
  group: 'everybody',
  rows: Array.from({ length: looked }, (_, k) => k),
  heldRows: Array.from({ length: held.frame.rows }, (_, i) => i),
})

/**
 * One permutation of one dimension: a model trained with it dealt anew, and what it says of everybody, then of each part.
 * @param without margins of the held-out rows by the model trained without the dimension
 * @param stream of the training: that of the model with all dimensions
 * @returns null where no model could be trained
 */
export const measurePermutation = async (
  { dimensions, held, explained, recipe, train }: PermutedInput,
  d: number,
  deal: Random,
  without: Float64Array | null,
  parts: readonly GroupPart[],
  stream: Random,
  work: AuditWork,
): Promise<Partial<Record<keyof PermutedMeasures, number>>[] | null> => {
  const dimension = dimensions[d]!
  const other = await orNothing(() =>
    refit(recipe, { ...train, frame: permuteDimension(train.frame, dimension, deal.fork('train')) }, stream, work),
  )
  if (!other) return null
  const frame = permuteDimension(held.frame, dimension, deal.fork('held'))
  const margins = await marginsOf(other, frame, work)
  const table = await pointsOfDimensions(other, takeRows(frame, explained.rows), dimensions, work)
  const measured = []
  for (const [k, { rows, heldRows }] of [everybody(held, table.rows), ...parts].entries()) {
    const whole = k === 0
    const target = whole ? held.target : Uint8Array.from(heldRows, (i) => held.target[i]!)
    const found: Partial<Record<keyof PermutedMeasures, number>> = {}
    if (whole || enoughPersons(explained.persons.personId, rows)) {
      const weights = weightsOfPlayers(whole ? table : takePoints(table, rows))
      found.share = weights[d]!
      found.covariance = weights[dimensions.length + d]!
    }
    if (whole || enoughOutcomes(target)) {
      const ranked = auc(whole ? margins : numbersAt(margins, heldRows), target)
      const mask = whole ? deal.fork('mask') : deal.fork('mask of part', k)
      const theirs = whole ? frame : takeRows(frame, heldRows)
      const dealt = await marginsOf(other, permuteDimension(theirs, dimension, mask), work)
      found.masked = ranked - auc(dealt, target)
      if (without) found.without = ranked - auc(whole ? without : numbersAt(without, heldRows), target)
    }
    measured.push(found)
  }
  return measured
}
