/** Declared against effective: what each dimension weighs in a model by four measures, each beside what chance gives it. */
import { auc } from '../../metrics/auc.ts'
import type { Scorer } from '../../scores/scorer.ts'
import { interruptedError } from '../../util/errors.ts'
import type { Random } from '../../util/random.ts'
import type { Bounds } from '../fairness/intervals.ts'
import type { PointTable } from '../recovery/attributionAgreement.ts'
import { type AgainstChance, against } from './againstChance.ts'
import { aucLost } from './aucLost.ts'
import { distanceOf, effectiveWeights } from './effectiveWeights.ts'
import type { GroupPart } from './groupParts.ts'
import { marginsOf } from './marginsOf.ts'
import { maskedDimensions } from './maskedDimensions.ts'
import { orNothing } from './orNothing.ts'
import type { Persons } from './overPersons.ts'
import { measurePermutation, noMeasures, type PermutedMeasures } from './permutedMeasures.ts'
import { withoutDimension } from './permuteFactors.ts'
import { type AuditWork, type LabeledRows, type Recipe, refit } from './refit.ts'

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

/** Weights of everybody, and what weights of bands and groups are made of, so that no model is trained twice. */
export interface WeighedDimensions {
  weights: DimensionWeights
  /** margins of the held-out rows by the model trained again on all dimensions, and by those trained without each (null: it could not be trained) */
  again: Float64Array
  without: (Float64Array | null)[]
  /** by part, then by dimension */
  parts: PermutedMeasures[][]
}

const NOT_KNOWN: Bounds = { value: null, low: null, high: null }

/**
 * The four measures of every dimension for everybody, with what they are made of in parts of the people (see `dimensionWeights`).
 * @throws GlasscoreError('interrupted') on the signal
 */
export const weighDimensions = async (
  input: WeightsInput,
  parts: readonly GroupPart[],
  work: AuditWork,
): Promise<WeighedDimensions> => {
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
  const blind: (Float64Array | null)[] = []
  const ofParts = parts.map(() => dimensions.map(noMeasures))
  for (const [d, dimension] of dimensions.entries()) {
    step()
    const without = await orNothing(async () => {
      const rest = { ...train, frame: withoutDimension(train.frame, dimension) }
      return await marginsOf(await refit(recipe, rest, stream, work), held.frame, work)
    })
    blind.push(without)
    const chance = noMeasures()
    for (let p = 0; p < permutations; p++) {
      step()
      const deal = random.fork('permutation', d).fork('deal', p)
      const measured = await measurePermutation(input, d, deal, without, parts, stream, work)
      measured?.forEach((values, k) => {
        const into = k === 0 ? chance : ofParts[k - 1]![d]!
        for (const [name, value] of Object.entries(values)) into[name as keyof PermutedMeasures].push(value)
      })
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
  const weights: DimensionWeights = {
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
  return { weights, again, without: blind, parts: ofParts }
}

/**
 * The four measures of every dimension. The null of each is the same measure of models trained with the dimension's columns permuted together
 * across people, and looked at on people whose columns are permuted, too; for the model without the dimension it is how much better than that a model with
 * the permuted dimension ranks.
 * @throws GlasscoreError('interrupted') on the signal
 */
export const dimensionWeights = async (input: WeightsInput, work: AuditWork): Promise<DimensionWeights> =>
  (await weighDimensions(input, [], work)).weights
