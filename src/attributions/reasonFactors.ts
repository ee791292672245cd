import type { FactorFrame } from '../matrix/frame.ts'
import { valueAt } from '../matrix/valueAt.ts'
import type { FactorSpec, MissingReason } from '../schema/factor.ts'
import { usageError } from '../util/errors.ts'
import type { ReasonFactor } from './reasons.ts'

/** What `reasonFactors` puts together; lists are in the order of `factors`. */
export interface ReasonSource {
  /** those of the scorer's encoding */
  factors: readonly FactorSpec[]
  /** of the person, one number a factor */
  points: ArrayLike<number>
  /** where the person's own values are, and in which row */
  frame: FactorFrame
  row: number
  /** see `usedFactors` */
  used: readonly boolean[]
  /** see `referenceValues` */
  references: readonly (number | string | null)[]
  /** why each value of the person is missing, 'present' or null where it is there; absent: nothing is known of it */
  missing?: readonly (MissingReason | null)[]
}

/** The data could not have shown it: nothing that the person did or left undone. */
const MISSING_BY_DESIGN: readonly (MissingReason | null)[] = ['absent_table', 'not_covered']

/**
 * The factors of one person, as `principalReasons` takes them. A factor was not scored where the model does not read it, and where the person
 * has no value because the source lacks the table or the window is not covered.
 * @throws GlasscoreError('usage') for lists of other lengths and a row that there is not
 */
export const reasonFactors = (source: ReasonSource): ReasonFactor[] => {
  const { factors, points, frame, row, used, references, missing } = source
  for (const [option, list] of Object.entries({ points, used, references, missing }))
    if (list !== undefined && list.length !== factors.length)
      throw usageError('factors and what is said of them differ in number', {
        option,
        expected: `${factors.length}, one a factor`,
        got: list.length,
      })
  if (!(Number.isInteger(row) && row >= 0 && row < frame.rows))
    throw usageError('the frame has no such row', { option: 'row', expected: `0 to ${frame.rows - 1}`, got: row })
  return factors.map(({ name, dimension, definition, unit }, f) => {
    const value = valueAt(frame, name, row)
    const why = value === null ? (missing?.[f] ?? null) : null
    return {
      factor: name,
      dimension,
      definition,
      unit,
      points: points[f]!,
      value,
      missing: why,
      reference: references[f]!,
      scored: used[f]! && !MISSING_BY_DESIGN.includes(why),
    }
  })
}
