/** What ranking a model loses when it cannot see a dimension: the dimension's values are dealt anew among the people, all of them together. */
import type { Pool } from '../../kernels/pool.ts'
import type { FactorFrame } from '../../matrix/frame.ts'
import { permutationImportance } from '../../models/permutationImportance.ts'
import { encodeFor, type Scorer } from '../../scores/scorer.ts'
import type { Random } from '../../util/random.ts'
import { type Bounds, bounds } from '../fairness/intervals.ts'

/** AUC lost by dimension; null where the model reads no factor of it. */
export interface MaskedDimensions {
  auc: number
  lost: (Bounds | null)[]
}

/**
 * AUC lost when the factors of one dimension are shuffled together among the rows, so that they keep what they say of each other and say
 * nothing of the person: grouped permutation importance, with its interval over persons and shuffles (see `permutationImportance`).
 * @param dimensions in the order of the result
 */
export const maskedDimensions = async (
  scorer: Scorer,
  frame: FactorFrame,
  target: Uint8Array,
  dimensions: readonly string[],
  work: { repeats: number; random: Random; pool: Pool; signal?: AbortSignal | undefined },
): Promise<MaskedDimensions> => {
  const x = encodeFor(scorer, frame)
  const { factors } = scorer.encoding
  const columns = x.columns.map((column) => ({
    ...column,
    factor: dimensions.indexOf(factors[column.factor]!.dimension),
  }))
  const { auc, columns: found } = await permutationImportance(scorer.model, { ...x, columns }, target, work.random, {
    repeats: work.repeats,
    factors: dimensions.map((name) => ({ name })),
    persons: frame.personId,
    pool: work.pool,
    ...(work.signal ? { signal: work.signal } : {}),
  })
  const of = new Map(found.map((column) => [column.name, column]))
  return {
    auc,
    lost: dimensions.map((name) => {
      const column = of.get(name)
      return column ? bounds(column.drop, column.low, column.high) : null
    }),
  }
}
