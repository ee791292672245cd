/** What is commonly called importance, factor by factor: what splits were worth, what shuffling costs, how large coefficients are. */
import type { Pool } from '../../kernels/pool.ts'
import type { Encoding, Matrix } from '../../matrix/matrix.ts'
import { isTreeModel } from '../../models/model.ts'
import { permutationImportance } from '../../models/permutationImportance.ts'
import type { Scorer } from '../../scores/scorer.ts'
import type { Random } from '../../util/random.ts'
import type { Importance } from './attributionAgreement.ts'

/** Values of columns summed to their factors. */
const toFactors = (values: ArrayLike<number>, { columns, factors }: Encoding): Float64Array => {
  const out = new Float64Array(factors.length)
  columns.forEach(({ factor }, j) => {
    out[factor]! += values[j]!
  })
  return out
}

/** As the training has stored it: by column for trees and forests, by the name of the column for boosting. */
const splitsOf = ({ training, encoding }: Scorer): Float64Array | undefined => {
  const report = training['report'] as Record<string, unknown> | undefined
  const stored = report?.['splitImportance'] as { decrease?: number[] } | undefined
  if (stored?.decrease?.length === encoding.columns.length) return toFactors(stored.decrease, encoding)
  const gains = report?.['importance'] as { column: string; gain: number }[] | undefined
  if (!Array.isArray(gains)) return undefined
  const of = new Map(gains.map(({ column, gain }) => [column, gain]))
  return toFactors(
    encoding.columns.map(({ name }) => of.get(name) ?? 0),
    encoding,
  )
}

export const simpleImportances = async (
  scorer: Scorer,
  x: Matrix,
  target: Uint8Array,
  random: Random,
  pool: Pool,
  signal?: AbortSignal,
): Promise<Importance[]> => {
  const { model, encoding } = scorer
  const out: Importance[] = []
  if (isTreeModel(model)) {
    const values = splitsOf(scorer)
    if (values) out.push({ kind: 'split', text: 'what the splits of a factor were worth in training', values })
  } else
    out.push({
      kind: 'coefficients',
      text: 'sum of the absolute coefficients of a factor’s standardized columns',
      values: toFactors(model.coefficients.map(Math.abs), encoding),
    })
  const { columns } = await permutationImportance(model, x, target, random, {
    repeats: 2,
    factors: encoding.factors,
    pool,
    ...(signal ? { signal } : {}),
  })
  const drops = new Map(columns.map(({ name, drop }) => [name, drop]))
  out.push({
    kind: 'permutation',
    text: 'mean fall of AUC when a factor is shuffled, two times, over the rows looked at',
    values: Float64Array.from(encoding.factors, ({ name }) => drops.get(name) ?? 0),
  })
  return out
}
