/** Declared against effective: what each dimension weighs in a model by four measures, each beside what chance gives it. */
import { explain } from '../../attributions/explain.ts'
import { type FactorFrame, takeRows } from '../../matrix/frame.ts'
import { auc } from '../../metrics/auc.ts'
import { aucFalls } from '../../metrics/delong.ts'
import { studentQuantile } from '../../metrics/studentQuantile.ts'
import { marginOn } from '../../models/margin.ts'
import { encodeFor, type Scorer } from '../../scores/scorer.ts'
import { GlasscoreError, interruptedError } from '../../util/errors.ts'
import type { Random } from '../../util/random.ts'
import { type Bounds, bounds } from '../fairness/intervals.ts'
import type { PointTable } from '../recovery/attributionAgreement.ts'
import { distanceOf, effectiveWeights, weightsOfPlayers } from './effectiveWeights.ts'
import { maskedDimensions } from './maskedDimensions.ts'
import type { Persons } from './overPersons.ts'
import { permuteDimension, withoutDimension } from './permuteFactors.ts'
import { type AuditWork, type LabeledRows, type Recipe, refit } from './refit.ts'

/** What a figure is when the dimension says nothing: trained and measured with its columns dealt anew among the people. */
export interface Chance {
  /** mean over permutations; null where there is none */
  mean: number | null
  /** the least and the greatest of them */
  low: number | null
  high: number | null
  permutations: number
}

/** A figure, its interval over persons, and its null. */
export interface AgainstChance extends Bounds {
  chance: Chance
  /** the interval lies above every permutation: more than chance; false is no proof of none, null: not known */
  aboveChance: boolean | null
}

/** One dimension in one model. */
export interface DimensionWeight {
  dimension: string
  /** factors of it */
  factors: number
  /** 0..1; null where nothing is declared */
  declared: number | null
  /** mean |points| over the sum of those of all dimensions */
  share: AgainstChance
  /** covariance of its points with the score over the variance of the score: adds up to 1, may be negative */
  covariance: AgainstChance
  /** AUC lost when its values are dealt anew among the people who are scored */
  masked: AgainstChance
  /** AUC lost when the model is trained again without it */
  without: AgainstChance
}

/** Declared against effective weights of one model. */
export interface DimensionWeights {
  /** rows that points are of, and persons */
  rows: number
  persons: number
  semantics: string
  backgroundId: string
  /** of the model on all held-out rows, and of the same trained again on the rows used here */
  auc: number
  aucAgain: number
  /** rows that every training here used */
  trained: number
  /** half of the sum of absolute differences between declared weights and shares: 0 as declared, 1 wholly other */
  distance: Bounds | null
  dimensions: DimensionWeight[]
}

/** What the measures need. */
export interface WeightsInput {
  scorer: Scorer
  recipe: Recipe
  dimensions: readonly string[]
  declared: readonly (number | null)[]
  /** rows that models are trained on again */
  train: LabeledRows
  /** rows that no model has seen: AUCs */
  held: LabeledRows
  /** some of the held-out rows: points */
  explained: { table: PointTable; semantics: string; backgroundId: string; persons: Persons; rows: Int32Array }
  permutations: number
  repeats: number
  random: Random
}

const none: Chance = { mean: null, low: null, high: null, permutations: 0 }

const chanceOf = (values: readonly number[]): Chance => {
  const known = values.filter(Number.isFinite)
  if (known.length === 0) return none
  return {
    mean: known.reduce((a, b) => a + b, 0) / known.length,
    low: Math.min(...known),
    high: Math.max(...known),
    permutations: known.length,
  }
}

const against = (figure: Bounds, values: readonly number[]): AgainstChance => {
  const chance = chanceOf(values)
  const known = figure.low !== null && chance.high !== null
  return { ...figure, chance, aboveChance: known ? figure.low! > chance.high! : null }
}

const NOT_KNOWN: Bounds = { value: null, low: null, high: null }

/** Fall of AUC from one ranking to another with its interval over persons (DeLong, paired, Student's t). */
export const aucLost = (whole: Float64Array, other: Float64Array, { frame, target }: LabeledRows): Bounds => {
  const { falls, error, fewest } = aucFalls(whole, [other], target, frame.personId)
  const reach = error * studentQuantile(0.975, Math.max(1, fewest - 1))
  return bounds(falls[0]!, falls[0]! - reach, falls[0]! + reach)
}

/** Margins of rows on the pool. */
export const marginsOf = (scorer: Scorer, frame: FactorFrame, { pool, signal }: AuditWork): Promise<Float64Array> =>
  marginOn(scorer.model, encodeFor(scorer, frame), pool, { signal })

/** Points of dimensions in the given order; 0 for one that the model has never heard of. */
export const pointsOfDimensions = async (
  scorer: Scorer,
  frame: FactorFrame,
  dimensions: readonly string[],
  { pool, signal }: AuditWork,
): Promise<PointTable> => {
  const found = await explain(scorer, frame, { pool, ...(signal ? { signal } : {}) })
  const { rows } = frame
  const points = new Float64Array(dimensions.length * rows)
  dimensions.forEach((name, d) => {
    const at = found.dimensions.indexOf(name)
    if (at >= 0) points.set(found.dimensionPoints.subarray(at * rows, (at + 1) * rows), d * rows)
  })
  return { players: dimensions.length, rows, points }
}

/** A training that cannot be done (no factor is left) has no figure; anything else is an error. */
const orNothing = async <T>(work: () => Promise<T>): Promise<T | null> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof GlasscoreError && (error.kind === 'data' || error.kind === 'training')) return null
    throw error
  }
}

/**
 * The four measures of every dimension. The null of each is the same measure of models trained with the dimension's columns permuted together
 * across people, and looked at on people whose columns are permuted, too; for the model without the dimension it is how much better than that a model with
 * the permuted dimension ranks.
 * @throws GlasscoreError('interrupted') on the signal
 */
export const dimensionWeights = async (input: WeightsInput, work: AuditWork): Promise<DimensionWeights> => {
  const { scorer, recipe, dimensions, declared, train, held, explained, permutations, repeats, random } = input
  const { pool, signal } = work
  const all = 1 + dimensions.length * (1 + permutations)
  let done = 0
  const step = (): void => {
    if (signal?.aborted) throw interruptedError()
    work.progress?.(done++, all)
  }
  const stream = random.fork('fit')
  const mask = { repeats, random: random.fork('mask'), pool, signal }
  const masked = await maskedDimensions(scorer, held.frame, held.target, dimensions, mask)
  const { share, covariance } = effectiveWeights(explained.table, explained.persons)
  step()
  const again = await marginsOf(await refit(recipe, train, stream, work), held.frame, work)
  const found: DimensionWeight[] = []
  for (const [d, dimension] of dimensions.entries()) {
    step()
    const without = await orNothing(async () => {
      const rest = { ...train, frame: withoutDimension(train.frame, dimension) }
      return await marginsOf(await refit(recipe, rest, stream, work), held.frame, work)
    })
    const chance: { share: number[]; covariance: number[]; masked: number[]; without: number[] } = {
      share: [],
      covariance: [],
      masked: [],
      without: [],
    }
    for (let p = 0; p < permutations; p++) {
      step()
      const deal = random.fork('permutation', d).fork('deal', p)
      const other = await orNothing(() =>
        refit(recipe, { ...train, frame: permuteDimension(train.frame, dimension, deal.fork('train')) }, stream, work),
      )
      if (!other) continue
      const frame = permuteDimension(held.frame, dimension, deal.fork('held'))
      const margins = await marginsOf(other, frame, work)
      const looked = takeRows(frame, explained.rows)
      const weights = weightsOfPlayers(await pointsOfDimensions(other, looked, dimensions, work))
      chance.share.push(weights[d]!)
      chance.covariance.push(weights[dimensions.length + d]!)
      const ranked = auc(margins, held.target)
      const dealt = await marginsOf(other, permuteDimension(frame, dimension, deal.fork('mask')), work)
      chance.masked.push(ranked - auc(dealt, held.target))
      if (without) chance.without.push(ranked - auc(without, held.target))
    }
    found.push({
      dimension,
      factors: train.frame.factors.filter((f) => f.dimension === dimension).length,
      declared: declared[d] ?? null,
      share: against(share[d]!, chance.share),
      covariance: against(covariance[d]!, chance.covariance),
      masked: against(masked.lost[d] ?? NOT_KNOWN, chance.masked),
      without: against(without ? aucLost(again, without, held) : NOT_KNOWN, chance.without),
    })
  }
  work.progress?.(all, all)
  return {
    rows: explained.table.rows,
    persons: new Set(explained.persons.personId).size,
    semantics: explained.semantics,
    backgroundId: explained.backgroundId,
    auc: masked.auc,
    aucAgain: auc(again, held.target),
    trained: train.frame.rows,
    distance: distanceOf(explained.table, declared, explained.persons),
    dimensions: found,
  }
}
